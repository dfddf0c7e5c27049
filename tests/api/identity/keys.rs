use diesel_async::SimpleAsyncConnection;
use serde_json::Value;
use thuocdo::access::Role;
use thuocdo::db::migrate;
use thuocdo::identity::signing_keys;
use thuocdo::startup;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Client;

fn kid(token: &str) -> String {
    let header = jsonwebtoken::decode_header(token).expect("a token");
    header.kid.expect("a key id")
}

async fn published(app: &TestApp) -> Vec<String> {
    let jwks = app.public().get("/.well-known/jwks.json").await.expect_status(200);
    jwks["keys"].as_array().unwrap().iter().map(|k| k["kid"].as_str().unwrap().to_owned()).collect()
}

async fn sign_in(app: &TestApp) -> Value {
    let form = [("grant_type", "password"), ("username", "officer"), ("password", PASSWORD)];
    app.public().form("/oauth/token", &form).await.expect_status(200)
}

#[tokio::test]
async fn keys_change_while_everybody_stays_signed_in() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    app.system(async |tx| signing_keys::load_or_make(tx).await).await.unwrap();
    startup::refresh_keys(&app.gate, None).await.unwrap();
    let before = sign_in(&app).await;
    let old = kid(before["access_token"].as_str().unwrap());

    let (new, signs_from) = app.system(async |tx| signing_keys::rotate(tx).await).await.unwrap();
    startup::refresh_keys(&app.gate, None).await.unwrap();
    assert_eq!(published(&app).await, [old.clone(), new.clone()], "published before it signs");
    assert_eq!(kid(sign_in(&app).await["access_token"].as_str().unwrap()), old);

    app.clock.set(signs_from);
    let after = sign_in(&app).await;
    assert_eq!(kid(after["access_token"].as_str().unwrap()), new);
    for login in [&before, &after] {
        let officer = app.with_token(login["access_token"].as_str().unwrap());
        assert_eq!(officer.get("/v1/me").await.status, 200);
    }
    let form =
        [("grant_type", "refresh_token"), ("refresh_token", before["refresh_token"].as_str().unwrap())];
    assert_eq!(app.public().form("/oauth/token", &form).await.status, 200);

    app.clock.set(signs_from + chrono::Duration::hours(1));
    assert_eq!(published(&app).await, [new]);
    app.system(async |tx| signing_keys::forget_retired(tx).await).await.unwrap();
    let left = app.system(async |tx| signing_keys::load(tx).await).await.unwrap();
    assert_eq!(left.len(), 1, "the old private key is gone");
}

#[tokio::test]
async fn a_list_can_be_read_on_while_keys_change() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    app.system(async |tx| signing_keys::load_or_make(tx).await).await.unwrap();
    startup::refresh_keys(&app.gate, None).await.unwrap();
    for code in ["A", "B"] {
        app.unit(code, None).await;
    }
    let officer = app.with_token(sign_in(&app).await["access_token"].as_str().unwrap());
    let page = officer.get("/v1/units?limit=1").await.expect_status(200);
    let (_, signs_from) = app.system(async |tx| signing_keys::rotate(tx).await).await.unwrap();
    startup::refresh_keys(&app.gate, None).await.unwrap();
    app.clock.set(signs_from);
    let next = format!("/v1/units?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(officer.get(&next).await.status, 200);
}

/// The signature of a token is checked once; everything that ends it is asked about each time.
#[tokio::test]
async fn a_token_that_was_just_used_ends_with_its_time_its_login_and_its_key() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    app.system(async |tx| signing_keys::load_or_make(tx).await).await.unwrap();
    startup::refresh_keys(&app.gate, None).await.unwrap();
    let used = async || {
        let login = sign_in(&app).await;
        let officer = app.with_token(login["access_token"].as_str().unwrap());
        for _ in 0..2 {
            assert_eq!(officer.get("/v1/me").await.status, 200);
        }
        officer
    };
    let refused = async |officer: &Client| {
        let refused = officer.get("/v1/me").await;
        assert_eq!(refused.problem(), "401 authentication.required");
        refused.body["reason"].as_str().unwrap().to_owned()
    };

    let officer = used().await;
    app.clock.set(app.clock.now() + chrono::Duration::minutes(11));
    assert_eq!(refused(&officer).await, "expired");

    let officer = used().await;
    let login = officer.all("/v1/login-sessions").await[0]["id"].as_str().unwrap().to_owned();
    officer.act(&format!("/v1/login-sessions/{login}/end")).await.expect_status(200);
    assert_eq!(refused(&officer).await, "revoked");

    let officer = used().await;
    let (_, signs_from) = app.system(async |tx| signing_keys::rotate(tx).await).await.unwrap();
    startup::refresh_keys(&app.gate, None).await.unwrap();
    app.clock.set(signs_from);
    assert_eq!(officer.get("/v1/me").await.status, 200, "the old key verifies for an hour more");
    // What the operator does when a key leaked.
    let mut owner = migrate::open(&app.database_url).await.unwrap();
    let leaked = "DELETE FROM signing_keys WHERE signs_from < (SELECT max(signs_from) FROM signing_keys)";
    owner.batch_execute(leaked).await.unwrap();
    startup::refresh_keys(&app.gate, None).await.unwrap();
    assert_eq!(refused(&officer).await, "unknown_key");
    used().await;
}
