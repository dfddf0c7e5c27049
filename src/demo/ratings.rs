//! Two years of official work scores, month by month. Civil servants are scored under Decree 335/2025 from 2026 on, in its
//! two parts, and under their units' own rules before; public employees under their units' rules throughout.
//!
//! Months, because the decree is young: the two periods before a nomination and the two after a course must all stand
//! under one regime, and of months that soon is so, of quarters not before it is more than a year old.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::effects::study_of;
use super::nominations::Class;
use super::positions::PUBLIC_SERVICE;
use super::rows::Rating;
use super::runs::Stage;
use super::world::World;

const MONTHS: i32 = 24;
const DECREE_335: &str = "decree_335_2025";
/// First year of Decree 335/2025.
const DECREE_335_SINCE: i32 = 2026;
/// Points of 100 that a point of 5 at work is worth.
const POINTS_PER_POINT: f64 = 6.0;
/// «Excellent» is rationed to so many of a hundred rated good (Decree 335/2025).
const EXCELLENT_PERCENT: usize = 20;
/// Scores that were corrected after a petition.
const CORRECTED_PERCENT: i32 = 1;
/// Share of the points for common criteria in the whole (Decree 335/2025, Art. 12: 30 of 100), and their most.
const COMMON_SHARE: f64 = 0.3;
const MOST_COMMON: f64 = 30.0;
/// Most points for the results of tasks.
const MOST_FOR_TASKS: f64 = 70.0;
/// Chance of their own.
const OWN_CHANCE: u64 = 0x335_2025;

pub fn build(b: &mut Builder, world: &World, classes: &[Class]) {
    b.aside(OWN_CHANCE, |b| rate_all(b, world, classes));
}

fn rate_all(b: &mut Builder, world: &World, classes: &[Class]) {
    let learned = learned(classes);
    for (start, end) in b.calendar.months(MONTHS) {
        for (unit_code, _) in &world.ministry.heads {
            let mut scored = Vec::new();
            for person in world.ministry.staff(unit_code) {
                let effect: f64 = learned
                    .get(&person.id)
                    .into_iter()
                    .flatten()
                    .filter(|(since, _)| *since < start)
                    .map(|(_, effect)| effect)
                    .sum();
                let score =
                    81.0 + 9.0 * (person.merit - 3.2) + POINTS_PER_POINT * effect + 1.8 * b.dice.normal();
                scored.push((person.id, person.group, tenth(score.clamp(45.0, 99.0))));
            }
            let best = best(&scored);
            for (employee, group, score) in scored {
                let class = class_of(score, best.contains(&employee));
                rate(b, employee, regime(group, start), (start, end), score, class);
            }
        }
    }
}

/// Points for common criteria and for the results of tasks, which add up to a score.
fn parts(b: &mut Builder, score: f64) -> (f64, f64) {
    let common = tenth(COMMON_SHARE * score + 0.4 * b.dice.normal());
    let common = tenth(common.clamp((score - MOST_FOR_TASKS).max(0.0), MOST_COMMON.min(score)));
    (common, tenth(score - common))
}

fn tenth(points: f64) -> f64 {
    (points * 10.0).round() / 10.0
}

fn regime(group: &str, start: NaiveDate) -> &'static str {
    if start.year() >= DECREE_335_SINCE && group != PUBLIC_SERVICE { DECREE_335 } else { "unit_regulation" }
}

/// When each person finished which course, and what it changed.
fn learned(classes: &[Class]) -> HashMap<Uuid, Vec<(NaiveDate, f64)>> {
    let mut learned: HashMap<Uuid, Vec<(NaiveDate, f64)>> = HashMap::new();
    for class in classes.iter().filter(|c| c.run.stage == Stage::Finished) {
        let effect = study_of(class.run.course).map_or(0.0, |study| study.effect);
        for learner in &class.learners {
            learned.entry(learner.person.id).or_default().push((class.run.last, effect));
        }
    }
    learned
}

/// Those of a unit who may be called excellent: the best of those with 90 points, as far as the cap allows.
fn best(scored: &[(Uuid, &'static str, f64)]) -> Vec<Uuid> {
    let mut good: Vec<_> = scored.iter().filter(|(_, _, score)| *score >= 70.0).collect();
    good.sort_by(|a, b| b.2.total_cmp(&a.2));
    let most = good.len() * EXCELLENT_PERCENT / 100;
    good.iter().take(most).filter(|(_, _, score)| *score >= 90.0).map(|(id, ..)| *id).collect()
}

fn class_of(score: f64, may_be_excellent: bool) -> &'static str {
    match score {
        s if s >= 90.0 && may_be_excellent => "excellent",
        s if s >= 70.0 => "good",
        s if s >= 50.0 => "completed",
        _ => "not_completed",
    }
}

fn rate(
    b: &mut Builder,
    employee_id: Uuid,
    regime: &'static str,
    (period_start, period_end): (NaiveDate, NaiveDate),
    score: f64,
    class: &'static str,
) {
    let corrected = b.dice.percent(CORRECTED_PERCENT);
    let revisions: &[(i32, f64)] = if corrected { &[(1, -4.0), (2, 0.0)] } else { &[(1, 0.0)] };
    for (revision, off) in revisions {
        let created_at = b.calendar.morning(plus(period_end, i64::from(10 * revision)));
        let score = tenth(score + off);
        let parts = (regime == DECREE_335).then(|| parts(b, score));
        b.rows.performance_ratings.push(Rating {
            id: b.dice.id(created_at),
            employee_id,
            regime,
            period_kind: "month",
            period_start,
            period_end,
            score: Some(score),
            common_score: parts.map(|(common, _)| common),
            task_score: parts.map(|(_, task)| task),
            class: if *off < 0.0 { class_of(score, false) } else { class },
            revision: *revision,
            is_current: *off == 0.0,
            created_at,
        });
    }
}
