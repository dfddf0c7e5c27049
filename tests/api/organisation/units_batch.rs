use serde_json::{Value, json};
use thuocdo::access::Role;

use crate::support::TestApp;

const BATCH: &str = "/v1/units/batch";

fn row(code: &str, parent: Option<&str>) -> Value {
    json!({"code": code, "name": format!("Đơn vị {code}"), "kind": "division", "parent_code": parent})
}

#[tokio::test]
async fn a_tree_comes_in_one_batch_and_moves_with_another() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let rows = [row("BCT", None), row("VP", Some("BCT")), row("VP-LT", Some("VP")), row("CDL", Some("BCT"))];
    let push = async |items: &[Value]| portal.post(BATCH, json!({"items": items})).await.expect_status(200);
    assert_eq!(push(&rows).await, json!({"created": 4, "updated": 0, "unchanged": 0}));
    assert_eq!(push(&rows).await, json!({"created": 0, "updated": 0, "unchanged": 4}));

    // The office moves below a unit that the same batch creates; what is below the office moves along.
    let moved = [row("CDL-1", Some("CDL")), row("VP", Some("CDL-1")), row("VP-MOI", Some("VP"))];
    assert_eq!(push(&moved).await, json!({"created": 2, "updated": 1, "unchanged": 0}));
    let all = portal.all("/v1/units").await;
    let agency = all.iter().find(|u| u["code"] == "CDL").unwrap();
    let tree =
        portal.get(&format!("/v1/units/{}/tree", agency["id"].as_str().unwrap())).await.expect_status(200);
    let codes: Vec<_> = tree["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| (i["depth"].as_i64().unwrap(), i["unit"]["code"].as_str().unwrap()))
        .collect();
    assert_eq!(codes, [(0, "CDL"), (1, "CDL-1"), (2, "VP"), (3, "VP-LT"), (3, "VP-MOI")]);
    let ring = portal.post(BATCH, json!({"items": [row("CDL", Some("VP-LT"))]})).await;
    assert_eq!(ring.problem(), "409 unit.below_itself");
}

#[tokio::test]
async fn heads_are_named_by_code_and_stay_where_nothing_is_said() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let an = app.employee("NV-1", "Lê An", unit, position).await;
    let head = async || {
        portal.get(&format!("/v1/units/{unit}")).await.expect_status(200)["head_employee_id"].clone()
    };
    let mut led = row("VP", None);
    led["head_employee_code"] = json!("NV-1");
    portal.post(BATCH, json!({"items": [led]})).await.expect_status(200);
    assert_eq!(head().await, json!(an));
    portal.post(BATCH, json!({"items": [row("VP", None)]})).await.expect_status(200);
    assert_eq!(head().await, json!(an));
    led["head_employee_code"] = json!(null);
    portal.post(BATCH, json!({"items": [led]})).await.expect_status(200);
    assert_eq!(head().await, json!(null));
}

#[tokio::test]
async fn a_batch_of_units_with_a_fault_changes_nothing() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let mut led = row("D", None);
    led["head_employee_code"] = json!("NOBODY");
    let items = [
        // Its parent comes only later.
        row("A", Some("B")),
        row("B", None),
        row("C", Some("NOWHERE")),
        led,
        row("B", None),
    ];
    assert_eq!(
        portal.post(BATCH, json!({"items": items})).await.faults(),
        [
            "/items/0/parent_code unknown_reference",
            "/items/2/parent_code unknown_reference",
            "/items/3/head_employee_code unknown_reference",
            "/items/4/code duplicate",
        ]
    );
    let bad = json!({"items": [{"code": "A B", "name": "A", "kind": "division"}]});
    assert_eq!(portal.post(BATCH, bad).await.faults(), ["/items/0/code code_format"]);
    let mut unread = row("A", Some("B"));
    unread["kind"] = json!("office");
    unread["head_employee_code"] = json!("NOBODY");
    let items = json!({"items": [unread, row("B", Some("NOWHERE"))]});
    let mut faults = portal.post(BATCH, items).await.faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "/items/0/head_employee_code unknown_reference",
            "/items/0/kind not_allowed",
            "/items/1/parent_code unknown_reference",
        ]
    );
    assert_eq!(portal.all("/v1/units").await.len(), 0);
    let leader = app.as_role(Role::Leader);
    assert_eq!(
        leader.post(BATCH, json!({"items": [row("A", None)]})).await.problem(),
        "403 permission.missing"
    );
}
