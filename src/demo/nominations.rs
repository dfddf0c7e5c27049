//! Nominations in every state, and the participants that approved ones become.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::courses::STORY_COURSE;
use super::ministry::Person;
use super::rows::{Nomination, NominationHalfDay, Participant};
use super::runs::{Run, Stage};
use super::units::HCVT;
use super::world::World;
use crate::participation::nominations::RULE_SET;

/// People of one unit that are away for one course at most, where units still have to keep their minimum.
const OF_ONE_UNIT: usize = 2;

/// Someone who sits (or sat) in a run.
pub struct Learner {
    pub person: Person,
    pub participant: Uuid,
}

/// A run and those who sit in it.
pub struct Class {
    pub run: Run,
    pub learners: Vec<Learner>,
}

/// How a nomination stands, and why.
type Standing = (&'static str, Option<&'static str>);

const APPROVED: Standing = ("approved", None);
const LOST: [Standing; 5] = [
    ("declined", Some("Nhiệm vụ đột xuất của đơn vị")),
    ("declined", Some("Không thuộc đối tượng của khóa học")),
    ("withdrawn", Some("Trùng lịch công tác")),
    ("withdrawn", Some("Nguyện vọng cá nhân")),
    ("declined", Some("Đã học nội dung tương đương")),
];
const WAITING: [Standing; 4] = [
    ("submitted", None),
    ("endorsed", None),
    ("submitted", None),
    ("returned", Some("Bổ sung người làm thay trong thời gian đi học")),
];

pub fn build(b: &mut Builder, world: &World, runs: Vec<Run>) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::with_capacity(runs.len());
    for run in runs {
        let learners = fill(b, world, &run);
        classes.push(Class { run, learners });
    }
    classes
}

fn fill(b: &mut Builder, world: &World, run: &Run) -> Vec<Learner> {
    let mut learners = Vec::new();
    if run.learners == 0 {
        return learners;
    }
    let mut candidates = candidates(b, world, run).into_iter();
    for person in candidates.by_ref().take(run.learners) {
        let nomination = nominate(b, world, run, &person, APPROVED);
        learners.extend(enrol(b, world, run, person, nomination, learners.len()));
    }
    for standing in others(run) {
        if let Some(person) = candidates.next() {
            nominate(b, world, run, &person, standing);
        }
    }
    learners
}

/// The states that a run's other nominations are in.
fn others(run: &Run) -> Vec<Standing> {
    let mut standings: Vec<Standing> = match (run.stage, run.course) {
        // Its seats are all taken.
        (Stage::Open, "TT-01") => vec![("waitlisted", None); 4],
        (Stage::Open, _) => WAITING.to_vec(),
        _ => Vec::new(),
    };
    let lost = LOST.iter().skip(run.half_days.len() % 3).take(1 + run.learners / 12);
    standings.extend(lost);
    standings
}

/// Who may sit in a run, best first.
fn candidates(b: &mut Builder, world: &World, run: &Run) -> Vec<Person> {
    let Some(course) = world.catalogue.courses.get(run.course) else {
        return Vec::new();
    };
    let is_ahead = matches!(run.stage, Stage::Open | Stage::Confirmed);
    let mut fitting: Vec<Person> = world
        .ministry
        .people
        .iter()
        .filter(|p| p.works && p.supervisor != p.id && course.data.is_for(p.position, p.group))
        .filter(|p| !b.chosen.contains(&(course.id, p.id)))
        // The story's division has not learned to protect state secrets, and keeps the days ahead free.
        .filter(|p| p.unit_code != HCVT || !(is_ahead || run.course == STORY_COURSE))
        .filter(|p| {
            let most = world.positions.by_code.get(p.position).and_then(|f| f.max_absence);
            most.is_none_or(|most| run.days_away() <= most)
        })
        .filter(|p| b.is_free(p.id, &run.half_days))
        .cloned()
        .collect();
    b.dice.shuffle(&mut fitting);
    if run.stage == Stage::Recent {
        // Some of the story's division, so that its head and the employee of the demo have forms to answer.
        let of_division = fitting.iter().filter(|p| p.unit_code == HCVT && p.id != world.accounts.employee);
        let preferred: Vec<Uuid> = of_division.map(|p| p.id).take(3).collect();
        let shown = matches!(run.course, "VT-02" | "QPAN-01");
        fitting.sort_by_key(|p| match p.id == world.accounts.employee {
            true if shown => 0,
            true => 3,
            false if preferred.contains(&p.id) => 1,
            false => 2,
        });
    }
    if is_ahead {
        let mut taken = std::collections::HashMap::new();
        fitting.retain(|p| {
            let count = taken.entry(p.unit).or_insert(0);
            *count += 1;
            *count <= OF_ONE_UNIT
        });
    }
    fitting
}

/// When a nomination was made, and when decided.
fn moments(b: &mut Builder, run: &Run) -> (NaiveDate, NaiveDate) {
    let today = b.calendar.today;
    let made = plus(run.first, -i64::from(b.dice.between(25, 45)));
    let made = made.min(plus(today, -i64::from(b.dice.between(3, 9))));
    let decided = plus(made, i64::from(b.dice.between(1, 6))).min(plus(today, -1));
    (made, decided)
}

fn nominate(b: &mut Builder, world: &World, run: &Run, person: &Person, standing: Standing) -> Uuid {
    let (status, decision_reason) = standing;
    let (made, decided) = moments(b, run);
    let (made_at, decided_at) = (b.calendar.morning(made), b.calendar.morning(decided));
    let id = b.dice.id(made_at);
    let Some(course) = world.catalogue.courses.get(run.course) else {
        return id;
    };
    b.chosen.insert((course.id, person.id));
    let line = world.plans.lines.get(&(run.first.year(), person.unit, course.id)).copied();
    let political = matches!(course.data.content_area, "political_theory" | "state_management");
    let succession = world.plans.successions.get(&person.id).copied().filter(|_| political);
    let weak = b.dice.percent(12);
    let motive = match (course.data.is_mandatory(), line.is_some()) {
        (true, _) => "obligatory",
        _ if weak => "weakness",
        (false, true) => "planned",
        (false, false) => "own_wish",
    };
    let open = matches!(status, "submitted" | "endorsed" | "waitlisted");
    let stand_in_id = stand_in(b, world, run, person);
    b.rows.nominations.push(Nomination {
        id,
        offering_id: run.offering,
        course_id: course.id,
        institute_id: course.institute,
        employee_id: person.id,
        unit_id: person.unit,
        basis: if succession.is_some() { "succession" } else { "position_need" },
        motive,
        plan_line_id: line,
        outside_plan_reason: line
            .is_none()
            .then(|| "Yêu cầu của vị trí việc làm phát sinh sau khi kế hoạch được duyệt".to_owned()),
        succession_entry_id: succession,
        stand_in_id,
        expected_effect: format!(
            "Thực hiện {} đúng quy trình, đúng hạn, giảm hồ sơ phải làm lại",
            course.data.subject
        ),
        status,
        decision_reason: decision_reason.map(str::to_owned),
        checks: checks(),
        rule_set: RULE_SET,
        nominated_by: world.accounts.nominator(person.unit_code),
        decided_at: (!open).then_some(decided_at),
        waitlisted_at: (status == "waitlisted").then_some(decided_at),
        created_at: made_at,
        updated_at: if status == "submitted" { made_at } else { decided_at },
    });
    if matches!(status, "submitted" | "endorsed" | "approved") {
        b.occupy(person.id, &run.half_days);
        let taken = run.half_days.iter().map(|half_day| NominationHalfDay {
            employee_id: person.id,
            half_day: *half_day,
            nomination_id: id,
        });
        b.rows.nomination_half_days.extend(taken);
    }
    id
}

/// A colleague of the same position group who stays at work.
fn stand_in(b: &mut Builder, world: &World, run: &Run, person: &Person) -> Option<Uuid> {
    let colleagues: Vec<Uuid> = world
        .ministry
        .staff(person.unit_code)
        .filter(|p| p.group == person.group && p.id != person.id && p.works)
        .filter(|p| b.is_free(p.id, &run.half_days))
        .map(|p| p.id)
        .collect();
    b.dice.pick(&colleagues).filter(|_| b.dice.percent(70))
}

/// The checks that were passed when the nomination was decided. What they rested on was not kept.
fn checks() -> Value {
    let passed = [
        "offering_open",
        "employee_active",
        "audience",
        "need",
        "clash",
        "coverage",
        "absence_limit",
        "seats",
    ];
    passed.iter().map(|code| json!({"code": code, "verdict": "pass", "facts": {}})).collect()
}

fn enrol(
    b: &mut Builder,
    world: &World,
    run: &Run,
    person: Person,
    nomination: Uuid,
    place: usize,
) -> Option<Learner> {
    let course = world.catalogue.courses.get(run.course)?;
    let at: DateTime<Utc> = b.rows.nominations.last()?.updated_at;
    let participant = b.dice.id(at);
    b.rows.participants.push(Participant {
        id: participant,
        nomination_id: nomination,
        offering_id: run.offering,
        institute_id: course.institute,
        employee_id: person.id,
        unit_id: person.unit,
        number: i32::try_from(place).ok()? + 1,
        status: "enrolled",
        attendance_percent: None,
        created_at: at,
        updated_at: at,
    });
    Some(Learner { person, participant })
}
