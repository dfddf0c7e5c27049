use serde_json::{Value, json};
use thuocdo::access::Role;

use crate::support::TestApp;

fn row(i: usize) -> Value {
    json!({"code": format!("NV-{i}"), "full_name": format!("Nguyễn Văn Bình {i}"),
        "email": format!("nv{i}@moit.gov.vn"), "unit_code": "VP", "job_position_code": "CV",
        "category": "civil_servant", "status": "active", "joined_on": "2015-09-01"})
}

async fn organised() -> TestApp {
    let app = TestApp::spawn().await;
    app.unit("VP", None).await;
    app.unit("CDL", None).await;
    app.position("CV", "cv", None).await;
    app
}

#[tokio::test]
async fn a_batch_is_safe_to_repeat_and_says_what_it_did() {
    let app = organised().await;
    let portal = app.as_role(Role::HrPortal);
    let mut items: Vec<Value> = (0..1000).map(row).collect();
    let path = "/v1/employees/batch";
    let first = portal.post(path, json!({"items": items})).await.expect_status(200);
    assert_eq!(first, json!({"created": 1000, "updated": 0, "unchanged": 0}));
    let again = portal.post(path, json!({"items": items})).await.expect_status(200);
    assert_eq!(again, json!({"created": 0, "updated": 0, "unchanged": 1000}));

    items.truncate(3);
    items[0]["unit_code"] = json!("CDL");
    items[1]["full_name"] = json!("Đỗ Thị Ân");
    items[1]["phone"] = json!("024 2220 2222");
    items.push(row(2000));
    let third = portal.post(path, json!({"items": items})).await.expect_status(200);
    assert_eq!(third, json!({"created": 1, "updated": 2, "unchanged": 1}));
    let found = portal.all("/v1/employees?q=an+do").await;
    assert_eq!(found.len(), 1, "search and order follow the new name");
    assert_eq!(found[0]["phone"], "+84*******222");
    assert_eq!(found[0]["version"], 2);
    let events = app.outbox().await;
    let of = |kind: &str| events.iter().filter(|e| *e == kind).count();
    assert_eq!((of("employee.created"), of("employee.updated")), (1001, 2));
}

#[tokio::test]
async fn a_batch_with_a_fault_changes_nothing_and_names_every_row() {
    let app = organised().await;
    let portal = app.as_role(Role::HrPortal);
    let path = "/v1/employees/batch";
    portal.post(path, json!({"items": [row(0)]})).await.expect_status(200);

    let mut items: Vec<Value> = (1..7).map(row).collect();
    items[0]["unit_code"] = json!("NOWHERE");
    items[1]["job_position_code"] = json!("NOBODY");
    items[2]["email"] = json!("NV0@moit.gov.vn");
    items[3]["birth_date"] = json!("2020-01-01");
    items[5]["code"] = json!("NV-5");
    items[5]["email"] = json!("nv5@moit.gov.vn");
    let answer = portal.post(path, json!({"items": items})).await;
    assert_eq!(answer.problem(), "422 request.invalid");
    assert_eq!(
        answer.faults(),
        [
            "/items/0/unit_code unknown_reference",
            "/items/1/job_position_code unknown_reference",
            "/items/2/email email_taken",
            "/items/3/joined_on date_order",
            "/items/5/code duplicate",
            "/items/5/email duplicate",
        ]
    );
    assert!(
        answer.body["errors"][0]["message"].as_str().is_some_and(|m| !m.starts_with("validation-")),
        "in words"
    );
    let mut bad = row(9);
    bad["phone"] = json!("123");
    let shape = portal.post(path, json!({"items": [row(8), bad]})).await;
    assert_eq!(shape.faults(), ["/items/1/phone phone_format"]);
    // What can be looked up although the rows cannot be read is named together with what is wrong with them.
    let mut unread: Vec<Value> = (1..4).map(row).collect();
    unread[0]["category"] = json!("clerk");
    unread[0]["unit_code"] = json!("NOWHERE");
    unread[1]["job_position_code"] = json!(" NOBODY ");
    unread[2]["unit_code"] = json!(7);
    let mut faults = portal.post(path, json!({"items": unread})).await.faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "/items/0/category not_allowed",
            "/items/0/unit_code unknown_reference",
            "/items/1/job_position_code unknown_reference",
            "/items/2/unit_code wrong_type",
        ]
    );
    assert_eq!(portal.post(path, json!({"items": []})).await.faults(), ["/items too_few"]);
    let many: Vec<Value> = (0..1001).map(row).collect();
    assert_eq!(portal.post(path, json!({"items": many})).await.faults(), ["/items too_many"]);
    assert_eq!(portal.all("/v1/employees").await.len(), 1);
}

#[tokio::test]
async fn two_batches_at_once_create_each_employee_once() {
    let app = organised().await;
    let portal = app.as_role(Role::HrPortal);
    let body = json!({"items": (0..20).map(row).collect::<Vec<_>>()});
    let answers =
        futures::future::join_all((0..4).map(|_| portal.post("/v1/employees/batch", body.clone()))).await;
    let sum = |member: &str| -> u64 { answers.iter().map(|a| a.body[member].as_u64().unwrap()).sum() };
    assert_eq!((sum("created"), sum("unchanged")), (20, 60));
    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.post("/v1/employees/batch", body).await.problem(), "403 permission.missing");
}
