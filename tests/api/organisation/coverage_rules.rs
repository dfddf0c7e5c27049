use serde_json::json;
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

#[tokio::test]
async fn a_unit_has_one_rule_for_each_group_and_one_for_everybody() {
    let app = TestApp::spawn().await;
    let unit = app.unit("VP", None).await;
    let head = app.as_head(unit, None);
    let body = json!({"unit_id": unit, "position_group": "van-thu", "minimum_present": 2});
    let created = head.post("/v1/coverage-rules", body.clone()).await;
    assert_eq!(created.status, 201);
    assert_eq!(head.post("/v1/coverage-rules", body).await.problem(), "409 coverage_rule.exists");
    let everybody = json!({"unit_id": unit, "minimum_present": 5});
    head.post("/v1/coverage-rules", everybody.clone()).await.expect_status(201);
    assert_eq!(head.post("/v1/coverage-rules", everybody).await.problem(), "409 coverage_rule.exists");

    let path = created.header("location").to_owned();
    let changed = head.patch(&path, created.etag(), json!({"minimum_present": 3})).await;
    assert_eq!((changed.status, &changed.body["minimum_present"]), (200, &json!(3)));
    assert_eq!(head.delete(&path, created.etag()).await.problem(), "412 resource.changed");
    assert_eq!(head.delete(&path, changed.etag()).await.status, 204);
    assert_eq!(head.get(&path).await.problem(), "404 resource.not_found");
    assert_eq!(
        app.outbox().await[1..],
        ["coverage_rule.created", "coverage_rule.created", "coverage_rule.updated", "coverage_rule.deleted"]
    );
}

#[tokio::test]
async fn rules_of_other_units_are_out_of_reach() {
    let app = TestApp::spawn().await;
    let ministry = app.unit("BCT", None).await;
    let office = app.unit("VP", Some(ministry)).await;
    let records = app.unit("VP-LT", Some(office)).await;
    let below = app.coverage_rule(records, None, 1).await;
    let above = app.coverage_rule(ministry, Some("van-thu"), 1).await;
    let head = app.as_head(office, None);
    let rows = head.all("/v1/coverage-rules").await;
    assert_eq!((rows.len(), &rows[0]["id"]), (1, &json!(below)));
    let foreign = format!("/v1/coverage-rules/{above}");
    for answer in [
        head.get(&foreign).await,
        head.patch(&foreign, "*", json!({"minimum_present": 9})).await,
        head.delete(&foreign, "*").await,
    ] {
        assert_eq!(answer.problem(), "404 resource.not_found");
    }
    let reaching = json!({"unit_id": ministry, "minimum_present": 5});
    assert_eq!(head.post("/v1/coverage-rules", reaching).await.faults(), ["/unit_id unknown_reference"]);
    let zero = json!({"unit_id": office, "position_group": "a b", "minimum_present": 0});
    assert_eq!(
        head.post("/v1/coverage-rules", zero).await.faults(),
        ["/minimum_present too_small", "/position_group code_format"]
    );
    let leader = app.as_role(Role::Leader);
    assert_eq!(leader.all(&format!("/v1/coverage-rules?unit_id={office}")).await.len(), 1);
    assert_eq!(leader.delete(&foreign, "*").await.problem(), "403 permission.missing");
    let institute = app.as_institute(Uuid::from_u128(1));
    assert_eq!(institute.get(&foreign).await.problem(), "403 permission.missing");
}
