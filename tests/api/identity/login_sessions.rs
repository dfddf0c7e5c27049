use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::http::Defences;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;

async fn sign_in(app: &TestApp, name: &str) -> Value {
    let form = [("grant_type", "password"), ("username", name), ("password", PASSWORD)];
    app.public().form("/oauth/token", &form).await.expect_status(200)
}

async fn refresh(app: &TestApp, token: &Value) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str().expect("a refresh token"))];
    app.public().form("/oauth/token", &form).await
}

fn unit(code: &str) -> Value {
    json!({"code": code, "name": code, "kind": "agency"})
}

#[tokio::test]
async fn each_refresh_token_is_good_once_and_a_spent_one_ends_the_login() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    let first = sign_in(&app, "officer").await;
    let second = refresh(&app, &first["refresh_token"]).await.expect_status(200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let officer = app.with_token(second["access_token"].as_str().unwrap());
    officer.post("/v1/units", unit("A")).await.expect_status(201);

    // Somebody else held the first token, too: nobody can know who is the thief, so the login ends.
    let reused = refresh(&app, &first["refresh_token"]).await;
    assert_eq!((reused.status, &reused.body["error"]), (400, &json!("invalid_grant")));
    assert_eq!(refresh(&app, &second["refresh_token"]).await.status, 400);
    let refused = officer.get("/v1/units").await;
    assert_eq!(
        (refused.problem().as_str(), &refused.body["reason"]),
        ("401 authentication.required", &json!("revoked"))
    );

    let again = app.with_token(sign_in(&app, "officer").await["access_token"].as_str().unwrap());
    let logins = again.all("/v1/login-sessions").await;
    assert_eq!(logins[1]["end_reason"], "token_reused");
    assert_eq!((&logins[0]["is_current"], &logins[0]["is_open"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn of_two_who_refresh_at_once_one_wins_and_the_login_ends() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    let login = sign_in(&app, "officer").await;
    let (one, two) =
        tokio::join!(refresh(&app, &login["refresh_token"]), refresh(&app, &login["refresh_token"]));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    let winner = if one.status == 200 { one } else { two };
    assert_eq!(refresh(&app, &winner.body["refresh_token"]).await.status, 400);
}

#[tokio::test]
async fn a_login_is_over_after_two_idle_weeks_or_a_month() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    let start = app.clock.now();
    let idle = sign_in(&app, "officer").await;
    let mut used = sign_in(&app, "officer").await;
    for week in [1, 2, 3, 4] {
        app.clock.set(start + chrono::Duration::weeks(week));
        used = refresh(&app, &used["refresh_token"]).await.expect_status(200);
    }
    assert_eq!(refresh(&app, &idle["refresh_token"]).await.status, 400);
    app.clock.set(start + chrono::Duration::days(30));
    assert_eq!(refresh(&app, &used["refresh_token"]).await.status, 400);
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_logins_only() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    app.account("admin", Role::SystemAdmin).await;
    let lost = sign_in(&app, "officer").await;
    let officer = app.with_token(sign_in(&app, "officer").await["access_token"].as_str().unwrap());
    let admin = app.with_token(sign_in(&app, "admin").await["access_token"].as_str().unwrap());

    let logins = officer.all("/v1/login-sessions").await;
    assert_eq!(logins.len(), 2);
    let id = logins[1]["id"].as_str().unwrap();
    let end = format!("/v1/login-sessions/{id}/end");
    assert_eq!(admin.act(&end).await.problem(), "404 resource.not_found");
    let ended = officer.act(&end).await.expect_status(200);
    assert_eq!((&ended["is_open"], &ended["end_reason"]), (&json!(false), &json!("signed_out")));
    assert_eq!(refresh(&app, &lost["refresh_token"]).await.status, 400);
    let thief = app.with_token(lost["access_token"].as_str().unwrap());
    assert_eq!(thief.get("/v1/me").await.status, 401);
    assert_eq!(officer.get("/v1/me").await.status, 200);
}

#[tokio::test]
async fn another_replica_learns_of_a_revoked_login_and_refuses_changes_before_it_does() {
    let app = TestApp::spawn().await;
    let other = app.replica(Defences::default());
    app.account("officer", Role::TrainingOfficer).await;
    let login = sign_in(&app, "officer").await;
    let token = login["access_token"].as_str().unwrap();
    let form = [("token", login["refresh_token"].as_str().unwrap())];
    assert_eq!(app.public().form("/oauth/revoke", &form).await.status, 200);

    assert_eq!(app.with_token(token).get("/v1/units").await.status, 401);
    let elsewhere = other.with_token(token);
    assert_eq!(elsewhere.get("/v1/units").await.status, 200, "a second at the most");
    assert_eq!(elsewhere.post("/v1/units", unit("A")).await.body["reason"], "revoked");
    other.gate.refresh_revocations().await.unwrap();
    assert_eq!(elsewhere.get("/v1/units").await.body["reason"], "revoked");
}
