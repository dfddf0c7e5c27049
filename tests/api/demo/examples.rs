//! A newcomer sends the examples of the document as they are: they name what is there, and days that lie ahead.

use reqwest::Method;
use serde_json::Value;
use thuocdo::demo;

use super::with_ministry;
use crate::support::app::DOCUMENT;
use crate::support::client::{Answer, Client};

const PASSWORD: &str = demo::PASSWORD;
/// Accounts of the demo, in the order in which they are tried where several may.
const ACCOUNTS: [&str; 8] = [
    "unit_head",
    "training_officer",
    "institute",
    "employee",
    "leader",
    "auditor",
    "hr_portal",
    "system_admin",
];
/// Operations whose example cannot work as it is: it holds a secret, or a login of one's own.
const SECRETS: [&str; 6] = [
    "institutes_activate",
    "institutes_application_status",
    "login_sessions_end",
    "me_change_password",
    "password_resets_redeem",
    "quality_responses_create",
];

/// An operation with what the page fills in.
struct Example {
    id: String,
    method: Method,
    path: String,
    scope: Option<String>,
    must_match: bool,
    body: Option<(String, Value)>,
}

impl Example {
    fn of(path: &str, method: &str, spec: &Value) -> Self {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let (mut address, mut query) = (path.to_owned(), Vec::new());
        let mut must_match = false;
        for parameter in spec["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let schema = &parameter["schema"];
            let schema = schema["$ref"].as_str().map_or(schema, |at| DOCUMENT.pointer(&at[1..]).unwrap());
            let shown = [&parameter["example"], &schema["example"], &schema["enum"][0]];
            let value = shown.into_iter().find(|v| !v.is_null()).map(text).unwrap_or_default();
            match parameter["in"].as_str().unwrap() {
                "path" => address = address.replace(&format!("{{{name}}}"), &value),
                "query" if parameter["required"] == true => query.push(format!("{name}={value}")),
                "header" => must_match |= name == "If-Match" && parameter["required"] == true,
                _ => {}
            }
        }
        if !query.is_empty() {
            address = format!("{address}?{}", query.join("&"));
        }
        let content = spec["requestBody"]["content"].as_object();
        Self {
            id: spec["operationId"].as_str().unwrap().to_owned(),
            method: method.to_uppercase().parse().unwrap(),
            path: address,
            scope: spec["security"][0]["oauth2"][0].as_str().map(str::to_owned),
            must_match,
            body: content
                .and_then(|content| content.iter().next())
                .map(|(media, content)| (media.clone(), content["example"].clone())),
        }
    }

    /// Reads come first, then what makes something, then what changes it.
    fn rank(&self) -> usize {
        match self.method {
            Method::GET => 0,
            Method::POST if self.path.matches('/').count() == 2 => 1,
            Method::POST => 3,
            Method::DELETE => 4,
            _ => 2,
        }
    }

    async fn send(&self, who: &Client) -> Answer {
        let mut request = who.request(self.method.clone(), &self.path);
        if self.must_match {
            request = request.header("If-Match", "*");
        }
        if let Some((media, body)) = &self.body {
            request = request.header("Content-Type", media).body(body.to_string());
        }
        who.send(request).await
    }
}

#[tokio::test]
async fn the_examples_of_the_document_work_in_the_demo() {
    let app = with_ministry().await;
    let note = demo::page_note(&app.gate).await.unwrap();
    let mut document = DOCUMENT.clone();
    note.samples.fill(&mut document);
    let mut examples = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, spec) in item.as_object().unwrap().iter().filter(|_| path.starts_with("/v1/")) {
            examples.push(Example::of(path, method, spec));
        }
    }
    examples.sort_by_key(Example::rank);
    let mut accounts = Vec::new();
    for name in ACCOUNTS {
        let client = app.sign_in(name, PASSWORD).await;
        let me = client.get("/v1/me").await.expect_status(200);
        accounts.push((name, client, me["scopes"].to_string()));
    }
    let (mut refused, mut worked) = (Vec::new(), 0);
    for example in examples.iter().filter(|example| !SECRETS.contains(&example.id.as_str())) {
        let mut said = Vec::new();
        let may = |scopes: &str| {
            example.scope.as_ref().is_none_or(|scope| scopes.contains(&format!("\"{scope}\"")))
        };
        for (name, who, _) in accounts.iter().filter(|(.., scopes)| may(scopes)) {
            let answer = example.send(who).await;
            said.push(format!("{name}: {} {:?}", answer.problem(), answer.faults()));
            // An action may come too late for a state that another one has changed; that is no fault of the example.
            if answer.status < 300 || answer.status == 409 && example.rank() == 3 {
                worked += usize::from(answer.status < 300);
                said.clear();
                break;
            }
        }
        if !said.is_empty() {
            refused.push((&example.id, said.join("; ")));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(worked > 120, "{worked} of {}", examples.len());
}
