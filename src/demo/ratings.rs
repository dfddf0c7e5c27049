//! Eight quarters of official work scores. Civil servants are scored under Decree 335/2025 from 2026 on, and under
//! their units' own rules before; public employees under their units' rules throughout.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::World;
use super::builder::Builder;
use super::calendar::plus;
use super::effects::study_of;
use super::nominations::Class;
use super::positions::PUBLIC_SERVICE;
use super::rows::Rating;
use super::runs::Stage;

const QUARTERS: i32 = 8;
/// First year of Decree 335/2025.
const DECREE_335_SINCE: i32 = 2026;
/// Points of 100 that a point of 5 at work is worth.
const POINTS_PER_POINT: f64 = 6.0;
/// «Excellent» is rationed to so many of a hundred rated good (Decree 335/2025).
const EXCELLENT_PERCENT: usize = 20;
/// Scores that were corrected after a petition.
const CORRECTED_PERCENT: i32 = 1;

pub fn build(b: &mut Builder, world: &World, classes: &[Class]) {
    let learned = learned(classes);
    for (start, end) in b.calendar.quarters(QUARTERS) {
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
                scored.push((person.id, person.group, (score.clamp(45.0, 99.0) * 10.0).round() / 10.0));
            }
            let best = best(&scored);
            for (employee, group, score) in scored {
                let class = class_of(score, best.contains(&employee));
                rate(b, employee, regime(group, start), (start, end), score, class);
            }
        }
    }
}

fn regime(group: &str, start: NaiveDate) -> &'static str {
    if start.year() >= DECREE_335_SINCE && group != PUBLIC_SERVICE {
        "decree_335_2025"
    } else {
        "unit_regulation"
    }
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
        b.rows.performance_ratings.push(Rating {
            id: b.dice.id(created_at),
            employee_id,
            regime,
            period_kind: "quarter",
            period_start,
            period_end,
            score: Some(score + off),
            class: if *off < 0.0 { class_of(score + off, false) } else { class },
            revision: *revision,
            is_current: *off == 0.0,
            created_at,
        });
    }
}
