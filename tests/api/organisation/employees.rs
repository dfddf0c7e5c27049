use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

fn an(unit: Uuid, position: Uuid) -> Value {
    json!({"code": "NV-0147", "full_name": "Nguyễn Văn An", "email": "An.Nguyen@MOIT.gov.vn",
        "phone": "0912 345 678", "unit_id": unit, "job_position_id": position, "category": "civil_servant",
        "status": "active", "birth_date": "1990-05-19", "joined_on": "2015-09-01"})
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|r| r["full_name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_portal_keeps_employees() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let created = portal.post("/v1/employees", an(unit, position)).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.body["email"], "an.nguyen@moit.gov.vn");
    assert_eq!(created.body["phone"], "+84******678");
    let path = created.header("location").to_owned();

    let again = portal.post("/v1/employees", an(unit, position)).await;
    assert_eq!(again.problem(), "409 code.taken");
    let mut other = an(unit, position);
    other["code"] = json!("NV-0148");
    assert_eq!(portal.post("/v1/employees", other).await.problem(), "409 employee.email_taken");

    let change = json!({"full_name": "Nguyễn Văn Ân", "phone": null, "status": "on_leave"});
    let changed = portal.patch(&path, created.etag(), change).await;
    assert_eq!(changed.status, 200);
    assert!(changed.body["phone"].is_null());
    let stale = portal.patch(&path, created.etag(), json!({"status": "left"})).await;
    assert_eq!(stale.problem(), "412 resource.changed");
    let cached = portal.request(reqwest::Method::GET, &path).header("If-None-Match", changed.etag());
    assert_eq!(portal.send(cached).await.status, 304);
    assert_eq!(app.outbox().await, ["unit.created", "employee.created", "employee.updated"]);
}

#[tokio::test]
async fn bad_employee_data_is_named_member_by_member() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let mut bad = an(unit, position);
    bad["code"] = json!("NV 1");
    bad["email"] = json!("an.nguyen");
    bad["phone"] = json!("0112345678");
    bad["full_name"] = json!(" ");
    assert_eq!(
        portal.post("/v1/employees", bad).await.faults(),
        ["/code code_format", "/email wrong_format", "/full_name too_short", "/phone phone_format"]
    );
    for (member, value, fault) in [
        ("unit_id", json!(Uuid::nil()), "/unit_id unknown_reference"),
        ("job_position_id", json!(Uuid::nil()), "/job_position_id unknown_reference"),
        ("joined_on", json!("1990-05-19"), "/joined_on date_order"),
    ] {
        let mut bad = an(unit, position);
        bad[member] = value.clone();
        assert_eq!(portal.post("/v1/employees", bad).await.faults(), [fault]);
    }
    let created = portal.post("/v1/employees", an(unit, position)).await;
    let path = format!("/v1/employees/{}", created.id());
    for (change, fault) in [
        (json!({"unit_id": Uuid::nil()}), "/unit_id unknown_reference"),
        (json!({"birth_date": "2020-01-01"}), "/joined_on date_order"),
        (json!({"phone": "12"}), "/phone phone_format"),
        (json!({"code": "X"}), "/code unknown_member"),
    ] {
        assert_eq!(portal.patch(&path, "*", change).await.faults(), [fault]);
    }
    let stranger = portal.get("/v1/employees?shoe_size=43").await;
    assert_eq!(stranger.faults(), ["?shoe_size unknown_member"]);
}

#[tokio::test]
async fn lists_follow_the_vietnamese_order_of_names() {
    let app = TestApp::spawn().await;
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let expected = [
        "Lê Văn An",
        "Nguyễn Đình An",
        "Nguyễn Hữu An",
        "Trần Văn An",
        "Phạm Thị Ân",
        "Nguyễn Thị Bình",
        "Vũ Anh Đạt",
    ];
    for (i, name) in expected.iter().rev().enumerate() {
        app.employee(&format!("NV-{i}"), name, unit, position).await;
    }
    // Of the same name: the id decides, and no page loses one.
    app.employee("NV-TWIN", "Vũ Anh Đạt", unit, position).await;
    let leader = app.as_role(Role::Leader);
    let all = leader.all("/v1/employees").await;
    assert_eq!(names(&all)[..7], expected);
    for limit in 1..=3 {
        let walked = leader.all(&format!("/v1/employees?limit={limit}")).await;
        assert_eq!(walked, all, "pages of {limit}");
    }
}

#[tokio::test]
async fn people_are_found_by_name_code_unit_position_standing_and_status() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let ministry = app.unit("BCT", None).await;
    let office = app.unit("VP", Some(ministry)).await;
    let agency = app.unit("CDL", Some(ministry)).await;
    let (clerk, expert) = (app.position("VT", "vt", None).await, app.position("CV", "cv", None).await);
    app.employee("NV-1", "Nguyễn Văn Đức", office, clerk).await;
    app.employee("NV-2", "Trần Thị Hoà", agency, clerk).await;
    let gone = app.employee("NV_3", "Đỗ Đức Anh", agency, expert).await;
    portal
        .patch(
            &format!("/v1/employees/{gone}"),
            "*",
            json!({"status": "left", "category": "contract_worker"}),
        )
        .await
        .expect_status(200);

    for (query, found) in [
        ("q=duc", vec!["Đỗ Đức Anh", "Nguyễn Văn Đức"]),
        ("q=ĐỨC%20nguyen", vec!["Nguyễn Văn Đức"]),
        ("q=hòa", vec!["Trần Thị Hoà"]),
        ("q=nv_3", vec!["Đỗ Đức Anh"]),
        ("q=nv-2", vec!["Trần Thị Hoà"]),
        ("q=%25", vec![]),
        (&format!("unit_id={agency}"), vec!["Đỗ Đức Anh", "Trần Thị Hoà"]),
        (&format!("unit_id={ministry}"), vec!["Đỗ Đức Anh", "Nguyễn Văn Đức", "Trần Thị Hoà"]),
        (&format!("job_position_id={expert}"), vec!["Đỗ Đức Anh"]),
        ("category=contract_worker", vec!["Đỗ Đức Anh"]),
        ("status=active&q=duc", vec!["Nguyễn Văn Đức"]),
    ] {
        let rows = portal.all(&format!("/v1/employees?{query}")).await;
        assert_eq!(names(&rows), found, "{query}");
    }
}

#[tokio::test]
async fn nobody_sees_people_beyond_their_reach() {
    let app = TestApp::spawn().await;
    let ministry = app.unit("BCT", None).await;
    let office = app.unit("VP", Some(ministry)).await;
    let records = app.unit("VP-LT", Some(office)).await;
    let agency = app.unit("CDL", Some(ministry)).await;
    let position = app.position("CV", "cv", None).await;
    let own = app.employee("NV-1", "Lê An", office, position).await;
    let below = app.employee("NV-2", "Lê Bình", records, position).await;
    let foreign = app.employee("NV-3", "Lê Cường", agency, position).await;

    let head = app.as_head(office, Some(own));
    assert_eq!(names(&head.all("/v1/employees").await), ["Lê An", "Lê Bình"]);
    assert_eq!(head.get(&format!("/v1/employees/{below}")).await.status, 200);
    assert_eq!(head.get(&format!("/v1/employees/{foreign}")).await.problem(), "404 resource.not_found");
    assert_eq!(head.all(&format!("/v1/employees?unit_id={agency}")).await.len(), 0);

    let employee = app.as_employee(below);
    assert_eq!(names(&employee.all("/v1/employees").await), ["Lê Bình"]);
    assert_eq!(employee.get(&format!("/v1/employees/{own}")).await.problem(), "404 resource.not_found");
    let institute = app.as_institute(Uuid::from_u128(1));
    assert_eq!(institute.get("/v1/employees").await.problem(), "403 permission.missing");
    let officer = app.as_role(Role::TrainingOfficer);
    let refused = officer.patch(&format!("/v1/employees/{own}"), "*", json!({"status": "left"})).await;
    assert_eq!(refused.problem(), "403 permission.missing");
}
