//! Classes whose seats were drawn by lot.

use serde_json::{Value, json};
use thuocdo::clock::random_id;
use uuid::Uuid;

use super::effectiveness::of_offering;
use crate::fixtures::classes::{Class, Enrolled, Ground, moved};

async fn another_supervisor(ground: &mut Ground) {
    let code = random_id().simple().to_string();
    let supervisor = ground.app.employee(&code, "Lê Thị Trưởng", ground.unit, ground.position).await;
    ground.rated_by(supervisor);
}

/// People who each have another supervisor, as in a large ministry.
async fn send(ground: &mut Ground, class: &Class, n: usize, by: f64) -> Vec<Enrolled> {
    let mut enrolled = Vec::new();
    for person in moved(n, by, 0.2) {
        another_supervisor(ground).await;
        enrolled.extend(ground.send(class, &[person]).await);
    }
    enrolled
}

async fn compare(
    ground: &mut Ground,
    class: &Class,
    to: &[Enrolled],
    (n, before): (usize, f64),
) -> Vec<Uuid> {
    let mut colleagues = Vec::new();
    for (i, to) in to.iter().take(n).enumerate() {
        another_supervisor(ground).await;
        let sign = if i % 2 == 0 { 0.2 } else { -0.2 };
        colleagues.extend(ground.compare(class, std::slice::from_ref(to), &[(before, before + sign)]).await);
    }
    colleagues
}

fn evidence(report: &Value) -> (Value, Value, Value) {
    let evidence = &report["evidence"];
    (evidence["maryland_level"].clone(), evidence["reasons"].clone(), report["behaviour"]["verdict"].clone())
}

#[tokio::test]
async fn a_lot_makes_the_report_one_on_a_randomised_comparison() {
    let mut ground = Ground::new().await;
    let class = ground.class("BT-01").await;
    let sent = send(&mut ground, &class, 20, 0.8).await;
    // Twelve of those who waited were rated: all twenty stand beside them, since nothing but chance parted them.
    let waiting = compare(&mut ground, &class, &sent, (12, 3.0)).await;
    ground.drawn_by_lot(&class, &sent, &waiting, 0).await;
    let found = of_offering(&ground, class.offering).await;
    assert_eq!(evidence(&found), (5.into(), json!(["drawn_by_lot"]), "clear_improvement".into()));
    assert_eq!(
        (&found["follow_up"]["compared_pairs"], &found["follow_up"]["comparison_pairs"]),
        (&20.into(), &12.into())
    );
    let (vi, en) = (found["sentence"]["vi"].as_str().unwrap(), found["sentence"]["en"].as_str().unwrap());
    assert!(vi.contains("ai được học là do bốc thăm") && vi.contains("mức 5/5 theo thang Maryland"), "{vi}");
    assert!(
        en.contains("A lot decided who of those nominated was trained.")
            && en.contains("Maryland level 5 of 5"),
        "{en}"
    );
}

#[tokio::test]
async fn a_distance_before_the_course_is_chance_where_a_lot_decided() {
    let mut ground = Ground::new().await;
    for (code, by_lot) in [("BT-01", true), ("BT-02", false)] {
        let class = ground.class(code).await;
        let sent = send(&mut ground, &class, 12, 0.8).await;
        let waiting = compare(&mut ground, &class, &sent, (12, 2.6)).await;
        if by_lot {
            ground.drawn_by_lot(&class, &sent, &waiting, 0).await;
        }
        let found = of_offering(&ground, class.offering).await;
        let expected = if by_lot {
            (5.into(), json!(["drawn_by_lot"]), "clear_improvement".into())
        } else {
            (2.into(), json!(["comparison_group", "baselines_differ"]), "cannot_tell_yet".into())
        };
        assert_eq!(evidence(&found), expected, "{:#}", found["behaviour"]);
    }
}

#[tokio::test]
async fn a_draw_that_many_did_not_abide_by_is_none() {
    let mut ground = Ground::new().await;
    // How many gave the seat back, got one without a draw, were compared without one, and sat in another class meanwhile.
    for (code, gave_back, late, others, crossed, level) in [
        ("BT-01", 1, 0, 0, 1, 5),
        ("BT-02", 3, 0, 0, 0, 3),
        ("BT-03", 0, 1, 0, 0, 3),
        ("BT-04", 0, 0, 1, 0, 3),
        ("BT-05", 0, 0, 0, 3, 3),
    ] {
        let class = ground.class(code).await;
        let sent = send(&mut ground, &class, 14, 0.8).await;
        let mut waiting = compare(&mut ground, &class, &sent, (14, 3.0)).await;
        let elsewhere = ground
            .class_of(&format!("{code}-B"), ground.course, ground.institute, ground.lecturer, "2026-04-06")
            .await;
        for colleague in &waiting[..crossed] {
            ground.train(&elsewhere, *colleague).await;
        }
        waiting.truncate(14 - others);
        ground.drawn_by_lot(&class, &sent[..sent.len() - late], &waiting, gave_back).await;
        let found = of_offering(&ground, class.offering).await;
        assert_eq!(found["evidence"]["maryland_level"], level, "{code}: {:#}", found["evidence"]);
    }
}

#[tokio::test]
async fn a_total_is_by_lot_only_where_each_of_its_classes_is() {
    let mut ground = Ground::new().await;
    let mut levels = Vec::new();
    for (code, by_lot) in [("BT-01", true), ("BT-02", true), ("BT-03", false)] {
        let class = ground.class(code).await;
        let sent = send(&mut ground, &class, 12, 0.8).await;
        let waiting = compare(&mut ground, &class, &sent, (12, 3.0)).await;
        if by_lot {
            ground.drawn_by_lot(&class, &sent, &waiting, 0).await;
        }
        let found = super::effectiveness::report(&ground, "by=course").await;
        levels.push(found["evidence"]["maryland_level"].clone());
    }
    assert_eq!(levels, [5, 5, 3]);

    // A class that is compared with nobody was not drawn either.
    let course = ground.app.course("KHAC", ground.institute, ground.competency).await;
    let drawn = ground.class_of("K-01", course, ground.institute, ground.lecturer, "2026-03-09").await;
    let sent = send(&mut ground, &drawn, 12, 0.8).await;
    let waiting = compare(&mut ground, &drawn, &sent, (12, 3.0)).await;
    ground.drawn_by_lot(&drawn, &sent, &waiting, 0).await;
    let other = ground.class_of("K-02", course, ground.institute, ground.lecturer, "2026-03-09").await;
    send(&mut ground, &other, 12, 0.8).await;
    let found = super::effectiveness::report(&ground, &format!("by=course&id={course}")).await;
    assert_eq!(
        (&found["evidence"]["maryland_level"], &found["follow_up"]["compared_pairs"]),
        (&3.into(), &12.into())
    );
}
