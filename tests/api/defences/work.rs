//! Work that a caller can ask for is bounded before it begins.

use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::client::Client;

/// Status, headers and body, as they came: a compressed one is no JSON.
async fn document(who: &Client, path: &str, header: Option<(&str, &str)>) -> (u16, HeaderMap, Bytes) {
    let request = who.request(Method::GET, path);
    let request = match header {
        Some((name, value)) => request.header(name, value),
        None => request,
    };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.headers().clone(), answer.bytes().await.unwrap())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn documents_are_known_by_their_etag_and_compressed_once() {
    let app = TestApp::spawn().await;
    let who = app.public();
    for path in ["/openapi.json", "/docs/swagger-ui.css", "/docs/"] {
        let plain = document(&who, path, None).await;
        let packed = document(&who, path, Some(("Accept-Encoding", "gzip, br"))).await;
        for ((status, headers, _), coding) in [(&plain, ""), (&packed, "gzip")] {
            assert_eq!((*status, header(headers, "content-encoding")), (200, coding), "{path}");
            assert!(header(headers, "vary").to_lowercase().contains("accept-encoding"), "{path}");
            assert!(header(headers, "etag").starts_with('"'), "{path}");
        }
        assert!(packed.2.len() < plain.2.len(), "{path}");
        let (tag, other) = (header(&plain.1, "etag"), header(&packed.1, "etag"));
        assert_ne!(tag, other, "two representations of {path}");
        let known = document(&who, path, Some(("If-None-Match", tag))).await;
        assert_eq!((known.0, header(&known.1, "etag"), known.2.len()), (304, tag, 0), "{path}");
        assert_eq!(document(&who, path, Some(("If-None-Match", "\"another\""))).await.0, 200, "{path}");
        let refused = document(&who, path, Some(("Accept-Encoding", "gzip;q=0"))).await;
        assert_eq!(header(&refused.1, "content-encoding"), "", "{path}");
    }
    assert_eq!(who.get("/docs/nothing.js").await.problem(), "404 resource.not_found");
}

fn unit(code: &str) -> Value {
    json!({"code": code, "name": code, "kind": "division"})
}

#[tokio::test]
async fn units_are_nested_ten_levels_deep_and_no_deeper() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let portal = app.as_role(Role::HrPortal);

    // One by one, to the bound and beyond.
    let mut parent = Value::Null;
    for level in 1..=10 {
        let mut draft = unit(&format!("L{level}"));
        draft["parent_id"] = parent;
        parent = officer.post("/v1/units", draft).await.expect_status(201)["id"].clone();
    }
    let mut eleventh = unit("L11");
    eleventh["parent_id"] = parent.clone();
    assert_eq!(officer.post("/v1/units", eleventh).await.problem(), "409 unit.too_deep");

    // A batch of a thousand, each below the one before, is refused early and leaves nothing.
    let nested = |count: usize, prefix: &str| {
        let rows: Vec<Value> = (0..count)
            .map(|i| {
                let mut row = unit(&format!("{prefix}{i}"));
                row["parent_code"] = if i == 0 { Value::Null } else { json!(format!("{prefix}{}", i - 1)) };
                row
            })
            .collect();
        json!({ "items": rows })
    };
    let started = Instant::now();
    let refused = portal.post("/v1/units/batch", nested(1000, "N")).await;
    assert_eq!(refused.problem(), "409 unit.too_deep");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(officer.all("/v1/units").await.len(), 10);
    portal.post("/v1/units/batch", nested(10, "B")).await.expect_status(200);

    // A move takes what is below along.
    let units = officer.all("/v1/units").await;
    let id = |code: &str| units.iter().find(|u| u["code"] == code).unwrap()["id"].clone();
    let place = |child: &str| format!("/v1/units/{}", id(child).as_str().unwrap());
    let moved = officer.patch(&place("B0"), "*", json!({"parent_id": id("L1")})).await;
    assert_eq!(moved.problem(), "409 unit.too_deep");
    let moved = officer.patch(&place("B8"), "*", json!({"parent_id": id("L8")})).await;
    assert_eq!(moved.status, 200, "{:#}", moved.body);
    let moved = officer.patch(&place("B7"), "*", json!({"parent_id": id("L9")})).await;
    assert_eq!(moved.status, 200, "{:#}", moved.body);
    let rows = json!({"items": [{"code": "B1", "name": "B1", "kind": "division", "parent_code": "L5"}]});
    assert_eq!(portal.post("/v1/units/batch", rows).await.problem(), "409 unit.too_deep");
}

#[tokio::test]
async fn many_who_ask_whether_it_is_ready_ask_the_database_once() {
    let app = TestApp::spawn().await;
    let who = app.public();
    let all = futures::future::join_all((0..100).map(|_| who.get("/health/ready"))).await;
    assert!(all.iter().all(|answer| answer.status == 200));
}
