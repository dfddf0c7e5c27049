//! A client that believes no answer: each is checked against the OpenAPI document.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use jsonschema::Validator;
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use thuocdo::error::Rule;

use super::app::DOCUMENT;

const NDJSON: &str = "application/x-ndjson";

/// Someone who calls the service.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    language: &'static str,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Client {
    pub fn new(base: &str, token: Option<String>) -> Self {
        let http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { http, base: base.to_owned(), token, language: "en" }
    }

    /// The same person, asking in another language.
    pub fn speaking(&self, language: &'static str) -> Self {
        Self { language, ..self.clone() }
    }

    /// The same person, asking another server.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// POST with an Idempotency-Key.
    pub async fn post_once(&self, key: &str, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).header("Idempotency-Key", key).json(&body)).await
    }

    /// POST without a body.
    pub async fn act(&self, path: &str) -> Answer {
        self.send(self.request(Method::POST, path)).await
    }

    /// Merge patch with If-Match.
    pub async fn patch(&self, path: &str, etag: &str, body: Value) -> Answer {
        let request = self.request(Method::PATCH, path).header("If-Match", etag);
        self.send(request.header(CONTENT_TYPE, "application/merge-patch+json").body(body.to_string())).await
    }

    /// Replace with If-Match.
    pub async fn put(&self, path: &str, etag: &str, body: Value) -> Answer {
        let request = self.request(Method::PUT, path).header("If-Match", etag);
        self.send(request.header(CONTENT_TYPE, "application/json").body(body.to_string())).await
    }

    /// Delete with If-Match.
    pub async fn delete(&self, path: &str, etag: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).header("If-Match", etag)).await
    }

    pub async fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::POST, path).form(pairs)).await
    }

    /// A request to be shaped by hand.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request =
            self.http.request(method, format!("{}{path}", self.base)).header(ACCEPT_LANGUAGE, self.language);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Send, and check the answer against the document.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let request = request.build().expect("a request");
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.http.execute(request).await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.expect("a body");
        let is_lines = headers.get(CONTENT_TYPE).is_some_and(|t| t == NDJSON);
        let body = match std::str::from_utf8(&bytes) {
            Ok(text) if is_lines => {
                text.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON")).collect()
            }
            _ => serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned())),
        };
        let answer = Answer { status, headers, body };
        check(&method, &path, &answer);
        answer
    }

    /// Every row of a list, walking its pages.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let (mut items, mut next) = (Vec::new(), path.to_owned());
        loop {
            let page = self.get(&next).await.expect_status(200);
            items.extend(page["items"].as_array().expect("items").clone());
            let Some(cursor) = page["next_cursor"].as_str() else {
                return items;
            };
            let and = if path.contains('?') { '&' } else { '?' };
            next = format!("{path}{and}cursor={cursor}");
        }
    }
}

impl Answer {
    /// The body, if the status is the expected one.
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body
    }

    /// `409 nomination.already_exists`: what a refusal comes down to.
    pub fn problem(&self) -> String {
        let kind = self.body["type"].as_str().unwrap_or("no problem").trim_start_matches("/problems/");
        format!("{} {kind}", self.status)
    }

    /// `/code required` for each wrong member, sorted.
    pub fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self.body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| {
                format!("{} {}", e["pointer"].as_str().unwrap_or("?"), e["code"].as_str().unwrap_or("?"))
            })
            .collect();
        faults.sort();
        faults
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|h| h.to_str().ok()).unwrap_or_default()
    }

    pub fn etag(&self) -> &str {
        self.header("etag")
    }

    /// The version that the ETag begins with.
    pub fn version(&self) -> &str {
        self.etag().trim_matches('"').split('-').next().unwrap_or_default()
    }

    pub fn id(&self) -> &str {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {:#}", self.body))
    }
}

/// The path template of the document that a path belongs to; literal segments win over parameters.
pub fn template(path: &str) -> Option<&'static str> {
    let fits = |template: &&String| {
        let (t, p): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        t.len() == p.len() && t.iter().zip(&p).all(|(t, p)| t == p || (t.starts_with('{') && !p.is_empty()))
    };
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    paths.keys().filter(fits).min_by_key(|t| t.matches('{').count()).map(String::as_str)
}

fn check(method: &Method, path: &str, answer: &Answer) {
    if answer.status >= 400 && !answer.header("content-type").starts_with("application/") {
        panic!("{method} {path}: {} without a problem document", answer.status);
    }
    let Some(template) = template(path) else { return };
    let operation = &DOCUMENT["paths"][template][method.as_str().to_lowercase()];
    if operation.is_null() {
        return;
    }
    let mut pointer = format!(
        "/paths/{}/{}/responses/{}",
        template.replace('/', "~1"),
        method.as_str().to_lowercase(),
        answer.status
    );
    if let Some(shared) = DOCUMENT.pointer(&pointer).and_then(|r| r["$ref"].as_str()) {
        pointer = shared.trim_start_matches('#').to_owned();
    }
    let response = DOCUMENT.pointer(&pointer).unwrap_or(&Value::Null);
    assert!(
        !response.is_null(),
        "{method} {template}: status {} is not documented: {:#}",
        answer.status,
        answer.body
    );
    check_headers(response, answer, &format!("{method} {template} {}", answer.status));
    check_refusal(operation, answer);
    let Some(content) = response["content"].as_object() else {
        return;
    };
    if !answer.header("content-encoding").is_empty() {
        return; // What is compressed is looked at by the tests about it.
    }
    let media = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
    let media_pointer = media.replace('/', "~1");
    assert!(content.contains_key(&media), "{method} {template}: {media} is not documented");
    let pointer = format!("{pointer}/content/{media_pointer}/schema");
    // Of lines, the document says what one of them is.
    let one = [answer.body.clone()];
    let parts = answer.body.as_array().filter(|_| media == NDJSON).map_or(one.as_slice(), Vec::as_slice);
    for part in parts {
        assert_valid(&pointer, part, &format!("{method} {path} {}", answer.status));
    }
}

/// A rule that refuses is one that the operation lists (`src/http/openapi/refusals.rs`).
fn check_refusal(operation: &Value, answer: &Answer) {
    let Some(kind) = answer.body["type"].as_str().filter(|_| answer.status >= 400) else { return };
    let is_rule = Rule::ALL.iter().any(|rule| kind == format!("/problems/{}", rule.code()));
    let listed = operation["x-problem-types"].as_array().into_iter().flatten().any(|listed| listed == kind);
    assert!(!is_rule || listed, "{} does not list {kind}", operation["operationId"]);
}

/// Headers that mean something to a caller are documented where they are sent; those that are promised come.
fn check_headers(response: &Value, answer: &Answer, context: &str) {
    let described = DOCUMENT["components"]["headers"].as_object().expect("headers");
    for name in described.keys() {
        let (sent, listed) = (answer.headers.contains_key(name), !response["headers"][name].is_null());
        assert!(!sent || listed, "{context}: the header {name} is sent and not documented");
        let promised = ["ETag", "Location", "X-Request-Id"].contains(&name.as_str());
        assert!(sent || !listed || !promised, "{context}: the header {name} is documented and not sent");
    }
}

/// Check a value against a schema inside the document.
pub fn assert_valid(pointer: &str, value: &Value, context: &str) {
    static VALIDATORS: LazyLock<Mutex<HashMap<String, std::sync::Arc<Validator>>>> =
        LazyLock::new(Default::default);
    let validator = VALIDATORS
        .lock()
        .expect("validators")
        .entry(pointer.to_owned())
        .or_insert_with(|| {
            let schema = DOCUMENT.pointer(pointer).unwrap_or_else(|| panic!("no schema at {pointer}"));
            let schema = json!({ "allOf": [schema], "components": DOCUMENT["components"] });
            std::sync::Arc::new(
                jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema"),
            )
        })
        .clone();
    let faults: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{context}: the answer is not what the document says: {faults:#?}\n{value:#}");
}
