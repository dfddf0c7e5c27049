//! What an answer depends on, and the methods that every path has.

use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE};
use serde_json::json;
use thuocdo::access::Role;

use super::document::{Operation, operations};
use super::world::World;
use crate::support::TestApp;
use crate::support::app::{DOCUMENT, patient};

#[tokio::test]
async fn head_answers_as_get_does_without_a_body() {
    let world = World::new().await;
    let who = world.app.as_actor(|actor| actor.roles = Role::ALL.to_vec());
    let listed = operations().into_iter().filter(Operation::is_read);
    let paths = listed.map(|op| world.call(&op, op.resource().and_then(|list| world.own.get(list))).path);
    let pages = ["/openapi.json", "/docs/", "/docs/swagger-ui.css", "/", "/nothing", "/v1/nothing"];
    for path in paths.chain(pages.map(str::to_owned)) {
        let get = who.get(&path).await;
        let head = who.send(who.request(Method::HEAD, &path)).await;
        assert_eq!(head.status, get.status, "{path}");
        assert!(head.body == "" || head.body == json!([]), "{path}: {:#}", head.body);
        for name in
            ["content-type", "content-length", "etag", "vary", "cache-control", "ratelimit-policy", "link"]
        {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn options_says_which_methods_there_are() {
    let app = TestApp::spawn().await;
    let stranger = app.public();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        let path = path.replace("{id}", &uuid::Uuid::nil().to_string()).replace(['{', '}'], "");
        let answer = stranger.send(stranger.request(Method::OPTIONS, &path)).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, Some("")), "{path}");
        let mut allowed: Vec<&str> = answer.header("allow").split(", ").collect();
        allowed.sort_unstable();
        let mut there: Vec<String> = item.as_object().unwrap().keys().map(|m| m.to_uppercase()).collect();
        there.extend(item["get"].is_object().then(|| "HEAD".to_owned()));
        there.push("OPTIONS".to_owned());
        there.sort();
        assert_eq!(allowed, there, "{path}");
    }
    for page in ["/", "/docs/", "/openapi.json", "/docs/swagger-ui.css"] {
        let answer = stranger.send(stranger.request(Method::OPTIONS, page)).await;
        assert_eq!((answer.status, answer.header("allow")), (204, "GET, HEAD, OPTIONS"), "{page}");
    }
    let nothing = stranger.send(stranger.request(Method::OPTIONS, "/v1/nothing")).await;
    assert_eq!(nothing.problem(), "404 resource.not_found");
}

#[tokio::test]
async fn what_is_patched_says_how() {
    let world = World::new().await;
    let who = world.app.as_actor(|actor| actor.roles = Role::ALL.to_vec());
    let patched: Vec<_> = operations().into_iter().filter(|op| op.method == Method::PATCH).collect();
    for op in &patched {
        let path = world.call(op, op.resource().and_then(|list| world.own.get(list))).path;
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let answer = who.send(who.request(method.clone(), &path)).await;
            assert_eq!(answer.header("accept-patch"), "application/merge-patch+json", "{method} {path}");
        }
        let wrong = who.request(Method::PATCH, &path).header("If-Match", "*").json(&json!({}));
        let wrong = who.send(wrong).await;
        assert_eq!(wrong.problem(), "415 media_type.unsupported");
        assert_eq!(wrong.header("accept-patch"), "application/merge-patch+json", "{path}");
    }
    assert_eq!(who.get("/v1/units").await.header("accept-patch"), "");
    let wrong = who.request(Method::POST, "/v1/units").header(CONTENT_TYPE, "text/csv").body("a;b");
    assert_eq!(who.send(wrong).await.header("accept"), "application/json");
}

/// What was read is not read again while it is the same: for everything that has an ETag.
#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let world = World::new().await;
    let who = world.app.as_actor(|actor| actor.roles = Role::ALL.to_vec());
    let mut tried = 0;
    for op in operations().into_iter().filter(Operation::is_read) {
        let Some(object) = op.resource().and_then(|list| world.own.get(list)) else { continue };
        let call = world.call(&op, Some(object));
        let read = op.send(&who, &call).await;
        assert_eq!(op.has_header("If-None-Match"), !read.etag().is_empty(), "{}: {:#}", op.id, read.body);
        if read.etag().is_empty() {
            continue;
        }
        let known = |etag: &str| who.request(Method::GET, &call.path).header("If-None-Match", etag);
        for etag in [read.etag().to_owned(), format!("W/{}", read.etag()), format!("\"x\", {}", read.etag())]
        {
            let again = who.send(known(&etag)).await;
            assert_eq!((again.status, again.etag()), (304, read.etag()), "{}", op.id);
            assert_eq!(again.header("vary"), read.header("vary"), "{}", op.id);
        }
        assert_eq!(who.send(known("\"0\"")).await.status, 200, "{}", op.id);
        tried += 1;
    }
    assert!(tried >= 15, "{tried}");
}

#[tokio::test]
async fn an_answer_in_a_language_says_so_and_is_never_taken_for_the_other() {
    let world = World::new().await;
    let mut differing = 0;
    for op in operations().into_iter().filter(Operation::is_read) {
        let who = world.app.as_actor(|actor| actor.roles = Role::ALL.to_vec());
        let call = world.call(&op, op.resource().and_then(|list| world.own.get(list)));
        let (vi, en) = (op.send(&who.speaking("vi"), &call).await, op.send(&who.speaking("en"), &call).await);
        let same = without_ids(&vi.body) == without_ids(&en.body);
        if !same && op.send(&who.speaking("vi"), &call).await.body != vi.body {
            // It shows its own reading, or of the one before.
            continue;
        }
        for (language, answer) in [("vi", &vi), ("en", &en)] {
            let varies = answer.header("vary").contains("Accept-Language");
            assert!(answer.header("vary").contains("Accept-Encoding"), "{}", op.id);
            assert!(same || varies, "{}: {:#}", op.id, answer.body);
            let said = answer.header("content-language");
            assert_eq!(said, if varies { language } else { "" }, "{}", op.id);
        }
        if !same {
            differing += 1;
            assert!(vi.etag().is_empty() || vi.etag() != en.etag(), "{}: one ETag for two answers", op.id);
        }
    }
    assert!(differing >= 3, "{differing}");
    // Each problem, too.
    let app = TestApp::spawn_with(patient()).await;
    for path in ["/v1/units", "/nothing", "/v1/units?x=1"] {
        let refused = app.public().speaking("vi").get(path).await;
        assert_eq!(refused.header("content-language"), "vi", "{path}");
        assert!(refused.header("vary").contains("Accept-Language"), "{path}");
    }
    let compressed = app.public().request(Method::GET, "/health/live").header(ACCEPT_ENCODING, "gzip");
    let compressed = app.public().send(compressed).await;
    assert_eq!(
        (compressed.header("content-encoding"), compressed.header("vary")),
        ("gzip", "accept-encoding")
    );
}

fn without_ids(body: &serde_json::Value) -> serde_json::Value {
    let mut body = body.clone();
    if let Some(members) = body.as_object_mut() {
        members.remove("trace_id");
    }
    body
}
