//! What the statistics find in the demo's forms is what `effects.rs` put into them, whichever day it is built.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use statistics::{
    Reason, Status, Unit, anonymous_mean, difference_in_differences, paired, thresholds, verdict, weaker,
    with_lost_unchanged,
};
use thuocdo::db::schema::{
    anonymous_responses, courses, evaluation_responses, evaluations, offerings, questionnaires,
};
use thuocdo::demo::effects::{Expected, STUDIES};
use uuid::Uuid;

use super::provide;
use crate::support::TestApp;
use crate::support::seed::day;

/// Before and after of the people of one group; `None` where a form did not come back.
type Pairs = Vec<(f64, Option<f64>)>;

/// Course and group.
type Groups = HashMap<(String, String), Pairs>;

#[tokio::test]
async fn the_forms_say_what_the_courses_did() {
    let app = TestApp::spawn().await;
    for built_on in ["2026-11-23", "2027-02-13", "2028-07-01"] {
        app.travel_to(day(built_on));
        provide(&app, true).await;
        let groups = pairs(&app).await;
        for study in &STUDIES {
            let of = |group: &str| {
                groups.get(&(study.course.to_owned(), group.to_owned())).cloned().unwrap_or_default()
            };
            let found = conclude(&of("trained"), &of("comparison"));
            assert_eq!(found, study.expected, "{} built on {built_on}", study.course);
        }
    }
}

fn conclude(trained: &Pairs, comparison: &Pairs) -> Expected {
    let (both, lost) = split(trained);
    let (others, others_lost) = split(comparison);
    if both.len() < thresholds::PAIRS_SHOWN {
        return Expected::InsufficientData;
    }
    if (both.len() as f64) < thresholds::FOLLOW_UP_MINIMUM * trained.len() as f64 {
        return Expected::TooFewFollowUps;
    }
    if others.is_empty() {
        assert!(paired(&both).inference.is_ok());
        return Expected::NoComparison;
    }
    assert!(others.len() >= thresholds::PAIRS_SHOWN, "a comparison of {}", others.len());
    match difference_in_differences(&both, &others).inference {
        Err(Reason::ZeroVarianceOfChange) => Expected::Undefined,
        Err(other) => panic!("{other:?}"),
        Ok(found) => {
            let cautious = difference_in_differences(
                &with_lost_unchanged(&both, &lost),
                &with_lost_unchanged(&others, &others_lost),
            );
            let delta = thresholds::SMALLEST_CHANGE;
            Expected::Verdict(weaker(
                verdict(found.ci95, delta),
                verdict(cautious.inference.unwrap().ci95, delta),
            ))
        }
    }
}

fn split(pairs: &Pairs) -> (Vec<(f64, f64)>, Vec<f64>) {
    let both = pairs.iter().filter_map(|(before, after)| Some((*before, (*after)?))).collect();
    let lost = pairs.iter().filter(|(_, after)| after.is_none()).map(|(before, _)| *before).collect();
    (both, lost)
}

async fn pairs(app: &TestApp) -> Groups {
    type Row = (String, Uuid, Uuid, String, String, Option<f64>);
    let today = app.clock.today();
    let rows: Vec<Row> = app
        .system(async |tx| {
            Ok(evaluations::table
                .inner_join(courses::table)
                .inner_join(questionnaires::table)
                .left_join(evaluation_responses::table)
                .filter(questionnaires::instrument.eq("behaviour"))
                .filter(evaluations::phase.eq_any(["baseline", "three_months"]))
                .filter(evaluations::rater.eq("first"))
                .filter(evaluations::due_on.lt(today))
                .select((
                    courses::code,
                    evaluations::offering_id,
                    evaluations::subject_id,
                    evaluations::subject_group,
                    evaluations::phase,
                    evaluation_responses::score.nullable(),
                ))
                .load(tx.conn())
                .await?)
        })
        .await
        .unwrap();
    let follow_ups: HashMap<_, _> =
        rows.iter().filter(|row| row.4 == "three_months").map(|row| ((row.1, row.2), row.5)).collect();
    let mut groups = Groups::new();
    for (course, offering, subject, group, _, before) in rows.into_iter().filter(|row| row.4 == "baseline") {
        if let (Some(before), Some(after)) = (before, follow_ups.get(&(offering, subject))) {
            groups.entry((course, group)).or_default().push((before, *after));
        }
    }
    groups
}

#[tokio::test]
async fn satisfaction_is_no_effect_and_few_voices_stay_hidden() {
    let app = super::with_ministry().await;
    let scores: Vec<(String, Option<f64>)> = app
        .system(async |tx| {
            Ok(anonymous_responses::table
                .inner_join(offerings::table.inner_join(courses::table))
                .filter(anonymous_responses::phase.eq("close"))
                .select((courses::code, anonymous_responses::score))
                .load(tx.conn())
                .await?)
        })
        .await
        .unwrap();
    let mean = |course: &str| {
        let of: Vec<f64> = scores.iter().filter(|(c, _)| c == course).filter_map(|(_, s)| *s).collect();
        anonymous_mean(&of, of.len(), Unit::PointsOf5)
    };
    assert_eq!(mean("LT-02").status(), Status::Suppressed);
    // The course that changed nothing is liked better than the one that helped most.
    assert!(mean("ISO-01").value() > mean("BMNN-01").value());
}
