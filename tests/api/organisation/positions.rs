use serde_json::json;
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

#[tokio::test]
async fn job_positions_say_how_long_their_holder_may_be_away() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let body = json!({"code": "CV-VTLT", "name": "Chuyên viên văn thư", "position_group": "van-thu",
        "is_leadership": false, "max_consecutive_absence_days": 3});
    let created = portal.post("/v1/job-positions", body.clone()).await;
    assert_eq!(created.status, 201);
    let path = created.header("location").to_owned();
    assert_eq!(portal.post("/v1/job-positions", body).await.problem(), "409 code.taken");

    let free = portal.patch(&path, created.etag(), json!({"max_consecutive_absence_days": null})).await;
    assert_eq!(free.status, 200);
    assert!(free.body["max_consecutive_absence_days"].is_null());
    let stale = portal.patch(&path, created.etag(), json!({"name": "Khác"})).await;
    assert_eq!(stale.problem(), "412 resource.changed");

    let institute = app.as_institute(Uuid::from_u128(1));
    assert_eq!(institute.get(&path).await.status, 200);
    let employee = app.as_employee(Uuid::from_u128(1));
    assert_eq!(employee.patch(&path, "*", json!({"name": "x"})).await.problem(), "403 permission.missing");
    assert_eq!(app.outbox().await, ["job_position.created", "job_position.updated"]);
}

#[tokio::test]
async fn positions_are_found_by_group_and_leadership() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    app.position("CV-1", "chuyen-vien", None).await;
    app.position("VT-1", "van-thu", None).await;
    let head =
        json!({"code": "TP", "name": "Trưởng phòng", "position_group": "lanh-dao", "is_leadership": true});
    officer.post("/v1/job-positions", head).await.expect_status(201);
    let codes = async |query: &str| -> Vec<String> {
        let rows = officer.all(&format!("/v1/job-positions{query}")).await;
        rows.iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes("?position_group=van-thu").await, ["VT-1"]);
    assert_eq!(codes("?is_leadership=true").await, ["TP"]);
    assert_eq!(codes("?is_leadership=false&limit=1").await, ["VT-1", "CV-1"]);
    let bad = json!({"code": "x", "name": "x", "position_group": "a b", "is_leadership": true,
        "max_consecutive_absence_days": 366});
    assert_eq!(
        officer.post("/v1/job-positions", bad).await.faults(),
        ["/max_consecutive_absence_days too_large", "/position_group code_format"]
    );
}
