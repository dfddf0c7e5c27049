use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpResponse, HttpServer, web};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::tokens::Keys;
use thuocdo::tokens::provider::{Provider, Trust};

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;

/// An OpenID provider on a port of its own: its keys, and how often they were fetched.
struct Ministry {
    issuer: String,
    keys: Arc<Mutex<Vec<(String, EncodingKey)>>>,
    fetched: Arc<AtomicUsize>,
    handle: actix_web::dev::ServerHandle,
}

fn new_key(kid: &str) -> (String, EncodingKey) {
    (kid.to_owned(), EncodingKey::from_ed_der(&Keys::generate_pkcs8().unwrap()))
}

impl Ministry {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let keys = Arc::new(Mutex::new(vec![new_key("one")]));
        let fetched = Arc::new(AtomicUsize::new(0));
        let (place, held, count) = (issuer.clone(), keys.clone(), fetched.clone());
        let server = HttpServer::new(move || {
            let (place, held, count) = (place.clone(), held.clone(), count.clone());
            let discovery = move || {
                let body = json!({"issuer": place, "jwks_uri": format!("{place}/keys")});
                async move { HttpResponse::Ok().json(body) }
            };
            let jwks = move || {
                count.fetch_add(1, Ordering::SeqCst);
                let public = |(kid, key): &(String, EncodingKey)| {
                    let mut jwk = Jwk::from_encoding_key(key, Algorithm::EdDSA).unwrap();
                    jwk.common.key_id = Some(kid.clone());
                    jwk
                };
                let body = json!({"keys": held.lock().unwrap().iter().map(public).collect::<Vec<_>>()});
                async move { HttpResponse::Ok().json(body) }
            };
            App::new()
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/keys", web::get().to(jwks))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { issuer, keys, fetched, handle }
    }

    fn trust(&self) -> Trust {
        Trust {
            issuer: self.issuer.clone(),
            audience: "thuocdo".to_owned(),
            account_claim: "preferred_username".to_owned(),
            roles_claim: None,
            roles: Vec::new(),
        }
    }

    /// An ID token for a user, signed with the newest key.
    fn token(&self, app: &TestApp, username: &str, more: &Value) -> String {
        let now = app.clock.now().timestamp();
        let mut claims = json!({
            "iss": self.issuer, "aud": "thuocdo", "sub": username.to_lowercase(), "iat": now, "exp": now + 300,
            "preferred_username": username, "nonce": uuid_like(app)
        });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let keys = self.keys.lock().unwrap();
        let (kid, key) = keys.last().unwrap();
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(kid.clone());
        jsonwebtoken::encode(&header, &claims, key).unwrap()
    }
}

fn uuid_like(app: &TestApp) -> String {
    app.clock.new_id().to_string()
}

async fn sign_in(app: &TestApp, id_token: &str) -> Answer {
    let form = [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", id_token)];
    app.public().form("/oauth/token", &form).await
}

#[tokio::test]
async fn a_person_known_to_the_ministry_needs_no_second_password() {
    let (app, ministry) = (TestApp::spawn().await, Ministry::open());
    app.account("an.nguyen", Role::TrainingOfficer).await;
    let token = ministry.token(&app, "An.Nguyen", &json!({}));
    assert_eq!(
        sign_in(&app, &token).await.body["error"],
        "unsupported_grant_type",
        "nobody is trusted unasked"
    );
    app.gate.trust(Provider::new(ministry.trust()).unwrap());

    let granted = sign_in(&app, &token).await.expect_status(200);
    assert_eq!(granted["refresh_token"], Value::Null, "the ministry decides who goes on");
    let an = app.with_token(granted["access_token"].as_str().unwrap());
    let me = an.get("/v1/me").await.expect_status(200);
    assert_eq!((&me["username"], &me["roles"]), (&json!("an.nguyen"), &json!(["training_officer"])));
    assert_eq!(an.all("/v1/login-sessions").await.len(), 1, "and can be signed out here");

    let again = sign_in(&app, &token).await;
    assert!(again.body["error_description"].as_str().unwrap().contains("used before"));
    let stranger = sign_in(&app, &ministry.token(&app, "nobody", &json!({}))).await;
    assert_eq!((stranger.status, &stranger.body["error"]), (400, &json!("invalid_grant")));
    for (more, why) in [
        (json!({"aud": "mail"}), "audience"),
        (json!({"iss": "https://evil.example"}), "issuer"),
        (json!({"iat": 1000}), "expired"),
    ] {
        let answer = sign_in(&app, &ministry.token(&app, "an.nguyen", &more)).await;
        assert!(answer.body["error_description"].as_str().unwrap().contains(why), "{more}: {}", answer.body);
    }
    ministry.handle.stop(false).await;
}

#[tokio::test]
async fn groups_of_the_ministry_give_roles_but_no_unit() {
    let (app, ministry) = (TestApp::spawn().await, Ministry::open());
    app.account("an.nguyen", Role::Leader).await;
    let roles = vec![("kiem-toan".to_owned(), Role::Auditor), ("truong-phong".to_owned(), Role::UnitHead)];
    let trust = Trust { roles_claim: Some("groups".to_owned()), roles, ..ministry.trust() };
    app.gate.trust(Provider::new(trust).unwrap());
    let token = ministry.token(&app, "an.nguyen", &json!({"groups": ["kiem-toan", "truong-phong"]}));
    let granted = sign_in(&app, &token).await.expect_status(200);
    let me = app.with_token(granted["access_token"].as_str().unwrap()).get("/v1/me").await.expect_status(200);
    assert_eq!(me["roles"], json!(["auditor"]));
    ministry.handle.stop(false).await;
}

#[tokio::test]
async fn keys_are_kept_fetched_anew_for_an_unknown_one_and_used_on_when_the_provider_is_away() {
    let (app, ministry) = (TestApp::spawn().await, Ministry::open());
    app.account("an.nguyen", Role::TrainingOfficer).await;
    app.gate.trust(Provider::new(ministry.trust()).unwrap());
    let fetched = || ministry.fetched.load(Ordering::SeqCst);
    let token = || ministry.token(&app, "an.nguyen", &json!({}));
    for _ in 0..3 {
        assert_eq!(sign_in(&app, &token()).await.status, 200);
    }
    assert_eq!(fetched(), 1);

    ministry.keys.lock().unwrap().push(new_key("two"));
    let early = sign_in(&app, &token()).await;
    assert!(early.body["error_description"].as_str().unwrap().contains("not published"));
    assert_eq!(fetched(), 1, "strangers cannot make us fetch as often as they like");
    app.clock.set(app.clock.now() + chrono::Duration::seconds(31));
    assert_eq!(sign_in(&app, &token()).await.status, 200);
    assert_eq!(fetched(), 2);

    ministry.handle.stop(false).await;
    app.clock.set(app.clock.now() + chrono::Duration::hours(2));
    assert_eq!(sign_in(&app, &token()).await.status, 200, "the known keys are used on");
}

#[tokio::test]
async fn a_provider_that_never_answered_is_a_passing_trouble() {
    let (app, ministry) = (TestApp::spawn().await, Ministry::open());
    app.gate.trust(Provider::new(ministry.trust()).unwrap());
    let token = ministry.token(&app, "an.nguyen", &json!({}));
    ministry.handle.stop(false).await;
    assert_eq!(sign_in(&app, &token).await.problem(), "503 service.unavailable");
}

/// An institute's account is no account of the ministry, whatever group somebody put it in.
#[tokio::test]
async fn a_group_of_the_ministry_gives_an_institutes_account_nothing() {
    let (app, ministry) = (TestApp::spawn().await, Ministry::open());
    let institute = app.institute("TDT").await;
    let account = json!({"username": "tdt", "display_name": "TDT", "password": PASSWORD, "institute_id": institute,
        "roles": [{"role": "institute"}]});
    app.as_role(Role::SystemAdmin).post("/v1/accounts", account).await.expect_status(201);
    let group = |name: &str, role| (name.to_owned(), role);
    let roles =
        vec![group("dt", Role::TrainingOfficer), group("ld", Role::Leader), group("qt", Role::SystemAdmin)];
    app.gate.trust(
        Provider::new(Trust { roles_claim: Some("groups".to_owned()), roles, ..ministry.trust() }).unwrap(),
    );
    let token = ministry.token(&app, "tdt", &json!({"groups": ["dt", "ld", "qt"]}));
    let granted = sign_in(&app, &token).await.expect_status(200);
    let tdt = app.with_token(granted["access_token"].as_str().unwrap());
    assert_eq!(tdt.get("/v1/me").await.body["roles"], json!(["institute"]));
    assert_eq!(tdt.get("/v1/employees").await.problem(), "403 permission.missing");
    ministry.handle.stop(false).await;
}

#[tokio::test]
async fn a_user_name_that_changes_hands_does_not_take_the_account_along() {
    let (app, ministry) = (TestApp::spawn().await, Ministry::open());
    let an = app.account("an.nguyen", Role::TrainingOfficer).await;
    app.account("binh.tran", Role::Leader).await;
    app.gate.trust(Provider::new(ministry.trust()).unwrap());
    let token = |name: &str, sub: &str| ministry.token(&app, name, &json!({"sub": sub}));
    let as_who = async |name: &str, sub: &str| {
        let answer = sign_in(&app, &token(name, sub)).await;
        match answer.body["access_token"].as_str() {
            Some(token) => app.with_token(token).get("/v1/me").await.body["username"].clone(),
            None => answer.body["error"].clone(),
        }
    };
    assert_eq!(as_who("an.nguyen", "17").await, "an.nguyen");
    assert_eq!(as_who("an.nguyen", "18").await, "invalid_grant", "somebody else got the name");
    assert_eq!(as_who("an.nguyen2", "17").await, "an.nguyen", "the same person under a new name");
    assert_eq!(as_who("binh.tran", "17").await, "invalid_grant", "a name that is another account's");
    assert_eq!(as_who("binh.tran", "19").await, "binh.tran");
    for (more, what) in [
        (json!({"azp": "mail"}), "audience"),
        (json!({"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}), "type"),
        (json!({"typ": "Bearer"}), "type"),
        (json!({"sub": null}), "claim"),
    ] {
        let answer = sign_in(&app, &ministry.token(&app, "binh.tran", &more)).await;
        assert!(answer.body["error_description"].as_str().unwrap().contains(what), "{more}: {}", answer.body);
    }
    // An administrator unbinds: the next who signs in by that name is bound.
    let admin = app.as_role(Role::SystemAdmin);
    let signed_in = sign_in(&app, &token("an.nguyen", "17")).await.expect_status(200);
    let before = app.with_token(signed_in["access_token"].as_str().unwrap());
    let path = format!("/v1/accounts/{an}");
    assert_eq!(admin.get(&path).await.body["is_bound_to_provider"], true);
    let unbound = admin.act(&format!("{path}/unbind-provider")).await.expect_status(200);
    assert_eq!(unbound["is_bound_to_provider"], false);
    assert_eq!(before.get("/v1/me").await.status, 401);
    assert_eq!(as_who("an.nguyen", "18").await, "an.nguyen");
    assert_eq!(as_who("an.nguyen", "17").await, "invalid_grant");
    ministry.handle.stop(false).await;
}

/// Who left is let in by no door.
#[tokio::test]
async fn who_left_is_not_signed_in_by_the_ministry_either() {
    let (app, ministry) = (TestApp::spawn().await, Ministry::open());
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let person = app.employee("E1", "Lê Minh Thu", unit, position).await;
    let account = json!({"username": "thu", "display_name": "Thu", "password": PASSWORD, "employee_id": person,
        "roles": [{"role": "employee"}]});
    app.as_role(Role::SystemAdmin).post("/v1/accounts", account).await.expect_status(201);
    app.gate.trust(Provider::new(ministry.trust()).unwrap());
    assert_eq!(sign_in(&app, &ministry.token(&app, "thu", &json!({}))).await.status, 200);
    let portal = app.as_role(Role::HrPortal);
    let path = format!("/v1/employees/{person}");
    portal.patch(&path, "*", json!({"status": "left"})).await.expect_status(200);
    assert_eq!(sign_in(&app, &ministry.token(&app, "thu", &json!({}))).await.body["error"], "invalid_grant");
    portal.patch(&path, "*", json!({"status": "on_leave"})).await.expect_status(200);
    assert_eq!(sign_in(&app, &ministry.token(&app, "thu", &json!({}))).await.status, 200);
    ministry.handle.stop(false).await;
}
