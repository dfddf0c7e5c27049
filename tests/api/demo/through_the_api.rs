//! What a newcomer sees of the demo ministry: every list, the report's verdicts, and the story's third nomination.

use std::collections::HashMap;

use serde_json::{Value, json};
use thuocdo::demo;
use thuocdo::demo::effects::{Expected, STUDIES};

use super::with_ministry;

const PASSWORD: &str = demo::PASSWORD;

/// Lists that a training officer can read without saying more.
const LISTS: [&str; 14] = [
    "units",
    "job-positions",
    "competencies",
    "employees",
    "absences",
    "coverage-rules",
    "performance-ratings",
    "institutes",
    "courses",
    "offerings",
    "training-plans",
    "nominations",
    "evaluations",
    "certificates",
];

#[tokio::test]
async fn every_list_can_be_read() {
    let app = with_ministry().await;
    let officer = app.sign_in("training_officer", PASSWORD).await;
    for list in LISTS {
        let page = officer.get(&format!("/v1/{list}?limit=200")).await.expect_status(200);
        assert!(!page["items"].as_array().unwrap().is_empty(), "{list}");
    }
}

/// Whoever reads why a course did not help finds what stood in the way.
#[tokio::test]
async fn a_report_names_what_stood_in_the_way_of_using_what_was_learned() {
    let app = with_ministry().await;
    let officer = app.sign_in("training_officer", PASSWORD).await;
    let page = officer.get("/v1/reports/effectiveness?by=course&limit=200").await.expect_status(200);
    let rows = page["items"].as_array().unwrap();
    let barriers: Vec<&Value> = rows.iter().filter_map(|row| row["environment"]["barriers"].get(0)).collect();
    assert!(barriers.iter().any(|barrier| barrier["item"] == "time"), "{barriers:?}");
}

#[tokio::test]
async fn the_report_says_of_each_course_what_was_built_in() {
    let app = with_ministry().await;
    let leader = app.sign_in("leader", PASSWORD).await;
    let page = leader.get("/v1/reports/effectiveness?by=course&limit=200").await.expect_status(200);
    let rows: HashMap<&str, &Value> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["subject"]["code"].as_str().unwrap(), row))
        .collect();
    for study in &STUDIES {
        let row = rows[study.course];
        let (verdict, difference) = (&row["behaviour"]["verdict"], &row["behaviour"]["difference"]);
        match study.expected {
            Expected::Verdict(expected) => {
                assert_eq!(*verdict, json!(expected), "{}: {}", study.course, row["sentence"]["en"]);
            }
            Expected::InsufficientData => {
                assert_eq!(difference["status"], "insufficient_data", "{}", study.course);
            }
            Expected::Undefined => assert_eq!(difference["status"], "undefined", "{}", study.course),
            Expected::TooFewFollowUps => assert!(verdict.is_null(), "{}: {verdict}", study.course),
            Expected::NoComparison => assert_eq!(row["behaviour"]["headline"], "change", "{}", study.course),
        }
    }
    assert_eq!(rows["LT-02"]["reaction"]["mean"]["status"], "suppressed");
    what_learners_say(&rows);
    // Public employees were scored under one regime all along, so their official scores can be compared.
    assert_eq!(rows["NC-01"]["work_score"]["difference"]["status"], "ok");
    scores_are_shown(rows.values().copied(), 8);
    let units = leader.all("/v1/reports/effectiveness?by=unit").await;
    scores_are_shown(units.iter(), 3);
    let awaited = |row: &&&Value| row["work_score"]["awaiting"].is_object();
    assert!(rows.values().filter(awaited).count() > 0, "of courses that ended lately scores are awaited");
}

/// Of so many at least the official score has a figure, months being soon under one regime.
fn scores_are_shown<'a>(rows: impl Iterator<Item = &'a Value>, at_least: usize) {
    let shown = rows.filter(|row| row["work_score"]["change"]["status"] == "ok").count();
    assert!(shown >= at_least, "{shown}");
}

/// Of secrets, ISO and records learners speak themselves; the first two have tests.
fn what_learners_say(rows: &HashMap<&str, &Value>) {
    for course in ["BMNN-01", "ISO-01"] {
        let knowledge = &rows[course]["knowledge"];
        for figure in ["before", "after", "change", "effect_size", "gain"] {
            assert_eq!(knowledge[figure]["status"], "ok", "{course} {figure}: {knowledge:#}");
        }
        // Before, learners guess; at the end they know three answers of four.
        assert!(knowledge["change"]["value"].as_f64().unwrap() > 0.0, "{course}: {knowledge:#}");
        assert_eq!(knowledge["same_test_twice"], false, "{course}");
    }
    for course in ["BMNN-01", "ISO-01", "VT-01"] {
        for figure in ["change", "looking_back", "shift"] {
            let own = &rows[course]["self_rating"];
            assert_eq!(own[figure]["status"], "ok", "{course} {figure}: {own:#}");
        }
    }
    assert_eq!(rows["LT-02"]["knowledge"]["change"]["reason"], "no_complete_pairs");
}

/// Whoever is picked among those of the division who lack the competency: two can go, the third is refused for the
/// division's sake alone, and can go online.
#[tokio::test]
async fn the_third_of_the_division_cannot_go_on_tuesday_morning() {
    let app = with_ministry().await;
    let named = demo::story_people(&app.gate).await.unwrap();
    let head = app.sign_in("unit_head", PASSWORD).await;
    let unit = head.all("/v1/units?code=VP-HCVT").await.remove(0);
    let competency = head.all("/v1/competencies?code=BMNN").await.remove(0);
    let gaps = head.all(&format!("/v1/units/{}/gaps", unit["id"].as_str().unwrap())).await;
    let me = head.get("/v1/me").await.body["employee_id"].clone();
    let lacks = |person: &&Value| {
        let gaps = person["gaps"].as_array().unwrap();
        person["employee"]["id"] != me && gaps.iter().any(|g| g["competency_id"] == competency["id"])
    };
    let pickable: Vec<&Value> = gaps.iter().filter(lacks).map(|person| &person["employee"]["id"]).collect();
    assert!(pickable.len() >= 5, "most of the twelve: {pickable:?}");
    let mut picks = Vec::new();
    for (code, name) in &named {
        let person = head.all(&format!("/v1/employees?code={code}")).await.remove(0);
        assert_eq!(person["full_name"], json!(name));
        assert!(pickable.contains(&&person["id"]), "{code} lacks the competency");
        picks.push(person["id"].clone());
    }
    let others = pickable.iter().filter(|id| !picks.contains(id)).map(|id| (*id).clone());
    let others: Vec<Value> = others.collect();
    picks.extend(others);

    let in_mode = async |mode: &str| {
        let runs = head.all(&format!("/v1/offerings?course_code=BMNN-01&status=open&mode={mode}")).await;
        runs[0]["id"].clone()
    };
    let (in_person, online) = (in_mode("in_person").await, in_mode("online").await);
    let nominate = async |person: &Value, offering: &Value| {
        let body = json!({
            "employee_id": person, "offering_id": offering, "basis": "position_need",
            "motive": "obligatory", "expected_effect": "Tài liệu mật được đăng ký đúng quy định."
        });
        head.post("/v1/nominations", body).await
    };
    for person in &picks[..2] {
        nominate(person, &in_person).await.expect_status(201);
    }
    for person in &picks[2..] {
        let refused = nominate(person, &in_person).await;
        assert_eq!(refused.problem(), "409 nomination.refused");
        let checks = refused.body["checks"].as_array().unwrap();
        let failed: Vec<&Value> =
            checks.iter().filter(|c| c["verdict"] == "fail").map(|c| &c["code"]).collect();
        assert_eq!(failed, [&json!("coverage")], "{person}");
        assert!(refused.body["alternatives"].to_string().contains(online.as_str().unwrap()));
    }
    nominate(&picks[2], &online).await.expect_status(201);
}

/// Forty courses at a glance, with the same words and figures as the whole report.
#[tokio::test]
async fn a_report_has_a_compact_form() {
    let app = with_ministry().await;
    let leader = app.sign_in("leader", PASSWORD).await;
    let list = "/v1/reports/effectiveness?by=course&limit=200";
    let whole = leader.get(list).await.expect_status(200);
    let short = leader.get(&format!("{list}&detail=summary")).await.expect_status(200);
    let (whole_size, short_size) = (whole.to_string().len(), short.to_string().len());
    assert!(short_size * 5 < whole_size, "{short_size} of {whole_size} bytes");
    let (whole, short) = (whole["items"].as_array().unwrap(), short["items"].as_array().unwrap());
    assert_eq!(whole.len(), short.len());
    for (full, row) in whole.iter().zip(short) {
        for member in ["subject", "as_of", "sentence", "warnings"] {
            assert_eq!(row[member], full[member]);
        }
        let headline = full["behaviour"]["headline"].as_str().unwrap();
        assert_eq!(row["figure"], full["behaviour"][headline]);
        assert_eq!(row["verdict"], full["behaviour"]["verdict"]);
        assert_eq!(row["grade"], full["evidence"]["grade"]);
        assert_eq!(row["pairs_used"], full["follow_up"]["pairs_used"]);
    }
    assert_eq!(leader.get(&format!("{list}&detail=all")).await.faults(), ["?detail not_allowed"]);
}

/// Each role finds something to play: an institute a finding to answer, and another institute sees nothing of it.
#[tokio::test]
async fn institutes_have_findings_to_answer_and_do_not_see_each_others() {
    let app = with_ministry().await;
    let (_, other, machine) = demo::OTHER_INSTITUTE;
    let school = app.sign_in("institute", PASSWORD).await;
    let open = school.all("/v1/corrective-actions?status=open").await;
    let disputed = school.all("/v1/corrective-actions?status=disputed").await;
    assert!(!open.is_empty() && !disputed.is_empty(), "{open:?} {disputed:?}");
    let path = format!("/v1/corrective-actions/{}", open[0]["id"].as_str().unwrap());
    let other = app.sign_in(other, PASSWORD).await;
    assert_eq!(other.get(&path).await.problem(), "404 resource.not_found");
    let own = other.get("/v1/me").await.body["institute_id"].clone();
    let institutes = other.all("/v1/institutes").await;
    assert_eq!(institutes.iter().map(|i| &i["id"]).collect::<Vec<_>>(), [&own]);
    let grant = [("grant_type", "client_credentials")];
    let request =
        app.public().request(reqwest::Method::POST, "/oauth/token").basic_auth(machine, Some(PASSWORD));
    let token = app.public().send(request.form(&grant)).await.expect_status(200);
    let client = app.with_token(token["access_token"].as_str().unwrap());
    assert_eq!(client.get("/v1/me").await.body["institute_id"], own);
}
