use serde_json::{Value, json};
use thuocdo::access::Role;

use super::given::{FIRST, Given};
use crate::fixtures::classes::{Ground, TODAY, moved};
use crate::support::seed::day;

fn effect(measure: &str, change: f64) -> Value {
    json!({"behaviour": "Văn bản được chuyển xử lý trong ngày", "measure": measure, "change": change})
}

#[tokio::test]
async fn they_are_declared_changed_and_frozen_when_the_offering_starts() {
    let g = Given::new().await;
    let path = format!("/v1/offerings/{}/expected-effects", g.offering);
    let officer = g.app.as_role(Role::TrainingOfficer);
    let nothing = officer.get(&path).await;
    assert_eq!((nothing.version(), &nothing.body["effects"]), ("0", &json!([])));
    assert_eq!(nothing.body["frozen_on"], FIRST);

    let first = json!({"effects": [effect("three_months", 0.5)]});
    assert_eq!(officer.put(&path, "\"1\"", first.clone()).await.problem(), "412 resource.changed");
    let declared = officer.put(&path, "\"0\"", first.clone()).await;
    assert_eq!((declared.status, declared.version()), (200, "1"));
    assert_eq!(declared.body["effects"], first["effects"]);
    // Whoever did not see the first one does not overwrite it.
    assert_eq!(officer.put(&path, "\"0\"", first.clone()).await.problem(), "412 resource.changed");
    let second = json!({"effects": [effect("six_months", 0.25), effect("work_score", 5.0)]});
    let changed = officer.put(&path, "\"1\"", second.clone()).await.expect_status(200);
    assert_eq!((&changed["effects"], &changed["version"]), (&second["effects"], &json!(2)));
    let own = g.app.as_institute(g.institute);
    assert_eq!(own.get(&path).await.body["effects"], second["effects"]);
    assert_eq!(own.put(&path, "\"2\"", first.clone()).await.problem(), "403 permission.missing");

    g.app.travel_to(day(FIRST));
    let officer = g.app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.put(&path, "\"2\"", first).await.problem(), "409 expected_effects.frozen");
    assert_eq!(officer.get(&path).await.body["effects"], second["effects"]);
}

#[tokio::test]
async fn two_who_declare_at_once_do_not_overwrite_each_other() {
    let g = Given::new().await;
    let path = format!("/v1/offerings/{}/expected-effects", g.offering);
    let declare = async |change: f64| {
        let officer = g.app.as_role(Role::TrainingOfficer);
        officer.put(&path, "\"0\"", json!({"effects": [effect("three_months", change)]})).await.status
    };
    let (one, other) = tokio::join!(declare(0.3), declare(0.6));
    assert_eq!([one.min(other), one.max(other)], [200, 412]);
}

#[tokio::test]
async fn every_wrong_member_is_named() {
    let g = Given::new().await;
    let path = format!("/v1/offerings/{}/expected-effects", g.offering);
    let officer = g.app.as_role(Role::TrainingOfficer);
    let faults =
        async |effects: Value| officer.put(&path, "\"0\"", json!({"effects": effects})).await.faults();
    assert_eq!(faults(json!([])).await, ["/effects too_few"]);
    assert_eq!(faults(json!(vec![effect("three_months", 0.5); 4])).await, ["/effects too_many"]);
    assert_eq!(
        faults(json!([effect("three_months", 0.0), effect("six_months", 5.0)])).await,
        ["/effects/0/change too_small", "/effects/1/change too_large"]
    );
    assert_eq!(faults(json!([effect("satisfaction", 1.0)])).await, ["/effects/0/measure not_allowed"]);
    let words = json!([{"behaviour": "", "measure": "work_score", "change": 101.0}]);
    assert_eq!(faults(words).await, ["/effects/0/behaviour too_short", "/effects/0/change too_large"]);
    assert_eq!(officer.get(&path).await.body["version"], 0, "nothing is half-written");
    let foreign = format!("/v1/offerings/{}/expected-effects", g.course);
    assert_eq!(officer.get(&foreign).await.problem(), "404 resource.not_found");
}

#[tokio::test]
async fn the_report_sets_what_was_declared_against_what_was_found() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let path = format!("/v1/offerings/{}/expected-effects", class.offering);
    let effects = json!({"effects":
        [effect("three_months", 0.25), effect("three_months", 2.0), effect("work_score", 5.0)]});
    ground.app.travel_to(day("2026-01-05"));
    let officer = ground.app.as_role(Role::TrainingOfficer);
    officer.put(&path, "\"0\"", effects).await.expect_status(200);
    ground.app.travel_to(day(TODAY));
    ground.send(&class, &moved(12, 0.6, 0.2)).await;
    ground.release().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let report = async |by: &str| officer.all(&format!("/v1/reports/effectiveness?by={by}")).await.remove(0);
    let offering = report("offering").await;
    let found: Vec<&Value> =
        offering["expected_effects"].as_array().unwrap().iter().map(|effect| &effect["outcome"]).collect();
    assert_eq!(found, [&json!("reached"), &json!("not_reached"), &json!(null)]);
    let first = &offering["expected_effects"][0];
    assert_eq!(first["found"], offering["behaviour"]["change"]);
    assert_eq!(offering["expected_effects"][2]["found"]["unit"], "points_of_100");
    assert_eq!(report("course").await["expected_effects"], json!([]));
}
