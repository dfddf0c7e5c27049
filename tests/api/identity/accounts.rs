use serde_json::json;
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::app::PASSWORD;

#[tokio::test]
async fn an_administrator_opens_accounts_that_reach_as_far_as_their_roles() {
    let app = TestApp::spawn().await;
    let unit = app.unit("VP", None).await;
    let position = app.position("CV", "specialist", None).await;
    let person = app.employee("E1", "Lê Minh Thu", unit, position).await;
    app.set_head(unit, person).await;
    let admin = app.as_role(Role::SystemAdmin);
    let body = json!({
        "username": "Thu.Le", "display_name": "Lê Minh Thu", "password": "mật khẩu của Thu", "employee_id": person,
        "roles": [{"role": "employee"}, {"role": "unit_head", "unit_id": unit}]
    });
    let account = admin.post("/v1/accounts", body.clone()).await.expect_status(201);
    assert_eq!(account["username"], "thu.le");
    let thu = app.sign_in("thu.le", "mật khẩu của Thu").await;
    let me = thu.get("/v1/me").await.expect_status(200);
    assert_eq!((&me["unit_ids"], &me["employee_id"]), (&json!([unit]), &json!(person)));
    assert_eq!(admin.post("/v1/accounts", body).await.problem(), "409 account.username_taken");
    assert_eq!(admin.all("/v1/accounts").await.len(), 1);
}

#[tokio::test]
async fn roles_that_do_not_fit_the_account_are_refused() {
    let app = TestApp::spawn().await;
    let institute = app.institute("TD").await;
    let admin = app.as_role(Role::SystemAdmin);
    let account = |extra: serde_json::Value| {
        let mut body = json!({"username": "abc", "display_name": "A", "password": "twelve letters"});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    for (extra, fault) in [
        (json!({"roles": []}), "/roles too_few"),
        (json!({"roles": [{"role": "unit_head"}]}), "/employee_id required"),
        (
            json!({"roles": [{"role": "leader", "unit_id": uuid::Uuid::nil()}]}),
            "/roles/0/unit_id not_applicable",
        ),
        (json!({"roles": [{"role": "institute"}]}), "/institute_id required"),
        (json!({"roles": [{"role": "employee"}]}), "/employee_id required"),
        (json!({"roles": [{"role": "leader"}], "institute_id": institute}), "/roles institute_roles"),
        (json!({"roles": [{"role": "king"}]}), "/roles/0/role not_allowed"),
        (json!({"roles": [{"role": "leader"}], "password": "short"}), "/password too_short"),
    ] {
        let answer = admin.post("/v1/accounts", account(extra.clone())).await;
        assert_eq!(answer.faults(), [fault], "{extra}");
    }
}

#[tokio::test]
async fn nobody_changes_ones_own_roles_and_the_last_administrator_stays() {
    let app = TestApp::spawn().await;
    let (one, other) =
        (app.account("one", Role::SystemAdmin).await, app.account("other", Role::SystemAdmin).await);
    let admin = app.sign_in("one", PASSWORD).await;
    let own = format!("/v1/accounts/{one}");
    for change in [
        json!({"roles": [{"role": "training_officer"}, {"role": "system_admin"}]}),
        json!({"roles": [{"role": "system_admin"}]}),
        json!({"is_active": false}),
        json!({"is_active": true, "display_name": "Một"}),
    ] {
        assert_eq!(admin.patch(&own, "*", change).await.problem(), "409 account.own_rights");
    }
    admin.patch(&own, "*", json!({"display_name": "Một"})).await.expect_status(200);
    // A role without an account of its own stands for the service's command line here: it meets the last one.
    let shell = app.as_role(Role::SystemAdmin);
    shell.patch(&format!("/v1/accounts/{other}"), "*", json!({"is_active": false})).await.expect_status(200);
    for change in [json!({"is_active": false}), json!({"roles": [{"role": "leader"}]})] {
        assert_eq!(shell.patch(&own, "*", change).await.problem(), "409 account.last_administrator");
    }
    assert_eq!(admin.get("/v1/accounts").await.status, 200);
}

#[tokio::test]
async fn two_administrators_who_close_each_other_at_the_same_instant_leave_one() {
    let app = TestApp::spawn().await;
    let (a, b) = (app.account("one", Role::SystemAdmin).await, app.account("other", Role::SystemAdmin).await);
    let (one, other) = (app.sign_in("one", PASSWORD).await, app.sign_in("other", PASSWORD).await);
    let (of_a, of_b) = (format!("/v1/accounts/{a}"), format!("/v1/accounts/{b}"));
    let close = json!({"is_active": false});
    let (first, second) = tokio::join!(one.patch(&of_b, "*", close.clone()), other.patch(&of_a, "*", close));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!([401, 409].contains(&statuses[1]), "{statuses:?}");
    let accounts = app.as_role(Role::SystemAdmin).all("/v1/accounts").await;
    assert_eq!(accounts.iter().filter(|account| account["is_active"] == true).count(), 1);
}
