use serde_json::{Value, json};
use thuocdo::identity::passwords;
use thuocdo::page;

use crate::support::app::DOCUMENT;
use crate::support::client::assert_valid;

#[test]
fn the_committed_document_is_the_one_the_code_has() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json"))
        .expect("openapi/openapi.json");
    let committed: Value = serde_json::from_str(&committed).expect("JSON");
    assert!(
        committed == *DOCUMENT,
        "openapi/openapi.json is not the code's document; run: cargo run -- openapi > openapi/openapi.json"
    );
}

#[test]
fn every_operation_is_described() {
    let document = &*DOCUMENT;
    assert_eq!(document["openapi"], "3.1.0");
    let tags: Vec<&str> =
        document["tags"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    let mut ids = std::collections::HashSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, op) in item.as_object().unwrap() {
            let id = op["operationId"].as_str().expect("an operationId");
            assert!(ids.insert(id.to_owned()), "{id} twice");
            assert!(op["summary"].as_str().is_some_and(|s| !s.is_empty()), "{id} has no summary");
            assert!(tags.contains(&op["tags"][0].as_str().unwrap()), "{id} has no known tag");
            let success = op["responses"].as_object().unwrap().keys().filter(|s| s.starts_with('2')).count();
            assert!(success >= 1, "{id} has no success");
            assert!(op["security"].is_array(), "{id} says nothing of security");
            for scheme in
                op["security"].as_array().unwrap().iter().flat_map(|s| s.as_object().unwrap().keys())
            {
                assert!(
                    document["components"]["securitySchemes"][scheme].is_object(),
                    "{id}: {scheme} undeclared"
                );
            }
            for name in path.split('/').filter_map(|s| s.strip_prefix('{')).map(|s| s.trim_end_matches('}')) {
                let described = op["parameters"].as_array().into_iter().flatten().any(|p| {
                    p["name"] == name
                        && p["in"] == "path"
                        && p["description"].as_str().is_some_and(|d| !d.is_empty())
                });
                assert!(described, "{id}: {{{name}}} is not described ({method} {path})");
            }
        }
    }
}

#[test]
fn every_problem_has_an_example_that_fits_its_schema() {
    for (name, response) in DOCUMENT["components"]["responses"].as_object().unwrap() {
        for (media, content) in response["content"].as_object().unwrap() {
            let schema = format!("/components/responses/{name}/content/{}/schema", media.replace('/', "~1"));
            assert_valid(&schema, &content["example"], name);
        }
    }
}

#[test]
fn every_body_has_an_example_that_fits_its_schema() {
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, op) in item.as_object().unwrap() {
            let base = format!("/paths/{}/{method}", path.replace('/', "~1"));
            let responses = op["responses"].as_object().unwrap();
            let places = responses
                .iter()
                .map(|(status, r)| (format!("{base}/responses/{status}"), r))
                .chain(Some((format!("{base}/requestBody"), &op["requestBody"])));
            for (pointer, body) in places {
                for (media, content) in body["content"].as_object().into_iter().flatten() {
                    let example = &content["example"];
                    assert!(*example != json!(null), "{method} {path}: no example for {media}");
                    let schema = format!("{pointer}/content/{}/schema", media.replace('/', "~1"));
                    assert_valid(&schema, example, &format!("example of {method} {path} {media}"));
                }
            }
        }
    }
}

/// Attributes of the schemas are literals, so they are compared with the limits that the code works with.
#[test]
fn limits_of_the_document_are_those_of_the_code() {
    fn number(schema: &Value, name: &str) -> Option<u64> {
        schema[name].as_u64()
    }
    let schemas = DOCUMENT["components"]["schemas"].as_object().unwrap().values();
    let members = schemas.flat_map(|schema| schema["properties"].as_object().into_iter().flatten());
    let chosen = members.filter(|(name, schema)| {
        matches!(name.as_str(), "password" | "new_password") && number(schema, "minLength").is_some()
    });
    let mut passwords_chosen = 0;
    for (name, schema) in chosen {
        assert_eq!(number(schema, "minLength"), Some(passwords::MINIMUM_LENGTH), "{name}");
        assert_eq!(number(schema, "maxLength"), Some(passwords::MAXIMUM_LENGTH), "{name}");
        passwords_chosen += 1;
    }
    assert!(passwords_chosen >= 4, "{passwords_chosen} members are passwords that somebody chooses");
    let mut lists = 0;
    for item in DOCUMENT["paths"].as_object().unwrap().values() {
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        for limit in parameters.filter(|p| p["in"] == "query" && p["name"] == "limit") {
            assert_eq!(number(&limit["schema"], "maximum"), Some(page::MAXIMUM_LIMIT.into()));
            lists += 1;
        }
    }
    assert!(lists >= 20, "{lists} lists have pages");
}

/// Against the OpenAPI Initiative's own schema of 3.1 documents.
#[test]
fn the_document_is_valid_openapi_3_1() {
    let schema = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/openapi/schema-3.1.json"));
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> =
        validator.iter_errors(&DOCUMENT).map(|e| format!("{}: {e:.200}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let mut broken = DOCUMENT.clone();
    broken["paths"]["/v1/units"]["get"]["responses"] = json!("none");
    assert!(!validator.is_valid(&broken), "the schema bites");
}

/// Each operation is answered by a handler, and nothing else is: the document lists exactly the routes that exist.
#[tokio::test]
async fn every_documented_route_exists() {
    let app = crate::support::TestApp::spawn_with(crate::support::app::patient()).await;
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        let path = path.replace("{id}", &uuid::Uuid::nil().to_string()).replace(['{', '}'], "");
        for method in ["get", "post", "put", "patch", "delete"] {
            let request = app.public().request(method.to_uppercase().parse().unwrap(), &path);
            let answer = app.public().send(request).await;
            assert_eq!(answer.status == 405, item[method].is_null(), "{method} {path}: {}", answer.status);
        }
    }
}
