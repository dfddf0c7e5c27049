//! Forms that code generators, validators and Swagger UI take: rules about every part of the document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use thuocdo::error::Rule;

use crate::support::app::DOCUMENT;

/// Everything of a document that is a schema, with where it is and whether it is about a request.
fn schemas() -> Vec<(String, &'static Value, bool)> {
    let mut found = Vec::new();
    let asked = asked();
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        within(name, schema, asked.contains(name.as_str()), &mut found);
    }
    for (id, parameter) in parameters() {
        within(&format!("{id} {}", parameter["name"]), &parameter["schema"], true, &mut found);
    }
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, op) in item.as_object().unwrap() {
            for (part, is_request) in [("requestBody", true), ("responses", false)] {
                each_content(&op[part], &mut |schema| {
                    within(&format!("{method} {path}"), schema, is_request, &mut found);
                });
            }
        }
    }
    found
}

fn each_content(value: &'static Value, work: &mut impl FnMut(&'static Value)) {
    if value["schema"].is_object() {
        work(&value["schema"]);
    }
    let parts = value.as_object().into_iter().flatten();
    for (_, part) in
        parts.filter(|(word, _)| !["schema", "example", "examples", "headers"].contains(&word.as_str()))
    {
        each_content(part, work);
    }
}

/// Names of the schemas that request bodies are made of.
fn asked() -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    for item in DOCUMENT["paths"].as_object().unwrap().values() {
        for op in item.as_object().unwrap().values() {
            refer(&op["requestBody"], &mut names);
        }
    }
    names
}

fn refer(value: &'static Value, names: &mut BTreeSet<&'static str>) {
    if let Some(name) = value["$ref"].as_str().and_then(|r| r.strip_prefix("#/components/schemas/"))
        && names.insert(name)
    {
        refer(&DOCUMENT["components"]["schemas"][name], names);
    }
    match value {
        Value::Object(parts) => parts.values().for_each(|part| refer(part, names)),
        Value::Array(parts) => parts.iter().for_each(|part| refer(part, names)),
        _ => {}
    }
}

fn within(
    place: &str,
    schema: &'static Value,
    is_request: bool,
    found: &mut Vec<(String, &'static Value, bool)>,
) {
    found.push((place.to_owned(), schema, is_request));
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        within(&format!("{place}/{name}"), part, is_request, found);
    }
    for word in ["items", "additionalProperties"] {
        if schema[word].is_object() {
            within(&format!("{place}/{word}"), &schema[word], is_request, found);
        }
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        for part in schema[word].as_array().into_iter().flatten() {
            within(place, part, is_request, found);
        }
    }
}

/// Each parameter with the id of its operation.
fn parameters() -> Vec<(&'static str, &'static Value)> {
    let items = DOCUMENT["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    operations
        .flat_map(|op| {
            let id = op["operationId"].as_str().unwrap();
            op["parameters"].as_array().into_iter().flatten().map(move |p| (id, p))
        })
        .collect()
}

fn is(schema: &Value, kind: &str) -> bool {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|k| k == kind),
        one => one == kind,
    }
}

/// Swagger UI fills a field from an example or a default and sends it, whether or not it is required: only what always
/// leads somewhere may stand there.
#[test]
fn no_field_is_filled_in_that_would_have_to_be_emptied() {
    const GOOD_ANYWHERE: [(&str, &str); 1] = [("problems_get", "code")];
    let mut filled = Vec::new();
    for (id, parameter) in parameters() {
        let schema = &parameter["schema"];
        let target = schema["$ref"].as_str().and_then(|r| DOCUMENT.pointer(r.trim_start_matches('#')));
        let places = [Some(parameter), Some(schema), target];
        let words = ["example", "examples", "default"];
        let is_filled = places.into_iter().flatten().any(|p| words.iter().any(|word| !p[word].is_null()));
        let name = parameter["name"].as_str().unwrap();
        if is_filled && !GOOD_ANYWHERE.contains(&(id, name)) {
            filled.push(format!("{id} {name}"));
        }
    }
    assert!(filled.is_empty(), "{filled:#?}");
}

#[test]
fn whatever_is_asked_for_has_a_bound() {
    let mut unbounded = Vec::new();
    for (place, schema, is_request) in schemas() {
        let has = |word: &str| !schema[word].is_null();
        if is(schema, "integer") && !(has("format") && has("minimum") && has("maximum")) {
            unbounded.push(format!("{place}: a whole number without format and range"));
        }
        let fixed = matches!(schema["format"].as_str(), Some("uuid" | "date" | "date-time"));
        if is_request && is(schema, "string") && !(has("maxLength") || has("enum") || has("const") || fixed) {
            unbounded.push(format!("{place}: a text without maxLength"));
        }
        if is_request && is(schema, "array") && !has("maxItems") {
            unbounded.push(format!("{place}: a list without maxItems"));
        }
    }
    assert!(unbounded.is_empty(), "{unbounded:#?}");
}

#[test]
fn patterns_are_read_by_others_too() {
    for (place, schema, _) in schemas() {
        if let Some(pattern) = schema["pattern"].as_str() {
            for foreign in [r"\p", r"\P", "(?", r"\u", "[["] {
                assert!(
                    !pattern.contains(foreign),
                    "{place}: {pattern} is not read alike by ECMA-262 and Python"
                );
            }
        }
    }
}

/// What is in a list or a query is named once, so that a generated client has one class for it.
#[test]
fn lists_and_queries_refer_to_what_they_hold() {
    for (place, schema, _) in schemas() {
        assert!(schema["items"]["properties"].is_null(), "{place} spells its items out");
    }
    for (id, parameter) in parameters() {
        let schema = &parameter["schema"];
        let plain = ["oneOf", "anyOf", "allOf", "enum"].iter().all(|word| schema[word].is_null());
        assert!(plain, "{id} {}: {schema}", parameter["name"]);
    }
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        assert!(!name.starts_with("PageDto"), "{name}");
        if !schema["properties"]["next_cursor"].is_null() {
            assert!(name.ends_with("Page"), "{name} is a page");
            assert!(schema["properties"]["items"]["items"]["$ref"].is_string(), "{name}");
        }
    }
}

#[test]
fn no_tag_holds_more_than_a_reader_overlooks() {
    let mut sizes = BTreeMap::new();
    for item in DOCUMENT["paths"].as_object().unwrap().values() {
        for op in item.as_object().unwrap().values() {
            assert_eq!(op["tags"].as_array().unwrap().len(), 1, "{}", op["operationId"]);
            *sizes.entry(op["tags"][0].as_str().unwrap()).or_insert(0) += 1;
        }
    }
    assert!(sizes.values().all(|size| *size <= 22), "{sizes:#?}");
}

/// Where an answer leads is an operation of the document.
#[test]
fn links_lead_to_operations() {
    let mut links = 0;
    for item in DOCUMENT["paths"].as_object().unwrap().values() {
        for op in item.as_object().unwrap().values() {
            for response in op["responses"].as_object().unwrap().values() {
                for link in response["links"].as_object().into_iter().flatten().map(|(_, link)| link) {
                    links += 1;
                    let target = super::document::operations();
                    let target = target.iter().find(|o| link["operationId"] == o.id).expect("an operation");
                    for name in link["parameters"].as_object().unwrap().keys() {
                        assert!(target.takes(name), "{} takes {name}", target.id);
                    }
                }
            }
        }
    }
    assert!(links > 40, "{links} links");
}

/// A rule that no operation lists could be met by nobody; what is listed exists.
#[test]
fn every_rule_is_listed_by_an_operation() {
    let mut listed = BTreeSet::new();
    for item in DOCUMENT["paths"].as_object().unwrap().values() {
        for op in item.as_object().unwrap().values() {
            listed.extend(op["x-problem-types"].as_array().into_iter().flatten().filter_map(Value::as_str));
        }
    }
    let all: Vec<String> = Rule::ALL.iter().map(|rule| format!("/problems/{}", rule.code())).collect();
    // The token endpoint answers in the words of RFC 6749.
    listed.insert("/problems/account.provider_identity_taken");
    let missing: Vec<&String> = all.iter().filter(|kind| !listed.contains(kind.as_str())).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let ids: BTreeSet<&str> = super::document::operations().iter().map(|op| op.id).collect();
    for (id, _) in thuocdo::http::openapi::REFUSALS {
        assert!(ids.contains(id), "{id} is no operation");
    }
}
