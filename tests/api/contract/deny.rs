use reqwest::Method;
use serde_json::Value;
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::app::DOCUMENT;

/// Operations that need no token. Only a review makes this list grow.
const PUBLIC: &[&str] = &[
    "certificates_verify",
    "document_get",
    "health_live",
    "health_ready",
    "institutes_activate",
    "institutes_application_status",
    "institutes_apply",
    "password_resets_redeem",
    "problems_get",
    "problems_list",
    "quality_responses_create",
    "tokens_create",
    "tokens_introspect",
    "tokens_keys",
    "tokens_metadata",
    "tokens_resource_metadata",
    "tokens_revoke",
];

struct Operation {
    id: String,
    method: Method,
    path: String,
    scope: Option<String>,
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.replace("{id}", &uuid::Uuid::nil().to_string()).replace(['{', '}'], ""),
                scope: operation["security"][0]["oauth2"][0].as_str().map(str::to_owned),
            });
        }
    }
    operations
}

#[tokio::test]
async fn strangers_are_refused_everywhere_and_the_guard_names_the_documented_scope() {
    let app = TestApp::spawn().await;
    let powerless = app.as_nobody();
    for op in operations() {
        let Some(scope) = &op.scope else { continue };
        let stranger = app.public();
        // A body that no operation reads: the guard must answer before it.
        let answer = stranger.send(stranger.request(op.method.clone(), &op.path).body("{")).await;
        assert_eq!(answer.problem(), "401 authentication.required", "{}", op.id);
        let answer = powerless.send(powerless.request(op.method.clone(), &op.path).body("{")).await;
        assert_eq!(answer.problem(), "403 permission.missing", "{}", op.id);
        assert_eq!(answer.body["permission"], Value::from(scope.as_str()), "{}", op.id);
    }
}

#[tokio::test]
async fn only_the_listed_operations_are_public() {
    let mut public: Vec<String> =
        operations().into_iter().filter(|o| o.scope.is_none()).map(|o| o.id).collect();
    public.sort();
    assert_eq!(public, PUBLIC);
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.get("/v1/nothing").await.problem(), "404 resource.not_found");
    let wrong = officer.send(officer.request(Method::DELETE, "/v1/units")).await;
    assert_eq!(
        (wrong.problem().as_str(), wrong.header("allow")),
        ("405 method.not_allowed", "GET, HEAD, POST, OPTIONS")
    );
    // Another spelling of the same path.
    let wrong = officer.send(officer.request(Method::DELETE, "/v1/un%69ts")).await;
    assert_eq!(wrong.problem(), "405 method.not_allowed");
    let read = officer.get("/v%31/units").await;
    assert_eq!((read.status, read.header("cache-control")), (200, "private, no-cache"));
    let broken =
        officer.request(Method::POST, "/v1/units").header("content-type", "application/json").body("{");
    assert_eq!(officer.send(broken).await.problem(), "400 request.unreadable");
    let huge = officer.request(Method::POST, "/v1/units").header("content-type", "application/json");
    assert_eq!(officer.send(huge.body(vec![b' '; 2 * 1024 * 1024])).await.problem(), "413 request.too_large");
    assert_eq!(app.public().get("/").await.header("location"), "/docs/");
    assert_eq!(app.public().get("/docs/").await.status, 200);
}

#[tokio::test]
async fn problems_speak_the_callers_language_and_have_a_page() {
    let app = TestApp::spawn().await;
    let vi = app.public().speaking("vi").get("/v1/units").await;
    let en = app.public().speaking("en").get("/v1/units").await;
    assert_eq!(vi.body["title"], "Cần đăng nhập");
    assert_eq!(en.body["title"], "Authentication required");
    assert_eq!(vi.body["type"], en.body["type"]);
    for (code, status) in thuocdo::http::problem::codes() {
        let page = app.public().get(&format!("/problems/{code}")).await.expect_status(200);
        assert_eq!(page["status"], status, "{code}");
        for member in ["title", "description"] {
            assert!(!page[member].as_str().unwrap().starts_with("problem-"), "{code} has no {member}");
        }
    }
}
