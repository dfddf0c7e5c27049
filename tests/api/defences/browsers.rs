use reqwest::Method;
use thuocdo::access::Role;
use thuocdo::db::Db;
use thuocdo::http::{Defences, Gate, headers};
use thuocdo::i18n::Locale;
use thuocdo::tokens::Keys;

use crate::support::TestApp;
use crate::support::app::serve;
use crate::support::client::{Answer, Client};

const DATA_ONLY: &str = "default-src 'none'; frame-ancestors 'none'";
const PORTAL: &str = "https://portal.moit.gov.vn";

#[tokio::test]
async fn every_kind_of_answer_protects_its_reader() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    for (path, cache) in [
        ("/v1/units", "private, no-cache"),
        ("/v1/nothing", "private, no-cache"),
        ("/oauth/nothing", "no-store"),
        ("/health/live", ""),
        ("/openapi.json", ""),
        ("/", ""),
        ("/nothing", ""),
    ] {
        let answer = officer.get(path).await;
        protected(path, &answer);
        assert_eq!(answer.header("content-security-policy"), DATA_ONLY, "{path}");
        assert_eq!(answer.header("cache-control"), cache, "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: reached by http");
    }
    let token = app.public().form("/oauth/token", &[("grant_type", "x")]).await;
    assert_eq!(token.header("cache-control"), "no-store");
    let change = officer.act("/v1/units").await;
    assert_eq!(change.header("cache-control"), "no-store");
}

fn protected(path: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{path} {name}");
    }
}

/// Its policy allows scripts of this service only, so its page must not have any inline.
#[tokio::test]
async fn swagger_ui_runs_under_its_policy() {
    let app = TestApp::spawn().await;
    let page = app.public().get("/docs/").await;
    protected("/docs/", &page);
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe-eval"), "{policy}");
    let html = page.body.as_str().unwrap();
    let scripts: Vec<&str> = html.split("<script").skip(1).collect();
    assert!(scripts.len() >= 3);
    for script in scripts {
        let (tag, rest) = script.split_once('>').unwrap();
        let source = tag.split("src=\"./").nth(1).expect("no inline script").split('"').next().unwrap();
        assert!(rest.trim_start().starts_with("</script>"), "{rest}");
        let asset = app.public().get(&format!("/docs/{source}")).await;
        assert_eq!((asset.status, asset.header("content-security-policy")), (200, policy.as_str()));
    }
    assert!(!html.contains(" onload=") && !html.contains("javascript:"));
}

#[tokio::test]
async fn a_service_reached_by_https_asks_to_be_reached_by_https_only() {
    let app = TestApp::spawn().await;
    let keys = Keys::new(&Keys::generate_pkcs8().unwrap(), "https://thuocdo.test").unwrap();
    let gate = Gate::new(Db::new(&app.database_url, 2).unwrap(), keys, app.clock.clone(), Locale::En);
    let (url, server) = serve(&gate, &app.clock);
    let answer = Client::new(&url, None).get("/v1/units").await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    server.stop(false).await;
}

async fn preflight(app: &TestApp, origin: &str) -> Answer {
    let client = app.public();
    let request = client
        .request(Method::OPTIONS, "/v1/units")
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "PATCH")
        .header("Access-Control-Request-Headers", "authorization, if-match, idempotency-key");
    client.send(request).await
}

#[tokio::test]
async fn pages_of_the_listed_origins_may_call_and_no_others() {
    let origins = vec![PORTAL.to_owned()];
    let app = TestApp::spawn_with(Defences { cors_origins: origins, ..Defences::default() }).await;
    let allowed = preflight(&app, PORTAL).await;
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-origin"), PORTAL);
    assert!(allowed.header("access-control-allow-methods").contains("PATCH"));
    assert!(allowed.header("access-control-allow-headers").to_lowercase().contains("if-match"));
    assert_eq!(allowed.header("access-control-allow-credentials"), "");
    protected("preflight", &allowed);
    let foreign = preflight(&app, "https://evil.example").await;
    assert_eq!(foreign.header("access-control-allow-origin"), "");
    assert!(foreign.status >= 400);

    // Refusals are readable too, or a portal could not say what is wrong.
    let client = app.public();
    for (origin, expected) in [(PORTAL, PORTAL), ("https://evil.example", "")] {
        let answer = client.send(client.request(Method::GET, "/v1/units").header("Origin", origin)).await;
        assert_eq!(answer.problem(), "401 authentication.required");
        assert_eq!(answer.header("access-control-allow-origin"), expected);
        let exposed = answer.header("access-control-expose-headers").to_lowercase();
        let exposed: Vec<&str> = exposed.split(", ").collect();
        for name in headers::WRITTEN.map(str::to_lowercase) {
            assert!(exposed.contains(&name.as_str()), "{name} in {exposed:?}");
        }
    }
}

#[tokio::test]
async fn without_the_setting_there_is_no_cors() {
    let app = TestApp::spawn().await;
    let answer = preflight(&app, PORTAL).await;
    assert_eq!(answer.status, 204, "the methods that there are, and nothing for other origins");
    assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")));
}
