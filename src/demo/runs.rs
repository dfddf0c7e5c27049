//! Offerings: past, running, open, planned and cancelled, in several modes, with their sessions.

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::{date_of, half_day, plus};
use super::courses::STORY_COURSE;
use super::effects::STUDIES;
use super::rows::{Offering, Session};
use super::world::World;
use crate::half_day::Half::{Afternoon, Morning};

/// Periods taught in a half-day.
const PERIODS_OF_HALF_DAY: i32 = 4;
/// Finished runs with all their forms ended between so many days ago.
const FINISHED: (i64, i64) = (225, 540);

/// How a run is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Whole days in a classroom.
    InPerson,
    /// Afternoons at the screen.
    Online,
    /// The first day in a classroom, then mornings at the screen.
    Blended,
    /// Mornings, with material to study alone.
    Distance,
}

impl Form {
    fn words(self) -> (&'static str, &'static str, Option<String>) {
        let hanoi = || Some("Hà Nội".to_owned());
        match self {
            Form::InPerson => ("in_person", "full_time", hanoi()),
            Form::Online => ("online", "part_time", None),
            Form::Blended => ("blended", "part_time", hanoi()),
            Form::Distance => ("distance", "part_time", None),
        }
    }

    /// The half-days of so many sessions.
    fn half_days(self, b: &Builder, from: NaiveDate, count: usize) -> Vec<i32> {
        b.calendar
            .working_days(from)
            .enumerate()
            .flat_map(|(place, day)| {
                let halves: &[_] = match self {
                    Form::InPerson => &[Morning, Afternoon],
                    Form::Blended if place == 0 => &[Morning, Afternoon],
                    Form::Online => &[Afternoon],
                    Form::Blended | Form::Distance => &[Morning],
                };
                halves.iter().map(move |half| half_day(day, *half))
            })
            .take(count)
            .collect()
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Closed, and every form of it is over.
    Finished,
    /// Closed, while its follow-ups are open or not due yet.
    Recent,
    Running,
    /// Takes nominations.
    Open,
    /// Takes no more, begins soon.
    Confirmed,
    Draft,
    Cancelled,
}

impl Stage {
    fn word(self) -> &'static str {
        match self {
            Stage::Finished | Stage::Recent => "closed",
            Stage::Running | Stage::Confirmed => "confirmed",
            Stage::Open => "open",
            Stage::Draft => "draft",
            Stage::Cancelled => "cancelled",
        }
    }
}

/// An offering with what the other steps ask about it.
pub struct Run {
    pub offering: Uuid,
    pub course: &'static str,
    pub stage: Stage,
    pub half_days: Vec<i32>,
    pub sessions: Vec<(Uuid, i32)>,
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// How many are to sit in it; further ones wait.
    pub learners: usize,
    pub is_full_time: bool,
}

impl Run {
    /// Days in a row that it takes people away from work; half-days leave them at work.
    pub fn days_away(&self) -> i32 {
        if self.is_full_time {
            i32::try_from(self.half_days.len().div_ceil(2)).unwrap_or(i32::MAX)
        } else {
            1
        }
    }
}

/// Course, form, days from today to its first day, learners, stage.
const LATELY: [(&str, Form, i64, usize, Stage); 12] = [
    ("VT-02", Form::Online, -106, 18, Stage::Recent),
    ("LDP-01", Form::Blended, -110, 14, Stage::Recent),
    ("NL-02", Form::InPerson, -78, 15, Stage::Recent),
    ("CN-02", Form::Online, -64, 13, Stage::Recent),
    ("TM-03", Form::Blended, -44, 16, Stage::Recent),
    ("BMNN-02", Form::Online, -36, 22, Stage::Recent),
    ("ISO-02", Form::InPerson, -29, 14, Stage::Recent),
    ("TT-02", Form::InPerson, -22, 12, Stage::Recent),
    ("QPAN-01", Form::Online, -11, 20, Stage::Recent),
    ("QLNN-03", Form::Distance, -7, 16, Stage::Running),
    ("LDP-01", Form::Distance, -7, 15, Stage::Running),
    ("ISO-02", Form::Distance, -4, 14, Stage::Running),
];

/// The same of what is to come; it begins on the next Monday of a week without holidays.
const AHEAD: [(&str, Form, i64, usize, Stage); 11] = [
    ("LDV-01", Form::InPerson, 8, 12, Stage::Confirmed),
    ("TT-01", Form::Blended, 24, 15, Stage::Open),
    ("CDS-01", Form::Online, 26, 18, Stage::Open),
    ("VT-02", Form::Online, 40, 6, Stage::Open),
    ("LLCT-02", Form::InPerson, 42, 8, Stage::Open),
    ("ISO-01", Form::InPerson, 47, 9, Stage::Open),
    ("DL-01", Form::Distance, 54, 7, Stage::Open),
    ("QPAN-01", Form::InPerson, 61, 5, Stage::Open),
    ("NL-02", Form::Online, 75, 0, Stage::Draft),
    ("TM-01", Form::InPerson, 82, 0, Stage::Draft),
    ("ATTT-01", Form::InPerson, 33, 0, Stage::Cancelled),
];

/// The two runs between which the story decides: in person from Monday to Wednesday, online in the afternoons of the
/// weeks after.
const STORY: [(Form, i64, usize); 2] = [(Form::InPerson, 24, 14), (Form::Online, 33, 8)];

pub fn build(b: &mut Builder, world: &World) -> Vec<Run> {
    let mut runs = Vec::new();
    for study in &STUDIES {
        let (near, far) = FINISHED;
        let count = i64::try_from(study.runs).unwrap_or(1);
        for place in 0..count {
            // Spread over the year, the courses against each other.
            let ago = if study.course == "NC-01" {
                // All periods that its official scores need lie within the two years of ratings.
                370
            } else {
                let slot = i32::try_from((far - near) / count).unwrap_or(0);
                near + i64::from(slot) * place + i64::from(b.dice.between(0, slot))
            };
            let done = study.trained * usize::try_from(place).unwrap_or(0) / study.runs;
            let next = study.trained * usize::try_from(place + 1).unwrap_or(0) / study.runs;
            let form = b
                .dice
                .pick(&[Form::InPerson, Form::InPerson, Form::Online, Form::Blended, Form::Distance])
                .unwrap_or(Form::InPerson);
            let form = if study.course == "LDV-01" { Form::Distance } else { form };
            let first = b.calendar.whole_week(b.calendar.day(-ago));
            runs.extend(hold(b, world, study.course, form, first, next - done, Stage::Finished));
        }
    }
    for (course, form, days, learners, stage) in LATELY.iter().chain(&AHEAD) {
        let day = b.calendar.day(*days);
        let first = if *days > 0 { b.calendar.whole_week(day) } else { day };
        runs.extend(hold(b, world, course, *form, first, *learners, *stage));
    }
    for (form, days, learners) in STORY {
        let first = b.calendar.whole_week(b.calendar.day(days));
        runs.extend(hold(b, world, STORY_COURSE, form, first, learners, Stage::Open));
    }
    // Certificates are numbered in the order in which runs end.
    runs.sort_by_key(|run| (run.last, run.offering));
    runs
}

fn hold(
    b: &mut Builder,
    world: &World,
    course: &'static str,
    form: Form,
    from: NaiveDate,
    learners: usize,
    stage: Stage,
) -> Option<Run> {
    let facts = world.catalogue.courses.get(course)?;
    let periods = facts.data.periods;
    let count = usize::try_from((periods + PERIODS_OF_HALF_DAY - 1) / PERIODS_OF_HALF_DAY).ok()?;
    let half_days = in_time(b, form, from, count, stage);
    let (first, last) = (*half_days.first()?, *half_days.last()?);
    let at = b.calendar.morning(plus(from, -60).min(plus(b.calendar.today, -3)));
    let offering = b.dice.id(at);
    let (mode, attendance, location) = form.words();
    let number = b.rows.offerings.iter().filter(|o| o.course_id == facts.id).count() + 1;
    let seats = seats(b, stage, course, learners);
    b.rows.offerings.push(Offering {
        id: offering,
        code: format!("{course}.{}.{number}", date_of(first).year()),
        course_id: facts.id,
        institute_id: facts.institute,
        mode,
        attendance,
        location,
        seats,
        nominations_close_on: plus(date_of(first), if stage == Stage::Open { -5 } else { -10 }),
        status: stage.word(),
        first_half_day: first,
        last_half_day: last,
        created_at: at,
        updated_at: at,
    });
    let mut run = Run {
        offering,
        course,
        stage,
        first: date_of(first),
        last: date_of(last),
        learners,
        is_full_time: form == Form::InPerson,
        sessions: Vec::new(),
        half_days,
    };
    let mut left = periods;
    for (place, half_day) in run.half_days.iter().enumerate() {
        let id = b.dice.id(at);
        run.sessions.push((id, *half_day));
        let lecturer_id = lecturer(b, world, facts.institute, *half_day)?;
        b.rows.sessions.push(Session {
            id,
            offering_id: offering,
            half_day: *half_day,
            periods: left.min(PERIODS_OF_HALF_DAY),
            topic: topic(facts.data.subject, place),
            lecturer_id,
        });
        left -= PERIODS_OF_HALF_DAY;
    }
    Some(run)
}

/// The half-days of a run, moved back as far as holidays would otherwise keep it from its stage.
fn in_time(b: &Builder, form: Form, from: NaiveDate, count: usize, stage: Stage) -> Vec<i32> {
    let today = b.calendar.today;
    let fits = |half_days: &[i32]| match stage {
        Stage::Finished | Stage::Recent => half_days.last().is_some_and(|h| date_of(*h) < today),
        Stage::Running => half_days.first().is_some_and(|h| date_of(*h) < today),
        _ => true,
    };
    (0..30)
        .map(|earlier| form.half_days(b, plus(from, -earlier), count))
        .find(|half_days| fits(half_days))
        .unwrap_or_default()
}

/// Seats: a few stay empty, except where the story wants a waiting list.
fn seats(b: &mut Builder, stage: Stage, course: &str, learners: usize) -> i32 {
    let taken = i32::try_from(learners).unwrap_or(0);
    match (stage, course) {
        (Stage::Open, "TT-01") => taken.max(1),
        (Stage::Open, _) => taken + 12,
        (Stage::Draft | Stage::Cancelled, _) => 30,
        _ => taken + b.dice.between(0, 6),
    }
}

/// A lecturer of the institute who does not teach elsewhere at that time.
fn lecturer(b: &mut Builder, world: &World, institute: Uuid, half_day: i32) -> Option<Uuid> {
    let all = world.catalogue.lecturers.get(&institute)?;
    let free: Vec<Uuid> = all.iter().copied().filter(|id| !b.teaching.contains(&(*id, half_day))).collect();
    let lecturer = b.dice.pick(&free).or_else(|| all.first().copied())?;
    b.teaching.insert((lecturer, half_day));
    Some(lecturer)
}

fn topic(subject: &str, place: usize) -> String {
    const TOPICS: [&str; 6] = [
        "Những vấn đề chung và quy định hiện hành về",
        "Quy trình, nghiệp vụ",
        "Thực hành tình huống",
        "Kỹ năng xử lý vấn đề",
        "Trao đổi kinh nghiệm",
        "Ôn tập và kiểm tra",
    ];
    let start = TOPICS.get(place % TOPICS.len()).unwrap_or(&"Chuyên đề");
    format!("{start} {subject}")
}
