use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::seed::id;

fn academy(code: &str) -> Value {
    json!({
        "code": code, "name": "Học viện Hành chính quốc gia", "kind": "academy",
        "contact_email": "daotao@example.edu.vn", "contact_name": "Phòng đào tạo"
    })
}

#[tokio::test]
async fn an_institute_registers_itself_and_the_ministry_decides() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);

    let applied = app.public().post("/v1/institutes/apply", academy("HVHC")).await;
    assert_eq!(applied.status, 201);
    let path = applied.header("location").to_owned();
    assert_eq!(path, format!("/v1/institutes/{}", applied.id()));
    assert_eq!(applied.body["status"], "applied");
    assert_eq!(applied.body["decision_number"], Value::Null);

    let early = officer.act(&format!("{path}/suspend")).await;
    assert_eq!(early.problem(), "409 state.wrong");
    assert_eq!(early.body["allowed_states"], json!(["approved"]));
    let approve = format!("{path}/approve");
    let decision = json!({"decision_number": "2646/QĐ-BCT"});
    let approved = officer.post(&approve, decision.clone()).await.expect_status(200);
    assert_eq!(approved["status"], "approved");
    assert_eq!(approved["decision_number"], "2646/QĐ-BCT");
    assert_eq!(officer.post(&approve, decision.clone()).await.problem(), "409 state.wrong");

    let suspended = officer.act(&format!("{path}/suspend")).await.expect_status(200);
    assert_eq!(suspended["status"], "suspended");
    officer.post(&approve, decision.clone()).await.expect_status(200);
    let closed = officer.act(&format!("{path}/close")).await.expect_status(200);
    assert_eq!(closed["status"], "closed");
    assert_eq!(officer.post(&approve, decision).await.problem(), "409 state.wrong");
    assert_eq!(
        app.outbox().await,
        [
            "institute.applied",
            "institute.approved",
            "institute.suspended",
            "institute.approved",
            "institute.closed"
        ]
    );
}

#[tokio::test]
async fn a_registration_is_checked_member_by_member() {
    let app = TestApp::spawn().await;
    let stranger = app.public();
    let bad =
        json!({"code": "A B", "name": "", "kind": "academy", "contact_email": "nobody", "contact_name": "x"});
    assert_eq!(
        stranger.post("/v1/institutes/apply", bad).await.faults(),
        ["/code code_format", "/contact_email wrong_format", "/name too_short"]
    );
    let sly = json!({"code": "A", "name": "A", "kind": "academy", "contact_email": "a@b.vn", "contact_name": "x",
        "status": "approved"});
    assert_eq!(stranger.post("/v1/institutes/apply", sly).await.faults(), ["/status unknown_member"]);
    stranger.post("/v1/institutes/apply", academy("HVHC")).await.expect_status(201);
    assert_eq!(stranger.post("/v1/institutes/apply", academy("HVHC")).await.problem(), "409 code.taken");

    let read = stranger.get("/v1/institutes/apply").await;
    assert_eq!(
        (read.problem().as_str(), read.header("allow")),
        ("405 method.not_allowed", "POST"),
        "the word is no id"
    );

    let officer = app.as_role(Role::TrainingOfficer);
    let institute = officer.all("/v1/institutes").await[0].clone();
    let decision = officer
        .post(
            &format!("/v1/institutes/{}/approve", id(&institute)),
            json!({"decision_number": "quyết định 5"}),
        )
        .await;
    assert_eq!(decision.faults(), ["/decision_number decision_number"]);
}

#[tokio::test]
async fn the_ministry_sees_all_institutes_and_an_institute_sees_itself() {
    let app = TestApp::spawn().await;
    let (ours, theirs) = (app.institute("DHCN").await, app.institute("DHDL").await);
    let institute = app.as_institute(ours);
    let foreign = format!("/v1/institutes/{theirs}");

    let seen = institute.all("/v1/institutes").await;
    assert_eq!(seen.iter().map(id).collect::<Vec<_>>(), [ours]);
    assert_eq!(institute.get(&foreign).await.problem(), "404 resource.not_found");
    for role in
        [Role::TrainingOfficer, Role::Leader, Role::HrPortal, Role::Auditor, Role::UnitHead, Role::Employee]
    {
        let reader = app.as_role(role);
        let codes: Vec<Value> =
            reader.all("/v1/institutes").await.iter().map(|i| i["code"].clone()).collect();
        assert_eq!(codes, ["DHDL", "DHCN"], "{role:?}");
    }
    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.all("/v1/institutes?status=applied").await.len(), 0);
    assert_eq!(officer.all("/v1/institutes?status=approved&kind=ministry_school").await.len(), 2);
    assert_eq!(
        officer.get(&format!("/v1/institutes/{}", Uuid::nil())).await.problem(),
        "404 resource.not_found"
    );
}

#[tokio::test]
async fn an_institute_keeps_its_own_contact_and_nothing_else() {
    let app = TestApp::spawn().await;
    let (ours, theirs) = (app.institute("DHCN").await, app.institute("DHDL").await);
    let institute = app.as_institute(ours);
    let path = format!("/v1/institutes/{ours}");

    let read = institute.get(&path).await;
    let change = json!({"contact_name": "Viện Đào tạo", "contact_email": "vien@example.edu.vn"});
    let changed = institute.patch(&path, read.etag(), change.clone()).await;
    assert_eq!(changed.body["contact_name"], "Viện Đào tạo");
    assert_eq!(changed.body["contact_email"], "vien@example.edu.vn");
    assert_eq!(institute.patch(&path, read.etag(), change.clone()).await.problem(), "412 resource.changed");
    assert_eq!(
        institute.patch(&path, "*", json!({"status": "approved"})).await.faults(),
        ["/status unknown_member"]
    );
    let foreign = format!("/v1/institutes/{theirs}");
    assert_eq!(institute.patch(&foreign, "*", change.clone()).await.problem(), "404 resource.not_found");
    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.patch(&path, "*", change).await.problem(), "403 permission.missing");
    let decision = json!({"decision_number": "1/QĐ-BCT"});
    assert_eq!(
        institute.post(&format!("{path}/approve"), decision).await.problem(),
        "403 permission.missing"
    );
    assert_eq!(institute.act(&format!("{path}/close")).await.problem(), "403 permission.missing");
}
