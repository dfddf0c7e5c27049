use serde_json::json;
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;

const NEW: &str = "năm con trâu lội qua sông";

async fn attempt(app: &TestApp, name: &str, password: &str) -> Answer {
    let form = [("grant_type", "password"), ("username", name), ("password", password)];
    app.public().form("/oauth/token", &form).await
}

#[tokio::test]
async fn a_password_that_is_easy_to_guess_is_refused() {
    let app = TestApp::spawn().await;
    let admin = app.as_role(Role::SystemAdmin);
    for password in ["password1234", "Thu.Le.Thu.Le", "111111111111"] {
        let body = json!({
            "username": "thu.le", "display_name": "Lê Minh Thu", "password": password, "roles": [{"role": "leader"}]
        });
        assert_eq!(
            admin.post("/v1/accounts", body).await.faults(),
            ["/password password_too_easy"],
            "{password}"
        );
    }
}

#[tokio::test]
async fn a_changed_password_ends_all_other_logins() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    let other = attempt(&app, "officer", PASSWORD).await.expect_status(200);
    let login = attempt(&app, "officer", PASSWORD).await.expect_status(200);
    let officer = app.with_token(login["access_token"].as_str().unwrap());

    let change = |current: &str, new: &str| json!({"current_password": current, "new_password": new});
    let path = "/v1/me/change-password";
    assert_eq!(officer.post(path, change("wrong", NEW)).await.faults(), ["/current_password password_wrong"]);
    assert_eq!(
        officer.post(path, change(PASSWORD, "officer officer")).await.faults(),
        ["/new_password password_too_easy"]
    );
    officer.post(path, change(PASSWORD, NEW)).await.expect_status(204);

    assert_eq!(officer.get("/v1/me").await.body["reason"], "revoked", "the token of before the change");
    let refresh = |token: &serde_json::Value| {
        let token = token.as_str().unwrap().to_owned();
        let public = app.public();
        async move {
            public
                .form("/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", &token)])
                .await
                .status
        }
    };
    assert_eq!(refresh(&login["refresh_token"]).await, 200);
    assert_eq!(refresh(&other["refresh_token"]).await, 400);
    assert_eq!(attempt(&app, "officer", PASSWORD).await.status, 400);
    assert_eq!(attempt(&app, "officer", NEW).await.status, 200);
}

#[tokio::test]
async fn who_forgot_the_password_sets_a_new_one_with_a_token_that_is_good_once() {
    let app = TestApp::spawn().await;
    let id = app.account("officer", Role::TrainingOfficer).await;
    let login = attempt(&app, "officer", PASSWORD).await.expect_status(200);
    let admin = app.as_role(Role::SystemAdmin);
    let path = format!("/v1/accounts/{id}/reset-password");
    let older = admin.act(&path).await.expect_status(200);
    let offer = admin.act(&path).await.expect_status(200);

    let redeem = |token: &serde_json::Value, new: &str| {
        let body = json!({"reset_token": token, "new_password": new});
        let public = app.public();
        async move { public.post("/v1/password-resets", body).await }
    };
    assert_eq!(redeem(&older["reset_token"], NEW).await.faults(), ["/reset_token reset_token_bad"]);
    assert_eq!(
        redeem(&offer["reset_token"], "123456789012").await.faults(),
        ["/new_password password_too_easy"]
    );
    redeem(&offer["reset_token"], NEW).await.expect_status(204);
    assert_eq!(redeem(&offer["reset_token"], NEW).await.faults(), ["/reset_token reset_token_bad"]);
    assert_eq!(app.with_token(login["access_token"].as_str().unwrap()).get("/v1/me").await.status, 401);
    assert_eq!(attempt(&app, "officer", NEW).await.status, 200);

    let late = admin.act(&path).await.expect_status(200);
    app.clock.set(app.clock.now() + chrono::Duration::hours(25));
    assert_eq!(redeem(&late["reset_token"], PASSWORD).await.faults(), ["/reset_token reset_token_bad"]);
}

#[tokio::test]
async fn guessing_is_slowed_down_for_the_guesser_and_ends_by_itself() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    app.account("auditor", Role::Auditor).await;
    for _ in 0..6 {
        assert_eq!(attempt(&app, "officer", "wrong").await.status, 400);
    }
    let slowed = attempt(&app, "OFFICER", PASSWORD).await;
    assert_eq!((slowed.problem().as_str(), slowed.header("retry-after")), ("429 login.slowed", "2"));
    assert_eq!(attempt(&app, "auditor", PASSWORD).await.status, 200, "others at the address are not held up");
    app.clock.set(app.clock.now() + chrono::Duration::seconds(3));
    assert_eq!(attempt(&app, "officer", PASSWORD).await.status, 200);
    assert_eq!(attempt(&app, "officer", "wrong").await.status, 400, "counted from nothing again");
}

#[tokio::test]
async fn guesses_side_by_side_are_counted_like_guesses_in_a_row() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    let guesses = (0..20).map(|_| attempt(&app, "officer", "wrong"));
    let statuses: Vec<u16> = futures::future::join_all(guesses).await.iter().map(|a| a.status).collect();
    assert_eq!(statuses.iter().filter(|s| **s == 400).count(), 6, "{statuses:?}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_slowed_down_like_one_that_does() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    for name in ["officer", "nobody"] {
        let mut told = Vec::new();
        for _ in 0..7 {
            let answer = attempt(&app, name, "wrong").await;
            told.push((answer.status, answer.body["error"].clone(), answer.body["type"].clone()));
        }
        assert_eq!((told[5].0, told[6].0), (400, 429), "{name}");
    }
}

#[tokio::test]
async fn a_stolen_token_does_not_help_to_guess_the_password() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    let officer = app.sign_in("officer", PASSWORD).await;
    let guess = |current: &str| {
        let body = json!({"current_password": current, "new_password": NEW});
        let officer = officer.clone();
        async move { officer.post("/v1/me/change-password", body).await }
    };
    for _ in 0..6 {
        assert_eq!(guess("wrong").await.faults(), ["/current_password password_wrong"]);
    }
    assert_eq!(guess(PASSWORD).await.problem(), "429 login.slowed");
    app.clock.set(app.clock.now() + chrono::Duration::seconds(3));
    guess(PASSWORD).await.expect_status(204);
    assert_eq!(attempt(&app, "officer", NEW).await.status, 200);
}
