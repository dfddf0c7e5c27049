use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

fn day(day: &str, name: &str, is_working_day: bool) -> Value {
    json!({"day": day, "name": name, "is_working_day": is_working_day})
}

#[tokio::test]
async fn holidays_can_be_sent_again_with_corrections() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let path = "/v1/holidays/batch";
    let national = day("2026-09-02", "Quốc khánh", false);
    let items = json!([national, day("2026-08-22", "Làm bù", true), day("2027-01-01", "Tết", false)]);
    let first = portal.post(path, json!({"items": items})).await.expect_status(200);
    assert_eq!(first, json!({"created": 3, "updated": 0, "unchanged": 0}));
    let moved = json!([national, day("2026-08-22", "Làm bù cho ngày 31/8", true)]);
    let second = portal.post(path, json!({"items": moved})).await.expect_status(200);
    assert_eq!(second, json!({"created": 0, "updated": 1, "unchanged": 1}));
    let nothing = portal.post(path, json!({"items": [national]})).await.expect_status(200);
    assert_eq!(nothing["unchanged"], 1);
    assert_eq!(app.outbox().await, ["holidays.updated", "holidays.updated"]);

    let institute = app.as_institute(Uuid::from_u128(1));
    let year = institute.get("/v1/holidays").await.expect_status(200);
    assert_eq!(year["year"], 2026);
    let names: Vec<&str> =
        year["items"].as_array().unwrap().iter().map(|h| h["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Làm bù cho ngày 31/8", "Quốc khánh"]);
    let next = institute.get("/v1/holidays?year=2027").await.expect_status(200);
    assert_eq!(next["items"][0]["name"], "Tết");

    let twice = portal.post(path, json!({"items": [national, national]})).await;
    assert_eq!(twice.faults(), ["/items/1/day duplicate"]);
    assert_eq!(portal.get("/v1/holidays?year=1").await.faults(), ["?year too_small"]);
    assert_eq!(institute.post(path, json!({"items": [national]})).await.problem(), "403 permission.missing");
}

#[tokio::test]
async fn a_single_day_is_set_and_called_off() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let path = "/v1/holidays";
    let off = day("2026-04-27", "Giỗ Tổ Hùng Vương (nghỉ bù)", false);
    for _ in 0..2 {
        assert_eq!(officer.post(path, off.clone()).await.expect_status(200), off);
    }
    assert_eq!(app.outbox().await, ["holidays.updated"], "repeating changes nothing");
    let called_off = day("2026-04-27", "Không nghỉ bù", true);
    assert_eq!(officer.post(path, called_off.clone()).await.expect_status(200), called_off);
    for role in Role::ALL {
        let year = app.as_role(role).get(path).await.expect_status(200);
        assert_eq!(year["items"], json!([called_off]), "{role:?}");
    }

    let never = officer.post(path, day("-5000-01-01", "", false)).await;
    assert_eq!(never.faults(), ["/day wrong_format", "/name too_short"]);
    let shapeless = officer.post(path, json!({"day": "30/4/2026", "colour": 1})).await;
    assert_eq!(
        shapeless.faults(),
        ["/colour unknown_member", "/day wrong_format", "/is_working_day required", "/name required"]
    );
    for role in [Role::UnitHead, Role::Employee, Role::Leader, Role::SystemAdmin, Role::Auditor] {
        assert_eq!(app.as_role(role).post(path, off.clone()).await.problem(), "403 permission.missing");
    }
}
