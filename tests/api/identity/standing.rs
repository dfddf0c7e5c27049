//! Who left, moved or was replaced decides nothing any more; who came back, or came new, does.

use reqwest::Method;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::http::Defences;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::{Answer, Client};

/// Two units beside each other, below a third; a head of the first, and a colleague, who both have accounts.
struct Scene {
    app: TestApp,
    top: Uuid,
    first: Uuid,
    second: Uuid,
    hoa: Uuid,
    thu: Uuid,
    position: Uuid,
    portal: Client,
}

impl Scene {
    async fn new() -> Self {
        let app = TestApp::spawn().await;
        let top = app.unit("VP", None).await;
        let (first, second) = (app.unit("VP-TH", Some(top)).await, app.unit("VP-LT", Some(top)).await);
        let position = app.position("CV", "specialist", None).await;
        let hoa = app.employee("E1", "Trần Thị Hoa", first, position).await;
        let thu = app.employee("E2", "Lê Minh Thu", first, position).await;
        app.employee("E3", "Phạm Văn Đạt", second, position).await;
        app.set_head(first, hoa).await;
        let admin = app.as_role(Role::SystemAdmin);
        for (name, employee) in [("hoa", hoa), ("thu", thu)] {
            let roles = json!([{"role": "employee"}, {"role": "unit_head"}]);
            let account = json!({"username": name, "display_name": name, "password": PASSWORD,
                "employee_id": employee, "roles": roles});
            admin.post("/v1/accounts", account).await.expect_status(201);
        }
        let portal = app.as_role(Role::HrPortal);
        Self { app, top, first, second, hoa, thu, position, portal }
    }

    async fn change(&self, employee: Uuid, change: Value) {
        self.portal.patch(&format!("/v1/employees/{employee}"), "*", change).await.expect_status(200);
    }

    async fn head(&self, unit: Uuid, head: Option<Uuid>) {
        let path = format!("/v1/units/{unit}");
        self.portal.patch(&path, "*", json!({"head_employee_id": head})).await.expect_status(200);
    }

    async fn login(&self, name: &str) -> Answer {
        let form = [("grant_type", "password"), ("username", name), ("password", PASSWORD)];
        self.app.public().form("/oauth/token", &form).await
    }

    async fn units_of(&self, name: &str) -> Value {
        let me = self.app.sign_in(name, PASSWORD).await.get("/v1/me").await.expect_status(200);
        me["unit_ids"].clone()
    }

    fn leave(employee: Uuid) -> Value {
        json!({"employee_id": employee, "kind": "annual_leave", "starts_on": "2026-03-09", "starts_half": "morning",
            "ends_on": "2026-03-09", "ends_half": "afternoon"})
    }
}

#[tokio::test]
async fn who_left_reaches_nothing_and_signs_in_no_more_until_the_return() {
    let s = Scene::new().await;
    let other = s.app.replica(Defences::default());
    let login = s.login("hoa").await.expect_status(200);
    let (access, refresh) =
        (login["access_token"].as_str().unwrap(), login["refresh_token"].as_str().unwrap());
    let hoa = s.app.with_token(access);
    let admin = s.app.as_role(Role::SystemAdmin);
    let account = admin.all("/v1/accounts").await.into_iter().find(|a| a["username"] == "hoa").unwrap();
    let reset = format!("/v1/accounts/{}/reset-password", account["id"].as_str().unwrap());
    let offered = admin.act(&reset).await.expect_status(200)["reset_token"].clone();
    assert_eq!(hoa.all("/v1/employees").await.len(), 2);

    s.change(s.hoa, json!({"status": "left"})).await;
    assert_eq!(hoa.get("/v1/employees").await.body["reason"], "revoked");
    // Another replica has not read the list of revocations yet: its database refuses the change all the same.
    let elsewhere = hoa.at(&other.url);
    assert_eq!(elsewhere.post("/v1/absences", Scene::leave(s.thu)).await.body["reason"], "revoked");
    other.gate.refresh_revocations().await.unwrap();
    assert_eq!(elsewhere.get("/v1/employees").await.body["reason"], "revoked");

    assert_eq!(s.login("hoa").await.body["error"], "invalid_grant");
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(s.app.public().form("/oauth/token", &form).await.body["error"], "invalid_grant");
    let new = "năm con trâu lội qua sông";
    let change = json!({"current_password": PASSWORD, "new_password": new});
    assert_eq!(hoa.post("/v1/me/change-password", change).await.status, 401);
    let redeem = json!({"reset_token": offered, "new_password": new});
    let redeemed = s.app.public().post("/v1/password-resets", redeem).await;
    assert_eq!(redeemed.faults(), ["/reset_token reset_token_bad"]);
    assert_eq!(admin.act(&reset).await.status, 404);

    s.change(s.hoa, json!({"status": "active"})).await;
    assert_eq!(hoa.get("/v1/employees").await.status, 401, "the old token stays dead");
    assert_eq!(s.units_of("hoa").await, json!([s.first]), "whom the units still name as their head");
}

#[tokio::test]
async fn a_replaced_head_loses_the_unit_at_once_and_the_new_one_gains_it() {
    let s = Scene::new().await;
    let other = s.app.replica(Defences::default());
    let hoa = s.app.sign_in("hoa", PASSWORD).await;
    let thu = s.app.sign_in("thu", PASSWORD).await;
    assert_eq!((hoa.all("/v1/employees").await.len(), thu.all("/v1/employees").await.len()), (2, 1));
    s.head(s.first, Some(s.thu)).await;
    assert_eq!(hoa.get("/v1/employees").await.body["reason"], "revoked");
    let written = hoa.at(&other.url).post("/v1/absences", Scene::leave(s.thu)).await;
    assert_eq!(written.body["reason"], "revoked");
    assert_eq!((s.units_of("hoa").await, s.units_of("thu").await), (json!([]), json!([s.first])));
    let thu = s.app.sign_in("thu", PASSWORD).await;
    assert_eq!(thu.all("/v1/employees").await.len(), 2);
    // Nobody heads it: nobody reaches it.
    s.head(s.first, None).await;
    assert_eq!((s.units_of("hoa").await, s.units_of("thu").await), (json!([]), json!([])));
}

#[tokio::test]
async fn a_moved_head_loses_the_old_unit_whichever_way_the_portal_says_so() {
    let s = Scene::new().await;
    let hoa = s.app.sign_in("hoa", PASSWORD).await;
    s.change(s.hoa, json!({"unit_id": s.second})).await;
    assert_eq!(hoa.get("/v1/employees").await.body["reason"], "revoked");
    assert_eq!(s.units_of("hoa").await, json!([]));
    assert_eq!(s.portal.get(&format!("/v1/units/{}", s.first)).await.body["head_employee_id"], Value::Null);

    // By batch, units first: who is named head of the next unit keeps that, and loses the one before.
    s.head(s.first, Some(s.thu)).await;
    let units = json!({"items": [
        {"code": "VP-TH", "name": "TH", "kind": "division", "parent_code": "VP", "head_employee_code": "E2"},
        {"code": "VP-LT", "name": "LT", "kind": "division", "parent_code": "VP", "head_employee_code": "E2"}]});
    s.portal.post("/v1/units/batch", units).await.expect_status(200);
    assert_eq!(s.units_of("thu").await.as_array().unwrap().len(), 2);
    let moved = json!({"items": [{"code": "E2", "full_name": "Lê Minh Thu", "email": "e2@moit.gov.vn",
        "unit_code": "VP-LT", "job_position_code": "CV", "category": "civil_servant", "status": "active",
        "joined_on": "2015-01-01"}]});
    s.portal.post("/v1/employees/batch", moved).await.expect_status(200);
    assert_eq!(s.units_of("thu").await, json!([s.second]));
    // A head who moves to a unit below stays head; who moves up does not.
    s.head(s.top, Some(s.hoa)).await;
    s.change(s.hoa, json!({"unit_id": s.first})).await;
    assert_eq!(s.units_of("hoa").await, json!([s.top]));
    s.change(s.thu, json!({"unit_id": s.top})).await;
    assert_eq!(s.units_of("thu").await, json!([]));
}

#[tokio::test]
async fn who_left_is_named_head_of_nothing_and_one_person_heads_fifty_units_at_most() {
    let s = Scene::new().await;
    s.change(s.thu, json!({"status": "left"})).await;
    let path = format!("/v1/units/{}", s.second);
    let named = s.portal.patch(&path, "*", json!({"head_employee_id": s.thu})).await;
    assert_eq!(named.faults(), ["/head_employee_id employee_left"]);
    let new = json!({"code": "X", "name": "X", "kind": "division", "head_employee_id": s.thu});
    assert_eq!(s.portal.post("/v1/units", new).await.faults(), ["/head_employee_id employee_left"]);
    let row = |code: String, head: &str| json!({"code": code, "name": "X", "kind": "division", "head_employee_code": head});
    let batch = json!({"items": [row("X".to_owned(), "E2")]});
    let batch = s.portal.post("/v1/units/batch", batch).await;
    assert_eq!(batch.faults(), ["/items/0/head_employee_code employee_left"]);

    let many =
        |count: usize| json!({"items": (0..count).map(|i| row(format!("U{i}"), "E1")).collect::<Vec<_>>()});
    let fifty_one = s.portal.post("/v1/units/batch", many(50)).await;
    assert_eq!(fifty_one.problem(), "409 unit.head_of_too_many", "with the one she heads already");
    s.portal.post("/v1/units/batch", many(49)).await.expect_status(200);
    let hoa = s.app.sign_in("hoa", PASSWORD).await;
    assert_eq!(hoa.get("/v1/me").await.expect_status(200)["unit_ids"].as_array().unwrap().len(), 50);
    let _ = s.position;
}

#[tokio::test]
async fn machines_and_institutes_have_no_person_who_could_leave() {
    let s = Scene::new().await;
    let client = json!({"client_id": "portal", "display_name": "Portal", "roles": [{"role": "hr_portal"}]});
    let secret = s.app.as_role(Role::SystemAdmin).post("/v1/clients", client).await.expect_status(201);
    s.change(s.hoa, json!({"status": "left"})).await;
    let public = s.app.public();
    let request = public
        .request(Method::POST, "/oauth/token")
        .basic_auth("portal", secret["client_secret"].as_str())
        .form(&[("grant_type", "client_credentials")]);
    let token = public.send(request).await.expect_status(200);
    let portal = s.app.with_token(token["access_token"].as_str().unwrap());
    assert_eq!(portal.get("/v1/units").await.status, 200);
}
