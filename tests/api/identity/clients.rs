use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::tokens::Keys;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const TOKEN_ENDPOINT: &str = "http://thuocdo.test/oauth/token";

/// A client that signs its own assertions.
struct Signer {
    key: EncodingKey,
    jwks: Value,
}

impl Signer {
    fn new() -> Self {
        let key = EncodingKey::from_ed_der(&Keys::generate_pkcs8().unwrap());
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();
        jwk.common.key_id = Some("one".to_owned());
        Self { jwks: json!({"keys": [jwk]}), key }
    }

    fn assertion(&self, app: &TestApp, jti: &str) -> String {
        let now = app.clock.now().timestamp();
        let claims = json!({
            "iss": "institute-a", "sub": "institute-a", "aud": TOKEN_ENDPOINT, "iat": now, "exp": now + 60, "jti": jti
        });
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("one".to_owned());
        jsonwebtoken::encode(&header, &claims, &self.key).unwrap()
    }
}

async fn token(app: &TestApp, assertion: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    app.public().form("/oauth/token", &form).await
}

#[tokio::test]
async fn a_client_with_keys_signs_assertions_that_are_good_once() {
    let app = TestApp::spawn().await;
    let signer = Signer::new();
    let admin = app.as_role(Role::SystemAdmin);
    let client = json!({
        "client_id": "institute-a", "display_name": "A", "jwks": signer.jwks, "roles": [{"role": "hr_portal"}]
    });
    let made = admin.post("/v1/clients", client).await.expect_status(201);
    assert_eq!(made["client_secret"], Value::Null);

    let assertion = signer.assertion(&app, "1");
    let granted = token(&app, &assertion).await.expect_status(200);
    assert_eq!(granted["refresh_token"], Value::Null, "machines sign in anew");
    assert_eq!(app.with_token(granted["access_token"].as_str().unwrap()).get("/v1/units").await.status, 200);

    let again = token(&app, &assertion).await;
    assert_eq!((again.status, again.body["error"].as_str()), (401, Some("invalid_client")));
    assert!(again.body["error_description"].as_str().unwrap().contains("used before"));
    let stranger = token(&app, &Signer::new().assertion(&app, "2")).await;
    assert!(stranger.body["error_description"].as_str().unwrap().contains("signature"));

    // The next pair of keys: the old one is no longer good.
    let next = Signer::new();
    let account = &made["client"];
    let path = format!("/v1/accounts/{}", account["id"].as_str().unwrap());
    admin.patch(&path, "\"1\"", json!({"jwks": next.jwks})).await.expect_status(200);
    assert_eq!(token(&app, &signer.assertion(&app, "3")).await.status, 401);
    assert_eq!(token(&app, &next.assertion(&app, "4")).await.status, 200);
}

#[tokio::test]
async fn a_machine_administers_nothing() {
    let app = TestApp::spawn().await;
    let admin = app.as_role(Role::SystemAdmin);
    let roles = json!([{"role": "hr_portal"}, {"role": "system_admin"}]);
    let client = json!({"client_id": "portal", "display_name": "Portal", "roles": roles});
    assert_eq!(admin.post("/v1/clients", client).await.faults(), ["/roles/1/role not_applicable"]);
    let (id, _) = with_secret(&app).await;
    let more = admin.patch(&format!("/v1/accounts/{id}"), "*", json!({"roles": roles})).await;
    assert_eq!(more.faults(), ["/roles/1/role not_applicable"]);
}

#[tokio::test]
async fn a_private_key_sent_by_mistake_is_refused() {
    let app = TestApp::spawn().await;
    let mut jwks = Signer::new().jwks;
    jwks["keys"][0]["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    let client = json!({"client_id": "institute-a", "display_name": "A", "jwks": jwks, "roles": [{"role": "hr_portal"}]});
    let answer = app.as_role(Role::SystemAdmin).post("/v1/clients", client).await;
    assert_eq!(answer.faults(), ["/jwks/keys/0 private_key"]);
}

/// A client with a secret, and its secret.
async fn with_secret(app: &TestApp) -> (String, String) {
    let client = json!({"client_id": "portal", "display_name": "Portal", "roles": [{"role": "hr_portal"}]});
    let made = app.as_role(Role::SystemAdmin).post("/v1/clients", client).await.expect_status(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made["client"]["id"]), text(&made["client_secret"]))
}

async fn as_client(app: &TestApp, secret: &str, path: &str, form: &[(&str, &str)]) -> Answer {
    let public = app.public();
    public.send(public.request(Method::POST, path).basic_auth("portal", Some(secret)).form(form)).await
}

#[tokio::test]
async fn a_client_asks_about_tokens_and_ends_its_own() {
    let app = TestApp::spawn().await;
    let (_, secret) = with_secret(&app).await;
    let grant = [("grant_type", "client_credentials")];
    let own = as_client(&app, &secret, "/oauth/token", &grant).await.expect_status(200);
    let own = own["access_token"].as_str().unwrap();

    let told = as_client(&app, &secret, "/oauth/introspect", &[("token", own)]).await.expect_status(200);
    assert_eq!((&told["active"], &told["username"]), (&json!(true), &json!("portal")));
    assert_eq!(told["iss"], "http://thuocdo.test");
    // Of the tokens of others, people's and machines', a client learns nothing.
    app.account("officer", Role::TrainingOfficer).await;
    let login = [("grant_type", "password"), ("username", "officer"), ("password", PASSWORD)];
    let person = app.public().form("/oauth/token", &login).await.expect_status(200);
    let client = json!({"client_id": "other", "display_name": "Other", "roles": [{"role": "hr_portal"}]});
    let made = app.as_role(Role::SystemAdmin).post("/v1/clients", client).await.expect_status(201);
    let public = app.public();
    let request = public.request(Method::POST, "/oauth/token");
    let request = request.basic_auth("other", made["client_secret"].as_str()).form(&grant);
    let machine = public.send(request).await.expect_status(200);
    for token in [&person["access_token"], &person["refresh_token"], &machine["access_token"]] {
        let form = [("token", token.as_str().unwrap())];
        let told = as_client(&app, &secret, "/oauth/introspect", &form).await.expect_status(200);
        assert_eq!(told, json!({"active": false}));
    }
    let nothing = as_client(&app, &secret, "/oauth/introspect", &[("token", "x")]).await.expect_status(200);
    assert_eq!(nothing, json!({"active": false}));
    assert_eq!(app.public().form("/oauth/introspect", &[("token", own)]).await.status, 401);

    assert_eq!(app.public().form("/oauth/revoke", &[("token", own)]).await.status, 401, "who asks?");
    assert_eq!(app.with_token(own).get("/v1/units").await.status, 200);
    assert_eq!(as_client(&app, &secret, "/oauth/revoke", &[("token", own)]).await.status, 200);
    assert_eq!(app.with_token(own).get("/v1/units").await.body["reason"], "revoked");
    let told = as_client(&app, &secret, "/oauth/introspect", &[("token", own)]).await.expect_status(200);
    assert_eq!(told, json!({"active": false}));
    assert_eq!(as_client(&app, &secret, "/oauth/revoke", &[("token", "unknown")]).await.status, 200);
}

#[tokio::test]
async fn a_new_secret_takes_the_place_of_the_old() {
    let app = TestApp::spawn().await;
    let (id, secret) = with_secret(&app).await;
    let grant = [("grant_type", "client_credentials")];
    let before = as_client(&app, &secret, "/oauth/token", &grant).await.expect_status(200);
    let admin = app.as_role(Role::SystemAdmin);
    let rotated = admin.act(&format!("/v1/clients/{id}/rotate-secret")).await.expect_status(200);
    assert_eq!(as_client(&app, &secret, "/oauth/token", &grant).await.status, 401);
    let new = rotated["client_secret"].as_str().unwrap();
    assert_eq!(as_client(&app, new, "/oauth/token", &grant).await.status, 200);
    assert_eq!(app.with_token(before["access_token"].as_str().unwrap()).get("/v1/units").await.status, 401);
}

#[tokio::test]
async fn nothing_secret_is_taken_from_an_address_and_nobody_proves_himself_twice() {
    let app = TestApp::spawn().await;
    let (_, secret) = with_secret(&app).await;
    let grant = [("grant_type", "client_credentials")];
    let inside = format!("/oauth/token?client_id=portal&client_secret={secret}");
    let answer = app.public().form(&inside, &grant).await;
    assert_eq!((answer.status, answer.body["error"].as_str()), (400, Some("invalid_request")));
    let both = [grant[0], ("client_assertion_type", TYPE), ("client_assertion", "a.b.c")];
    assert_eq!(as_client(&app, &secret, "/oauth/token", &both).await.body["error"], "invalid_request");
    let posted = [grant[0], ("client_id", "portal"), ("client_secret", &secret)];
    assert_eq!(app.public().form("/oauth/token", &posted).await.body["error"], "invalid_client");
    let token = as_client(&app, &secret, "/oauth/token", &grant).await.expect_status(200);
    let path = format!("/v1/me?access_token={}", token["access_token"].as_str().unwrap());
    assert_eq!(app.public().get(&path).await.problem(), "401 authentication.required");
}

#[tokio::test]
async fn the_metadata_leads_to_everything() {
    let app = TestApp::spawn().await;
    let metadata = app.public().get("/.well-known/oauth-authorization-server").await.expect_status(200);
    assert_eq!(metadata["token_endpoint"], TOKEN_ENDPOINT);
    assert_eq!(metadata["grant_types_supported"], json!(["password", "client_credentials", "refresh_token"]));
    let resource = app.public().get("/.well-known/oauth-protected-resource").await.expect_status(200);
    assert_eq!(resource["authorization_servers"], json!([metadata["issuer"]]));
    assert_eq!(resource["bearer_methods_supported"], json!(["header"]));
}
