use reqwest::Method;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::http::Defences;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::{Answer, Client};

/// A unit with a head and a clerk who both have accounts, and a unit beside it.
struct Scene {
    app: TestApp,
    unit: Uuid,
    below: Uuid,
    elsewhere: Uuid,
    boss: Uuid,
    clerk: Uuid,
    head: Client,
}

async fn scene() -> Scene {
    let app = TestApp::spawn().await;
    let unit = app.unit("VP", None).await;
    let below = app.unit("VP-TH", Some(unit)).await;
    let elsewhere = app.unit("TCCB", None).await;
    let position = app.position("CV", "specialist", None).await;
    let boss = app.employee("E1", "Trần Thị Hoa", unit, position).await;
    let clerk = app.employee("E2", "Lê Minh Thu", unit, position).await;
    app.employee("E3", "Phạm Văn Đạt", elsewhere, position).await;
    app.set_head(unit, boss).await;
    let admin = app.as_role(Role::SystemAdmin);
    for (name, employee, roles) in [
        ("head", boss, json!([{"role": "employee"}, {"role": "unit_head"}])),
        ("deputy", clerk, json!([{"role": "employee"}])),
    ] {
        let account = json!({
            "username": name, "display_name": name, "password": PASSWORD, "employee_id": employee, "roles": roles
        });
        admin.post("/v1/accounts", account).await.expect_status(201);
    }
    let head = app.sign_in("head", PASSWORD).await;
    Scene { app, unit, below, elsewhere, boss, clerk, head }
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
        let request = deputy.request(Method::GET, path).header("On-Behalf-Of", delegation);
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
        let request = deputy.request(Method::POST, "/v1/absences").header("On-Behalf-Of", delegation);
        deputy.send(request.header("Idempotency-Key", "k").json(&absence))
    };
    let written = send(id).await.expect_status(201);
    let mut next_week = s.body();
    (next_week["valid_from"], next_week["valid_to"]) = (json!("2026-03-02"), json!("2026-03-13"));
    next_week["unit_id"] = json!(s.below);
    let second = s.head.post("/v1/delegations", next_week).await.expect_status(201);
    let again = s.app.sign_in("deputy", PASSWORD).await;
    let request =
        again.request(Method::POST, "/v1/absences").header("On-Behalf-Of", second["id"].as_str().unwrap());
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
async fn a_delegation_that_is_ended_is_over_at_once_on_every_replica() {
    let s = scene().await;
    let other = s.app.replica(Defences::default());
    let made = s.head.post("/v1/delegations", s.body()).await.expect_status(201);
    let id = made["id"].as_str().unwrap();
    let deputy = s.app.sign_in("deputy", PASSWORD).await.at(&other.url);
    let acting = || deputy.request(Method::GET, "/v1/employees").header("On-Behalf-Of", id);
    assert_eq!(deputy.send(acting()).await.status, 200);
    s.head.act(&format!("/v1/delegations/{id}/revoke")).await.expect_status(200);
    assert_eq!(deputy.send(acting()).await.faults(), ["On-Behalf-Of no_delegation"]);
    assert_eq!(deputy.get("/v1/employees").await.status, 200, "the deputy stays signed in");
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
    let request = deputy.request(Method::POST, "/v1/delegations").header("On-Behalf-Of", id);
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
    let acting = || deputy.request(Method::GET, "/v1/employees").header("On-Behalf-Of", id);
    assert_eq!(deputy.send(acting()).await.status, 200);

    let admin = s.app.as_role(Role::SystemAdmin);
    let accounts = admin.all("/v1/accounts").await;
    let head = accounts.iter().find(|a| a["username"] == "head").unwrap();
    let path = format!("/v1/accounts/{}", head["id"].as_str().unwrap());
    let etag = format!("\"{}\"", head["version"]);
    admin.patch(&path, &etag, json!({"roles": [{"role": "employee"}]})).await.expect_status(200);
    assert_eq!(deputy.send(acting()).await.faults(), ["On-Behalf-Of no_delegation"]);
    let me = s.app.sign_in("deputy", PASSWORD).await.get("/v1/me").await.expect_status(200);
    assert_eq!(me["delegations"], json!([]));
}

/// Forty delegations to one person once made that person's token too long for ourselves.
#[tokio::test]
async fn however_often_a_head_names_a_deputy_the_deputy_can_sign_in_and_end_it() {
    let s = scene().await;
    let mut made = Vec::new();
    for _ in 0..40 {
        let answer = s.head.post("/v1/delegations", s.body()).await;
        match made.len() {
            0 => made.push(answer.expect_status(201)["id"].as_str().unwrap().to_owned()),
            _ => assert_eq!(answer.problem(), "409 delegation.overlaps"),
        }
    }
    // One day after the other, and for units below: within the days nothing overlaps, and still it is bounded.
    let mut refused = 0;
    for day in 1..=20 {
        let mut body = s.body();
        body["valid_from"] = json!(format!("2026-04-{day:02}"));
        body["valid_to"] = body["valid_from"].clone();
        let answer = s.head.post("/v1/delegations", body).await;
        match answer.status {
            201 => made.push(answer.id().to_owned()),
            _ => {
                assert_eq!(answer.problem(), "409 delegation.too_many");
                refused += 1;
            }
        }
    }
    assert_eq!((made.len(), refused), (10, 11));
    let deputy = s.app.sign_in("deputy", PASSWORD).await;
    assert_eq!(deputy.get("/v1/me").await.expect_status(200)["delegations"].as_array().unwrap().len(), 10);
    // The deputy and an administrator see them and can end them; somebody else can neither.
    let admin = s.app.as_role(Role::SystemAdmin);
    assert_eq!(
        (deputy.all("/v1/delegations").await.len(), admin.all("/v1/delegations").await.len()),
        (10, 10)
    );
    let end = |id: &str| format!("/v1/delegations/{id}/revoke");
    let stranger = s.app.as_employee(s.boss);
    assert_eq!(stranger.act(&end(&made[0])).await.status, 404);
    deputy.act(&end(&made[0])).await.expect_status(200);
    admin.act(&end(&made[1])).await.expect_status(200);
    assert_eq!(deputy.get("/v1/me").await.body["delegations"].as_array().unwrap().len(), 8);
    s.head.post("/v1/delegations", s.body()).await.expect_status(201);
}

#[tokio::test]
async fn two_delegations_at_the_same_instant_are_one() {
    let s = scene().await;
    let attempts = (0..8).map(|_| s.head.post("/v1/delegations", s.body()));
    let mut statuses: Vec<u16> = futures::future::join_all(attempts).await.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn a_delegation_of_a_former_head_ends_and_does_not_block_a_new_one() {
    let s = scene().await;
    let old = s.head.post("/v1/delegations", s.body()).await.expect_status(201);
    let position = s.app.position("CVC", "specialist", None).await;
    let next = s.app.employee("E9", "Vũ Thị Lan", s.unit, position).await;
    let account = json!({"username": "next", "display_name": "Lan", "password": PASSWORD, "employee_id": next,
        "roles": [{"role": "employee"}, {"role": "unit_head"}]});
    s.app.as_role(Role::SystemAdmin).post("/v1/accounts", account).await.expect_status(201);
    s.app.set_head(s.unit, next).await;
    let refused = s.as_deputy(old["id"].as_str().unwrap(), "/v1/employees").await;
    assert_eq!(refused.faults(), ["On-Behalf-Of no_delegation"]);
    let next = s.app.sign_in("next", PASSWORD).await;
    let new = next.post("/v1/delegations", s.body()).await.expect_status(201);
    assert_eq!(s.as_deputy(new["id"].as_str().unwrap(), "/v1/employees").await.status, 200);
    // A deputy who leaves can no longer be named, nor act.
    let portal = s.app.as_role(Role::HrPortal);
    let deputy = s.app.sign_in("deputy", PASSWORD).await;
    portal
        .patch(&format!("/v1/employees/{}", s.clerk), "*", json!({"status": "left"}))
        .await
        .expect_status(200);
    let acting =
        deputy.request(Method::GET, "/v1/employees").header("On-Behalf-Of", new["id"].as_str().unwrap());
    assert_eq!(deputy.send(acting).await.body["reason"], "revoked");
    let mut later = s.body();
    (later["valid_from"], later["valid_to"]) = (json!("2026-05-01"), json!("2026-05-02"));
    assert_eq!(next.post("/v1/delegations", later).await.faults(), ["/deputy_employee_id deputy_unfit"]);
}

/// The guard answers before a body is looked at, also where it looks something up.
#[tokio::test]
async fn who_names_a_delegation_that_is_not_there_learns_nothing_of_the_body() {
    let s = scene().await;
    let deputy = s.app.sign_in("deputy", PASSWORD).await;
    for id in [Uuid::nil().to_string(), "nonsense".to_owned(), String::new()] {
        let request = deputy.request(Method::POST, "/v1/absences").header("On-Behalf-Of", &id);
        assert_eq!(deputy.send(request.body("{")).await.faults(), ["On-Behalf-Of no_delegation"], "{id}");
    }
    let public = s.app.public();
    let request =
        public.request(Method::POST, "/v1/absences").header("On-Behalf-Of", Uuid::nil().to_string());
    assert_eq!(public.send(request.body("{")).await.problem(), "401 authentication.required");
}
