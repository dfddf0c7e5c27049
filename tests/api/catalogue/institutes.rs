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

    let read = stranger.get("/v1/institutes/apply").await;
    assert_eq!(
        (read.problem().as_str(), read.header("allow")),
        ("405 method.not_allowed", "POST, OPTIONS"),
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

const DECISION: &str = "2646/QĐ-BCT";

#[tokio::test]
async fn a_code_is_given_by_the_decision_and_then_taken_in_every_case() {
    let app = TestApp::spawn().await;
    app.institute("TDTBD").await;
    let stranger = app.public();
    assert_eq!(stranger.post("/v1/institutes/apply", academy("tdtbd")).await.problem(), "409 code.taken");
    let first = stranger.post("/v1/institutes/apply", academy("HVHC")).await;
    let second = stranger.post("/v1/institutes/apply", academy("hvhc")).await;
    assert_eq!((first.status, second.status), (201, 201), "an application occupies nothing");
    let officer = app.as_role(Role::TrainingOfficer);
    let approve =
        async |id: &str, body: Value| officer.post(&format!("/v1/institutes/{id}/approve"), body).await;
    approve(first.id(), json!({"decision_number": DECISION})).await.expect_status(200);
    assert_eq!(approve(second.id(), json!({"decision_number": DECISION})).await.problem(), "409 code.taken");
    let other = json!({"decision_number": DECISION, "code": "HVHC-2"});
    assert_eq!(approve(second.id(), other).await.expect_status(200)["code"], "HVHC-2");
}

#[tokio::test]
async fn few_applications_wait_and_a_refused_one_makes_room_and_is_forgotten() {
    let app = TestApp::spawn().await;
    let stranger = app.public();
    let mut applied = Vec::new();
    for n in 0..5 {
        applied.push(stranger.post("/v1/institutes/apply", academy(&format!("A{n}"))).await);
    }
    assert!(applied.iter().all(|a| a.status == 201));
    let more = stranger.post("/v1/institutes/apply", academy("A6")).await;
    assert_eq!(more.problem(), "429 institute.too_many_applications");
    let officer = app.as_role(Role::TrainingOfficer);
    let path = format!("/v1/institutes/{}", applied[0].id());
    assert_eq!(officer.act(&format!("{path}/refuse")).await.expect_status(200)["status"], "refused");
    assert_eq!(officer.act(&format!("{path}/refuse")).await.problem(), "409 state.wrong");
    stranger.post("/v1/institutes/apply", academy("A6")).await.expect_status(201);
    let ask =
        json!({"institute_id": applied[0].id(), "application_secret": applied[0].body["application_secret"]});
    let status = "/v1/institutes/application-status";
    assert_eq!(stranger.post(status, ask.clone()).await.expect_status(200)["status"], "refused");

    app.clock.set(app.clock.now() + chrono::Duration::days(91));
    thuocdo::worker::tick(&app.gate).await.unwrap();
    let left = app.as_role(Role::TrainingOfficer).get(&path).await.expect_status(200);
    assert_eq!((&left["contact_email"], &left["contact_name"]), (&json!(""), &json!("")));
    assert_eq!(stranger.post(status, ask).await.faults(), ["/application_secret application_token_bad"]);
}

#[tokio::test]
async fn the_applicant_follows_the_application_and_opens_the_institutes_account() {
    let app = TestApp::spawn().await;
    let stranger = app.public();
    let applied = stranger.post("/v1/institutes/apply", academy("HVHC")).await.expect_status(201);
    let ask = json!({"institute_id": applied["id"], "application_secret": applied["application_secret"]});
    let status = "/v1/institutes/application-status";
    assert_eq!(stranger.post(status, ask.clone()).await.expect_status(200)["status"], "applied");
    let wrong = json!({"institute_id": applied["id"], "application_secret": "x"});
    assert_eq!(stranger.post(status, wrong).await.faults(), ["/application_secret application_token_bad"]);
    let open = |name: &str, password: &str| {
        let mut body = ask.clone();
        body["username"] = json!(name);
        body["password"] = json!(password);
        let stranger = stranger.clone();
        async move { stranger.post("/v1/institutes/activate", body).await }
    };
    let password = "năm con trâu lội qua sông";
    assert_eq!(open("hvhc", password).await.problem(), "409 institute.not_approved");
    let officer = app.as_role(Role::TrainingOfficer);
    let approve = format!("/v1/institutes/{}/approve", applied["id"].as_str().unwrap());
    officer.post(&approve, json!({"decision_number": DECISION})).await.expect_status(200);
    assert_eq!(stranger.post(status, ask.clone()).await.body["decision_number"], DECISION);
    assert_eq!(open("hvhc", "password1234").await.faults(), ["/password password_too_easy"]);
    assert_eq!(open("system", password).await.faults(), ["/username name_reserved"], "the secret stays good");
    open("hvhc", password).await.expect_status(204);
    let institute = app.sign_in("hvhc", password).await;
    let me = institute.get("/v1/me").await.expect_status(200);
    assert_eq!((&me["roles"], &me["institute_id"]), (&json!(["institute"]), &applied["id"]));
    assert_eq!(
        open("second", password).await.faults(),
        ["/application_secret application_token_bad"],
        "once"
    );
}
