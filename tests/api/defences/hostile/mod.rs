//! Requests that are cheap to send must be cheap to refuse: every operation, as somebody it is open to.

mod bodies;

use std::time::{Duration, Instant};

use futures::StreamExt;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder};
use thuocdo::access::{Role, policy};

use crate::contract::document::{Call, Operation, operations};
use crate::contract::world::World;
use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::process::Process;

/// Largest refusal, bytes.
const REFUSAL_BYTES: usize = 48 * 1024;
/// Longest that one answer may take. The service is built without optimisation and shares the machine.
const ANSWER_TIME: Duration = Duration::from_secs(5);
/// What a walk over all operations may add to the memory of the service, KiB.
const GROWTH_KIB: u64 = 64 * 1024;

const PATIENT: [&str; 2] = ["--rate-limit-factor", "1000"];

/// What came back: status, size, and how long it took.
struct Seen {
    status: u16,
    bytes: usize,
    took: Duration,
}

async fn send(request: RequestBuilder) -> Seen {
    let started = Instant::now();
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    // A body that is refused before it was read to its end closes the connection.
    let bytes = answer.bytes().await.map(|b| b.len()).unwrap_or_default();
    Seen { status, bytes, took: started.elapsed() }
}

impl Seen {
    fn hold(&self, what: &str) -> Option<String> {
        let Self { status, bytes, took } = self;
        let refused = *status >= 400;
        let bad = *status >= 500 || (refused && *bytes > REFUSAL_BYTES) || *took > ANSWER_TIME;
        bad.then(|| format!("{what}: {status}, {bytes} bytes, {} ms", took.as_millis()))
    }
}

/// Somebody to whom an operation is open.
fn caller(world: &World, op: &Operation) -> Client {
    let Some(permission) = op.permission else { return world.app.public() };
    let role = Role::ALL.into_iter().find(|role| policy::grant(*role, permission).is_some());
    world.caller(role.expect("a role that may"))
}

/// A call that fits; nothing of the world stands in a call of the public.
fn call(world: &World, op: &Operation) -> Call {
    let own = op.resource().and_then(|list| world.own.get(list));
    if op.permission.is_some() { world.call(op, own) } else { op.call(&own.unwrap_or_default().to_string()) }
}

fn with_body(who: &Client, op: &Operation, path: &str, body: String) -> RequestBuilder {
    let media = op.media().map_or("application/json", |(media, _)| media);
    let mut request = who.request(op.method.clone(), path);
    if [Method::PATCH, Method::PUT, Method::DELETE].contains(&op.method) {
        request = request.header("If-Match", "*");
    }
    request.header(CONTENT_TYPE, media).body(body)
}

/// Every operation that takes a body, with every hostile body of this size.
async fn walk(
    world: &World,
    service: &Process,
    only: impl Fn(&Operation) -> bool,
    size: usize,
) -> Vec<String> {
    let mut requests = Vec::new();
    for op in operations().into_iter().filter(|op| op.media().is_some() && only(op)) {
        let who = service.client(&caller(world, &op));
        let call = call(world, &op);
        for (name, body) in bodies::bodies(&call.body.unwrap_or_default(), size) {
            requests.push((format!("{} {name}", op.id), with_body(&who, &op, &call.path, body)));
        }
    }
    assert!(requests.len() > 20);
    let sent = requests.into_iter().map(|(what, request)| async move { send(request).await.hold(&what) });
    futures::stream::iter(sent).buffer_unordered(2).filter_map(std::future::ready).collect().await
}

#[tokio::test]
async fn hostile_bodies_are_refused_in_bounds() {
    let world = World::new().await;
    let service = Process::beside(&world.app, &PATIENT);
    send(service.client(&world.app.public()).request(Method::GET, "/health/ready")).await;
    let before = service.resident_kib();
    let started = Instant::now();
    let bad = walk(&world, &service, |_| true, 8 * 1024).await;
    assert!(bad.is_empty(), "{bad:#?}");
    let grown = service.peak_kib().saturating_sub(before);
    eprintln!("all operations: {:?}, {grown} KiB", started.elapsed());
    assert!(grown < GROWTH_KIB, "{grown} KiB");
}

/// More than what once ended the process: to the public, and to a batch.
#[tokio::test]
async fn large_bodies_are_refused_in_bounds() {
    let world = World::new().await;
    let service = Process::beside(&world.app, &PATIENT);
    let before = service.resident_kib();
    let started = Instant::now();
    let tried = ["institutes_apply", "employees_batch"];
    let bad = walk(&world, &service, |op| tried.contains(&op.id), 600 * 1024).await;
    assert!(bad.is_empty(), "{bad:#?}");
    let grown = service.peak_kib().saturating_sub(before);
    eprintln!("large bodies: {:?}, {grown} KiB", started.elapsed());
    assert!(grown < 4 * GROWTH_KIB, "{grown} KiB");
}

#[tokio::test]
async fn hostile_addresses_and_headers_are_refused_in_bounds() {
    let world = World::new().await;
    let service = Process::beside(&world.app, &PATIENT);
    // The document is made once, for the first who asks.
    send(service.client(&world.app.public()).request(Method::GET, "/openapi.json")).await;
    let before = service.resident_kib();
    let long = "x".repeat(7000);
    let mut requests = Vec::new();
    for op in operations() {
        let who = service.client(&caller(&world, &op));
        let path = call(&world, &op).path;
        let mut ask = |what: &str, path: String, header: Option<(&str, String)>| {
            let request = who.request(op.method.clone(), &path);
            let request = match header {
                Some((name, value)) => request.header(name, value),
                None => request,
            };
            requests.push((format!("{} {what}", op.id), request));
        };
        ask("a long unknown parameter", format!("{path}?{long}=1"), None);
        ask("many unknown parameters", format!("{path}?{}", "a=&b=1&".repeat(900)), None);
        ask("many parts", format!("{path}?{}", "&".repeat(7000)), None);
        ask("no encoding", format!("{path}?q=%{}", "%ff%01".repeat(1000)), None);
        for (name, _) in op.query() {
            ask(name, format!("{path}?{name}={long}"), None);
            ask(name, format!("{path}?{name}={}", "%01%60".repeat(1000)), None);
            ask(name, format!("{path}?{}", format!("{name}=1&").repeat(200)), None);
        }
        if op.template.contains('{') {
            ask("a long name", op.call(&long).path, None);
            ask("a name of signs", op.call(&"%/\u{1}".repeat(700)).path, None);
        }
        for name in [
            "If-Match",
            "If-None-Match",
            "Idempotency-Key",
            "On-Behalf-Of",
            "Accept-Language",
            "X-Request-Id",
            "X-Forwarded-For",
            "Authorization",
            "Content-Type",
            "Accept",
            "Cookie",
        ] {
            ask(name, path.clone(), Some((name, "\"x\", ".repeat(4000))));
        }
    }
    let sent = requests.into_iter().map(|(what, request)| async move { send(request).await.hold(&what) });
    let bad: Vec<String> =
        futures::stream::iter(sent).buffer_unordered(2).filter_map(std::future::ready).collect().await;
    assert!(bad.is_empty(), "{bad:#?}");
    let grown = service.peak_kib().saturating_sub(before);
    eprintln!("addresses and headers: {grown} KiB");
    assert!(grown < GROWTH_KIB, "{grown} KiB");
}

/// The refusal that ended the process: each of 2,000 faults repeated a name of 100,000 characters.
#[tokio::test]
async fn a_refusal_names_some_faults_and_counts_the_others() {
    let app = TestApp::spawn().await;
    let name = "n".repeat(100_000);
    let body = serde_json::json!({ name: vec!["\u{1}"; 900] });
    let answer = app.public().post("/v1/institutes/apply", body).await;
    assert_eq!(answer.problem(), "422 request.invalid");
    let faults = answer.body["errors"].as_array().unwrap();
    let omitted = answer.body["errors_omitted"].as_u64().unwrap();
    assert_eq!(faults.len() as u64 + omitted, 900);
    assert!(!faults.is_empty() && faults.len() <= 100);
    assert!(faults[0]["pointer"].as_str().unwrap().ends_with('…'));
    assert!(answer.body["detail"].as_str().unwrap().contains(&omitted.to_string()));

    let few = app.public().post("/v1/institutes/apply", serde_json::json!({"code": ["\u{1}"]})).await;
    assert!(few.body.get("errors_omitted").is_none(), "{:#}", few.body);
}
