use serde_json::json;
use thuocdo::access::Role;
use uuid::Uuid;

use crate::fixtures::classes::{Ground, Person, moved, rated};
use crate::support::seed::{day, id};

const PATH: &str = "/v1/reports/scorecards";

/// Institutes with two courses each, whose people rise by about so much.
async fn institutes(ground: &Ground, rises: &[(&str, f64)]) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for (code, by) in rises {
        let institute = ground.app.institute(code).await;
        let lecturer = ground.app.lecturer(institute, "Bùi Thị Giảng").await;
        for n in 1..=2 {
            let course = ground.app.course(&format!("{code}-{n}"), institute, ground.competency).await;
            let class =
                ground.class_of(&format!("{code}-{n}-01"), course, institute, lecturer, "2026-03-09").await;
            let people = ground.send(&class, &moved(10, *by + 0.04 * f64::from(n), 0.2)).await;
            let colleagues: Vec<(f64, f64)> = (0..10).map(|i| (3.0, 2.9 + f64::from(i % 2) / 5.0)).collect();
            ground.compare(&class, &people, &colleagues).await;
            ground.react(&class, &people, &[4.0, 4.5, 3.5, 4.0, 5.0]).await;
        }
        ids.push(institute);
    }
    ground.release().await;
    ids
}

#[tokio::test]
async fn institutes_that_do_not_differ_are_sorted_by_name_and_not_ranked() {
    let ground = Ground::new().await;
    let rises = [("E", 0.60), ("D", 0.62), ("C", 0.58), ("B", 0.61), ("A", 0.59)];
    institutes(&ground, &rises).await;
    let cards = ground.app.as_role(Role::TrainingOfficer).all(PATH).await;
    let codes: Vec<&str> = cards.iter().map(|card| card["subject"]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["A", "B", "C", "D", "E"]);
    for card in &cards {
        assert_eq!(card["list"]["ranking_supported"], false);
        let behaviour = &card["behaviour"];
        assert_eq!(
            behaviour["shrunken"]["value"], card["list"]["overall"]["value"],
            "chance explains it all"
        );
        assert_eq!(behaviour["change"]["n"], 20);
        assert_eq!((&behaviour["placed"], &behaviour["expected_rank"]), (&json!(false), &json!(null)));
        assert_eq!(card["reaction"]["mean"]["n"], 10);
        assert_eq!(card["completion"]["value"], 100.0);
        assert_eq!((&card["years"][0]["year"], &card["years"][0]["change"]["n"]), (&json!(2026), &json!(20)));
    }
    let sentence = &cards[0]["list"]["sentence"];
    assert!(sentence["vi"].as_str().unwrap().contains("xếp theo tên"), "{sentence}");
    assert!(sentence["en"].as_str().unwrap().contains("within chance"), "{sentence}");
}

#[tokio::test]
async fn certain_differences_are_an_order_that_pages_follow() {
    let ground = Ground::new().await;
    let rises = [("A", 0.1), ("B", 0.9), ("C", 0.5), ("D", 1.5), ("E", 1.2)];
    let ids = institutes(&ground, &rises).await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let mut codes = Vec::new();
    let mut path = format!("{PATH}?limit=2");
    loop {
        let page = officer.get(&path).await.body;
        for card in page["items"].as_array().unwrap() {
            codes.push(card["subject"]["code"].as_str().unwrap().to_owned());
            assert_eq!(card["list"]["ranking_supported"], true);
        }
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{PATH}?limit=2&cursor={cursor}");
    }
    assert_eq!(codes, ["D", "E", "B", "C", "A"]);
    // An institute sees its own row, compared with all, and nobody else's.
    let own = ground.app.as_institute(ids[0]).all(PATH).await;
    assert_eq!(own.len(), 1);
    assert_eq!((&own[0]["subject"]["code"], &own[0]["list"]["overall"]["n"]), (&json!("A"), &json!(5)));
    assert_eq!(own[0]["behaviour"]["stands_out"], true);
    let foreign = ground.app.as_institute(ids[0]).get(&format!("{PATH}?id={}", ids[1])).await;
    assert_eq!(foreign.problem(), "404 resource.not_found");
}

#[tokio::test]
async fn four_institutes_are_no_list_and_bad_input_is_named() {
    let ground = Ground::new().await;
    let ids = institutes(&ground, &[("A", 0.1), ("B", 0.9), ("C", 0.5), ("D", 1.5)]).await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let card = &officer.all(&format!("{PATH}?id={}", ids[1])).await[0];
    assert_eq!(card["behaviour"]["shrunken"]["reason"], "too_few_groups");
    assert_eq!(
        (&card["behaviour"]["change"]["status"], &card["list"]["overall"]["n"]),
        (&json!("ok"), &json!(4))
    );
    let future = officer.get(&format!("{PATH}?as_of=2030-01-01")).await;
    assert_eq!((future.status, future.faults()), (422, vec!["?as_of too_large".to_owned()]));
    let wrong = officer.get(&format!("{PATH}?as_of=soon")).await;
    assert_eq!((wrong.status, wrong.faults()), (422, vec!["?as_of wrong_type".to_owned()]));
    assert_eq!(officer.get(&format!("{PATH}?by=course")).await.status, 422);
    assert_eq!(ground.app.as_role(Role::SystemAdmin).get(PATH).await.status, 403);
    // Before the release nothing is known, and a report of that day says so for ever.
    let early = &officer.all(&format!("{PATH}?as_of=2026-06-01")).await[0];
    assert_eq!(early["behaviour"]["change"]["reason"], "no_complete_pairs");
}

#[tokio::test]
async fn what_had_to_be_put_right_is_counted() {
    let ground = Ground::new().await;
    let ids = institutes(&ground, &[("A", 0.5)]).await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let course = officer.all("/v1/courses").await.into_iter().find(|c| c["code"] == "A-1").unwrap();
    let body = json!({"course_id": course["id"], "finding": "Ít thực hành", "reply_due_on": "2026-11-30"});
    let action = officer.post("/v1/corrective-actions", body).await.expect_status(201);
    let count = async |as_of: &str| {
        let path = format!("{PATH}?as_of={as_of}");
        officer.all(&path).await[0]["corrective_actions"].clone()
    };
    let open = json!({"opened": 1, "unanswered": 1, "overdue": 0, "next_reply_due_on": "2026-11-30"});
    assert_eq!(count("2026-11-23").await, open);
    assert_eq!(count("2026-11-22").await["opened"], 0);
    ground.app.travel_to(day("2026-12-01"));
    let late = ground.app.as_role(Role::TrainingOfficer).all(PATH).await;
    assert_eq!(late[0]["corrective_actions"]["overdue"], 1);
    // A dispute puts the reply off.
    let institute = ground.app.as_institute(ids[0]);
    let dispute = format!("/v1/corrective-actions/{}/dispute", id(&action));
    institute.post(&dispute, json!({"reason": "Đã có bài tập"})).await.expect_status(200);
    assert_eq!(institute.all(PATH).await[0]["corrective_actions"]["unanswered"], 0);
    // A head reads scorecards, but not what was found in courses.
    let head = ground.app.as_head(ground.unit, None);
    assert_eq!(head.get("/v1/corrective-actions").await.problem(), "403 permission.missing");
    assert_eq!(head.all(PATH).await[0]["corrective_actions"], json!(null));
}

/// Two lists that differ by one offering, or by one day, would reveal its results.
#[tokio::test]
async fn completion_is_shown_of_five_people_once_all_have_a_result() {
    let ground = Ground::new().await;
    let results = |statuses: &[&'static str]| -> Vec<Person> {
        statuses.iter().map(|status| Person { status, ..rated(3.0, 3.5) }).collect()
    };
    let (done, failed) = ("completed", "not_completed");
    let completion =
        async || ground.app.as_role(Role::TrainingOfficer).all(PATH).await[0]["completion"].clone();
    ground.send(&ground.class("BVBM-01").await, &results(&[done, done, done, failed])).await;
    ground
        .send(&ground.class("BVBM-02").await, &results(&[done, done, done, done, failed, "enrolled"]))
        .await;
    assert_eq!(completion().await["status"], "insufficient_data");
    ground.send(&ground.class("BVBM-03").await, &results(&[done, done, done, failed, failed])).await;
    assert_eq!((&completion().await["value"], &completion().await["n"]), (&json!(60.0), &json!(5)));
}
