//! Level 4: official work scores.

use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use super::effectiveness::{close, gate, of_offering, report};
use crate::fixtures::classes::{Class, Enrolled, Ground, moved};
use crate::support::seed::day;

async fn score_all(ground: &Ground, people: &[Enrolled], by: f64) {
    score_all_on(ground, people, by, "2027-01-10").await;
}

async fn score_all_on(ground: &Ground, people: &[Enrolled], by: f64, known_on: &str) {
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
        ground.score(who.employee, known_on, &quarters).await;
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
    assert_eq!(score["revision"], json!({"number": 1, "on": "2027-01-11"}), "the day after the last push");
    assert_eq!(
        score["sentence"]["vi"],
        "Điểm xếp loại chính thức (thang 100) của 12 người đã học tăng 6,00 điểm; nhóm không học (10 người) tăng \
         2,00. Chênh lệch 4,00 điểm, khoảng tin cậy 95% từ 3,06 đến 4,94. Khoảng này nằm trên 0: nhóm đã học thay đổi tốt \
         hơn nhóm không học."
    );
    let summary = report(&ground, "by=offering&detail=summary").await;
    assert_eq!(summary["work_score"]["sentence"], score["sentence"]);
    assert_eq!(summary["work_score"]["figure"], score["difference"]);
    let early = report(&ground, "by=offering&as_of=2027-01-10").await;
    assert_eq!(gate(&early["work_score"]["change"]), "insufficient_data no_complete_pairs 0/10");
    // What is published stays: the correction of one person changes no report, and opens no revision either.
    ground.score(sent[0].employee, "2027-02-01", &[(2026, 3, 100.0)]).await;
    for today in ["2027-02-01", "2027-04-02", "2027-07-02"] {
        ground.app.travel_to(day(today));
        let again = of_offering(&ground, class.offering).await;
        assert_eq!(again["work_score"], *score, "{today}");
    }
}

#[tokio::test]
async fn a_correction_before_the_release_counts() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let sent = ground.send(&class, &moved(12, 0.6, 0.2)).await;
    score_all(&ground, &sent[..11], 6.0).await;
    // A petition raised one score before the last person was rated.
    ground.score(sent[0].employee, "2027-01-20", &[(2026, 3, 100.0)]).await;
    let last = [(2025, 3, 80.0), (2025, 4, 82.0), (2026, 3, 86.0), (2026, 4, 86.0)];
    ground.score(sent[11].employee, "2027-01-25", &last).await;
    ground.app.travel_to(day("2027-02-01"));
    let found = of_offering(&ground, class.offering).await;
    assert_eq!(found["work_score"]["revision"], json!({"number": 1, "on": "2027-01-26"}));
    close(&found["work_score"]["change"]["value"], &json!(6.0 + (100.0 - 77.0) / 2.0 / 12.0));
}

#[tokio::test]
async fn scores_of_two_regimes_are_never_mixed_and_a_ceiling_is_shown() {
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
/// in both, so that the two would be found by subtraction.
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

/// A class of December 2025, for which the second and the third quarter of 2026 count; all but the third are known.
async fn december() -> (Ground, Class, Vec<Enrolled>) {
    let ground = Ground::new().await;
    let class =
        ground.class_of("BVBM-01", ground.course, ground.institute, ground.lecturer, "2025-12-01").await;
    let sent = ground.send(&class, &moved(12, 0.6, 0.2)).await;
    for (i, who) in sent.iter().enumerate() {
        let base = 70.0 + i as f64;
        ground.score(who.employee, "2025-10-10", &[(2025, 2, base - 1.0), (2025, 3, base + 1.0)]).await;
        ground.score(who.employee, "2026-07-10", &[(2026, 2, base + gain(i))]).await;
    }
    (ground, class, sent)
}

fn gain(i: usize) -> f64 {
    if i.is_multiple_of(2) { 7.0 } else { 5.0 }
}

/// The third quarter of 2026, so many points above what it was pushed as first.
async fn push(ground: &Ground, people: &[Enrolled], known_on: &str, more: f64) {
    for (i, who) in people.iter().enumerate() {
        let score = 70.0 + i as f64 + gain(i) + more;
        ground.score(who.employee, known_on, &[(2026, 3, score)]).await;
    }
}

#[tokio::test]
async fn the_release_waits_for_the_scores_and_says_until_when() {
    for (pushed, before, released) in
        [("2026-10-10", "2026-10-10", "2026-10-11"), ("2026-11-05", "2026-11-05", "2026-11-06")]
    {
        let (ground, class, sent) = december().await;
        push(&ground, &sent, pushed, 0.0).await;
        let on = |as_of: &str| format!("by=offering&id={}&as_of={as_of}", class.offering);
        let waiting = report(&ground, &on(before)).await;
        let score = &waiting["work_score"];
        assert_eq!(gate(&score["change"]), "insufficient_data no_complete_pairs 0/10", "{pushed}");
        assert_eq!(
            score["awaiting"],
            json!({"what": "scores", "period_kind": "quarter", "period_start": "2026-07-01",
                "period_end": "2026-09-30", "until": "2026-12-29", "offerings": 1})
        );
        assert_eq!(score["revision"], Value::Null);
        assert_eq!(
            score["sentence"]["en"],
            "Not enough official work scores: 0 of the 10 people needed have scores before and after; waiting for the HR \
             portal to push all scores up to quarter 3 of 2026, published on 29 December 2026 at the latest."
        );
        let found = report(&ground, &on(released)).await;
        let score = &found["work_score"];
        close(&score["change"]["value"], &json!(6.0));
        assert_eq!((&score["awaiting"], &score["revision"]["on"]), (&Value::Null, &json!(released)));
        let running = report(&ground, &on("2026-09-15")).await;
        assert_eq!(running["work_score"]["awaiting"]["what"], "period_end");
    }
}

#[tokio::test]
async fn a_correction_of_many_opens_a_revision_and_the_old_one_stays_readable() {
    let (ground, class, sent) = december().await;
    push(&ground, &sent, "2026-10-10", 0.0).await;
    ground.release().await;
    // In December all are corrected.
    push(&ground, &sent, "2026-12-10", 2.0).await;
    let on = |as_of: &str| format!("by=offering&id={}&as_of={as_of}", class.offering);
    ground.app.travel_to(day("2026-12-31"));
    let old = report(&ground, &on("2026-12-31")).await["work_score"].clone();
    close(&old["change"]["value"], &json!(6.0));
    ground.app.travel_to(day("2027-01-02"));
    let found = report(&ground, &on("2027-01-02")).await;
    let score = &found["work_score"];
    assert_eq!(score["revision"], json!({"number": 2, "on": "2027-01-01"}));
    close(&score["change"]["value"], &json!(7.0));
    assert_eq!(report(&ground, &on("2026-12-31")).await["work_score"], old, "the old revision stays");
    let course = report(&ground, "by=course").await;
    assert_eq!(course["work_score"]["revision"], score["revision"]);
    close(&course["work_score"]["change"]["value"], &json!(7.0));
    // The rows behind a report are those of its revision.
    let auditor = ground.app.as_role(Role::Auditor);
    let rows = format!("/v1/reports/effectiveness/rows?by=offering&id={}", class.offering);
    for (as_of, after) in [("2026-12-31", 770_000), ("2027-01-02", 780_000)] {
        let rows = auditor.get(&format!("{rows}&as_of={as_of}")).await.expect_status(200);
        assert_eq!(rows["work_score"]["rows"].as_array().unwrap().len(), 12);
        assert_eq!(rows["work_score"]["rows"][0]["after"], after, "{as_of}");
    }
    // Units are put together of the first release, once.
    let unit = report(&ground, &format!("by=unit&id={}", ground.unit)).await;
    close(&unit["work_score"]["change"]["value"], &json!(6.0));
    assert_eq!(unit["work_score"]["revision"], Value::Null);

    // Four more are corrected: too few. With a fifth there are enough, at the start of the next quarter.
    push(&ground, &sent[..4], "2027-02-10", 4.0).await;
    ground.app.travel_to(day("2027-04-02"));
    assert_eq!(of_offering(&ground, class.offering).await["work_score"], *score);
    ground.score(sent[4].employee, "2027-05-10", &[(2026, 3, 74.0 + gain(4) + 4.0)]).await;
    ground.app.travel_to(day("2027-07-02"));
    let third = of_offering(&ground, class.offering).await;
    assert_eq!(third["work_score"]["revision"], json!({"number": 3, "on": "2027-07-01"}));
}

#[tokio::test]
async fn what_is_pushed_after_the_last_day_comes_in_with_the_next_quarter() {
    let (ground, class, sent) = december().await;
    push(&ground, &sent, "2027-01-05", 0.0).await;
    ground.app.travel_to(day("2026-12-30"));
    let nothing = of_offering(&ground, class.offering).await;
    assert_eq!(nothing["work_score"]["revision"], json!({"number": 1, "on": "2026-12-29"}));
    assert_eq!(gate(&nothing["work_score"]["change"]), "insufficient_data no_complete_pairs 0/10");
    assert_eq!(
        nothing["work_score"]["sentence"]["vi"],
        "Chưa đủ dữ liệu về điểm xếp loại chính thức: mới có 0/10 người có đủ điểm trước và sau, theo số liệu công bố ngày \
         29/12/2026; điểm gửi muộn được bổ sung vào đầu quý sau, khi đủ 5 người."
    );
    ground.app.travel_to(day("2027-04-01"));
    let found = of_offering(&ground, class.offering).await;
    assert_eq!(found["work_score"]["revision"], json!({"number": 2, "on": "2027-04-01"}));
    close(&found["work_score"]["change"]["value"], &json!(6.0));
}

/// May 2026 is dropped, June and July count.
#[tokio::test]
async fn who_is_rated_by_months_does_not_wait_for_quarters() {
    let ground = Ground::new().await;
    let class =
        ground.class_of("BVBM-01", ground.course, ground.institute, ground.lecturer, "2026-04-06").await;
    let sent = ground.send(&class, &moved(12, 0.6, 0.2)).await;
    for (i, who) in sent.iter().enumerate() {
        let base = 70.0 + i as f64;
        let months = [
            (2026, 1, base - 1.0),
            (2026, 2, base + 1.0),
            (2026, 6, base + gain(i)),
            (2026, 7, base + gain(i)),
        ];
        ground.score_months(who.employee, "2026-08-12", &months).await;
    }
    let found = of_offering(&ground, class.offering).await;
    assert_eq!(found["work_score"]["revision"], json!({"number": 1, "on": "2026-08-13"}));
    close(&found["work_score"]["change"]["value"], &json!(6.0));
}
