//! Clients of the last release go on working: the committed document takes back nothing that the released one
//! promised. A release copies `openapi/openapi.json` to `openapi/released.json` and empties [`BREAKS`].

mod compare;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::compare::breaks;

const RELEASED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/released.json"));
const COMMITTED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json"));
const CHANGELOG: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/CHANGELOG.md"));

/// Deliberate breaks since the last release: what the comparison says, why, and how the entry of `CHANGELOG.md`
/// below *Unreleased* begins.
const BREAKS: &[(&str, &str, &str)] = &[];

#[test]
fn clients_of_the_last_release_go_on_working() {
    let released: Value = serde_json::from_str(RELEASED).expect("JSON");
    let committed: Value = serde_json::from_str(COMMITTED).expect("JSON");
    let found = breaks(&released, &committed);
    let known: BTreeSet<String> = BREAKS.iter().map(|(what, ..)| (*what).to_owned()).collect();
    let new: Vec<&String> = found.difference(&known).collect();
    assert!(
        new.is_empty(),
        "clients of the last release would break; undo it, or list it in BREAKS with its reason: {new:#?}"
    );
    let needless: Vec<&String> = known.difference(&found).collect();
    assert!(needless.is_empty(), "BREAKS lists what breaks nothing: {needless:#?}");
}

#[test]
fn every_deliberate_break_has_its_reason_and_its_entry() {
    let (_, unreleased) =
        CHANGELOG.split_once("\n## Unreleased\n").expect("a chapter on what is not released");
    let (unreleased, _) = unreleased.split_once("\n## ").expect("a release before");
    for (what, because, entry) in BREAKS {
        assert!(!because.is_empty(), "{what}: why?");
        assert!(unreleased.contains(&format!("\n- {entry}")), "{what}: {entry} is not in CHANGELOG.md");
    }
}

#[test]
fn the_released_document_is_that_of_a_release() {
    let released: Value = serde_json::from_str(RELEASED).expect("JSON");
    let version = released["info"]["version"].as_str().expect("a version");
    assert!(CHANGELOG.contains(&format!("\n## {version} - ")), "{version} is no release of CHANGELOG.md");
}

/// A document with one operation and one schema, `Room`.
fn document(operation: &Value, room: &Value) -> Value {
    json!({"paths": {"/v1/rooms": {"post": operation}}, "components": {"schemas": {"Room": room}}})
}

/// A document whose operation is sent a room.
fn sent(room: &Value) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Room"}}});
    let body = json!({"required": true, "content": content});
    document(&json!({"operationId": "rooms_create", "requestBody": body, "responses": {}}), room)
}

/// A document whose operation answers with a room.
fn answered(room: &Value) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Room"}}});
    let responses = json!({"200": {"content": content}});
    document(&json!({"operationId": "rooms_create", "responses": responses}), room)
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required})
}

#[test]
fn a_removed_operation_is_a_break() {
    let old = sent(&json!({"type": "object"}));
    let none = json!({"paths": {"/v1/halls": {}}});
    assert_eq!(said(&old, &none), ["rooms_create (POST /v1/rooms): the operation was removed"]);
    assert_eq!(said(&none, &old), [""; 0]);
}

#[test]
fn an_operation_asks_for_no_more_and_answers_with_no_less() {
    let with = |parameters: Value, body: Value, security: Value, headers: Value| {
        let responses = json!({"200": {"headers": headers}});
        let operation = json!({
            "operationId": "rooms_create", "parameters": parameters, "requestBody": body,
            "security": security, "responses": responses
        });
        document(&operation, &Value::Null)
    };
    let parameter = |name: &str, required: bool| {
        let schema = json!({"type": "string"});
        json!({"in": "query", "name": name, "required": required, "schema": schema})
    };
    let old = with(
        json!([parameter("q", false), parameter("kind", false)]),
        json!({"required": false, "content": {"application/json": {}}}),
        json!([{"oauth2": ["rooms:read"]}]),
        json!({"ETag": {}}),
    );
    let new = with(
        json!([parameter("q", true), parameter("unit", true), parameter("more", false)]),
        json!({"required": true, "content": {"application/merge-patch+json": {}}}),
        json!([{"oauth2": ["rooms:manage"]}]),
        json!({"Location": {}}),
    );
    let name = "rooms_create (POST /v1/rooms)";
    let expected = [
        "a body of application/json is accepted no more",
        "the body is required now",
        "the header `ETag` of the answer 200 was removed",
        "the permission `rooms:manage` is needed now",
        "the query parameter `kind` was removed",
        "the query parameter `q` is required now",
        "the query parameter `unit` is required now",
    ];
    assert_eq!(said(&old, &new), expected.map(|what| format!("{name}: {what}")));
    let open = with(json!([]), json!({"content": {}}), json!([]), json!({}));
    let closed = with(json!([]), Value::Null, json!([{"oauth2": []}]), json!({}));
    let expected = ["a body is accepted no more", "a token is needed now"];
    assert_eq!(said(&open, &closed), expected.map(|what| format!("{name}: {what}")));
}

/// What the comparison says, sorted.
fn said(old: &Value, new: &Value) -> Vec<String> {
    breaks(old, new).into_iter().collect()
}

#[test]
fn what_was_accepted_stays_accepted() {
    let seats = |schema: Value| object(&json!({"seats": schema}), &[]);
    let sentences = |old: Value, new: Value| said(&sent(&seats(old)), &sent(&seats(new)));
    let whole = |least: i64, most: i64| json!({"type": "integer", "minimum": least, "maximum": most});
    assert_eq!(sentences(whole(1, 5), whole(0, 9)), [""; 0]);
    assert_eq!(sentences(json!({"type": "integer"}), json!({"type": "number"})), [""; 0]);
    assert_eq!(sentences(json!({"type": "string"}), json!({"type": ["string", "null"]})), [""; 0]);
    assert_eq!(sentences(json!({"enum": ["a"]}), json!({"enum": ["a", "b"]})), [""; 0]);
    let text = |keyword: &str, value: Value| json!({"type": "string", keyword: value});
    let any_text = || json!({"type": "string"});
    let narrowed = [
        (whole(1, 9), whole(2, 9), "the smallest value was 1 and is 2"),
        (whole(1, 9), whole(1, 8), "the largest value was 9 and is 8"),
        (any_text(), text("minLength", json!(1)), "the shortest length is 1, and there was none"),
        (text("maxLength", json!(9)), text("maxLength", json!(8)), "the longest length was 9 and is 8"),
        (any_text(), text("pattern", json!("^a")), r#"the pattern is "^a", and there was none"#),
        (any_text(), text("enum", json!(["a"])), "only certain values are accepted now"),
        (text("enum", json!(["a", "b"])), text("enum", json!(["a"])), r#"the value "b" is accepted no more"#),
        (
            text("format", json!("date")),
            text("format", json!("uuid")),
            r#"the format was "date" and is "uuid""#,
        ),
        (json!({"type": ["string", "null"]}), any_text(), "null is accepted no more"),
        (json!({"type": "number"}), whole(1, 9), "a value of type number is accepted no more"),
    ];
    for (old, new, what) in narrowed {
        let found = sentences(old, new);
        let [found] = found.as_slice() else { panic!("{what}: {found:?}") };
        assert_eq!(*found, format!("Room.seats, when sent: {what}"));
    }
}

#[test]
fn members_of_a_request_are_neither_taken_away_nor_demanded() {
    let text = json!({"type": "string"});
    let old = object(&json!({"code": text, "name": text}), &["code"]);
    let new = object(&json!({"code": text, "unit": text, "note": text}), &["code", "unit"]);
    let expected = [
        "Room, when sent: the member `name` was removed",
        "Room, when sent: the member `unit` is required now",
    ];
    assert_eq!(said(&sent(&old), &sent(&new)), expected);
    let more = object(&json!({"code": text, "name": text, "note": text}), &[]);
    assert_eq!(said(&sent(&old), &sent(&more)), [""; 0]);
}

#[test]
fn members_of_an_answer_stay() {
    let text = json!({"type": "string"});
    let row = object(&json!({"seats": {"type": "integer"}}), &[]);
    let rows = json!({"type": "array", "items": row});
    let old = object(&json!({"code": text, "name": text, "unit": text, "rows": rows}), &["code", "name"]);
    let bare = json!({"type": "array", "items": {"type": "object"}});
    let nullable = json!({"type": ["string", "null"]});
    let new = object(&json!({"code": text, "name": nullable, "rows": bare, "more": text}), &["name"]);
    let expected = [
        "Room, in answers: the member `code` may be absent now",
        "Room, in answers: the member `unit` was removed",
        "Room.name, in answers: null is possible now",
        "Room.rows[], in answers: the member `seats` was removed",
    ];
    assert_eq!(said(&answered(&old), &answered(&new)), expected);
    let mut more = old.clone();
    more["properties"]["more"] = text;
    assert_eq!(said(&answered(&old), &answered(&more)), [""; 0]);
    let kinds = |values: Value| object(&json!({"kind": {"type": "string", "enum": values}}), &[]);
    let (one, two) = (answered(&kinds(json!(["a"]))), answered(&kinds(json!(["a", "b"]))));
    assert_eq!(said(&one, &two), [r#"Room.kind, in answers: the value "b" is possible now"#]);
    assert_eq!(said(&two, &one), [""; 0]);
}

/// Behind references, in parts and in alternatives; and a schema that contains itself has an end.
#[test]
fn references_parts_and_alternatives_are_followed() {
    let this = json!({"$ref": "#/components/schemas/Room"});
    let part = |member: &str| {
        let own = object(&json!({member: {"type": "string"}}), &[]);
        json!({"allOf": [own, {"type": "object"}]})
    };
    let room = |part: Value| {
        let above = json!({"oneOf": [{"type": "null"}, this]});
        object(&json!({"above": above, "part": {"oneOf": [{"type": "number"}, part]}}), &[])
    };
    assert_eq!(said(&answered(&room(part("a"))), &answered(&room(part("a")))), [""; 0]);
    let expected = ["Room.part, in answers: the member `a` was removed"];
    assert_eq!(said(&answered(&room(part("a"))), &answered(&room(part("b")))), expected);
    let expected = [
        "Room.above, when sent: null is accepted no more",
        "Room.part, when sent: a value of type number is accepted no more",
    ];
    let only = object(&json!({"above": this, "part": part("a")}), &[]);
    assert_eq!(said(&sent(&room(part("a"))), &sent(&only)), expected);
}
