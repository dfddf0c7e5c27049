//! Level 4: official work scores.

use serde_json::json;
use uuid::Uuid;

use super::effectiveness::{close, gate, of_offering, report};
use super::given::{Enrolled, Ground, moved};
use crate::support::seed::day;

async fn score_all(ground: &Ground, people: &[Enrolled], by: f64) {
    for (i, who) in people.iter().enumerate() {
        let base = 70.0 + i as f64;
        let gain = by + if i % 2 == 0 { 1.0 } else { -1.0 };
        let quarters = [
            (2025, 3, base - 1.0),
            (2025, 4, base + 1.0),
            // The quarter of the decision and the course, and the one after it: never counted.
            (2026, 1, 5.0),
            (2026, 2, 5.0),
            (2026, 3, base + gain),
            (2026, 4, base + gain),
        ];
        ground.score(who.employee, "2027-01-10", &quarters).await;
    }
}

#[tokio::test]
async fn the_official_score_is_compared_over_whole_periods() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let sent = ground.send(&class, &moved(12, 0.6, 0.2)).await;
    let colleagues = ground.compare(&class, &sent, &[(3.0, 3.0); 10]).await;
    let others: Vec<Enrolled> = colleagues
        .iter()
        .map(|employee| Enrolled { employee: *employee, participant: Uuid::nil() })
        .collect();
    score_all(&ground, &sent, 6.0).await;
    score_all(&ground, &others, 2.0).await;

    ground.app.travel_to(day("2027-02-01"));
    let found = of_offering(&ground, class.offering).await;
    let score = &found["work_score"];
    close(&score["before"]["value"], &json!(75.5));
    close(&score["change"]["value"], &json!(6.0));
    close(&score["comparison_change"]["value"], &json!(2.0));
    close(&score["difference"]["value"], &json!(4.0));
    assert_eq!(
        (&score["headline"], &score["difference"]["unit"]),
        (&json!("difference"), &json!("points_of_100"))
    );
    close(&score["at_ceiling"]["value"], &json!(0.0));
    let early = report(&ground, "by=offering&as_of=2027-01-30").await;
    assert_eq!(
        gate(&early["work_score"]["change"]),
        "insufficient_data no_complete_pairs 0/10",
        "a month is given for the ratings to come in"
    );
    // What is published stays: a correction that comes later changes no report.
    ground.score(sent[0].employee, "2027-02-01", &[(2026, 3, 100.0)]).await;
    let again = of_offering(&ground, class.offering).await;
    assert_eq!(again["work_score"], *score);
}

#[tokio::test]
async fn a_correction_before_the_release_counts() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let sent = ground.send(&class, &moved(12, 0.6, 0.2)).await;
    score_all(&ground, &sent, 6.0).await;
    // A petition raised one score in time.
    ground.score(sent[0].employee, "2027-01-20", &[(2026, 3, 100.0)]).await;
    ground.app.travel_to(day("2027-02-01"));
    let found = of_offering(&ground, class.offering).await;
    close(&found["work_score"]["change"]["value"], &json!(6.0 + (100.0 - 77.0) / 2.0 / 12.0));
}

#[tokio::test]
async fn scores_of_two_regimes_are_never_mixed_and_a_ceiling_is_told() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let sent = ground.send(&class, &moved(12, 0.6, 0.2)).await;
    for who in &sent {
        let old = [(2025, 3, 91.0), (2025, 4, 91.0)];
        ground.score_under("unit_regulation", who.employee, "2026-01-10", &old).await;
        let new = [(2026, 3, 95.0), (2026, 4, 95.0)];
        ground.score(who.employee, "2027-01-10", &new).await;
    }
    let beside = ground.class("BVBM-02").await;
    let sent = ground.send(&beside, &moved(12, 0.6, 0.2)).await;
    for (i, who) in sent.iter().enumerate() {
        let before = 90.0 + i as f64 / 2.0;
        let scores = [(2025, 3, before), (2025, 4, before), (2026, 3, 95.0), (2026, 4, 95.0)];
        ground.score(who.employee, "2027-01-11", &scores).await;
    }
    ground.app.travel_to(day("2027-02-01"));
    let mixed = of_offering(&ground, class.offering).await;
    assert_eq!(gate(&mixed["work_score"]["change"]), "undefined instrument_changed 12/10");
    assert_eq!(mixed["work_score"]["instrument_changed"], 12);
    let found = of_offering(&ground, beside.offering).await;
    close(&found["work_score"]["at_ceiling"]["value"], &json!(100.0));
    assert_eq!(found["warnings"], json!(["few_raters", "ceiling"]));
}

/// Twelve people are sent to two classes in a quarter, two more to the second only: the scores of the twelve are the same
/// in both, so that the two would be told by subtraction.
#[tokio::test]
async fn an_official_score_counts_in_the_class_that_ended_first() {
    let ground = Ground::new().await;
    let first = ground.class("BVBM-01").await;
    let sent = ground.send(&first, &moved(12, 0.6, 0.2)).await;
    let course = ground.app.course("KNM", ground.institute, ground.competency).await;
    let second = ground.class_of("KNM-01", course, ground.institute, ground.lecturer, "2026-03-16").await;
    for who in &sent {
        ground.train(&second, who.employee).await;
    }
    let others = ground.send(&second, &moved(2, 0.6, 0.2)).await;
    score_all(&ground, &sent, 6.0).await;
    score_all(&ground, &others, 6.0).await;
    ground.app.travel_to(day("2027-02-01"));
    let found = of_offering(&ground, first.offering).await;
    assert_eq!(
        (&found["work_score"]["change"]["n"], &found["work_score"]["counted_elsewhere"]),
        (&json!(12), &json!(0))
    );
    let found = of_offering(&ground, second.offering).await;
    assert_eq!(gate(&found["work_score"]["change"]), "insufficient_data fewer_than_needed 2/10");
    assert_eq!(found["work_score"]["counted_elsewhere"], 12);
    assert_eq!(found["follow_up"]["participants"], 14);
}
