//! Level 2 and self-ratings in the report: what is shown, and what is suppressed.

use chrono::Days;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema::{evaluations, unit_rollups};

use crate::fixtures::classes::{Class, Enrolled, Ground, moved};
use crate::fixtures::learners::Learners;
use crate::support::seed::day;

type Scores = Vec<(Option<f64>, Option<f64>)>;

async fn report(ground: &Ground, query: &str) -> Value {
    ground.release().await;
    let path = format!("/v1/reports/effectiveness?{query}");
    let page = ground.app.as_role(Role::TrainingOfficer).get(&path).await.expect_status(200);
    assert_eq!(page["items"].as_array().expect("items").len(), 1, "{query}: {page:#}");
    page["items"][0].clone()
}

async fn of_offering(ground: &Ground, class: &Class) -> Value {
    report(ground, &format!("by=offering&id={}", class.offering)).await
}

#[track_caller]
fn close(figure: &Value, expected: f64) {
    let found = figure.as_f64().unwrap_or_else(|| panic!("a number: {figure}"));
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

/// Status, reason, n and how many are needed.
fn gate(figure: &Value) -> String {
    let text = |member: &str| figure[member].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}/{}", text("status"), text("reason"), figure["n"], figure["n_needed"])
}

async fn attend(ground: &Ground, code: &str, people: usize) -> (Class, Vec<Enrolled>) {
    let class = ground.class(code).await;
    let sent = ground.send(&class, &moved(people, 0.4, 0.2)).await;
    (class, sent)
}

/// Half rise from 30 to 60 percent, half from 50 to 90.
fn rising(people: usize) -> Scores {
    (0..people).map(|i| if i % 2 == 0 { (30.0, 60.0) } else { (50.0, 90.0) }).map(both).collect()
}

fn both((before, after): (f64, f64)) -> (Option<f64>, Option<f64>) {
    (Some(before), Some(after))
}

/// They rate themselves little higher after, but had been a point worse, as they see it now.
fn humbled(people: usize) -> Vec<[f64; 3]> {
    (0..people).map(|i| if i % 2 == 0 { [3.8, 3.0, 4.0] } else { [4.0, 2.8, 4.0] }).collect()
}

#[tokio::test]
async fn figures_of_ten_learners_with_tests_are_exact_to_the_digit() {
    let ground = Ground::new().await;
    let learners = Learners::of(&ground, ground.course, "BVBM").await;
    let (class, sent) = attend(&ground, "BVBM-01", 12).await;
    let mut scores = rising(10);
    scores.extend([(Some(0.0), None), (None, Some(100.0))]);
    learners.test(&ground, &class, &sent, &scores).await;
    let found = of_offering(&ground, &class).await;
    let knowledge = &found["knowledge"];
    close(&knowledge["before"]["value"], 40.0);
    close(&knowledge["after"]["value"], 75.0);
    close(&knowledge["change"]["value"], 35.0);
    // Changes of 30 and 40, five each: s = 5.2705, and t of 9 degrees of freedom is 2.2622.
    let half = 2.262_157_162_798_205 * (250.0_f64 / 9.0).sqrt() / 10.0_f64.sqrt();
    close(&knowledge["change"]["ci95"][0], 35.0 - half);
    close(&knowledge["change"]["ci95"][1], 35.0 + half);
    close(&knowledge["gain"]["value"], 35.0 / 60.0);
    assert!(knowledge["effect_size"]["value"].as_f64().expect("a size") > 2.0);
    let units = ["before", "after", "change", "effect_size", "gain"].map(|f| &knowledge[f]["unit"]);
    assert_eq!(units, ["percent", "percent", "percentage_points", "standardised", "coefficient"]);
    assert_eq!(
        (gate(&knowledge["change"]), &knowledge["change"]["n_invited"]),
        ("ok - 10/10".into(), &json!(12))
    );
    assert_eq!(knowledge["same_test_twice"], false);
    assert_eq!(report(&ground, "by=course").await["knowledge"], *knowledge);
    let by_unit = report(&ground, &format!("by=unit&id={}", ground.unit)).await;
    assert_eq!((&by_unit["knowledge"], &by_unit["self_rating"]), (&Value::Null, &Value::Null));
    let of_units: i64 = ground
        .app
        .system(async |tx| {
            let levels = unit_rollups::measure.eq_any(["knowledge", "self_rating"]);
            Ok(unit_rollups::table.filter(levels).count().get_result(tx.conn()).await?)
        })
        .await
        .expect("a count");
    assert_eq!(of_units, 0);
}

#[tokio::test]
async fn four_learners_are_suppressed_and_in_no_total() {
    let ground = Ground::new().await;
    let learners = Learners::of(&ground, ground.course, "BVBM").await;
    let (small, few) = attend(&ground, "BVBM-01", 4).await;
    learners.test(&ground, &small, &few, &[both((0.0, 10.0)); 4]).await;
    learners.judge(&ground, &small, &few, &[[5.0, 1.0, 5.0]; 4]).await;
    let (large, many) = attend(&ground, "BVBM-02", 10).await;
    learners.test(&ground, &large, &many, &rising(10)).await;
    learners.judge(&ground, &large, &many, &humbled(10)).await;

    let alone = of_offering(&ground, &small).await;
    for figure in ["before", "after", "change", "effect_size", "gain"] {
        let figure = &alone["knowledge"][figure];
        assert_eq!(gate(figure), "insufficient_data fewer_than_needed 4/10");
        assert_eq!((&figure["value"], &figure["ci95"]), (&Value::Null, &Value::Null));
    }
    assert_eq!(gate(&alone["self_rating"]["shift"]), "insufficient_data fewer_than_needed 4/10");
    let shown = of_offering(&ground, &large).await;
    let total = report(&ground, "by=course").await;
    for (block, figures) in [
        ("knowledge", vec!["before", "after", "change", "effect_size", "gain"]),
        ("self_rating", vec!["change", "looking_back", "shift"]),
    ] {
        for figure in figures {
            let member = |of: &Value, member: &str| of[block][figure][member].clone();
            for name in ["value", "ci95", "n"] {
                assert_eq!(member(&total, name), member(&shown, name), "{block} {figure} {name}");
            }
        }
    }
    // Thirty of three classes it takes for a lecturer.
    let lecturer = report(&ground, "by=lecturer").await;
    assert_eq!(gate(&lecturer["knowledge"]["change"]), "insufficient_data fewer_than_needed 14/30");
    assert_eq!(gate(&lecturer["self_rating"]["change"]), "insufficient_data fewer_than_needed 14/30");
}

#[tokio::test]
async fn a_changed_yardstick_is_flagged_and_moves_no_verdict() {
    let ground = Ground::new().await;
    let learners = Learners::of(&ground, ground.course, "BVBM").await;
    let (class, sent) = attend(&ground, "BVBM-01", 12).await;
    let before = of_offering(&ground, &class).await;
    assert_eq!(gate(&before["self_rating"]["shift"]), "insufficient_data no_complete_pairs 0/10");
    assert_eq!(before["self_rating"]["yardstick_changed"], Value::Null);

    let beside = ground.class("BVBM-02").await;
    let judging = ground.send(&beside, &moved(12, 0.4, 0.2)).await;
    learners.judge(&ground, &beside, &judging, &humbled(12)).await;
    let found = of_offering(&ground, &beside).await;
    let own = &found["self_rating"];
    close(&own["change"]["value"], 0.1);
    close(&own["looking_back"]["value"], 1.1);
    close(&own["shift"]["value"], 1.0);
    assert_eq!(own["yardstick_changed"], true);
    for figure in ["change", "looking_back", "shift"] {
        assert_eq!(own[figure]["evidence_grade"], "C");
        assert_eq!((&own[figure]["n"], &own[figure]["n_invited"]), (&json!(12), &json!(12)));
    }
    for block in ["behaviour", "evidence", "sentence"] {
        assert_eq!(found[block], before[block], "{block} does not know what learners say of themselves");
    }

    let steady = ground.class("BVBM-03").await;
    let people = ground.send(&steady, &moved(10, 0.4, 0.2)).await;
    let ratings: Vec<[f64; 3]> =
        (0..10).map(|i| if i % 2 == 0 { [3.0, 3.2, 4.0] } else { [3.2, 3.0, 3.8] }).collect();
    learners.judge(&ground, &steady, &people, &ratings).await;
    let found = of_offering(&ground, &steady).await;
    close(&found["self_rating"]["shift"]["value"], 0.0);
    assert_eq!(found["self_rating"]["yardstick_changed"], false);
    assert_eq!(sent.len(), 12);
}

#[tokio::test]
async fn tests_are_shown_from_the_fourth_day_on_and_late_ones_change_nothing() {
    let ground = Ground::new().await;
    let learners = Learners::of(&ground, ground.course, "BVBM").await;
    let (class, sent) = attend(&ground, "BVBM-01", 11).await;
    learners.test(&ground, &class, &sent[..10], &rising(10)).await;
    let released = class.last + Days::new(4);
    let late = class.last + Days::new(5);
    learners.late_test(&ground, &class, &sent[10], 0.0, (100.0, late)).await;

    let at = async |day| report(&ground, &format!("by=course&as_of={day}")).await;
    let eve = at(released - Days::new(1)).await;
    assert_eq!(gate(&eve["knowledge"]["change"]), "insufficient_data no_complete_pairs 0/10");
    let first = at(released).await;
    assert_eq!(gate(&first["knowledge"]["change"]), "ok - 10/10");
    close(&first["knowledge"]["change"]["value"], 35.0);
    assert_eq!(gate(&first["self_rating"]["change"]), "insufficient_data no_complete_pairs 0/10");
    assert_eq!(at(day("2026-11-23")).await["knowledge"], first["knowledge"]);
}

#[tokio::test]
async fn the_same_test_twice_is_labelled_and_who_withdrew_is_not_counted() {
    let ground = Ground::new().await;
    let learners = Learners::of(&ground, ground.course, "BVBM").await;
    let class = ground.class("BVBM-01").await;
    let mut people = moved(11, 0.4, 0.2);
    people[10].status = "withdrawn";
    let sent = ground.send(&class, &people).await;
    learners.with_one_test().test(&ground, &class, &sent, &rising(11)).await;
    let found = of_offering(&ground, &class).await;
    assert_eq!(
        (gate(&found["knowledge"]["change"]), &found["knowledge"]["same_test_twice"]),
        ("ok - 10/10".into(), &json!(true))
    );
}

/// Everyone knew everything before: there was nothing to gain, and that is said in words.
#[tokio::test]
async fn nothing_to_gain_is_undefined() {
    let ground = Ground::new().await;
    let learners = Learners::of(&ground, ground.course, "BVBM").await;
    let (class, sent) = attend(&ground, "BVBM-01", 10).await;
    let scores: Scores = (0..10).map(|i| both((100.0, if i % 2 == 0 { 100.0 } else { 90.0 }))).collect();
    learners.test(&ground, &class, &sent, &scores).await;
    let knowledge = of_offering(&ground, &class).await["knowledge"].clone();
    assert_eq!(gate(&knowledge["gain"]), "undefined already_at_maximum 10/10");
    close(&knowledge["change"]["value"], -5.0);
}

/// A waived test counts for nobody, and one given to a colleague of the comparison group for nothing.
#[tokio::test]
async fn a_waived_test_was_not_asked() {
    let ground = Ground::new().await;
    let learners = Learners::of(&ground, ground.course, "BVBM").await;
    let (class, sent) = attend(&ground, "BVBM-01", 12).await;
    let mut scores = rising(11);
    scores.push((Some(20.0), None));
    learners.test(&ground, &class, &sent, &scores).await;
    ground
        .app
        .system(async |tx| {
            let waived = evaluations::table
                .filter(evaluations::participant_id.eq(sent[11].participant))
                .filter(evaluations::phase.eq("close"));
            diesel::update(waived)
                .set((evaluations::status.eq("excused"), evaluations::excuse.eq("Đã nghỉ việc")))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await
        .expect("a waiver");
    let change = of_offering(&ground, &class).await["knowledge"]["change"].clone();
    assert_eq!((&change["n"], &change["n_invited"]), (&json!(11), &json!(11)));
}
