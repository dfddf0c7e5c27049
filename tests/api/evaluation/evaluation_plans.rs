use serde_json::{Value, json};
use thuocdo::access::Role;

use crate::fixtures::classes::{Class, Ground, moved};
use crate::support::seed::day;

/// First day of the class that is planned.
const FIRST: &str = "2026-12-14";

fn path(class: &Class) -> String {
    format!("/v1/offerings/{}/evaluation-plan", class.offering)
}

async fn planned(ground: &Ground) -> Class {
    ground.class_of("BVBM-09", ground.course, ground.institute, ground.lecturer, FIRST).await
}

/// Twelve people and twelve colleagues, all asked about in time.
async fn twelve(ground: &Ground, class: &Class) {
    let people = ground.send(class, &moved(12, 0.5, 0.2)).await;
    ground.compare(class, &people, &[(3.0, 3.1); 12]).await;
}

#[tokio::test]
async fn an_officer_learns_before_the_course_what_its_evaluation_could_show() {
    let ground = Ground::new().await;
    let class = planned(&ground).await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let plan = officer.get(&path(&class)).await.expect_status(200);
    // Nominations are open: the seats count, and one colleague for each.
    let people =
        json!({"trained": 200, "trained_by": "seats", "comparison": 200, "comparison_assumed": true});
    assert_eq!(plan["people"], people);
    assert_eq!(plan["sd_of_change"], json!({"value": 0.6, "source": "assumed"}));
    assert_eq!(plan["wanted_change"], json!({"value": 0.25, "source": "smallest_change"}));
    assert!(plan["detectable_change"].as_f64().unwrap() < 0.25 && plan["proposals"] == json!([]), "{plan:#}");

    // Half a point is expected of it, and twelve people are sent.
    let effects = json!({"effects": [
        {"behaviour": "Hồ sơ đủ", "measure": "three_months", "change": 0.5},
        {"behaviour": "Điểm tăng", "measure": "work_score", "change": 0.1},
    ]});
    let declare = format!("/v1/offerings/{}/expected-effects", class.offering);
    officer.put(&declare, "\"0\"", effects).await.expect_status(200);
    twelve(&ground, &class).await;
    ground.app.travel_to(day(FIRST));
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let plan = officer.get(&path(&class)).await.expect_status(200);
    let people =
        json!({"trained": 12, "trained_by": "enrolled", "comparison": 12, "comparison_assumed": false});
    assert_eq!((&plan["people"], &plan["power"]), (&people, &json!(0.8)));
    assert_eq!(plan["wanted_change"], json!({"value": 0.5, "source": "declared"}));
    // The figure of statsmodels (crates/statistics/tests/golden/detectable.py).
    let detectable = plan["detectable_change"].as_f64().unwrap();
    assert!((detectable - 0.718_087_984).abs() < 1e-8, "{detectable}");
    let [proposal] = plan["proposals"].as_array().unwrap().as_slice() else { panic!("{plan:#}") };
    assert_eq!((&proposal["kind"], &proposal["runs"]), (&json!("pool_runs"), &json!(2)));
    assert!(proposal["detectable_change"].as_f64().unwrap() <= 0.5);
    assert_eq!(
        plan["sentence"]["en"],
        "With 12 trained and 12 comparison people, all rated before and after the course, a difference of 0.72 points \
         (of 5) or more would probably be seen (chance of 80 %); a smaller one may stay hidden. To see 0.50 points, judge \
         2 runs of the course together."
    );
    let vietnamese = plan["sentence"]["vi"].as_str().unwrap();
    assert!(vietnamese.contains("0,72 điểm") && vietnamese.contains("gộp 2 lớp"), "{vietnamese}");
}

/// What was measured takes the place of what was assumed, as soon as there are enough people and classes.
#[tokio::test]
async fn the_spread_of_released_changes_counts_from_thirty_people_in_five_classes_on() {
    let ground = Ground::new().await;
    let class = planned(&ground).await;
    let spread = async || {
        let officer = ground.app.as_role(Role::TrainingOfficer);
        officer.get(&path(&class)).await.expect_status(200)["sd_of_change"].clone()
    };
    let earlier = ground.class("BVBM-01").await;
    ground.send(&earlier, &moved(20, 0.6, 0.2)).await;
    ground.release().await;
    assert_eq!(spread().await, json!({"value": 0.6, "source": "assumed"}), "twenty are too few");
    for (code, by) in [("BVBM-02", 1.6), ("BVBM-03", 0.6), ("BVBM-04", 0.2), ("BVBM-05", 1.0)] {
        assert_eq!(spread().await["source"], "assumed", "so few classes would be found in it");
        let other =
            ground.class_of(code, ground.course, ground.institute, ground.lecturer, "2026-03-16").await;
        ground.send(&other, &moved(10, by, 0.2)).await;
        ground.release().await;
    }
    // 0.209 within each class, rounded up; that one rose by a point more than another is no spread between people.
    assert_eq!(spread().await, json!({"value": 0.25, "source": "released"}));
}

#[tokio::test]
async fn of_a_class_too_small_for_any_figure_this_is_said() {
    let ground = Ground::new().await;
    let class = planned(&ground).await;
    ground.send(&class, &moved(8, 0.5, 0.2)).await;
    ground.app.travel_to(day(FIRST));
    let plan = ground.app.as_role(Role::TrainingOfficer).get(&path(&class)).await.expect_status(200);
    assert_eq!(plan["detectable_change"], Value::Null);
    let (comparison, assumed) = (&plan["people"]["comparison"], &plan["people"]["comparison_assumed"]);
    assert_eq!((comparison, assumed), (&json!(0), &json!(false)), "nobody was found before it began");
    let said = plan["sentence"]["en"].as_str().unwrap();
    assert!(said.starts_with("With 8 trained and 0 comparison people no difference can be shown"), "{said}");
}

#[tokio::test]
async fn who_may_see_an_offering_may_see_its_plan() {
    let ground = Ground::new().await;
    let class = planned(&ground).await;
    let stranger = ground.app.institute("XA").await;
    assert_eq!(
        ground.app.as_institute(stranger).get(&path(&class)).await.problem(),
        "404 resource.not_found"
    );
    let own = ground.app.as_institute(ground.institute).get(&path(&class)).await.expect_status(200);
    assert_eq!(own["offering_id"], class.offering.to_string());
    let nothing = format!("/v1/offerings/{}/evaluation-plan", ground.course);
    let officer = ground.app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.get(&nothing).await.problem(), "404 resource.not_found");
}
