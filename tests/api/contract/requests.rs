//! Nothing that a request says is ignored: what an operation does not know is refused with its name, and nothing is
//! done. Tried on every operation of the document.

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::{Value, json};
use thuocdo::access::{Role, policy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::document::{Operation, operations};
use super::world::World;
use crate::support::TestApp;
use crate::support::app::patient;
use crate::support::client::{Answer, Client};

/// Everything but the token endpoints, which have the rules and the words of RFC 6749.
fn ours() -> impl Iterator<Item = Operation> {
    operations().into_iter().filter(|op| !op.template.starts_with("/oauth/"))
}

/// A service, and who may do everything there.
async fn everything() -> (TestApp, Client) {
    let app = TestApp::spawn_with(patient()).await;
    let who = app.as_actor(|actor| actor.roles = Role::ALL.to_vec());
    (app, who)
}

fn says(answer: &Answer, fault: &str) -> bool {
    answer.status == 422 && answer.faults().iter().any(|f| f == fault)
}

#[tokio::test]
async fn an_unknown_query_parameter_is_refused_and_nothing_is_done() {
    let (_app, who) = everything().await;
    for op in ours() {
        let mut call = op.call(&uuid::Uuid::nil().to_string());
        for (name, value) in [("dry_run", "true"), ("Limit", "1"), ("fields[]", ""), ("ünits", "1")] {
            call.query.push((name.to_owned(), value.to_owned()));
        }
        let answer = op.send(&who, &call).await;
        for name in ["dry_run", "Limit", "fields[]"] {
            assert!(says(&answer, &format!("?{name} unknown_member")), "{}: {:#}", op.id, answer.body);
        }
    }
    assert_eq!(who.all("/v1/units").await.len(), 0, "nothing was created");
    let token = [("grant_type", "password"), ("username", "a"), ("password", "b")];
    let answer = who.form("/oauth/token?dry_run=true", &token).await;
    assert_eq!((answer.status, answer.body["error"].as_str()), (400, Some("invalid_request")));
}

#[tokio::test]
async fn an_empty_filter_is_a_fault_with_its_name() {
    let (_app, who) = everything().await;
    let mut tried = 0;
    for op in ours() {
        let names: Vec<&str> = op.query().map(|(name, _)| name).collect();
        for name in &names {
            for query in [format!("{name}="), name.to_string(), format!("{name}=%20")] {
                let path = op.call(&uuid::Uuid::nil().to_string()).path;
                let answer = who.send(who.request(op.method.clone(), &format!("{path}?{query}"))).await;
                assert!(says(&answer, &format!("?{name} empty")), "{} {query}: {:#}", op.id, answer.body);
                tried += 1;
            }
        }
        // All of them at once: each is named.
        if !names.is_empty() {
            let url = op.call(&uuid::Uuid::nil().to_string()).path;
            let query: Vec<String> = names.iter().map(|name| format!("{name}=")).collect();
            let answer = who.get(&format!("{url}?{}&nonsense=1", query.join("&"))).await;
            assert_eq!(answer.faults().len(), names.len() + 1, "{}: {:#}", op.id, answer.body);
        }
    }
    assert!(tried > 200, "{tried}");
}

#[tokio::test]
async fn faults_of_a_query_are_named_all_at_once() {
    let (_app, who) = everything().await;
    let faults = async |path: &str| who.get(path).await.faults();
    assert_eq!(
        faults("/v1/employees?unit_id=x&status=gone&limit=201&limit=3&colour=red&cursor=").await,
        [
            "?colour unknown_member",
            "?cursor empty",
            "?limit duplicate",
            "?limit too_large",
            "?status not_allowed",
            "?unit_id wrong_type"
        ]
    );
    assert_eq!(
        faults("/v1/reports/effectiveness?limit=0&as_of=today").await,
        ["?as_of wrong_type", "?by required", "?limit too_small"]
    );
    who.get("/v1/units?limit=20.0").await.expect_status(200);
    assert_eq!(faults("/v1/units?limit=20.5").await, ["?limit wrong_type"]);
    let many: Vec<String> = (0..400).map(|i| format!("p{i}=1")).collect();
    let answer = who.get(&format!("/v1/units?{}", many.join("&"))).await;
    assert!(answer.status == 422 && answer.body.to_string().len() < 40_000);
    let long = who.get(&format!("/v1/units?{}=1", "x".repeat(8000))).await;
    assert!(long.status == 422 && long.body.to_string().len() < 9_000, "{}", long.body);
    assert_eq!(who.get("/v1/units?cursor=abc").await.problem(), "400 cursor.invalid");
}

#[tokio::test]
async fn a_body_where_there_is_none_is_refused_and_one_that_says_nothing_is_not() {
    let (_app, who) = everything().await;
    for op in ours().filter(|op| op.body_schema().is_none()) {
        let send = async |media: &str, body: &str| {
            let mut request = op.bare(&who);
            if op.has_header("If-Match") && op.method != Method::POST {
                request = request.header("If-Match", "*");
            }
            who.send(request.header(CONTENT_TYPE, media).body(body.to_owned())).await
        };
        let told = send("application/json", r#"{"reason": "x", "dry_run": true}"#).await;
        assert_eq!(
            told.faults(),
            [" no_body", "/dry_run unknown_member", "/reason unknown_member"],
            "{}: {:#}",
            op.id,
            told.body
        );
        for (media, body) in
            [("text/plain", "please"), ("application/json", "null"), ("application/json", "[]")]
        {
            let answer = send(media, body).await;
            assert!(says(&answer, " no_body"), "{} {body}: {:#}", op.id, answer.body);
        }
        for nothing in ["", "{}", " { } "] {
            let answer = send("application/json", nothing).await;
            assert!(!says(&answer, " no_body"), "{} {nothing:?}: {:#}", op.id, answer.body);
        }
    }
}

#[tokio::test]
async fn a_body_in_pieces_is_a_body_too() {
    let (app, _) = everything().await;
    let raw = async |path: &str, chunks: &str| {
        let mut socket = tokio::net::TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    };
    assert!(raw("/health/live", "0\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    let full = raw("/health/live", "3\r\n{\"a\r\n5\r\n\": 1}\r\n0\r\n\r\n").await;
    assert!(full.starts_with("HTTP/1.1 422") && full.contains("/a"), "{full}");
}

#[tokio::test]
async fn what_may_be_left_out_whole_needs_no_body_and_no_media_type() {
    let (_app, who) = everything().await;
    let mut optional = Vec::new();
    for op in ours().filter(|op| op.body_schema().is_some() && op.method != Method::PATCH) {
        let answer = who.send(op.bare(&who).header("If-Match", "*")).await;
        // Nothing has that id, and what is missing is named: never a media type that nobody needs.
        let without = if op.has_header("If-Match") { answer } else { who.send(op.bare(&who)).await };
        assert!(![400, 415].contains(&without.status), "{}: {:#}", op.id, without.body);
        let required = without.faults().iter().any(|f| f.ends_with(" required"));
        assert!(!(op.body_is_optional() && required), "{}: {:#}", op.id, without.body);
        if op.body_is_optional() {
            optional.push(op.id);
        }
    }
    assert!(optional.contains(&"certificates_issue"), "{optional:?}");
}

#[tokio::test]
async fn a_client_that_accepts_no_json_is_refused() {
    let (_app, who) = everything().await;
    for op in ours() {
        let call = op.call(&uuid::Uuid::nil().to_string());
        let gives = op.answers().next().is_some();
        for accept in ["text/csv", "application/xml, audio/*;q=0.5", "application/*;q=0"] {
            let request = who.request(op.method.clone(), &call.path).header(ACCEPT, accept);
            let answer = who.send(request).await;
            assert_eq!(answer.status == 406, gives, "{} {accept}: {:#}", op.id, answer.body);
        }
    }
    let csv = who.send(who.request(Method::GET, "/v1/units").header(ACCEPT, "text/csv")).await;
    assert_eq!(csv.problem(), "406 media_type.not_acceptable");
    for fine in ["*/*", "application/json;q=0.1, text/csv", "application/*", "text/html,*/*;q=0.1"] {
        who.send(who.request(Method::GET, "/v1/units").header(ACCEPT, fine)).await.expect_status(200);
    }
}

#[tokio::test]
async fn a_compressed_body_is_refused_as_such() {
    let (_app, who) = everything().await;
    for op in operations().into_iter().filter(|op| op.body_schema().is_some()) {
        for coding in ["gzip", "identity, br"] {
            let request = op.bare(&who).header("If-Match", "*").header(CONTENT_ENCODING, coding);
            let request = if op.has_header("If-Match") {
                request
            } else {
                op.bare(&who).header(CONTENT_ENCODING, coding)
            };
            let answer = who.send(request.header(CONTENT_TYPE, op.media_type()).body("\u{1f}not text")).await;
            assert_eq!(answer.problem(), "415 content_coding.unsupported", "{} {coding}", op.id);
            assert_eq!(answer.header("accept-encoding"), "identity");
        }
    }
    let unit = json!({"code": "A", "name": "A", "kind": "agency"});
    let plain = who.request(Method::POST, "/v1/units").header(CONTENT_ENCODING, "identity").json(&unit);
    who.send(plain).await.expect_status(201);
}

#[tokio::test]
async fn a_precondition_that_does_not_apply_is_refused() {
    let (_app, who) = everything().await;
    for op in ours() {
        if !op.has_header("If-Match") {
            let answer = who.send(op.bare(&who).header("If-Match", "\"1\"")).await;
            assert!(says(&answer, "If-Match not_applicable"), "{}: {:#}", op.id, answer.body);
        }
        if !op.is_read() {
            let answer = who.send(op.bare(&who).header("If-None-Match", "*")).await;
            assert!(says(&answer, "If-None-Match not_applicable"), "{}: {:#}", op.id, answer.body);
        }
    }
}

/// An action on one resource takes the version that was read, in whatever answer it was read: another one is refused
/// and nothing is done. Without `If-Match` it acts on any.
#[tokio::test]
async fn an_action_holds_the_version_it_was_sent_with() {
    let world = World::new().await;
    let mut compared = 0;
    for op in ours().filter(|op| op.method == Method::POST && op.has_header("If-Match")) {
        let who = Role::ALL
            .into_iter()
            .filter(|role| op.permission.is_some_and(|p| policy::grant(*role, p).is_some()))
            .map(|role| world.caller(role));
        for who in who {
            let call = world.call(&op, op.resource().and_then(|list| world.own.get(list)));
            let send = async |etag: &str| {
                let mut request = who.request(Method::POST, &call.path).header("If-Match", etag);
                if let Some(body) = &call.body {
                    request = request.json(body);
                }
                who.send(request).await
            };
            for malformed in ["1", "\"1", "1-x"] {
                let answer = send(malformed).await;
                assert!(says(&answer, "If-Match entity_tag"), "{} {malformed}: {:#}", op.id, answer.body);
            }
            for stale in ["\"999\"", "W/\"1\"", "\"999-abc\", \"x\""] {
                let answer = send(stale).await;
                let earlier = answer.status == 409 || answer.status == 404 || answer.status == 422;
                assert!(answer.status == 412 || earlier, "{} {stale}: {:#}", op.id, answer.body);
                compared += usize::from(answer.status == 412);
            }
        }
    }
    assert!(compared > 30, "{compared}");
}

/// What a patch says is done or refused: `null` empties what the document calls nullable and is refused for anything
/// else; what is so already leaves the version as it is.
#[tokio::test]
async fn a_patch_empties_refuses_or_changes_nothing() {
    let world = World::new().await;
    let (mut kept, mut emptied) = (0, 0);
    for op in operations().into_iter().filter(|op| op.method == Method::PATCH) {
        let permission = op.permission.expect("a permission");
        let roles = Role::ALL.into_iter().filter(|role| policy::grant(*role, permission).is_some());
        let object = op.resource().and_then(|list| world.own.get(list));
        let path = world.call(&op, object).path;
        for role in roles {
            let who = world.caller(role);
            let read = world.app.as_actor(|actor| actor.roles = Role::ALL.to_vec()).get(&path).await;
            let version = read.version().to_owned();
            for (member, nullable) in op.members() {
                let answer = who.patch(&path, "*", json!({ (member): null })).await;
                let named = answer.faults().iter().any(|f| f.starts_with(&format!("/{member} ")));
                if nullable {
                    assert!(
                        !named || answer.faults() != [format!("/{member} wrong_type")],
                        "{} {member}",
                        op.id
                    );
                    emptied += 1;
                } else {
                    assert!(answer.status == 422 && named, "{} {member}: {:#}", op.id, answer.body);
                    kept += 1;
                }
            }
            let now = world.app.as_actor(|actor| actor.roles = Role::ALL.to_vec()).get(&path).await;
            let so: serde_json::Map<String, Value> = op
                .members()
                .into_iter()
                .filter_map(|(member, _)| Some((member.to_owned(), now.body.get(member)?.clone())))
                .filter(|(_, value)| !value.to_string().contains('•'))
                .collect();
            for same in [json!({}), Value::Object(so)] {
                let answer = who.patch(&path, now.etag(), same.clone()).await;
                if answer.status == 200 {
                    assert_eq!(answer.version(), now.version(), "{} {same}", op.id);
                } else {
                    assert!([409, 422].contains(&answer.status), "{} {same}: {:#}", op.id, answer.body);
                }
            }
            assert!(version.parse::<i32>().is_ok(), "{}: {version}", op.id);
        }
    }
    assert!(kept >= 40 && emptied >= 9, "{kept} {emptied}");
}

/// Of two values of what has one, either could be meant.
#[tokio::test]
async fn what_is_said_twice_is_refused() {
    let (app, who) = everything().await;
    let unit = json!({"code": "A", "name": "A", "kind": "department"});
    for header in ["Idempotency-Key", "On-Behalf-Of"] {
        let twice = who.request(Method::POST, "/v1/units").header(header, "a").header(header, "b");
        let answer = who.send(twice.json(&unit)).await;
        assert!([403, 422].contains(&answer.status), "{header}: {:#}", answer.body);
    }
    let token = who.request(Method::GET, "/v1/units").header("Authorization", "Bearer x");
    assert_eq!(who.send(token).await.problem(), "401 authentication.required");
    let body = r#"{"code": "A", "name": "A", "kind": "department", "code": "B"}"#;
    let doubled = who.request(Method::POST, "/v1/units").header(CONTENT_TYPE, "application/json").body(body);
    assert_eq!(who.send(doubled).await.faults(), ["/code duplicate"]);
    let body = r#"{"name": "A", "name": "B"}"#;
    let id = app.unit("C", None).await;
    let patch = who.request(Method::PATCH, &format!("/v1/units/{id}")).header("If-Match", "*");
    let patch = patch.header(CONTENT_TYPE, "application/merge-patch+json").body(body);
    assert_eq!(who.send(patch).await.faults(), ["/name duplicate"]);
    assert_eq!(who.all("/v1/units").await.len(), 1);
}

/// Days that can be read and that no calendar holds, wherever a day may be sent.
#[tokio::test]
async fn a_day_is_written_in_full_and_of_a_year_that_people_have() {
    let (app, who) = everything().await;
    let id = uuid::Uuid::nil().to_string();
    let mut tried = 0;
    for op in ours() {
        for (name, schema) in op.query() {
            let schema = schema.to_string();
            if !schema.contains("\"date") && !schema.contains("[0-9]{4}-") {
                continue;
            }
            for day in
                ["-262143-01-01", "-4713-01-01", "0001-01-01", "9999-12-31", "2026-1-1", "%2B2026-01-01"]
            {
                let path = format!("{}?{name}={day}", op.call(&id).path);
                let answer = who.send(who.request(op.method.clone(), &path)).await;
                let named = answer.faults().iter().any(|fault| fault.starts_with(&format!("?{name} ")));
                assert!(answer.status == 422 && named, "{path}: {:#}", answer.body);
                tried += 1;
            }
        }
    }
    assert!(tried > 50, "{tried}");
    let unit = app.unit("A", None).await;
    let position = app.position("P", "p", None).await;
    for (day, code) in [
        ("-4713-01-01", "wrong_format"),
        ("+262142-12-31", "wrong_format"),
        ("2024-1-1", "wrong_format"),
        ("0099-01-01", "out_of_range"),
    ] {
        let employee = json!({
            "code": "E", "full_name": "Nguyễn Văn An", "email": "an@moit.gov.vn", "unit_id": unit,
            "job_position_id": position, "category": "civil_servant", "status": "active", "joined_on": day
        });
        let answer = who.post("/v1/employees", employee).await;
        assert_eq!(answer.faults(), [format!("/joined_on {code}")], "{day}");
    }
    for path in ["/v1/units/batch", "/v1/employees/batch", "/v1/performance-ratings/batch"] {
        let row = json!({"parent_code": "a\u{0}b", "unit_code": "a\u{0}b", "employee_code": "a\u{0}b"});
        let answer = who.post(path, json!({"items": [row]})).await;
        assert_eq!(answer.status, 422, "{path}: {:#}", answer.body);
    }
}
