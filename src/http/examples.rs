//! An example on every body: composed from the members' own examples, so that nobody writes them twice.

use serde_json::{Map, Value, json};

/// Deepest nesting an example shows.
const DEPTH: usize = 6;

/// Give every media type of a document (as JSON) an example, unless its schema brings one.
pub fn complete(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or(Value::Null);
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        let bodies = ["requestBody"]
            .into_iter()
            .filter_map(|k| operation.get(k).map(|_| k.to_owned()))
            .collect::<Vec<_>>();
        for key in bodies {
            if let Some(body) = operation.get_mut(&key) {
                in_content(body, &schemas);
            }
        }
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            for response in responses.values_mut() {
                in_content(response, &schemas);
            }
        }
    }
}

fn in_content(body: &mut Value, schemas: &Value) {
    let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) else {
        return;
    };
    for media in content.values_mut().filter_map(Value::as_object_mut) {
        if !media.contains_key("example")
            && let Some(schema) = media.get("schema")
        {
            let example = of(schema, schemas, DEPTH);
            media.insert("example".to_owned(), example);
        }
    }
}

/// An example of a schema: its own, or one made of its parts.
pub fn of(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if let Some(example) =
        schema.get("example").or_else(|| schema.pointer("/examples/0")).or_else(|| schema.get("default"))
    {
        return example.clone();
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()) {
        return match schemas.get(name) {
            Some(target) if depth > 0 => of(target, schemas, depth - 1),
            _ => Value::Null,
        };
    }
    if let Some(first) = schema.pointer("/enum/0").or_else(|| schema.get("const")) {
        return first.clone();
    }
    for (word, merge) in [("allOf", true), ("oneOf", false), ("anyOf", false)] {
        if let Some(parts) = schema.get(word).and_then(Value::as_array) {
            return composed(parts, merge, schemas, depth);
        }
    }
    match kind(schema) {
        "object" => object(schema, schemas, depth),
        "array" => schema.get("items").map_or(json!([]), |items| json!([of(items, schemas, depth)])),
        "integer" => whole(schema),
        "number" => schema.get("minimum").cloned().unwrap_or(json!(1.5)),
        "boolean" => json!(true),
        "string" => json!(string(schema.get("format").and_then(Value::as_str))),
        _ => Value::Null,
    }
}

/// The smallest allowed number, unless that is only the smallest one that there is.
fn whole(schema: &Value) -> Value {
    json!(schema.get("minimum").and_then(Value::as_i64).filter(|smallest| *smallest >= 0).unwrap_or(1))
}

fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|k| *k != "null").unwrap_or("null")
        }
        _ if schema.get("properties").is_some() => "object",
        _ => "null",
    }
}

fn composed(parts: &[Value], merge: bool, schemas: &Value, depth: usize) -> Value {
    let mut parts =
        parts.iter().filter(|p| p.get("type") != Some(&json!("null"))).map(|p| of(p, schemas, depth));
    if !merge {
        return parts.next().unwrap_or(Value::Null);
    }
    let mut whole = Map::new();
    for part in parts {
        if let Value::Object(members) = part {
            whole.extend(members);
        }
    }
    Value::Object(whole)
}

fn object(schema: &Value, schemas: &Value, depth: usize) -> Value {
    let properties = schema.get("properties").and_then(Value::as_object);
    let members =
        properties.into_iter().flatten().map(|(name, property)| (name.clone(), of(property, schemas, depth)));
    Value::Object(members.collect())
}

fn string(format: Option<&str>) -> &'static str {
    match format {
        Some("uuid") => "0199f0c4-5a7e-7000-8000-000000000001",
        Some("date") => "2026-11-23",
        Some("date-time") => "2026-11-23T02:30:00Z",
        Some("email") => "an.nguyen@moit.gov.vn",
        _ => "…",
    }
}
