//! What stands beside the supervisors' ratings, for a few courses: what learners say of themselves, and looking back;
//! whether their offices let them use what they learned; what they knew before and after; what their units say. Of the
//! other courses the service asks for it itself, as soon as it runs.
//!
//! It has chance of its own, so that nothing else in the ministry changes because of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::catalogue::CourseFacts;
use super::effects::study_of;
use super::evaluations::{is_closed, window};
use super::forms::{publish, taught, whole};
use super::knowledge::{TESTS, test};
use super::nominations::{Class, Learner};
use super::rows::{AnonymousResponse, Evaluation, Response};
use super::world::World;
use crate::evaluation::questionnaires::{self, Answer, Draft, Instrument, ItemKind, Scoring};

/// The courses.
const COURSES: [&str; 3] = ["BMNN-01", "ISO-01", "VT-01"];
/// Makes this chance another than the ministry's.
const OWN_CHANCE: u64 = 0x6265_7369;
/// People rate themselves higher than their supervisors do, points of 5 (Heidemeier & Moser 2009).
const KINDER: f64 = 0.25;
/// Looking back, people find that they had known less, points of 5.
const YARDSTICK: f64 = 0.3;
/// How many of a hundred answer a form about themselves, an anonymous one, and one for their unit.
const ANSWER: (i32, i32, i32) = (85, 65, 80);
/// Of a hundred, how many have answered while the window is still open.
const EARLY: i32 = 30;

/// A form, and how its answers are scored.
struct Form {
    id: Uuid,
    draft: Draft,
}

impl Form {
    fn publish(b: &mut Builder, draft: Draft) -> Self {
        Self { id: publish(b, draft.clone()), draft }
    }

    fn score(&self, answers: &[Answer]) -> Option<f64> {
        let scoring = Scoring {
            instrument: self.draft.instrument(),
            max_blank_percent: self.draft.max_blank_percent,
            items: &self.draft.items,
        };
        scoring.score(answers)
    }

    /// Answers around a mean of points of 5, less where something is lacking; of a test, so often right; a word where
    /// one is asked for.
    fn fill(&self, b: &mut Builder, mean: f64, right: i32) -> Vec<Answer> {
        let mut answer = |item: &questionnaires::Item| match item.kind {
            ItemKind::Scale => {
                let level = mean - lacking(self.draft.instrument(), &item.code);
                json!(whole(level + 0.5 * b.dice.normal()).clamp(1, 5))
            }
            ItemKind::Number => json!(1),
            ItemKind::Text => json!(b.dice.pick(&WORDS)),
            ItemKind::Choice => {
                let codes: Vec<&str> = item.options.iter().flatten().map(|o| o.code.as_str()).collect();
                let drawn = b.dice.pick(&codes);
                json!(item.correct.as_deref().filter(|_| b.dice.percent(right)).or(drawn))
            }
        };
        let values: Vec<(String, Value)> =
            self.draft.items.iter().map(|item| (item.code.clone(), answer(item))).collect();
        let stored: Value =
            values.into_iter().map(|(item, value)| json!({"item": item, "value": value})).collect();
        serde_json::from_value(stored).unwrap_or_default()
    }
}

/// By how much a condition at work falls short of the others, points of 5: offices have little time to do things in a
/// new way, and seldom take notice.
fn lacking(instrument: Instrument, item: &str) -> f64 {
    match (instrument, item) {
        (Instrument::Environment, "time") => 1.1,
        (Instrument::Environment, "recognition") => 0.7,
        _ => 0.0,
    }
}

/// What units say.
const WORDS: [&str; 5] = [
    "Hồ sơ trả lại ít hơn trước.",
    "Mới áp dụng được một phần vì khối lượng việc lớn.",
    "Cần thêm tình huống gắn với việc của đơn vị.",
    "Người đi học đã hướng dẫn lại cho cả phòng.",
    "Chưa thấy khác trước.",
];

/// The forms of one course.
struct Forms {
    own: Form,
    then: Form,
    tests: Vec<Form>,
}

/// A course, and the forms that are the same for all.
struct Course<'a> {
    facts: &'a CourseFacts,
    forms: Forms,
    environment: &'a Form,
    beneficiary: &'a Form,
    /// What it changes, points of 5.
    effect: f64,
}

pub fn build(b: &mut Builder, world: &World, classes: &[Class]) {
    b.aside(OWN_CHANCE, |b| all(b, world, classes));
}

fn all(b: &mut Builder, world: &World, classes: &[Class]) {
    let environment = Form::publish(b, questionnaires::environment());
    let beneficiary = Form::publish(b, questionnaires::beneficiary());
    for code in COURSES {
        let Some(facts) = world.catalogue.courses.get(code) else { continue };
        let course = Course {
            forms: forms(b, facts),
            facts,
            environment: &environment,
            beneficiary: &beneficiary,
            effect: study_of(code).map_or(0.3, |study| study.effect),
        };
        for class in classes.iter().filter(|c| c.run.course == code && is_closed(c.run.stage)) {
            for learner in &class.learners {
                says(b, &course, class, learner);
            }
            units(b, world, &course, class);
        }
    }
    // No answer may stand where its sender does.
    b.dice.shuffle(&mut b.rows.anonymous_responses);
}

fn forms(b: &mut Builder, facts: &CourseFacts) -> Forms {
    let course = taught(facts.id, facts.data);
    let made = |instrument| questionnaires::made_of_course(instrument, &course);
    let (own, then) = (made(Instrument::SelfBehaviour), made(Instrument::ThenTest));
    let tests = TESTS.iter().filter(|(code, ..)| *code == facts.data.code);
    let tests: Vec<Draft> =
        tests.map(|(code, letter, questions)| test(facts.id, code, letter, questions)).collect();
    Forms {
        own: Form::publish(b, own),
        then: Form::publish(b, then),
        tests: tests.into_iter().map(|draft| Form::publish(b, draft)).collect(),
    }
}

/// What one learner says, before, at the close, and three and six months after.
fn says(b: &mut Builder, course: &Course<'_>, class: &Class, learner: &Learner) {
    let before = learner.person.merit + KINDER + 0.2 * b.dice.normal();
    let after = before + course.effect + 0.1;
    let forms = &course.forms;
    for (phase, mean) in [("baseline", before), ("three_months", after), ("six_months", after - 0.1)] {
        named(b, course, class, learner, &forms.own, phase, (mean, 0));
    }
    named(b, course, class, learner, &forms.then, "close", (before - YARDSTICK, 0));
    if let [first, second] = forms.tests.as_slice() {
        named(b, course, class, learner, first, "baseline", (3.0, 35));
        named(b, course, class, learner, second, "close", (4.0, 75));
    }
    for phase in ["three_months", "six_months"] {
        anonymous(b, course, class, learner, phase);
    }
}

/// When a form opens and is due: a test at the close for three days only.
fn days(form: &Form, phase: &str, class: &Class) -> (NaiveDate, NaiveDate) {
    let (opens_on, due_on) = window(phase, class);
    let is_late_test = form.draft.instrument() == Instrument::Knowledge && phase == "close";
    (opens_on, if is_late_test { plus(opens_on, 3) } else { due_on })
}

/// Whether it is answered: by so many of a hundred when it is over, by some while it is open.
fn is_answered(b: &mut Builder, (opens_on, due_on): (NaiveDate, NaiveDate), percent: i32) -> bool {
    let today = b.calendar.today;
    let percent = if due_on < today { percent } else { EARLY };
    b.dice.percent(percent) && opens_on < today
}

/// A form about oneself.
fn named(
    b: &mut Builder,
    course: &Course<'_>,
    class: &Class,
    learner: &Learner,
    form: &Form,
    phase: &'static str,
    (mean, right): (f64, i32),
) {
    let days = days(form, phase, class);
    let answered_on = is_answered(b, days, ANSWER.0).then(|| answer_day(b, days));
    let task = task(b, course, class, learner, form, phase, days, answered_on);
    keep(b, task, form, answered_on, (mean, right));
}

fn answer_day(b: &mut Builder, (opens_on, due_on): (NaiveDate, NaiveDate)) -> NaiveDate {
    let latest = due_on.min(plus(b.calendar.today, -1));
    let days = i32::try_from((latest - opens_on).num_days()).unwrap_or(0).max(0);
    plus(opens_on, i64::from(b.dice.between(0, days)))
}

/// The answers to a named form.
fn keep(
    b: &mut Builder,
    task: Evaluation,
    form: &Form,
    answered_on: Option<NaiveDate>,
    (mean, right): (f64, i32),
) {
    let evaluation_id = task.id;
    b.rows.evaluations.push(task);
    if let Some(day) = answered_on {
        let answers = form.fill(b, mean, right);
        b.rows.evaluation_responses.push(Response {
            evaluation_id,
            score: form.score(&answers),
            answers: json!(answers),
            submitted_at: b.calendar.morning(day),
        });
    }
}

/// The environment: what is stored of it names nobody.
fn anonymous(b: &mut Builder, course: &Course<'_>, class: &Class, learner: &Learner, phase: &'static str) {
    let form = course.environment;
    let days = window(phase, class);
    let answers = is_answered(b, days, ANSWER.1);
    let mut task = task(b, course, class, learner, form, phase, days, None);
    if answers {
        task.status = "answered";
    }
    b.rows.evaluations.push(task);
    if answers {
        let answers = form.fill(b, 3.0 + course.effect, 0);
        let id = b.dice.anonymous_id();
        b.rows.anonymous_responses.push(AnonymousResponse {
            id,
            offering_id: class.run.offering,
            questionnaire_id: form.id,
            score: form.score(&answers),
            answers: json!(answers),
            phase,
        });
    }
}

/// One form for each unit with a head that sent somebody: in the name of the first.
fn units(b: &mut Builder, world: &World, course: &Course<'_>, class: &Class) {
    let mut first: BTreeMap<Uuid, &Learner> = BTreeMap::new();
    for learner in &class.learners {
        first.entry(learner.person.unit).or_insert(learner);
    }
    let form = course.beneficiary;
    for (unit, learner) in first {
        let heads = &world.ministry.heads;
        let head = heads.iter().find(|(code, _)| world.ministry.unit(code) == Some(unit));
        let Some((_, head)) = head else { continue };
        let days = window("three_months", class);
        let answered_on = is_answered(b, days, ANSWER.2).then(|| answer_day(b, days));
        let mut task = task(b, course, class, learner, form, "three_months", days, answered_on);
        task.respondent_id = *head;
        keep(b, task, form, answered_on, (3.2 + course.effect, 0));
    }
}

#[expect(clippy::too_many_arguments, reason = "a row of the table")]
fn task(
    b: &mut Builder,
    course: &Course<'_>,
    class: &Class,
    learner: &Learner,
    form: &Form,
    phase: &'static str,
    (opens_on, due_on): (NaiveDate, NaiveDate),
    answered_on: Option<NaiveDate>,
) -> Evaluation {
    let made_at = b.calendar.morning(opens_on.min(class.run.last));
    Evaluation {
        id: b.dice.id(made_at),
        offering_id: class.run.offering,
        course_id: course.facts.id,
        questionnaire_id: form.id,
        phase,
        subject_id: learner.person.id,
        subject_group: "trained",
        participant_id: learner.participant,
        unit_id: learner.person.unit,
        respondent_id: learner.person.id,
        opens_on,
        due_on,
        status: if answered_on.is_some() { "answered" } else { "pending" },
        excuse: None,
        answered_on,
        rater: "first",
        created_at: made_at,
        updated_at: made_at,
    }
}
