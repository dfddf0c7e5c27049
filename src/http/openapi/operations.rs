//! What operations share, drawn from what each of them says: the problems it can answer with, the headers of its answers,
//! where its answers lead, and its tag.

use actix_web::http::Method;
use serde_json::{Map, Value, json};

use super::{refusals, tags};
use crate::access::{Permission, Role, policy};
use crate::http::limits;

/// Name of the security scheme that operations cite.
pub const SCHEME: &str = "oauth2";

const SCHEMAS: &str = "#/components/schemas/";

/// Every operation of a document, with its path and method.
pub fn complete(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or(Value::Null);
    let known: Vec<(String, String)> = read_operations(document);
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                relax_body(operation, &schemas);
                let facts = Facts::of(path, method, operation, &schemas);
                facts.add_parameters(operation);
                facts.add_problems(operation);
                refusals::list(operation, facts.takes_key);
                facts.add_headers(operation);
                facts.add_links(operation, &known);
                tags::place(path, operation);
            }
        }
    }
}

/// Paths of the reads, with their ids.
fn read_operations(document: &Value) -> Vec<(String, String)> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let reads = paths.filter_map(|(path, item)| {
        Some((path.clone(), item.pointer("/get/operationId")?.as_str()?.to_owned()))
    });
    reads.collect()
}

/// What an operation says of itself.
struct Facts {
    path: String,
    method: Method,
    secured: bool,
    deputies_may: bool,
    counted: bool,
    has_body: bool,
    has_query: bool,
    /// Whether something comes back.
    gives: bool,
    takes_key: bool,
    /// Whether `If-Match` is taken, and whether it must be sent.
    takes_match: Option<bool>,
    takes_none_match: bool,
    has_etag: bool,
    is_page: bool,
    has_id: bool,
}

impl Facts {
    fn of(path: &str, method: &str, operation: &Map<String, Value>, schemas: &Value) -> Self {
        let parameters = || operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let header = |name: &str| {
            parameters()
                .find(|p| p.get("in") == Some(&json!("header")) && p.get("name") == Some(&json!(name)))
        };
        let secured = operation
            .get("security")
            .and_then(Value::as_array)
            .is_some_and(|s| s.iter().any(|r| r.as_object().is_some_and(|r| !r.is_empty())));
        let verb = method.to_uppercase().parse().unwrap_or(Method::GET);
        let answer = success(operation).map(|(_, response)| body(response));
        let member = |name: &str| answer.as_ref().is_some_and(|schema| has_member(schema, name, schemas));
        let declares_etag = success(operation).is_some_and(|(_, r)| r.pointer("/headers/ETag").is_some());
        let is_page = member("next_cursor");
        Self {
            path: path.to_owned(),
            secured,
            deputies_may: scope(operation).is_some_and(|p| policy::grant(Role::UnitHead, p).is_some()),
            counted: limits::rate_policy(&verb, path, secured).is_some(),
            has_body: operation.contains_key("requestBody"),
            has_query: parameters().any(|p| p.get("in") == Some(&json!("query"))),
            gives: success(operation).is_some_and(|(_, r)| r.get("content").is_some()),
            takes_key: header("Idempotency-Key").is_some(),
            takes_match: header("If-Match").map(|p| p.get("required") == Some(&json!(true))),
            takes_none_match: header("If-None-Match").is_some(),
            // The answer about one object has the version that its ETag is made of.
            has_etag: member("version") || declares_etag || header("If-None-Match").is_some(),
            is_page,
            has_id: member("id"),
            method: verb,
        }
    }

    /// Deputies may act wherever a head may: the guard reads their header.
    fn add_parameters(&self, operation: &mut Map<String, Value>) {
        if !self.secured {
            operation.insert("security".to_owned(), json!([]));
        }
        if !self.deputies_may {
            return;
        }
        if let Some(list) = operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut() {
            list.push(json!({
                "name": "On-Behalf-Of", "in": "header", "required": false,
                "description": "Only for a deputy who acts as the head of a unit: identifier of the delegation (UUID); \
                    `GET /v1/me` lists them. Absent for a caller who acts in the caller's own name.",
                "schema": {"type": "string", "format": "uuid"}
            }));
        }
    }

    fn add_problems(&self, operation: &mut Map<String, Value>) {
        let mut statuses: Vec<u16> = vec![414, 431, 500, 503];
        let mut when = |condition: bool, more: &[u16]| {
            if condition {
                statuses.extend_from_slice(more);
            }
        };
        let is_oauth = self.path.starts_with("/oauth/");
        let changes = !self.method.is_safe();
        when(self.counted, &[429]);
        when(self.secured, &[401, 403]);
        when(self.path.contains('{'), &[404]);
        when(self.has_body, &[400, 408, 413, 415]);
        when(self.has_query, &[400]);
        // Unknown query parameters, headers that do not apply, a body where there is none.
        when(!is_oauth, &[422]);
        when(changes, &[408, 413]);
        when(self.gives && !is_oauth, &[406]);
        when(changes && !is_oauth, &[409]);
        when(self.takes_match.is_some(), &[412]);
        when(self.takes_match == Some(true), &[428]);
        statuses.sort_unstable();
        statuses.dedup();
        let Some(responses) = operation.entry("responses").or_insert_with(|| json!({})).as_object_mut()
        else {
            return;
        };
        if self.takes_none_match {
            responses
                .entry("304")
                .or_insert_with(|| json!({"description": "Not changed since the version of the ETag that was sent; the answer has no body"}));
        }
        for status in statuses {
            responses
                .entry(status.to_string())
                .or_insert_with(|| json!({"$ref": format!("#/components/responses/Problem{status}")}));
        }
    }

    fn add_headers(&self, operation: &mut Map<String, Value>) {
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
        for (status, response) in responses.iter_mut().filter(|(_, r)| r.get("$ref").is_none()) {
            let good = status.starts_with('2');
            let names = [
                ("X-Request-Id", true),
                ("Access-Control-Allow-Origin", true),
                ("RateLimit-Policy", self.counted),
                ("RateLimit", self.counted),
                ("ETag", status == "304" || good && self.has_etag && !self.is_page),
                ("Location", status == "201"),
                ("Link", good && self.is_page),
                ("Idempotency-Replayed", good && self.takes_key),
                ("WWW-Authenticate", status == "401"),
                ("Retry-After", status == "429"),
            ];
            let Some(response) = response.as_object_mut() else { continue };
            let headers = response.entry("headers").or_insert_with(|| json!({}));
            if let Some(headers) = headers.as_object_mut() {
                for (name, _) in names.into_iter().filter(|(_, is_sent)| *is_sent) {
                    headers.insert(name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
                }
            }
        }
    }

    /// Where an answer leads: from what was created to its read, from a page to the next.
    fn add_links(&self, operation: &mut Map<String, Value>, reads: &[(String, String)]) {
        let own_id = operation.get("operationId").cloned().unwrap_or_default();
        let one = format!("{}/{{id}}", self.path);
        let read = reads.iter().find(|(path, _)| *path == one).map(|(_, id)| id);
        let Some((status, response)) = success_mut(operation) else { return };
        let links = match read {
            Some(read) if status == "201" && self.has_id => json!({
                "read": {"operationId": read, "parameters": {"id": "$response.body#/id"}}
            }),
            _ if self.is_page && self.method.is_safe() => json!({
                "next": {"operationId": own_id, "parameters": {"cursor": "$response.body#/next_cursor"}}
            }),
            _ => return,
        };
        if let Some(response) = response.as_object_mut() {
            response.insert("links".to_owned(), links);
        }
    }
}

fn success(operation: &Map<String, Value>) -> Option<(&String, &Value)> {
    operation.get("responses")?.as_object()?.iter().find(|(status, _)| status.starts_with('2'))
}

fn success_mut(operation: &mut Map<String, Value>) -> Option<(String, &mut Value)> {
    let responses = operation.get_mut("responses")?.as_object_mut()?;
    responses.iter_mut().find(|(status, _)| status.starts_with('2')).map(|(status, r)| (status.clone(), r))
}

/// Schema of a response as JSON.
fn body(response: &Value) -> Value {
    response.pointer("/content/application~1json/schema").cloned().unwrap_or(Value::Null)
}

/// Whether an object has a member, itself or by what it is composed of.
fn has_member(schema: &Value, name: &str, schemas: &Value) -> bool {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix(SCHEMAS)) {
        return schemas.get(target).is_some_and(|target| has_member(target, name, schemas));
    }
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    schema.get("properties").is_some_and(|p| p.get(name).is_some())
        || parts.into_iter().any(|part| has_member(part, name, schemas))
}

/// A JSON body without required members may be left out; a patch without a body is none.
fn relax_body(operation: &mut Map<String, Value>, schemas: &Value) {
    let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) else {
        return;
    };
    let schema = body.get("content").and_then(|c| c.get("application/json")).and_then(|c| c.get("schema"));
    let target =
        schema.and_then(|s| s.get("$ref")).and_then(Value::as_str).and_then(|r| r.strip_prefix(SCHEMAS));
    let required =
        target.and_then(|name| schemas.get(name)).map(|s| s.get("required").and_then(Value::as_array));
    if required.is_some_and(|required| required.is_none_or(Vec::is_empty)) {
        body.insert("required".to_owned(), json!(false));
    }
}

/// The permission that an operation names.
fn scope(operation: &Map<String, Value>) -> Option<Permission> {
    let name = operation.get("security")?.get(0)?.get(SCHEME)?.get(0)?.as_str()?;
    Permission::ALL.iter().copied().find(|p| p.name() == name)
}
