use reqwest::Method;
use serde_json::json;
use thuocdo::access::Role;

use crate::support::TestApp;

#[tokio::test]
async fn units_form_a_tree_that_moves_as_a_whole() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let ministry = app.unit("BCT", None).await;
    let office = app.unit("VP", Some(ministry)).await;
    let records = app.unit("VP-LT", Some(office)).await;
    let agency = app.unit("CDL", Some(ministry)).await;

    let unit = officer.get(&format!("/v1/units/{office}")).await;
    let moved =
        officer.patch(&format!("/v1/units/{office}"), unit.etag(), json!({"parent_id": agency})).await;
    assert_eq!(moved.status, 200);
    let tree = officer.get(&format!("/v1/units/{agency}/tree")).await.expect_status(200);
    let codes: Vec<_> = tree["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| (i["depth"].as_i64().unwrap(), i["unit"]["code"].as_str().unwrap()))
        .collect();
    assert_eq!(codes, [(0, "CDL"), (1, "VP"), (2, "VP-LT")]);

    let ring = officer.patch(&format!("/v1/units/{agency}"), "*", json!({"parent_id": records})).await;
    assert_eq!(ring.problem(), "409 unit.below_itself");
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_read() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let path = format!("/v1/units/{}", app.unit("BCT", None).await);

    let read = officer.get(&path).await;
    let cached = officer.send(officer.request(Method::GET, &path).header("If-None-Match", read.etag())).await;
    assert_eq!(cached.status, 304);
    assert_eq!(officer.patch(&path, read.etag(), json!({"name": "Bộ"})).await.status, 200);
    let stale = officer.patch(&path, read.etag(), json!({"name": "Khác"})).await;
    assert_eq!(stale.problem(), "412 resource.changed");
    let blind = officer.request(Method::PATCH, &path).header("content-type", "application/merge-patch+json");
    assert_eq!(officer.send(blind.body("{}")).await.problem(), "428 precondition.required");
    let as_json = officer.request(Method::PATCH, &path).header("If-Match", "*").json(&json!({}));
    assert_eq!(officer.send(as_json).await.problem(), "415 media_type.unsupported");
}

#[tokio::test]
async fn bad_input_is_named_member_by_member() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let answer = officer.post("/v1/units", json!({"kind": "planet", "colour": 1, "parent_id": "x"})).await;
    assert_eq!(answer.problem(), "422 request.invalid");
    assert_eq!(
        answer.faults(),
        [
            "/code required",
            "/colour unknown_member",
            "/kind not_allowed",
            "/name required",
            "/parent_id wrong_format"
        ]
    );
    let long = officer.post("/v1/units", json!({"code": "x".repeat(51), "name": "", "kind": "agency"})).await;
    assert_eq!(long.faults(), ["/code too_long", "/name too_short"]);

    let foreign = json!({"code": "A", "name": "A", "kind": "agency", "parent_id": uuid::Uuid::nil()});
    assert_eq!(officer.post("/v1/units", foreign).await.faults(), ["/parent_id unknown_reference"]);
    assert_eq!(officer.all("/v1/units").await.len(), 0, "nothing was written");

    app.unit("A", None).await;
    let twice = officer.post("/v1/units", json!({"code": "A", "name": "A", "kind": "agency"})).await;
    assert_eq!(twice.problem(), "409 code.taken");
    for (query, fault) in [
        ("?limit=0", "?limit too_small"),
        ("?colour=1", "?colour unknown_member"),
        ("?kind=planet", "?kind not_allowed"),
    ] {
        assert_eq!(officer.get(&format!("/v1/units{query}")).await.faults(), [fault], "{query}");
    }
    assert_eq!(officer.get("/v1/units/none").await.problem(), "404 resource.not_found");
}

#[tokio::test]
async fn the_same_key_creates_once_even_in_parallel() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let body = json!({"code": "A", "name": "A", "kind": "agency"});
    let answers =
        futures::future::join_all((0..4).map(|_| officer.post_once("k1", "/v1/units", body.clone()))).await;
    assert!(answers.iter().all(|a| a.status == 201 && a.id() == answers[0].id()));
    assert_eq!(answers.iter().filter(|a| a.header("idempotency-replayed") == "true").count(), 3);
    // An ETag holds a digest of the body.
    assert!(answers.iter().all(|a| a.etag() == answers[0].etag()), "the same byte by byte");
    assert_eq!(officer.all("/v1/units").await.len(), 1);
    assert_eq!(app.outbox().await, ["unit.created"]);

    let other =
        officer.post_once("k1", "/v1/units", json!({"code": "B", "name": "B", "kind": "agency"})).await;
    assert_eq!(other.problem(), "422 idempotency.key_reused");
}

#[tokio::test]
async fn pages_walk_the_whole_list_and_cursors_belong_to_their_filters() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let top = app.unit("T", None).await;
    for i in 0..7 {
        app.unit(&format!("T-{i}"), Some(top)).await;
    }
    let page = officer.get("/v1/units?limit=3").await;
    assert!(page.header("link").contains("rel=\"next\""));
    let cursor = page.body["next_cursor"].as_str().unwrap();
    app.unit("NEW", None).await;
    assert_eq!(officer.all("/v1/units?limit=3").await.len(), 9);
    let next = officer.get(&format!("/v1/units?limit=3&cursor={cursor}")).await;
    assert_eq!(next.body["items"][0]["code"], "T-3", "insertion does not move what comes next");
    let foreign = officer.get(&format!("/v1/units?kind=agency&cursor={cursor}")).await;
    assert_eq!(foreign.problem(), "400 cursor.invalid");
}

#[tokio::test]
async fn the_head_of_a_unit_is_shown_to_those_who_may_read_people() {
    let app = TestApp::spawn().await;
    let unit = app.unit("VP", None).await;
    let position = app.position("CVP", "lead", None).await;
    let head = app.employee("an", "Nguyễn Văn An", unit, position).await;
    app.set_head(unit, head).await;
    let institute = app.institute("TDT").await;
    for (who, told) in [
        (app.as_role(Role::TrainingOfficer), json!(head)),
        (app.as_employee(head), json!(head)),
        (app.as_institute(institute), json!(null)),
        (app.as_role(Role::SystemAdmin), json!(null)),
    ] {
        assert_eq!(who.all("/v1/units").await[0]["head_employee_id"], told);
        let one = who.get(&format!("/v1/units/{unit}")).await.expect_status(200);
        assert_eq!(one["head_employee_id"], told);
        let tree = who.get(&format!("/v1/units/{unit}/tree")).await.expect_status(200);
        assert_eq!(tree["items"][0]["unit"]["head_employee_id"], told);
    }
}
