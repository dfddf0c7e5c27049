//! Those who have not answered are reminded once, and their superior is notified once.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::db::schema::outbox;
use uuid::Uuid;

use super::given::{Given, rating, reaction};
use crate::support::app::patient;
use crate::support::seed::id;

/// Events of a kind: whose they are, and what they say.
async fn events(g: &Given, kind: &str) -> Vec<(Uuid, Value)> {
    g.app
        .system(async |tx| {
            Ok(outbox::table
                .filter(outbox::kind.eq(kind))
                .order(outbox::id)
                .select((outbox::subject_id, outbox::data))
                .load(tx.conn())
                .await?)
        })
        .await
        .expect("events")
}

fn ids(event: &Value) -> Vec<Uuid> {
    let list = event["evaluation_ids"].as_array().expect("ids");
    list.iter().map(|id| id.as_str().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn when_half_of_the_window_has_passed_who_has_not_answered_is_reminded_once() {
    let g = Given::new().await;
    let [an, binh] = g.participants(&["AN", "BINH"]).await[..] else { panic!("two") };
    g.schedule().await;
    // Fourteen days from 9 to 22 March.
    g.travel("2026-03-10");
    let answered = g.task(binh, "baseline").await;
    let head = g.app.as_head(g.division, Some(g.head));
    head.post(&Given::response(&answered), rating(3)).await.expect_status(200);
    g.travel("2026-03-15");
    g.schedule().await;
    assert!(events(&g, "evaluation.reminded").await.is_empty(), "not yet half");

    g.travel("2026-03-16");
    let replica = g.app.replica(patient());
    let (here, there) =
        futures::future::join(thuocdo::worker::tick(&g.app.gate), thuocdo::worker::tick(&replica.gate)).await;
    here.and(there).expect("both replicas work");
    let reminded = events(&g, "evaluation.reminded").await;
    let mut whose: Vec<_> = reminded.iter().map(|(whose, _)| *whose).collect();
    whose.sort();
    let mut expected = vec![an, binh, g.head];
    expected.sort();
    assert_eq!(whose, expected, "one event for each respondent");
    let of_head = &reminded.iter().find(|(whose, _)| *whose == g.head).unwrap().1;
    let baseline = g.task(an, "baseline").await;
    assert_eq!(ids(of_head), [id(&baseline)]);
    assert_eq!(of_head["respondent_id"], json!(g.head));
    assert!(baseline["reminded_at"].is_string() && baseline["escalated_at"].is_null());
    assert_eq!(g.task(binh, "baseline").await["reminded_at"], Value::Null, "who answered is left in peace");
    for day in ["2026-03-17", "2026-03-18"] {
        g.travel(day);
        g.schedule().await;
    }
    assert_eq!(events(&g, "evaluation.reminded").await.len(), 3, "once");
}

#[tokio::test]
async fn three_days_before_the_end_the_superior_is_notified_once() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    for day in ["2026-03-16", "2026-03-18"] {
        g.travel(day);
        g.schedule().await;
    }
    assert!(events(&g, "evaluation.escalated").await.is_empty());
    g.travel("2026-03-19");
    for _ in 0..2 {
        g.schedule().await;
    }
    let told = events(&g, "evaluation.escalated").await;
    let mut pairs: Vec<_> =
        told.iter().map(|(whose, event)| (*whose, event["superior_id"].clone())).collect();
    pairs.sort_by_key(|(whose, _)| *whose);
    let mut expected = vec![(an, json!(g.head)), (g.head, json!(g.director))];
    expected.sort_by_key(|(whose, _)| *whose);
    assert_eq!(pairs, expected, "each one's own head; of the head the one above");
    let of_head = &told.iter().find(|(whose, _)| *whose == g.head).unwrap().1;
    let baseline = g.task(an, "baseline").await;
    assert_eq!(ids(of_head), [id(&baseline)]);
    assert!(baseline["escalated_at"].is_string());
    g.travel("2026-03-21");
    g.schedule().await;
    assert_eq!(events(&g, "evaluation.escalated").await.len(), 2, "once");
}

#[tokio::test]
async fn a_late_run_reminds_first_and_notifies_the_superior_a_day_later() {
    let g = Given::new().await;
    g.participants(&["AN"]).await;
    g.schedule().await;
    g.travel("2026-03-20");
    g.schedule().await;
    g.schedule().await;
    assert_eq!(events(&g, "evaluation.reminded").await.len(), 2);
    assert!(events(&g, "evaluation.escalated").await.is_empty(), "never on the day of the reminder");
    g.travel("2026-03-21");
    g.schedule().await;
    assert_eq!(events(&g, "evaluation.escalated").await.len(), 2);
}

#[tokio::test]
async fn an_anonymous_form_is_reminded_of_and_says_nothing_of_when_it_was_answered() {
    let g = Given::new().await;
    let [an, binh] = g.participants(&["AN", "BINH"]).await[..] else { panic!("two") };
    g.schedule().await;
    g.travel("2026-03-28");
    let early = g.task(binh, "close").await;
    g.app.as_employee(binh).post(&Given::response(&early), reaction(4, None)).await.expect_status(200);
    g.travel("2026-03-31");
    g.schedule().await;
    let pending = g.task(an, "close").await;
    let reminded = events(&g, "evaluation.reminded").await;
    let of_an: Vec<Uuid> =
        reminded.iter().filter(|(whose, _)| *whose == an).flat_map(|(_, e)| ids(e)).collect();
    assert!(of_an.contains(&id(&pending)), "that it is pending is known");
    assert_eq!(pending["reminded_at"], Value::Null, "and not told");

    g.travel("2026-04-01");
    g.schedule().await;
    let told: Vec<Uuid> = events(&g, "evaluation.escalated").await.iter().flat_map(|(_, e)| ids(e)).collect();
    assert!(!told.is_empty() && !told.contains(&id(&pending)), "no superior learns who keeps silent");
    g.app.as_employee(an).post(&Given::response(&pending), reaction(4, None)).await.expect_status(200);
    let stored: Vec<(Uuid, Option<chrono::DateTime<chrono::Utc>>, i32)> = g
        .app
        .system(async |tx| {
            use thuocdo::db::schema::evaluations as t;
            Ok(t::table
                .filter(t::id.eq_any([id(&early), id(&pending)]))
                .select((t::id, t::reminded_at, t::version))
                .load(tx.conn())
                .await?)
        })
        .await
        .unwrap();
    assert!(stored.iter().all(|(_, reminded, version)| reminded.is_none() && *version == 2), "{stored:?}");
}

#[tokio::test]
async fn a_window_that_moves_begins_anew() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    g.travel("2026-06-29");
    g.schedule().await;
    assert!(g.task(an, "three_months").await["reminded_at"].is_string());
    g.absent(an, "2026-04-01", "2026-05-10").await;
    g.schedule().await;
    let moved = g.task(an, "three_months").await;
    assert_eq!((&moved["state"], &moved["reminded_at"]), (&json!("scheduled"), &Value::Null));
    g.travel("2026-08-08");
    g.schedule().await;
    assert!(g.task(an, "three_months").await["reminded_at"].is_string());
}
