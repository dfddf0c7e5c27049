//! The forms that participations owe, and the answers to those whose window is over: the learner's anonymous reaction, and
//! the supervisor's rating of work behaviour before and three months after.

use std::fmt::Write;

use chrono::{Days, Duration, NaiveDate};
use thuocdo::clock::first_moment;
use thuocdo::evaluation::questionnaires::{self, COMMENTS_PER_REACTION, Instrument, REACTION_SCALES};
use thuocdo::http::Gate;
use uuid::Uuid;

use super::chance::Kind;
use super::copy::{Copy, Value};
use super::training::Run;
use super::{COURSES, Making};

/// Offerings without a form of their own course get that of the course before; there are none.
const NO_FORM: Uuid = Uuid::nil();
/// Free texts of learners.
const SAID: [&str; 4] = [
    "Nội dung sát với công việc, nên có thêm bài tập tình huống.",
    "Giảng viên nhiệt tình, tài liệu đầy đủ.",
    "Thời gian hơi ngắn so với nội dung.",
    "Phần thực hành rất hữu ích.",
];

/// The questionnaires, published by the service itself.
pub struct Forms {
    reaction: Uuid,
    behaviour: Vec<Uuid>,
}

/// Let the service publish the forms of all courses that are held.
///
/// # Errors
/// When the database does not answer.
pub async fn publish(making: &Making<'_>, gate: &Gate) -> anyhow::Result<Forms> {
    let held = making.size.offerings.min(COURSES);
    let courses: Vec<Uuid> = (0..held).map(|place| making.course(place)).collect();
    let mut forms = Forms { reaction: NO_FORM, behaviour: Vec::new() };
    for some in courses.chunks(100) {
        let (reaction, behaviour) = gate
            .system("benches", async |tx| {
                let mut behaviour = Vec::new();
                let mut reaction = NO_FORM;
                for course in some {
                    reaction = questionnaires::ensure(tx, Instrument::Reaction, *course).await?;
                    behaviour.push(questionnaires::ensure(tx, Instrument::Behaviour, *course).await?);
                }
                Ok((reaction, behaviour))
            })
            .await?;
        forms.reaction = reaction;
        forms.behaviour.extend(behaviour);
    }
    Ok(forms)
}

/// The three forms of a participation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Reaction,
    Before,
    After,
}

impl Form {
    const ALL: [Self; 3] = [Self::Reaction, Self::Before, Self::After];

    fn phase(self) -> &'static str {
        match self {
            Self::Reaction => "close",
            Self::Before => "baseline",
            Self::After => "three_months",
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Reaction => Kind::Reaction,
            Self::Before => Kind::Before,
            Self::After => Kind::After,
        }
    }

    /// From when to when it may be answered, as the service hands it out.
    fn window(self, day: NaiveDate) -> (NaiveDate, NaiveDate) {
        match self {
            Self::Reaction => (day, day + Days::new(7)),
            Self::Before => (day - Days::new(14), day - Days::new(1)),
            Self::After => (day + Days::new(76), day + Days::new(111)),
        }
    }

    /// When it was answered: somewhere in its window, if that is over.
    fn answered_on(self, making: &Making<'_>, run: &Run, number: u64) -> Option<NaiveDate> {
        let (opens, due) = self.window(run.day);
        let days = (due - opens).num_days().unsigned_abs() + 1;
        let later = making.chance.below(self.kind(), run.first + number, 1, days);
        Some(opens + Days::new(later)).filter(|_| due < making.today)
    }

    fn id(self, making: &Making<'_>, run: &Run, number: u64) -> Uuid {
        let (opens, _) = self.window(run.day);
        making.chance.id(self.kind(), run.first + number, first_moment(opens))
    }
}

/// Write them all.
pub async fn write(making: &Making<'_>, forms: &Forms, say: &mut dyn FnMut(String)) -> anyhow::Result<()> {
    let count = tasks(making, forms).await?;
    say(format!("forms: {count}"));
    let count = ratings(making).await? + reactions(making, forms).await?;
    say(format!("answers: {count}"));
    Ok(())
}

async fn tasks(making: &Making<'_>, forms: &Forms) -> anyhow::Result<u64> {
    let columns = [
        "id",
        "offering_id",
        "course_id",
        "questionnaire_id",
        "phase",
        "subject_id",
        "subject_group",
        "participant_id",
        "unit_id",
        "respondent_id",
        "opens_on",
        "due_on",
        "status",
        "answered_on",
        "created_at",
        "updated_at",
    ];
    let mut copy = Copy::begin(making.client, "evaluations", &columns).await?;
    for run in making.runs() {
        let rating = forms.behaviour.get(usize::try_from(run.course)?).copied().unwrap_or(NO_FORM);
        for number in 0..run.participants {
            let employee = making.participant(&run, number);
            for form in Form::ALL {
                let (opens, due) = form.window(run.day);
                let answered = form.answered_on(making, &run, number);
                let is_reaction = form == Form::Reaction;
                let respondent = if is_reaction { employee } else { Making::supervisor_of(employee) };
                let changed = answered.filter(|_| !is_reaction).unwrap_or(opens);
                let row = [
                    form.id(making, &run, number).into(),
                    making.offering(&run).into(),
                    making.course(run.course).into(),
                    (if is_reaction { forms.reaction } else { rating }).into(),
                    form.phase().into(),
                    making.employee(employee).into(),
                    "trained".into(),
                    making.participation(&run, number).into(),
                    making.unit(Making::unit_of(employee)).into(),
                    making.employee(respondent).into(),
                    opens.into(),
                    due.into(),
                    (if answered.is_some() { "answered" } else { "pending" }).into(),
                    // When an anonymous form was answered is kept nowhere.
                    answered.filter(|_| !is_reaction).into(),
                    first_moment(opens).into(),
                    first_moment(changed).into(),
                ];
                copy.row(&row).await?;
            }
        }
    }
    copy.finish().await
}

/// What five items come to: 5 to 25 points. Before, what somebody's work usually is; after, that and what the course does.
fn total(making: &Making<'_>, run: &Run, number: u64, form: Form) -> u64 {
    let place = run.first + number;
    let usual = 14.0 + 1.5 * making.chance.normal(Kind::Employee, making.participant(run, number), 30);
    let before = usual + 0.8 * making.chance.normal(Kind::Before, place, 2);
    let gain = 1.5 + 0.7 * making.chance.normal(Kind::Course, run.course, 2);
    let change =
        if form == Form::After { gain + 1.5 * making.chance.normal(Kind::After, place, 2) } else { 0.0 };
    whole(before.clamp(5.0, 25.0) + change).clamp(5, 25)
}

/// The nearest whole number of points.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "points of a scale")]
fn whole(points: f64) -> u64 {
    points.round().max(0.0) as u64
}

async fn ratings(making: &Making<'_>) -> anyhow::Result<u64> {
    let columns = ["evaluation_id", "answers", "score", "submitted_at"];
    let mut copy = Copy::begin(making.client, "evaluation_responses", &columns).await?;
    let mut answers = String::new();
    for run in making.runs() {
        for number in 0..run.participants {
            for form in [Form::Before, Form::After] {
                let Some(day) = form.answered_on(making, &run, number) else { continue };
                let points = total(making, &run, number, form);
                answers.clear();
                for item in 1..=5 {
                    let value = points / 5 + u64::from(item <= points % 5);
                    let comma = if item == 1 { '[' } else { ',' };
                    write!(answers, "{comma}{{\"item\":\"b{item}\",\"value\":{value}}}")?;
                }
                answers.push(']');
                let row = [
                    form.id(making, &run, number).into(),
                    Value::Json(&answers),
                    (f64::from(u32::try_from(points)?) / 5.0).into(),
                    (first_moment(day) + Duration::hours(9)).into(),
                ];
                copy.row(&row).await?;
            }
        }
    }
    copy.finish().await
}

async fn reactions(making: &Making<'_>, forms: &Forms) -> anyhow::Result<u64> {
    let columns = ["id", "offering_id", "questionnaire_id", "answers", "score", "phase"];
    let items: u64 = REACTION_SCALES.iter().map(|(_, count)| *count as u64).sum();
    let mut copy = Copy::begin(making.client, "anonymous_responses", &columns).await?;
    let mut answers = String::new();
    for run in making.runs() {
        for number in 0..run.participants {
            if Form::Reaction.answered_on(making, &run, number).is_none() {
                continue;
            }
            let place = run.first + number;
            let satisfied = 4.0 + 0.5 * making.chance.normal(Kind::Reaction, place, 2);
            let (mut sum, mut item) = (0, 0);
            answers.clear();
            answers.push('[');
            for (scale, count) in REACTION_SCALES {
                for of_scale in 1..=count {
                    item += 1;
                    let value =
                        whole(satisfied + 0.6 * making.chance.normal(Kind::Answer, place, item)).clamp(1, 5);
                    sum += value;
                    write!(answers, "{{\"item\":\"{scale}_{of_scale}\",\"value\":{value}}},")?;
                }
            }
            for comment in 1..=COMMENTS_PER_REACTION {
                let drawn = making.chance.below(Kind::Answer, place, 100 + comment as u64, 12);
                let said = SAID.get(usize::try_from(drawn)?);
                let said = said.map_or_else(|| "null".to_owned(), |said| format!("\"{said}\""));
                let comma = if comment == 1 { "" } else { "," };
                write!(answers, "{comma}{{\"item\":\"comment_{comment}\",\"value\":{said}}}")?;
            }
            answers.push(']');
            let mean = f64::from(u32::try_from(sum)?) / f64::from(u32::try_from(items)?);
            let row = [
                making.chance.anonymous_id(Kind::Answer, place).into(),
                making.offering(&run).into(),
                forms.reaction.into(),
                Value::Json(&answers),
                ((mean * 10_000.0).round() / 10_000.0).into(),
                "close".into(),
            ];
            copy.row(&row).await?;
        }
    }
    copy.finish().await
}
