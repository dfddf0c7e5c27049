//! Schemas as code generators like them: one name and one place for each, and a range for every whole number.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::page::MAXIMUM_LIMIT;

const SCHEMAS: &str = "#/components/schemas/";
/// As the derive macros name `PageDto<UnitDto>`.
const PAGE: &str = "PageDto_";
/// The largest whole number that every JSON reader holds exactly (RFC 8259, section 6).
const LARGEST: i64 = 9_007_199_254_740_991;

/// Bring the schemas of a document into form.
pub fn complete(document: &mut Value) {
    name_pages(document);
    lift_query_enums(document);
    each_schema(document, &mut bound);
}

/// `UnitPage` instead of `PageDto_UnitDto`, and its items by reference.
fn name_pages(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    let mut names = BTreeMap::new();
    let mut renamed = Map::new();
    for (name, mut schema) in std::mem::take(schemas) {
        let Some(item) = name.strip_prefix(PAGE) else {
            renamed.insert(name, schema);
            continue;
        };
        if let Some(items) = schema.pointer_mut("/properties/items").and_then(Value::as_object_mut) {
            items.insert("items".to_owned(), json!({"$ref": format!("{SCHEMAS}{item}")}));
            items.insert("maxItems".to_owned(), json!(MAXIMUM_LIMIT));
        }
        let page = format!("{}Page", item.trim_end_matches("Dto"));
        names.insert(format!("{SCHEMAS}{name}"), format!("{SCHEMAS}{page}"));
        renamed.insert(page, schema);
    }
    *schemas = renamed;
    each_value(document, &mut |value| {
        if let Some(target) = value.get_mut("$ref")
            && let Some(page) = target.as_str().and_then(|t| names.get(t))
        {
            *target = json!(page);
        }
    });
}

/// An enum of a query is the one of the bodies; one that only queries have gets a place under its title. Neither has an
/// example, since Swagger UI fills fields from it and sends them unasked.
fn lift_query_enums(document: &mut Value) {
    let mut schemas = match document.pointer_mut("/components/schemas") {
        Some(Value::Object(schemas)) => std::mem::take(schemas),
        _ => return,
    };
    each_parameter(document, &mut |parameter| {
        let Some(schema) = parameter.get_mut("schema") else { return };
        let Some(values) = schema.get("enum").cloned() else { return };
        let same = |known: &Value| {
            known.get("enum") == Some(&values) && known.get("description") == schema.get("description")
        };
        let named = schema.get("title").and_then(Value::as_str).map(str::to_owned);
        let known = schemas.iter().find(|(_, known)| same(known)).map(|(name, _)| name.clone());
        let Some(name) = known.or(named) else { return };
        let lifted = schemas.entry(name.clone()).or_insert_with(|| schema.clone());
        if let Some(lifted) = lifted.as_object_mut() {
            lifted.retain(|word, _| !["title", "example", "default"].contains(&word.as_str()));
        }
        *schema = json!({"$ref": format!("{SCHEMAS}{name}")});
    });
    if let Some(place) = document.pointer_mut("/components/schemas") {
        *place = Value::Object(schemas);
    }
}

/// What the types of Rust say and the derive macros leave out: how large a whole number gets, how long an id or a date.
fn bound(schema: &mut Map<String, Value>) {
    let is = |kind: &str| match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.contains(&json!(kind)),
        Some(one) => one == kind,
        None => false,
    };
    let (is_text, is_whole) = (is("string"), is("integer"));
    let longest = match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => Some(36),
        Some("date") => Some(10),
        // With nanoseconds and an offset.
        Some("date-time") => Some(35),
        _ => None,
    };
    if let Some(longest) = longest.filter(|_| is_text) {
        schema.entry("maxLength").or_insert(json!(longest));
    }
    if is_whole {
        let format = schema.get("format").and_then(Value::as_str).unwrap_or("int64").to_owned();
        let largest = if format == "int64" { LARGEST } else { i32::MAX.into() };
        let smallest = if format == "int64" { -LARGEST } else { i32::MIN.into() };
        schema.insert("format".to_owned(), json!(format));
        schema.entry("minimum").or_insert(json!(smallest));
        schema.entry("maximum").or_insert(json!(largest));
    }
}

/// Every parameter of every operation.
pub fn each_parameter(document: &mut Value, work: &mut impl FnMut(&mut Value)) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (_, item) in paths {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
            parameters.into_iter().flatten().for_each(&mut *work);
        }
    }
}

fn each_value(value: &mut Value, work: &mut impl FnMut(&mut Value)) {
    work(value);
    match value {
        Value::Object(members) => members.values_mut().for_each(|v| each_value(v, work)),
        Value::Array(items) => items.iter_mut().for_each(|v| each_value(v, work)),
        _ => {}
    }
}

/// Every schema, of components, bodies and parameters; examples are none.
fn each_schema(document: &mut Value, work: &mut impl FnMut(&mut Map<String, Value>)) {
    fn within(value: &mut Value, work: &mut impl FnMut(&mut Map<String, Value>)) {
        match value {
            Value::Object(members) => {
                if members.contains_key("type") {
                    work(members);
                }
                let parts =
                    members.iter_mut().filter(|(word, _)| !["example", "examples"].contains(&word.as_str()));
                parts.for_each(|(_, part)| within(part, work));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| within(item, work)),
            _ => {}
        }
    }
    for place in ["components", "paths"] {
        if let Some(part) = document.get_mut(place) {
            within(part, work);
        }
    }
}
