//! What a newcomer sees of the demo ministry: every list, the report's verdicts, and the story's third nomination.

use std::collections::HashMap;

use serde_json::{Value, json};
use thuocdo::demo::effects::{Expected, STUDIES};

use super::with_ministry;

const PASSWORD: &str = thuocdo::demo::PASSWORD;

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

#[tokio::test]
async fn the_third_of_the_division_cannot_go_on_tuesday_morning() {
    let app = with_ministry().await;
    let head = app.sign_in("unit_head", PASSWORD).await;
    let find = async |path: &str, wanted: &dyn Fn(&Value) -> bool| -> Vec<Value> {
        let page = head.get(path).await.expect_status(200);
        let items = page["items"].as_array().unwrap();
        items.iter().filter(|item| wanted(item)).cloned().collect()
    };
    let course = find("/v1/courses?limit=200", &|c| c["code"] == "BMNN-01").await.remove(0);
    let of_course = |o: &Value| o["course_id"] == course["id"] && o["status"] == "open";
    let runs = find("/v1/offerings?limit=200", &of_course).await;
    let in_mode = |mode: &str| runs.iter().find(|o| o["mode"] == mode).expect("a run")["id"].clone();
    let clerk = find("/v1/job-positions?limit=200", &|p| p["code"] == "VTV").await.remove(0);
    let clerks = find("/v1/employees?limit=200", &|e| e["job_position_id"] == clerk["id"]).await;
    // The two who are away that morning clash for another reason.
    let mut answers = Vec::new();
    for person in &clerks {
        let body = json!({
            "employee_id": person["id"], "offering_id": in_mode("in_person"), "basis": "position_need",
            "motive": "obligatory", "expected_effect": "Tài liệu mật được đăng ký đúng quy định."
        });
        answers.push((person["id"].clone(), head.post("/v1/nominations", body).await));
    }
    let accepted = answers.iter().filter(|(_, a)| a.status == 201).count();
    assert_eq!(accepted, 2, "two can go: {:?}", answers.iter().map(|(_, a)| &a.body).collect::<Vec<_>>());
    let failed = |body: &Value| -> Vec<String> {
        let checks = body["checks"].as_array().cloned().unwrap_or_default();
        let of = checks.iter().filter(|c| c["verdict"] == "fail");
        of.map(|c| c["code"].as_str().unwrap().to_owned()).collect()
    };
    let (third, refusal) = answers
        .iter()
        .find(|(_, a)| a.status == 409 && failed(&a.body) == ["coverage"])
        .expect("a third is refused for the division's sake alone");
    assert!(refusal.body["alternatives"].to_string().contains(in_mode("online").as_str().unwrap()));
    let online = json!({
        "employee_id": third, "offering_id": in_mode("online"), "basis": "position_need",
        "motive": "obligatory", "expected_effect": "Tài liệu mật được đăng ký đúng quy định."
    });
    head.post("/v1/nominations", online).await.expect_status(201);
}
