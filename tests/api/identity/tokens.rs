use serde_json::json;
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::app::PASSWORD;

#[tokio::test]
async fn people_and_machines_get_tokens_for_what_their_roles_allow() {
    let app = TestApp::spawn().await;
    app.account("admin", Role::SystemAdmin).await;
    let admin = app.sign_in("Admin", PASSWORD).await;
    let client =
        json!({"client_id": "hr-portal", "display_name": "Portal", "roles": [{"role": "hr_portal"}]});
    let made = admin.post("/v1/clients", client).await.expect_status(201);
    let secret = made["client_secret"].as_str().unwrap();

    let request = app.public().request(reqwest::Method::POST, "/oauth/token");
    let request = request.basic_auth("hr-portal", Some(secret)).form(&[("grant_type", "client_credentials")]);
    let token = app.public().send(request).await.expect_status(200);
    let portal = app.with_token(token["access_token"].as_str().unwrap());
    let me = portal.get("/v1/me").await.expect_status(200);
    assert_eq!(me["roles"], json!(["hr_portal"]));
    assert_eq!(portal.get("/v1/accounts").await.problem(), "403 permission.missing");
    assert_eq!(portal.get("/v1/units").await.status, 200);
}

#[tokio::test]
async fn a_wrong_secret_is_refused_in_the_words_of_oauth() {
    let app = TestApp::spawn().await;
    app.account("admin", Role::SystemAdmin).await;
    for (pairs, status, error) in [
        (
            vec![("grant_type", "password"), ("username", "admin"), ("password", "wrong")],
            400,
            "invalid_grant",
        ),
        (vec![("grant_type", "password"), ("username", "nobody"), ("password", "x")], 400, "invalid_grant"),
        (vec![("grant_type", "password"), ("username", "admin")], 400, "invalid_request"),
        (vec![("grant_type", "implicit")], 400, "unsupported_grant_type"),
        (vec![("username", "admin"), ("password", PASSWORD)], 400, "invalid_request"),
        (vec![("grant_type", "password"), ("grant_type", "password")], 400, "invalid_request"),
        (
            vec![("grant_type", "client_credentials"), ("client_id", "admin"), ("client_secret", PASSWORD)],
            401,
            "invalid_client",
        ),
    ] {
        let answer = app.public().form("/oauth/token", &pairs).await;
        assert_eq!((answer.status, answer.body["error"].as_str()), (status, Some(error)), "{pairs:?}");
    }
}

#[tokio::test]
async fn a_closed_account_changes_nothing_with_a_token_it_still_has() {
    use diesel::prelude::*;
    use diesel_async::RunQueryDsl;
    use thuocdo::db::schema::accounts::dsl;
    let app = TestApp::spawn().await;
    let id = app.account("officer", Role::TrainingOfficer).await;
    let officer = app.sign_in("officer", PASSWORD).await;
    let unit = json!({"code": "A", "name": "A", "kind": "agency"});
    officer.post("/v1/units", unit.clone()).await.expect_status(201);
    app.system(async |tx| {
        diesel::update(dsl::accounts.find(id)).set(dsl::epoch.eq(2)).execute(tx.conn()).await?;
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(officer.post("/v1/units", unit).await.problem(), "401 authentication.required");
}

#[tokio::test]
async fn a_token_allows_what_it_was_asked_for_and_so_do_those_it_is_refreshed_to() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    let public = app.public();
    let person = [("grant_type", "password"), ("username", "officer"), ("password", PASSWORD)];
    let asked = async |scope: &'static str| {
        public.form("/oauth/token", &[&person[..], &[("scope", scope)]].concat()).await
    };
    for nonsense in ["nonsense:read", "units:read nonsense", "UNITS:READ", "audit:read"] {
        let answer = asked(nonsense).await;
        assert_eq!((answer.status, &answer.body["error"]), (400, &json!("invalid_scope")), "{nonsense}");
    }
    let everything = asked(" ").await.expect_status(200);
    assert!(everything["scope"].as_str().unwrap().contains("employees:read"));

    // What the roles do not grant is left out, and the answer says so.
    let token = asked("units:read audit:read").await.expect_status(200);
    assert_eq!(token["scope"], "units:read");
    let officer = app.with_token(token["access_token"].as_str().unwrap());
    officer.get("/v1/units").await.expect_status(200);
    for path in ["/v1/employees", "/v1/me"] {
        let refused = officer.get(path).await;
        assert_eq!(refused.problem(), "403 permission.missing", "{path}");
        assert!(refused.header("www-authenticate").contains("insufficient_scope"), "{path}");
    }

    let refresh = async |token: &serde_json::Value, scope: &'static str| {
        let token = token["refresh_token"].as_str().unwrap();
        let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
        public.form("/oauth/token", &form).await
    };
    let more = refresh(&token, "units:read employees:read").await;
    assert_eq!((more.status, &more.body["error"]), (400, &json!("invalid_scope")), "more than the login");
    let next = refresh(&token, "").await.expect_status(200);
    assert_eq!(next["scope"], "units:read", "and the token was not used up by the refusal");
    let less = refresh(&everything, "courses:read").await.expect_status(200);
    assert_eq!(less["scope"], "courses:read");
    let again = refresh(&less, "").await.expect_status(200);
    assert!(again["scope"].as_str().unwrap().contains("employees:read"), "the login is what it was");
}
