//! Who knows a code or a name finds the row, without walking a list.

use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::demo::PASSWORD;
use thuocdo::text;

use super::document::{Operation, encoded, operations};
use crate::demo::with_ministry;
use crate::support::TestApp;
use crate::support::app::DOCUMENT;

/// A list of the demo ministry, the filter for exactly one row with the member it compares, and a member with words.
type List = (&'static str, Option<(&'static str, &'static str)>, &'static str);

const LISTS: [List; 11] = [
    ("units", Some(("code", "code")), "name"),
    ("job-positions", Some(("code", "code")), "name"),
    ("competencies", Some(("code", "code")), "name"),
    ("employees", Some(("code", "code")), "full_name"),
    ("institutes", Some(("code", "code")), "name"),
    ("lecturers", None, "full_name"),
    ("courses", Some(("code", "code")), "title"),
    ("training-plans", None, "title"),
    ("offerings", Some(("code", "code")), "code"),
    ("questionnaires", Some(("code", "code")), "title"),
    ("accounts", Some(("username", "username")), "display_name"),
];

/// Members by which people know a thing.
const WORDS: [&str; 4] = ["name", "title", "full_name", "display_name"];

fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolved(DOCUMENT.pointer(&reference[1..]).expect("a schema")),
        None => schema,
    }
}

/// The members of the rows of a list, if the operation is one.
fn row_members(op: &Operation) -> Vec<&'static str> {
    let is_list = op.is_read() && op.query().any(|(name, _)| name == "cursor");
    let rows =
        op.answers().filter(|_| is_list).map(|schema| &resolved(schema)["properties"]["items"]["items"]);
    rows.flat_map(|row| resolved(row)["properties"].as_object().into_iter().flatten())
        .map(|(name, _)| name.as_str())
        .collect()
}

#[test]
fn every_list_of_coded_or_named_rows_has_the_filters() {
    let mut missing = Vec::new();
    let mut lists = 0;
    for op in operations() {
        let members = row_members(&op);
        let has = |name: &str| op.query().any(|(parameter, _)| parameter == name);
        lists += usize::from(!members.is_empty());
        if members.contains(&"code") && !has("code") {
            missing.push(format!("{} has no code", op.id));
        }
        if WORDS.iter().any(|word| members.contains(word)) && !has("q") {
            missing.push(format!("{} has no q", op.id));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(lists > 20, "{lists} lists are too few to be the whole document");
}

#[tokio::test]
async fn each_list_gives_the_row_that_is_asked_for() {
    let app = with_ministry().await;
    let officer = app.sign_in("training_officer", PASSWORD).await;
    let admin = app.sign_in("system_admin", PASSWORD).await;
    for (list, exact, words) in LISTS {
        let who = if list == "accounts" { &admin } else { &officer };
        let page = who.get(&format!("/v1/{list}?limit=200")).await.expect_status(200);
        let row = page["items"].as_array().unwrap().last().expect("a row").clone();
        if let Some((filter, member)) = exact {
            let code = row[member].as_str().expect("a code");
            let found = who.all(&format!("/v1/{list}?{filter}={}", encoded(code))).await;
            assert!(found.iter().all(|other| other[member] == row[member]), "{list} {code}");
            assert!(found.iter().any(|other| other["id"] == row["id"]), "{list} {code}");
            assert_eq!(who.all(&format!("/v1/{list}?{filter}=none-of-these")).await.len(), 0, "{list}");
        }
        let words = row[words].as_str().expect("words");
        let plain = text::fold(words);
        for asked in [words, plain.as_str(), &plain.to_uppercase()] {
            let found = who.all(&format!("/v1/{list}?limit=7&q={}", encoded(asked))).await;
            assert!(found.iter().any(|other| other["id"] == row["id"]), "{list} q={asked}");
        }
        assert_eq!(who.all(&format!("/v1/{list}?q={}", encoded("%_\\"))).await.len(), 0, "{list}");
    }
}

#[tokio::test]
async fn words_are_found_whatever_their_accents_and_pages_stay_whole() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    for (code, name) in [("A1", "Phòng Đào tạo"), ("A2", "Phòng đào  Đường"), ("B1", "Ban Thư ký")]
    {
        let body = json!({"code": code, "name": name, "kind": "division"});
        officer.post("/v1/units", body).await.expect_status(201);
    }
    let found = async |query: &str| -> Vec<String> {
        let rows = officer.all(&format!("/v1/units?{query}")).await;
        rows.iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
    };
    for (query, codes) in [
        ("q=dao", vec!["A2", "A1"]),
        ("q=dao&limit=1", vec!["A2", "A1"]),
        ("q=%C4%90%C3%80O+phong", vec!["A2", "A1"]),
        ("q=thu+b1", vec!["B1"]),
        ("q=a1&kind=division", vec!["A1"]),
        ("q=a1&kind=agency", vec![]),
        ("code=A1", vec!["A1"]),
        ("code=a1", vec![]),
    ] {
        assert_eq!(found(query).await, codes, "{query}");
    }
    let long = officer.get(&format!("/v1/units?q={}", "x".repeat(201))).await;
    assert_eq!(long.faults(), ["?q too_long"]);
}

#[tokio::test]
async fn an_offering_is_found_by_its_course() {
    let app = with_ministry().await;
    let head = app.sign_in("unit_head", PASSWORD).await;
    let course = head.all("/v1/courses?code=BMNN-01").await.remove(0);
    let by_code = head.all("/v1/offerings?course_code=BMNN-01&status=open").await;
    assert!(by_code.len() >= 2, "in person and online: {by_code:?}");
    assert!(by_code.iter().all(|offering| offering["course_id"] == course["id"]));
    let title = encoded(&text::fold(course["title"].as_str().unwrap()));
    let by_title = head.all(&format!("/v1/offerings?q={title}&status=open")).await;
    assert!(by_code.iter().all(|offering| by_title.contains(offering)), "{by_title:?}");
}

/// An administrator may not read employees; the code that HR gives is enough to open an account.
#[tokio::test]
async fn an_account_is_opened_by_the_code_of_its_person() {
    let app = TestApp::spawn().await;
    let unit = app.unit("VP", None).await;
    let position = app.position("CV", "specialist", None).await;
    let person = app.employee("CB-7", "Lê Minh Thu", unit, position).await;
    let admin = app.as_role(Role::SystemAdmin);
    let body = |username: &str, extra: Value| {
        let mut body = json!({"username": username, "display_name": "Thu", "password": "mười hai con giáp bơi",
            "roles": [{"role": "employee"}]});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    let unknown = admin.post("/v1/accounts", body("thu.le", json!({"employee_code": "CB-8"}))).await;
    assert_eq!(unknown.faults(), ["/employee_code unknown_reference"]);
    let both = json!({"employee_code": "CB-7", "employee_id": person});
    let both = admin.post("/v1/accounts", body("thu.le", both)).await;
    assert_eq!(both.faults(), ["/employee_code not_applicable"]);
    let opened = admin.post("/v1/accounts", body("thu.le", json!({"employee_code": "CB-7"}))).await;
    let account = opened.expect_status(201);
    assert_eq!(account["employee_id"], json!(person));
    assert!(!account.to_string().contains("Lê Minh Thu"), "nothing of the person but the id: {account}");
    assert_eq!(admin.get("/v1/employees").await.problem(), "403 permission.missing");
}
