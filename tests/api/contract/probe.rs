//! Existence oracles: anyone who asks with the value of something hidden must get the very answer that a value of
//! nothing gets. Where a request takes a value is read off the document.

use serde_json::{Value, json};

use super::document::{Call, Operation};
use crate::support::app::DOCUMENT;
use crate::support::client::{Answer, Client};

/// Where a request takes a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In a query parameter.
    Query(&'static str),
    /// In a member of the body: a JSON pointer.
    Body(String),
}

/// A place, and the form of its values.
#[derive(Debug, Clone)]
pub struct Opening {
    pub place: Place,
    /// Name of the parameter or member.
    pub name: String,
    pub is_id: bool,
}

/// Every place of an operation that takes an id or a free text.
pub fn openings(op: &Operation) -> Vec<Opening> {
    let mut found = Vec::new();
    if op.template.contains('{') {
        let is_id = op.template.contains("{id}");
        found.push(Opening { place: Place::Path, name: "id".to_owned(), is_id });
    }
    for (name, schema) in op.query().filter(|(name, _)| *name != "cursor") {
        if let Some(is_id) = takes_text(schema) {
            found.push(Opening { place: Place::Query(name), name: name.to_owned(), is_id });
        }
    }
    if let Some(schema) = op.body_schema() {
        members(schema, "", "", &mut found);
    }
    found
}

/// `Some(true)` for ids, `Some(false)` for text, `None` for anything else: a secret names nobody.
fn takes_text(schema: &Value) -> Option<bool> {
    // What a query refers to is an enum.
    let is_text = match &schema["type"] {
        Value::Array(kinds) => kinds.contains(&json!("string")),
        kind => kind == "string",
    };
    let format = schema["format"].as_str();
    if !is_text || schema["enum"].is_array() || matches!(format, Some("date" | "date-time" | "password")) {
        return None;
    }
    Some(format == Some("uuid"))
}

fn members(schema: &Value, pointer: &str, name: &str, found: &mut Vec<Opening>) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = DOCUMENT.pointer(target.trim_start_matches('#')).expect("a schema");
        return members(target, pointer, name, found);
    }
    for branch in ["oneOf", "anyOf", "allOf"].iter().flat_map(|w| schema[w].as_array().into_iter().flatten())
    {
        members(branch, pointer, name, found);
    }
    for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
        members(schema, &format!("{pointer}/{member}"), member, found);
    }
    if schema["items"].is_object() {
        members(&schema["items"], &format!("{pointer}/0"), name, found);
    }
    if let Some(is_id) = takes_text(schema) {
        found.push(Opening { place: Place::Body(pointer.to_owned()), name: name.to_owned(), is_id });
    }
}

/// The call with a value in a place.
pub fn with(op: &Operation, call: &Call, place: &Place, value: &str) -> Call {
    let mut call = call.clone();
    match place {
        Place::Path => call.path = op.call(value).path,
        Place::Query(name) => {
            call.query.retain(|(n, _)| n != name);
            call.query.push(((*name).to_owned(), value.to_owned()));
        }
        Place::Body(pointer) => put(call.body.get_or_insert_with(|| json!({})), pointer, value),
    }
    call
}

fn put(body: &mut Value, pointer: &str, value: &str) {
    let mut at = body;
    for step in pointer.split('/').skip(1) {
        at = match step.parse::<usize>() {
            Ok(_) => {
                if at.as_array().is_none_or(Vec::is_empty) {
                    *at = json!([null]);
                }
                &mut at[0]
            }
            Err(_) => {
                if !at.is_object() {
                    *at = json!({});
                }
                &mut at[step]
            }
        };
    }
    *at = json!(value);
}

/// Fill the texts of a body: `known` gives the value of a member, given whether there is an id in it.
pub fn refer(value: &mut Value, member: &str, known: &mut impl FnMut(&str, bool) -> Option<String>) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(name, v)| refer(v, name, known)),
        Value::Array(items) => items.iter_mut().for_each(|v| refer(v, member, known)),
        Value::String(text) => {
            if let Some(value) = known(member, text.parse::<uuid::Uuid>().is_ok()) {
                *text = value;
            }
        }
        _ => {}
    }
}

/// The answer without what differs from call to call, and without the values that were asked with: what one question
/// wrote down, the next may read.
fn told(answer: &Answer, is_read: bool, tried: [&str; 2]) -> String {
    let mut body = answer.body.clone();
    let made = body["id"].as_str().filter(|_| answer.status == 201).map(str::to_owned);
    if let Some(members) = body.as_object_mut() {
        members.remove("trace_id");
    }
    if !is_read {
        // What was made or changed just now has ids, versions and secrets of its own.
        without(&mut body, &["id", "version", "access_token", "refresh_token", "application_secret"]);
    }
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id", "content-length", "ratelimit"].contains(&name.as_str()))
        .filter(|(name, _)| is_read || *name != "etag")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or("?")))
        .collect();
    headers.sort();
    let mut text = format!("{}\n{}\n{body:#}", answer.status, headers.join("\n"));
    for (hidden, by) in
        made.iter().map(|id| (id.as_str(), "<new>")).chain(tried.map(|value| (value, "<value>")))
    {
        let escaped = super::document::encoded(hidden);
        let lower = hidden.to_lowercase();
        text = text.replace(hidden, by).replace(&escaped, by).replace(&lower, by);
    }
    text
}

fn without(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !names.contains(&name.as_str()));
            members.values_mut().for_each(|v| without(v, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|v| without(v, names)),
        _ => {}
    }
}

/// What distinguishes something hidden from nothing, if anything does.
pub async fn difference(
    op: &Operation,
    who: &Client,
    call: &Call,
    place: &Place,
    hidden: &str,
    nothing: &str,
) -> Option<String> {
    let something =
        told(&op.send(who, &with(op, call, place, hidden)).await, op.is_read(), [hidden, nothing]);
    let none = told(&op.send(who, &with(op, call, place, nothing)).await, op.is_read(), [hidden, nothing]);
    (something != none).then(|| {
        format!(
            "{} {} at {place:?} with {hidden}:\n{something}\nand with nothing:\n{none}",
            op.method, op.template
        )
    })
}

/// A word of the same form that names nobody; an address stays with its domain.
pub fn nonsense(word: &str) -> String {
    let (local, domain) = word.split_once('@').map_or((word, ""), |(local, domain)| (local, domain));
    let changed = local.chars().map(|c| match c {
        '0'..='9' => '7',
        c if c.is_uppercase() => 'Q',
        c if c.is_alphabetic() => 'q',
        c => c,
    });
    let changed: String = changed.collect();
    if domain.is_empty() { changed } else { format!("{changed}@{domain}") }
}
