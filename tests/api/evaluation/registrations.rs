use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema;
use thuocdo::digest::sha256;
use thuocdo::effectiveness::evaluation_plans;

use super::given::{FIRST, Given, LAST};

/// Five minutes after midnight of the first day, in Hanoi.
const EARLY: &str = "2026-03-22T17:05:00Z";
/// The day after the last session.
const AFTER: &str = "2026-03-30";

/// Two participants whose supervisors are asked about them.
async fn given() -> Given {
    let g = Given::new().await;
    g.participants(&["A1", "A2"]).await;
    g.schedule().await;
    g
}

/// What the worker does every minute.
async fn register(g: &Given) -> usize {
    g.app.system(async |tx| evaluation_plans::register(tx).await).await.expect("the database takes it")
}

fn at(g: &Given, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().expect("a moment");
    g.app.clock.set(moment);
}

async fn registration(g: &Given) -> Value {
    let path = format!("/v1/offerings/{}/evaluation-plan", g.offering);
    g.app.as_role(Role::TrainingOfficer).get(&path).await.expect_status(200)["registration"].clone()
}

/// The offering's row of the effectiveness report.
async fn reported(g: &Given) -> Value {
    g.travel(AFTER);
    let officer = g.app.as_role(Role::TrainingOfficer);
    officer.all(&format!("/v1/reports/effectiveness?by=offering&id={}", g.offering)).await.remove(0)
}

#[tokio::test]
async fn what_was_fixed_is_written_down_once_before_the_first_session() {
    let g = given().await;
    let effects =
        json!({"effects": [{"behaviour": "Văn bản đúng hạn", "measure": "three_months", "change": 0.5}]});
    let declare = format!("/v1/offerings/{}/expected-effects", g.offering);
    g.app.as_role(Role::TrainingOfficer).put(&declare, "\"0\"", effects).await.expect_status(200);
    assert_eq!((register(&g).await, registration(&g).await), (0, json!(null)), "it has not begun");

    at(&g, EARLY);
    assert_eq!(register(&g).await, 1);
    let written = registration(&g).await;
    assert_eq!((&written["registered_on"], &written["before_first_session"]), (&json!(FIRST), &json!(true)));
    // As sha256sum says it.
    let text = written["document"].as_str().unwrap();
    let digest = sha256(text);
    assert_eq!(written["digest"], digest);
    let document: Value = serde_json::from_str(text).unwrap();
    assert_eq!((&document["first_session"], &document["last_session"]), (&json!(FIRST), &json!(LAST)));
    assert_eq!((&document["smallest_change"], &document["method_version"]), (&json!(0.25), &json!("4")));
    assert_eq!(document["forms"][0]["code"], "behaviour-KH01");
    assert_eq!(document["forms"][0]["items"][4], json!({"code": "b5", "text": "Hành vi 5"}));
    assert_eq!(document["people"]["trained"], 2);
    assert_eq!(
        (&document["detectable_change"], &document["thresholds"]["pairs_shown"]),
        (&json!(null), &json!(10))
    );
    assert_eq!(document["expected_effects"][0]["change"], 0.5);
    assert!(
        !text.contains("Văn bản đúng hạn"),
        "words that may name somebody can be erased where they stand"
    );

    // Again, in two replicas at once, and on later days: it stays as it is.
    let (one, other) = tokio::join!(register(&g), register(&g));
    g.travel(LAST);
    assert_eq!((one, other, register(&g).await), (0, 0, 0));
    assert_eq!(registration(&g).await, written);
    assert!(g.app.outbox().await.contains(&"evaluation.registered".to_owned()));

    let row = reported(&g).await;
    assert_eq!(row["registration"]["digest"], written["digest"]);
    assert_eq!(row["registration"]["detectable_change"], Value::Null);
    let warned = row["warnings"].as_array().unwrap().contains(&json!("not_as_registered"));
    assert!(!warned, "{}", row["warnings"]);
    let officer = g.app.as_role(Role::TrainingOfficer);
    let course = officer.all("/v1/reports/effectiveness?by=course").await.remove(0);
    assert_eq!(course["registration"], Value::Null, "a course has many offerings");
}

#[tokio::test]
async fn the_database_itself_lets_nobody_change_it() {
    let g = given().await;
    at(&g, EARLY);
    register(&g).await;
    for statement in [
        "UPDATE evaluation_registrations SET registered_at = now()",
        "DELETE FROM evaluation_registrations",
        "INSERT INTO evaluation_registrations SELECT '00000000-0000-7000-8000-000000000001', now(), '{}', 'abc'",
    ] {
        let refused =
            g.app.system(async |tx| Ok(diesel::sql_query(statement).execute(tx.conn()).await?)).await;
        assert!(refused.is_err(), "{statement}");
    }
    assert!(registration(&g).await["document"].is_string());
}

#[tokio::test]
async fn what_comes_late_or_departs_from_it_is_said_in_the_report() {
    let late = given().await;
    late.travel(FIRST);
    assert_eq!(register(&late).await, 1, "at nine the session has begun");
    assert_eq!(registration(&late).await["before_first_session"], false);
    let row = reported(&late).await;
    assert_eq!(row["registration"]["before_first_session"], false);
    assert!(row["warnings"].as_array().unwrap().contains(&json!("not_as_registered")), "{}", row["warnings"]);

    let other = given().await;
    at(&other, EARLY);
    register(&other).await;
    // Who joins afterwards is asked about other behaviours: the course was changed at the database.
    other.set_behaviours(&["Một", "Hai", "Ba", "Bốn", "Năm"]).await;
    other.participants(&["A3"]).await;
    other.schedule().await;
    let row = reported(&other).await;
    assert!(row["warnings"].as_array().unwrap().contains(&json!("not_as_registered")), "{}", row["warnings"]);

    let third = given().await;
    at(&third, EARLY);
    register(&third).await;
    let before = registration(&third).await;
    third
        .app
        .system(async |tx| {
            use schema::courses as t;
            diesel::update(t::table).set(t::smallest_change.eq(0.1)).execute(tx.conn()).await?;
            Ok(())
        })
        .await
        .expect("a change");
    let row = reported(&third).await;
    assert!(row["warnings"].as_array().unwrap().contains(&json!("not_as_registered")), "{}", row["warnings"]);
    assert_eq!(registration(&third).await, before);
}

#[tokio::test]
async fn only_what_takes_place_with_people_is_registered() {
    let empty = Given::new().await;
    at(&empty, EARLY);
    assert_eq!(register(&empty).await, 0, "nobody takes part");
    let draft = given().await;
    draft.set_offering_status("draft").await;
    draft.travel(FIRST);
    assert_eq!(register(&draft).await, 0);
    draft.set_offering_status("cancelled").await;
    assert_eq!(register(&draft).await, 0);
    // Opened with a first day that is past: late, and said so.
    draft.set_offering_status("open").await;
    draft.travel(LAST);
    assert_eq!(
        (register(&draft).await, &registration(&draft).await["before_first_session"]),
        (1, &json!(false))
    );
    draft.set_offering_status("cancelled").await;
    assert_eq!(registration(&draft).await["registered_on"], LAST, "what is registered stays");

    let old = given().await;
    old.travel_after(200);
    assert_eq!(register(&old).await, 0, "its figures are out: nothing is fixed any more");
}
