//! Second raters of a few courses: of one all have one, of another all but a few, of a small one there are too few to say how
//! far raters agree.
//!
//! They have chance of their own, so that nothing else in the ministry changes because of them.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::World;
use super::builder::Builder;
use super::calendar::plus;
use super::forms::{behaviour_answers, whole};
use super::ministry::Person;
use super::nominations::{Class, Learner};
use super::rows::{Evaluation, Response, SecondRater};
use crate::evaluation::questionnaires::Instrument;

const OWN_CHANCE: u64 = 0x7365_636f;
/// Days before the first session on which they were named.
const NAMED_BEFORE: i64 = 16;
/// Courses, and how many of the people in each of their runs have none.
const COURSES: [(&str, usize); 3] = [("BMNN-01", 0), ("VT-01", 2), ("LT-01", 0)];
/// Second raters are a little stricter, points of the total of five items, and see the work otherwise by about as much.
const STRICTER: f64 = 0.5;
const OTHERWISE: f64 = 1.5;

pub fn build(b: &mut Builder, world: &World, classes: &[Class]) {
    b.aside(OWN_CHANCE, |b| {
        let busy: HashSet<(Uuid, Uuid)> =
            b.rows.evaluations.iter().map(|form| (form.offering_id, form.subject_id)).collect();
        let totals = totals(b);
        for (course, without) in COURSES {
            for class in classes.iter().filter(|class| class.run.course == course) {
                for learner in class.learners.iter().skip(without) {
                    let is_free = |person: &Person| !busy.contains(&(class.run.offering, person.id));
                    if let Some(rater) = rater(b, world, learner, is_free) {
                        name(b, class, learner, &rater);
                        answer(b, learner, rater.id, &totals);
                    }
                }
            }
        }
    });
}

/// What supervisors gave, as totals of five items, by form.
fn totals(b: &Builder) -> HashMap<Uuid, f64> {
    let of = |response: &Response| Some((response.evaluation_id, 5.0 * response.score?));
    b.rows.evaluation_responses.iter().filter_map(of).collect()
}

/// Somebody who works beside the person, or else receives the work.
fn rater(
    b: &mut Builder,
    world: &World,
    learner: &Learner,
    is_free: impl Fn(&Person) -> bool,
) -> Option<Person> {
    let subject = &learner.person;
    let people = || {
        world
            .ministry
            .people
            .iter()
            .filter(|p| p.works && p.id != subject.id && p.id != subject.supervisor && is_free(p))
    };
    let beside: Vec<&Person> = people().filter(|p| p.unit == subject.unit && p.is_leadership).collect();
    let others: Vec<&Person> = people().filter(|p| p.unit != subject.unit).collect();
    b.dice.pick(&beside).or_else(|| b.dice.pick(&others)).cloned()
}

fn name(b: &mut Builder, class: &Class, learner: &Learner, rater: &Person) {
    let at = b.calendar.morning(plus(class.run.first, -NAMED_BEFORE).min(plus(b.calendar.today, -1)));
    let is_deputy = rater.unit == learner.person.unit;
    b.rows.second_raters.push(SecondRater {
        participant_id: learner.participant,
        employee_id: Some(rater.id),
        relation: Some(if is_deputy { "deputy" } else { "internal_customer" }),
        unit_id: learner.person.unit,
        created_at: at,
        updated_at: at,
    });
}

/// Beside each of the supervisor's forms about the person one of the second rater, answered where the supervisor's is.
fn answer(b: &mut Builder, learner: &Learner, rater: Uuid, totals: &HashMap<Uuid, f64>) {
    // The head of a unit answers other forms too.
    let is_of_behaviour = |id: Uuid| {
        b.rows.questionnaires.iter().any(|form| form.id == id && form.instrument == Instrument::Behaviour)
    };
    let is_rating = |form: &&Evaluation| {
        is_of_behaviour(form.questionnaire_id)
            && form.participant_id == learner.participant
            && form.subject_id == learner.person.id
            && form.respondent_id == learner.person.supervisor
            && form.phase != "close"
    };
    let ratings: Vec<Evaluation> = b.rows.evaluations.iter().filter(is_rating).cloned().collect();
    for rating in ratings {
        let id = b.dice.id(rating.created_at);
        let given = totals.get(&rating.id).copied();
        if let (Some(total), Some(day)) = (given, rating.answered_on) {
            let seen = whole(total - STRICTER + OTHERWISE * b.dice.normal());
            let (answers, score) = behaviour_answers(b, seen);
            let submitted_at = b.calendar.morning(day);
            b.rows.evaluation_responses.push(Response {
                evaluation_id: id,
                answers,
                score: Some(score),
                submitted_at,
            });
        }
        b.rows.evaluations.push(Evaluation { id, respondent_id: rater, rater: "second", ..rating });
    }
}
