//! Forms that were answered, are open, or lie ahead: supervisors' ratings of the trained and of comparable colleagues,
//! before and after, and the anonymous reactions.
//!
//! Changes are drawn evenly from the distribution of `effects.rs` rather than at random, so that the report reaches
//! its verdict whichever day the ministry is built.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use statrs::distribution::{ContinuousCDF, Normal};
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::courses::STORY_COURSE;
use super::effects::{DRIFT, KEPT, study_of};
use super::forms::{Forms, behaviour_answers, reaction_answers, whole};
use super::ministry::Person;
use super::nominations::Class;
use super::rows::{AnonymousResponse, Evaluation, Response};
use super::runs::Stage;
use super::units::HCVT;
use super::world::World;

/// Points of the total of five items per point of the scale.
const ITEMS: f64 = 5.0;
/// Follow-ups that have come back while their window is still open, percent.
const EARLY_PERCENT: i32 = 30;

/// How a course acts on one group of people.
struct Action {
    change: f64,
    drift: f64,
    spread: f64,
    follow_up_percent: usize,
    reaction_percent: i32,
    satisfaction: f64,
    compared: bool,
}

impl Action {
    fn of(course: &str) -> Self {
        study_of(course).map_or(
            Self {
                change: 0.4,
                drift: DRIFT,
                spread: 0.45,
                follow_up_percent: 95,
                reaction_percent: 70,
                satisfaction: 4.0,
                compared: true,
            },
            |study| Self {
                change: study.change(),
                drift: study.drift(),
                spread: study.spread,
                follow_up_percent: study.follow_up_percent,
                reaction_percent: i32::try_from(study.reaction_percent).unwrap_or(100),
                satisfaction: study.satisfaction,
                compared: study.is_compared(),
            },
        )
    }
}

/// Points of 5 by which people's usual work may differ and still be alike.
const MERIT_BAND: f64 = 0.1;

/// Someone whose work is rated, because of a participant.
struct Subject<'a> {
    person: Person,
    participant: Uuid,
    group: &'static str,
    class: &'a Class,
}

pub fn build(b: &mut Builder, world: &World, forms: &Forms, classes: &[Class]) {
    let mut courses: Vec<&'static str> = classes.iter().map(|c| c.run.course).collect();
    courses.sort_unstable();
    courses.dedup();
    for course in courses {
        let action = Action::of(course);
        let held: Vec<&Class> = classes
            .iter()
            .filter(|c| c.run.course == course && !matches!(c.run.stage, Stage::Draft | Stage::Cancelled))
            .collect();
        let trained: Vec<Subject<'_>> = held.iter().flat_map(|class| learners(class)).collect();
        let others = if action.compared { comparison(b, world, &trained) } else { Vec::new() };
        rate(b, world, forms, &trained, action.change, &action);
        rate(b, world, forms, &others, action.drift, &action);
        for class in held {
            reactions(b, forms, class, &action);
        }
    }
    // Rows lie in the order they were written: no answer may stand where its sender does.
    b.dice.shuffle(&mut b.rows.anonymous_responses);
}

fn learners<'a>(class: &'a Class) -> impl Iterator<Item = Subject<'a>> {
    class.learners.iter().map(move |learner| Subject {
        person: learner.person.clone(),
        participant: learner.participant,
        group: "trained",
        class,
    })
}

/// For each of the trained a colleague of the same position group who has worked as well, as the service looks for them; of
/// the same unit if there is one, and nominated for the course by nobody. Nobody is compared twice.
fn comparison<'a>(b: &mut Builder, world: &World, trained: &[Subject<'a>]) -> Vec<Subject<'a>> {
    let mut pool: Vec<&Person> =
        world.ministry.people.iter().filter(|p| p.works && p.supervisor != p.id).collect();
    b.dice.shuffle(&mut pool);
    let mut used: HashSet<Uuid> = HashSet::new();
    let mut found = Vec::new();
    for subject in
        trained.iter().filter(|s| is_closed(s.class.run.stage) || s.class.run.stage == Stage::Running)
    {
        let Some(course) = world.catalogue.courses.get(subject.class.run.course) else {
            continue;
        };
        let fits = |p: &&&Person| {
            p.group == subject.person.group
                && !used.contains(&p.id)
                && !b.chosen.contains(&(course.id, p.id))
                // They are about to be nominated.
                && (p.unit_code != HCVT || subject.class.run.course != STORY_COURSE)
        };
        let unlike = |p: &&&Person| {
            let bands = ((p.merit - subject.person.merit).abs() / MERIT_BAND).floor();
            (whole(bands), p.unit != subject.person.unit)
        };
        let Some(colleague) = pool.iter().filter(fits).min_by_key(unlike) else {
            continue;
        };
        used.insert(colleague.id);
        found.push(Subject {
            person: (*colleague).clone(),
            participant: subject.participant,
            group: "comparison",
            class: subject.class,
        });
    }
    found
}

pub(super) fn is_closed(stage: Stage) -> bool {
    matches!(stage, Stage::Finished | Stage::Recent)
}

/// The window of a form, as the service hands them out.
pub(super) fn window(phase: &str, class: &Class) -> (NaiveDate, NaiveDate) {
    let (first, last) = (class.run.first, class.run.last);
    match phase {
        "baseline" => (plus(first, -14), plus(first, -1)),
        "close" => (last, plus(last, 7)),
        "three_months" => (plus(last, 76), plus(last, 111)),
        _ => (plus(last, 159), plus(last, 210)),
    }
}

/// Ratings of one group of one course: before, after three and after six months.
fn rate(
    b: &mut Builder,
    world: &World,
    forms: &Forms,
    subjects: &[Subject<'_>],
    change: f64,
    action: &Action,
) {
    let finished: Vec<usize> = (0..subjects.len())
        .filter(|i| subjects.get(*i).is_some_and(|s| s.class.run.stage == Stage::Finished))
        .collect();
    let three = changes(b, &finished, change, action);
    let six = changes(b, &finished, change * KEPT, action);
    for (place, subject) in subjects.iter().enumerate() {
        let spread = if action.spread > 0.0 { 0.15 } else { 0.0 };
        let before = whole(ITEMS * (subject.person.merit + spread * b.dice.normal()).clamp(2.0, 3.6));
        give(b, world, forms, subject, "baseline", Some(before));
        if !is_closed(subject.class.run.stage) {
            continue;
        }
        for (phase, known) in [("three_months", &three), ("six_months", &six)] {
            let drawn = change + action.spread * b.dice.normal();
            let after = match subject.class.run.stage {
                Stage::Finished => known.get(&place).map(|change| before + change),
                _ => b.dice.percent(EARLY_PERCENT).then(|| before + whole(ITEMS * drawn)),
            };
            give(b, world, forms, subject, phase, after);
        }
    }
}

/// For those who answer, changes in points of the total: the quantiles of a normal distribution, in mixed order.
fn changes(b: &mut Builder, subjects: &[usize], change: f64, action: &Action) -> HashMap<usize, i32> {
    let answered = (subjects.len() * action.follow_up_percent).div_ceil(100);
    let mut answering = subjects.to_vec();
    b.dice.shuffle(&mut answering);
    answering.truncate(answered);
    let normal = Normal::standard();
    answering
        .iter()
        .enumerate()
        .map(|(i, subject)| {
            let share = (f64::from(u32::try_from(i).unwrap_or(0)) + 0.5)
                / f64::from(u32::try_from(answered.max(1)).unwrap_or(1));
            (*subject, whole(ITEMS * (change + action.spread * normal.inverse_cdf(share))))
        })
        .collect()
}

/// One form: answered, open, or lapsed.
fn give(
    b: &mut Builder,
    world: &World,
    forms: &Forms,
    subject: &Subject<'_>,
    phase: &'static str,
    total: Option<i32>,
) {
    let run = &subject.class.run;
    let (Some(questionnaire_id), Some(course)) =
        (forms.behaviour(run.course), world.catalogue.courses.get(run.course))
    else {
        return;
    };
    let today = b.calendar.today;
    let (opens_on, due_on) = window(phase, subject.class);
    let made_at = b.calendar.morning(opens_on.min(run.last));
    let id = b.dice.id(made_at);
    // A form that is open is answered by some; one that lies ahead by nobody.
    let open = opens_on <= today && today <= due_on;
    let answered = total.filter(|_| opens_on < today && (!open || phase != "baseline" || b.dice.percent(45)));
    let latest = due_on.min(plus(today, -1));
    let days = i32::try_from((latest - opens_on).num_days()).unwrap_or(0).max(0);
    let answered_on = plus(opens_on, i64::from(b.dice.between(0, days)));
    let excused = answered.is_none() && due_on < today && b.dice.percent(15);
    b.rows.evaluations.push(Evaluation {
        id,
        offering_id: run.offering,
        course_id: course.id,
        questionnaire_id,
        phase,
        subject_id: subject.person.id,
        subject_group: subject.group,
        participant_id: subject.participant,
        unit_id: subject.person.unit,
        respondent_id: subject.person.supervisor,
        opens_on,
        due_on,
        status: match (answered, excused) {
            (Some(_), _) => "answered",
            (None, true) => "excused",
            (None, false) => "pending",
        },
        excuse: excused.then(|| "Người được đánh giá đi công tác dài ngày".to_owned()),
        answered_on: answered.map(|_| answered_on),
        rater: "first",
        created_at: made_at,
        updated_at: made_at,
    });
    if let Some(total) = answered {
        let (answers, score) = behaviour_answers(b, total);
        let submitted_at = b.calendar.morning(answered_on);
        b.rows.evaluation_responses.push(Response {
            evaluation_id: id,
            answers,
            score: Some(score),
            submitted_at,
        });
    }
}

/// Anonymous forms at the close of a run. Who answered is known, what was answered is not theirs any more.
fn reactions(b: &mut Builder, forms: &Forms, class: &Class, action: &Action) {
    if !is_closed(class.run.stage) {
        return;
    }
    let (opens_on, due_on) = window("close", class);
    let made_at = b.calendar.morning(opens_on);
    let course_id = b.rows.offerings.iter().find(|o| o.id == class.run.offering).map(|o| o.course_id);
    let Some(course_id) = course_id else { return };
    let count = i32::try_from(class.learners.len()).unwrap_or(0) * action.reaction_percent / 100;
    let mut answering: Vec<bool> = (0..).take(class.learners.len()).map(|i| i < count).collect();
    b.dice.shuffle(&mut answering);
    for (learner, answers) in class.learners.iter().zip(answering) {
        // The employee whose account the demo has still owes an answer.
        let answers = answers && !(due_on >= b.calendar.today && learner.person.unit_code == HCVT);
        let id = b.dice.id(made_at);
        b.rows.evaluations.push(Evaluation {
            id,
            offering_id: class.run.offering,
            course_id,
            questionnaire_id: forms.reaction,
            phase: "close",
            subject_id: learner.person.id,
            subject_group: "trained",
            participant_id: learner.participant,
            unit_id: learner.person.unit,
            respondent_id: learner.person.id,
            opens_on,
            due_on,
            status: if answers { "answered" } else { "pending" },
            excuse: None,
            answered_on: None,
            rater: "first",
            created_at: made_at,
            updated_at: made_at,
        });
        if answers {
            let (answers, score) = reaction_answers(b, action.satisfaction);
            let id = b.dice.anonymous_id();
            b.rows.anonymous_responses.push(AnonymousResponse {
                id,
                offering_id: class.run.offering,
                questionnaire_id: forms.reaction,
                answers,
                score: Some(score),
                phase: "close",
            });
        }
    }
}
