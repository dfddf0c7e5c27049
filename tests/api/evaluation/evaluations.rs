use serde_json::{Value, json};
use thuocdo::access::Role;

use super::given::{Given, filled, rating, reaction};
use super::questionnaires::knowledge;
use crate::support::seed::id;

#[tokio::test]
async fn the_same_supervisor_rates_the_same_items_before_and_after() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    let head = || g.app.as_head(g.division, Some(g.head));

    let mut scores = Vec::new();
    let mut items = Vec::new();
    for (phase, days, step) in [("baseline", -10, 2), ("three_months", 90, 4), ("six_months", 180, 5)] {
        g.travel_after(days);
        let open = head().all("/v1/evaluations?mine=true&state=open&instrument=behaviour").await;
        assert_eq!(open.len(), 1, "{phase}");
        assert_eq!(open[0]["phase"], phase);
        let path = format!("/v1/evaluations/{}", id(&open[0]));
        let detail = head().get(&path).await.expect_status(200);
        assert_eq!(detail["answers"], Value::Null);
        items.push(detail["questionnaire"]["items"].clone());

        let answered = head().post(&format!("{path}/response"), rating(step)).await;
        assert_eq!(answered.version(), "2");
        assert_eq!(answered.body["state"], "answered");
        assert_eq!(answered.body["answered_on"], g.app.clock.today().to_string());
        let own = head().get(&path).await.expect_status(200);
        assert_eq!(own["answers"][4], json!({"item": "b5", "value": step}));
        let officer = g.app.as_role(Role::TrainingOfficer).get(&path).await;
        assert_eq!(officer.body["answers"], Value::Null, "a rating of one person is the rater's");
        scores.push(stored_score(&g, &open[0]).await);
    }
    assert_eq!(scores, [Some(2.0), Some(4.0), Some(5.0)]);
    items.dedup();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0][0]["text"]["vi"], "Hành vi 1");
    assert_eq!(items[0][0]["anchors"][4], json!({"vi": "Luôn luôn", "en": "Always"}));
    let events = g.app.outbox().await;
    assert_eq!(events.iter().filter(|e| *e == "evaluation.answered").count(), 3);
    assert_eq!(g.task(an, "close").await["state"], "lapsed");
}

#[tokio::test]
async fn a_test_is_answered_before_and_after_and_scored_in_percent() {
    let g = Given::new().await;
    for code in ["knowledge-KH01-a", "knowledge-KH01-b"] {
        g.publish(knowledge(code, g.course)).await;
    }
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    let answer = |first: Value, second: Value| {
        json!({"answers": [{"item": "q1", "value": first}, {"item": "q2", "value": second},
            {"item": "confidence", "value": 2}]})
    };
    g.travel("2026-03-10");
    let before = g.task_for(an, "knowledge", "baseline").await;
    let learner = g.app.as_employee(an);
    let seen = learner.get(&format!("/v1/evaluations/{}", id(&before))).await.expect_status(200);
    assert_eq!(seen["questionnaire"]["code"], "knowledge-KH01-a");
    assert!(!seen.to_string().contains("correct"), "who has to answer must not find the answers: {seen:#}");
    learner.post(&Given::response(&before), answer(json!("three"), Value::Null)).await.expect_status(200);
    assert_eq!(stored_score(&g, &before).await, Some(50.0), "a blank is wrong");

    g.travel_after(1);
    let after = g.task_for(an, "knowledge", "close").await;
    let learner = g.app.as_employee(an);
    let seen = learner.get(&format!("/v1/evaluations/{}", id(&after))).await.expect_status(200);
    assert_eq!(seen["questionnaire"]["code"], "knowledge-KH01-b");
    learner.post(&Given::response(&after), answer(json!("three"), json!("signer"))).await.expect_status(200);
    assert_eq!(stored_score(&g, &after).await, Some(100.0));
}

#[tokio::test]
async fn the_head_of_the_unit_answers_for_the_unit() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    g.travel_after(90);
    let task = g.task_for(an, "beneficiary", "three_months").await;
    let head = g.app.as_head(g.division, Some(g.head));
    let path = format!("/v1/evaluations/{}", id(&task));
    let form = head.get(&path).await.expect_status(200);
    let answered = head.post(&Given::response(&task), filled(&form["questionnaire"], 4)).await;
    assert_eq!(answered.expect_status(200)["answered_on"], g.app.clock.today().to_string());
    // Four items of 4, and one that is reversed: 2.
    assert_eq!(stored_score(&g, &task).await, Some(3.6));
    let officer = g.app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.get(&path).await.body["answers"], Value::Null, "it goes into totals only");
}

async fn stored_score(g: &Given, task: &Value) -> Option<f64> {
    use diesel::prelude::*;
    use diesel_async::RunQueryDsl;
    use thuocdo::db::schema::evaluation_responses::dsl;
    g.app
        .system(async |tx| {
            Ok(dsl::evaluation_responses.find(id(task)).select(dsl::score).first(tx.conn()).await?)
        })
        .await
        .expect("a response")
}

#[tokio::test]
async fn a_form_is_answered_in_its_window_and_once() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    let binh = g.participants(&["BINH"]).await[0];
    g.schedule().await;
    let baseline = g.task(an, "baseline").await;
    let path = Given::response(&baseline);
    let refused = async |path: &str| {
        let head = g.app.as_head(g.division, Some(g.head));
        let answer = head.post(path, rating(3)).await;
        assert_eq!(answer.problem(), "409 evaluation.not_open");
        assert_eq!(answer.body["opens_on"], "2026-03-09");
        assert_eq!(answer.body["due_on"], "2026-03-22");
        answer.body["state"].as_str().unwrap().to_owned()
    };
    g.travel("2026-03-08");
    assert_eq!(refused(&path).await, "scheduled");

    let task = format!("/v1/evaluations/{}", id(&baseline));
    let scheduled = g.app.as_head(g.division, Some(g.head)).get(&task).await;
    g.travel("2026-03-22");
    let head = g.app.as_head(g.division, Some(g.head));
    let known = head.request(reqwest::Method::GET, &task).header("If-None-Match", scheduled.etag());
    let read = head.send(known).await.expect_status(200);
    assert_eq!(read["state"], "open", "a state that the calendar changed is told in spite of the ETag");
    let answers = futures::future::join_all((0..4).map(|n| head.post(&path, rating(n + 1)))).await;
    let mut problems: Vec<_> = answers.iter().map(|a| a.status).collect();
    problems.sort_unstable();
    assert_eq!(problems, [200, 409, 409, 409]);
    assert_eq!(refused(&path).await, "answered");

    let other = Given::response(&g.task(binh, "baseline").await);
    g.travel("2026-03-23");
    assert_eq!(refused(&other).await, "lapsed", "the course has begun: too late for a baseline");
    assert_eq!(g.tasks("?phase=baseline&state=lapsed&instrument=behaviour").await.len(), 1);
    assert_eq!(g.tasks("?phase=baseline&state=answered").await.len(), 1);
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    g.travel("2026-03-10");
    let head = g.app.as_head(g.division, Some(g.head));
    let path = Given::response(&g.task(an, "baseline").await);
    let first = head.post_once("k", &path, rating(3)).await;
    let second = head.post_once("k", &path, rating(3)).await;
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(second.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn wrong_answers_are_named() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    g.travel("2026-03-10");
    let head = g.app.as_head(g.division, Some(g.head));
    let path = Given::response(&g.task(an, "baseline").await);
    let faults = async |answers: Value| head.post(&path, json!({"answers": answers})).await.faults();

    let wrong = json!([
        {"item": "b1", "value": 6}, {"item": "b2", "value": "often"}, {"item": "b3", "value": 2.5},
        {"item": "b3", "value": 0}, {"item": "b9", "value": 1}, {"item": "b4", "value": null}
    ]);
    assert_eq!(
        faults(wrong).await,
        [
            "/answers missing_item",
            "/answers/0/value too_large",
            "/answers/1/value wrong_type",
            "/answers/2/value wrong_format",
            "/answers/3/item duplicate",
            "/answers/3/value too_small",
            "/answers/4/item unknown_item"
        ]
    );
    assert_eq!(
        faults(json!([{"item": "b1"}, {"item": "b2", "value": true}, {"value": 1, "mood": 1}])).await,
        [
            "/answers/0/value required",
            "/answers/1/value wrong_type",
            "/answers/2/item required",
            "/answers/2/mood unknown_member"
        ]
    );
    assert_eq!(faults(json!([])).await, ["/answers too_few"]);

    // Four of five observed make a score, three do not; both are answers.
    let with_unseen = |unseen: usize| {
        let value = |n: usize| if n <= unseen { Value::Null } else { json!(4) };
        let answers: Vec<_> = (1..=5).map(|n| json!({"item": format!("b{n}"), "value": value(n)})).collect();
        json!({"answers": answers})
    };
    head.post(&path, with_unseen(1)).await.expect_status(200);
    assert_eq!(stored_score(&g, &g.task(an, "baseline").await).await, Some(4.0));
    g.travel_after(90);
    let later = g.task(an, "three_months").await;
    let head = g.app.as_head(g.division, Some(g.head));
    head.post(&Given::response(&later), with_unseen(2)).await.expect_status(200);
    assert_eq!(stored_score(&g, &later).await, None);
}

#[tokio::test]
async fn people_see_the_forms_due_from_them_and_nothing_else() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    g.travel("2026-03-10");
    let baseline = g.task(an, "baseline").await;
    let path = format!("/v1/evaluations/{}", id(&baseline));

    let learner = g.app.as_employee(an);
    let own = learner.all("/v1/evaluations").await;
    assert!(own.len() == 7 && own.iter().all(|t| t["respondent_id"] == an.to_string()), "{own:#?}");
    assert!(own.iter().all(|t| t["instrument"] != "behaviour"));
    assert_eq!(learner.get(&path).await.problem(), "404 resource.not_found");
    assert_eq!(
        learner.post(&format!("{path}/response"), rating(5)).await.problem(),
        "404 resource.not_found"
    );
    assert_eq!(
        learner.post(&format!("{path}/excuse"), json!({"reason": "Bận"})).await.problem(),
        "403 permission.missing"
    );
    let director = g.app.as_head(g.agency, Some(g.director));
    assert_eq!(director.all("/v1/evaluations").await.len(), 0, "above the rater, but not the rater");
    let officer = g.app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.all("/v1/evaluations").await.len(), 11);
    assert_eq!(officer.all("/v1/evaluations?limit=1").await.len(), 11);
    assert_eq!(officer.all("/v1/evaluations?mine=true").await.len(), 0);
    assert_eq!(
        officer.post(&format!("{path}/response"), rating(5)).await.problem(),
        "403 permission.missing"
    );
    assert_eq!(g.app.as_role(Role::Auditor).all("/v1/evaluations").await.len(), 11);
    assert_eq!(g.app.as_role(Role::Leader).all("/v1/evaluations").await.len(), 11);
    for powerless in [g.app.as_role(Role::HrPortal), g.app.as_institute(g.institute)] {
        assert_eq!(powerless.get("/v1/evaluations").await.problem(), "403 permission.missing");
    }
}

#[tokio::test]
async fn an_officer_excuses_what_is_not_answered() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    g.travel("2026-03-10");
    let officer = g.app.as_role(Role::TrainingOfficer);
    let head = g.app.as_head(g.division, Some(g.head));
    let baseline = g.task(an, "baseline").await;
    let path = format!("/v1/evaluations/{}/excuse", id(&baseline));
    assert_eq!(officer.post(&path, json!({"reason": ""})).await.faults(), ["/reason too_short"]);
    let excused = officer.post(&path, json!({"reason": "Nghỉ thai sản"})).await.expect_status(200);
    assert_eq!((&excused["state"], &excused["excuse"]), (&"excused".into(), &"Nghỉ thai sản".into()));
    let again = officer.post(&path, json!({"reason": "Bận"})).await;
    assert_eq!(again.problem(), "409 state.wrong");
    assert_eq!(again.body["allowed_states"], json!(["scheduled", "open", "lapsed"]));
    let late = head.post(&Given::response(&baseline), rating(3)).await;
    assert_eq!(late.problem(), "409 evaluation.not_open");
    assert_eq!(late.body["state"], "excused");
    g.schedule().await;
    assert_eq!(g.task(an, "baseline").await["excuse"], "Nghỉ thai sản", "it stays excused");

    g.travel("2026-03-28");
    let close = g.task(an, "close").await;
    let learner = g.app.as_employee(an);
    learner.post(&Given::response(&close), reaction(4, None)).await.expect_status(200);
    let path = format!("/v1/evaluations/{}/excuse", id(&close));
    let officer = g.app.as_role(Role::TrainingOfficer);
    let answered = officer.post(&path, json!({"reason": "Bận"})).await;
    assert_eq!(answered.body["state"], "answered");
}
