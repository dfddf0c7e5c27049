use serde_json::json;
use thuocdo::access::Role;

use crate::support::TestApp;

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
