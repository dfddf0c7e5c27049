use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::{Answer, Client};

/// A unit with a head and a clerk who both have accounts, and a unit beside it.
struct Scene {
    app: TestApp,
    unit: Uuid,
    elsewhere: Uuid,
    clerk: Uuid,
    head: Client,
}

async fn scene() -> Scene {
    let app = TestApp::spawn().await;
    let unit = app.unit("VP", None).await;
    let elsewhere = app.unit("TCCB", None).await;
    let position = app.position("CV", "specialist", None).await;
    let boss = app.employee("E1", "Trần Thị Hoa", unit, position).await;
    let clerk = app.employee("E2", "Lê Minh Thu", unit, position).await;
    app.employee("E3", "Phạm Văn Đạt", elsewhere, position).await;
    let admin = app.as_role(Role::SystemAdmin);
    for (name, employee, roles) in [
        ("head", boss, json!([{"role": "employee"}, {"role": "unit_head", "unit_id": unit}])),
        ("deputy", clerk, json!([{"role": "employee"}])),
    ] {
        let account = json!({
            "username": name, "display_name": name, "password": PASSWORD, "employee_id": employee, "roles": roles
        });
        admin.post("/v1/accounts", account).await.expect_status(201);
    }
    let head = app.sign_in("head", PASSWORD).await;
    Scene { app, unit, elsewhere, clerk, head }
}

impl Scene {
    fn body(&self) -> Value {
        json!({
            "unit_id": self.unit, "deputy_employee_id": self.clerk, "reason": "Nghỉ phép", "valid_from": "2026-03-02",
            "valid_to": "2026-03-06"
        })
    }

    async fn as_deputy(&self, delegation: &str, path: &str) -> Answer {
        let deputy = self.app.sign_in("deputy", PASSWORD).await;
        let request = deputy.request(reqwest::Method::GET, path).header("On-Behalf-Of", delegation);
        deputy.send(request).await
    }
}

#[tokio::test]
async fn a_deputy_acts_for_the_head_within_the_days_and_says_so() {
    let s = scene().await;
    let made = s.head.post("/v1/delegations", s.body()).await.expect_status(201);
    let id = made["id"].as_str().unwrap();
    let deputy = s.app.sign_in("deputy", PASSWORD).await;
    let me = deputy.get("/v1/me").await.expect_status(200);
    assert_eq!(
        (&me["delegations"][0]["id"], &me["delegations"][0]["principal"]),
        (&json!(id), &json!("head"))
    );
    assert_eq!(deputy.all("/v1/employees").await.len(), 1, "without the header: oneself");

    let acting = s.as_deputy(id, "/v1/employees").await.expect_status(200);
    assert_eq!(acting["items"].as_array().unwrap().len(), 2, "with it: the unit, and not the one beside it");
    let me = s.as_deputy(id, "/v1/me").await.expect_status(200);
    assert_eq!((&me["on_behalf_of"], &me["roles"]), (&json!("head"), &json!(["unit_head"])));

    // The same key in the other capacity is another request: what the head may do is not replayed to the clerk.
    let absence = json!({
        "employee_id": s.clerk, "kind": "annual_leave", "starts_on": "2026-03-09", "starts_half": "morning",
        "ends_on": "2026-03-09", "ends_half": "afternoon"
    });
    let send = |delegation: &str| {
        let request =
            deputy.request(reqwest::Method::POST, "/v1/absences").header("On-Behalf-Of", delegation);
        deputy.send(request.header("Idempotency-Key", "k").json(&absence))
    };
    let written = send(id).await.expect_status(201);
    let second = s.head.post("/v1/delegations", s.body()).await.expect_status(201);
    let again = s.app.sign_in("deputy", PASSWORD).await;
    let request = again
        .request(reqwest::Method::POST, "/v1/absences")
        .header("On-Behalf-Of", second["id"].as_str().unwrap());
    let reused = again.send(request.header("Idempotency-Key", "k").json(&absence)).await;
    assert_eq!(reused.problem(), "422 idempotency.key_reused");

    let log = s.app.as_role(Role::Auditor);
    let entries = log.all(&format!("/v1/audit-log?subject_id={}", written["id"].as_str().unwrap())).await;
    assert!(entries.len() >= 2, "the event and the change of the row");
    for entry in entries {
        assert_eq!(
            (&entry["actor"]["name"], &entry["on_behalf_of"]["name"]),
            (&json!("deputy"), &json!("head"))
        );
    }

    s.app.clock.set("2026-03-07T02:00:00Z".parse().unwrap());
    let over = s.as_deputy(id, "/v1/employees").await;
    assert_eq!(over.faults(), ["On-Behalf-Of no_delegation"]);
}

#[tokio::test]
async fn a_delegation_taken_back_ends_at_once() {
    let s = scene().await;
    let made = s.head.post("/v1/delegations", s.body()).await.expect_status(201);
    let id = made["id"].as_str().unwrap();
    let deputy = s.app.sign_in("deputy", PASSWORD).await;
    s.head.act(&format!("/v1/delegations/{id}/revoke")).await.expect_status(200);
    let request = deputy.request(reqwest::Method::GET, "/v1/employees").header("On-Behalf-Of", id);
    assert_eq!(deputy.send(request).await.body["reason"], "revoked");
    assert_eq!(s.as_deputy(id, "/v1/employees").await.faults(), ["On-Behalf-Of no_delegation"]);
}

#[tokio::test]
async fn one_delegates_ones_own_units_to_ones_own_people_in_person() {
    let s = scene().await;
    let with = |member: &str, value: Value| {
        let mut body = s.body();
        body[member] = value;
        body
    };
    for (body, fault) in [
        (with("unit_id", json!(s.elsewhere)), "/unit_id unknown_reference"),
        (with("deputy_employee_id", json!(Uuid::nil())), "/deputy_employee_id unknown_reference"),
        (with("valid_to", json!("2026-03-01")), "/valid_to date_order"),
        (with("valid_to", json!("2028-03-01")), "/valid_to out_of_range"),
    ] {
        assert_eq!(s.head.post("/v1/delegations", body).await.faults(), [fault]);
    }
    let made = s.head.post("/v1/delegations", s.body()).await.expect_status(201);
    let id = made["id"].as_str().unwrap();
    let deputy = s.app.sign_in("deputy", PASSWORD).await;
    let request = deputy.request(reqwest::Method::POST, "/v1/delegations").header("On-Behalf-Of", id);
    assert_eq!(deputy.send(request.json(&s.body())).await.problem(), "409 delegation.by_deputy");
    // The deputy sees what was given to her; a stranger sees nothing.
    assert_eq!(deputy.all("/v1/delegations").await.len(), 1);
    let stranger = s.app.as_head(s.elsewhere, None);
    assert_eq!(stranger.all("/v1/delegations").await.len(), 0);
    assert_eq!(stranger.get(&format!("/v1/delegations/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_delegation_ends_at_once_when_its_giver_no_longer_heads_the_unit() {
    let s = scene().await;
    let made = s.head.post("/v1/delegations", s.body()).await.expect_status(201);
    let id = made["id"].as_str().unwrap();
    let deputy = s.app.sign_in("deputy", PASSWORD).await;
    let acting = || deputy.request(reqwest::Method::GET, "/v1/employees").header("On-Behalf-Of", id);
    assert_eq!(deputy.send(acting()).await.status, 200);

    let admin = s.app.as_role(Role::SystemAdmin);
    let accounts = admin.all("/v1/accounts").await;
    let head = accounts.iter().find(|a| a["username"] == "head").unwrap();
    let path = format!("/v1/accounts/{}", head["id"].as_str().unwrap());
    let etag = format!("\"{}\"", head["version"]);
    admin.patch(&path, &etag, json!({"roles": [{"role": "employee"}]})).await.expect_status(200);
    assert_eq!(deputy.send(acting()).await.body["reason"], "revoked");
    let me = s.app.sign_in("deputy", PASSWORD).await.get("/v1/me").await.expect_status(200);
    assert_eq!(me["delegations"], json!([]));
}
