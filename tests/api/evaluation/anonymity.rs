//! What the database keeps of an anonymous answer, looked at as someone would who can read all of it.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::worker;
use uuid::Uuid;

use super::given::{Given, reaction};
use crate::support::TestApp;
use crate::support::app::patient;
use crate::support::seed::id;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Nullable<Text>)]
    line: Option<String>,
}

/// Rows of a query as text.
async fn lines(g: &Given, sql: &str) -> Vec<String> {
    g.app
        .system(async |tx| Ok(diesel::sql_query(sql).load::<Line>(tx.conn()).await?))
        .await
        .expect("a query")
        .into_iter()
        .filter_map(|l| l.line)
        .collect()
}

/// Every row of every table, as JSON, with its table.
async fn everything(g: &Given) -> Vec<(String, String)> {
    let tables = lines(
        g,
        "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = 'public' \
         AND table_type = 'BASE TABLE'",
    )
    .await;
    let mut rows = Vec::new();
    for table in tables {
        let sql = format!("SELECT to_jsonb(t)::text AS line FROM {table} t");
        for row in lines(g, &sql).await {
            rows.push((table.clone(), row));
        }
    }
    rows
}

/// Learners whose reaction is open, with their tasks.
async fn at_the_close(codes: &[&str]) -> (Given, Vec<(Uuid, Value)>) {
    let g = Given::new().await;
    let learners = g.participants(codes).await;
    g.schedule().await;
    g.travel("2026-03-28");
    let mut tasks = Vec::new();
    for learner in learners {
        tasks.push((learner, g.task(learner, "close").await));
    }
    (g, tasks)
}

/// All learners answer, each with a comment of its own.
async fn all_answer(g: &Given, tasks: &[(Uuid, Value)]) {
    for (n, (learner, task)) in tasks.iter().enumerate() {
        let answer = reaction(3, Some(&format!("Ý kiến {n}")));
        g.app.as_employee(*learner).post(&Given::response(task), answer).await.expect_status(200);
    }
}

async fn tick(g: &Given) {
    worker::tick(&g.app.gate).await.expect("the background loop works");
}

/// How many answers wait, and how many are written.
async fn counts(g: &Given) -> (usize, usize) {
    let ids = async |table: &str| lines(g, &format!("SELECT id::text AS line FROM {table}")).await.len();
    (ids("waiting_responses").await, ids("anonymous_responses").await)
}

/// The reactions that were counted in figures of the offering.
const COUNTED: &str = "SELECT sums ->> 'answered' AS line FROM offering_rollups WHERE measure = 'reaction'";
/// The last day on which a reaction is taken, and the next one.
const LAST_DAY: &str = "2026-04-03";
const DAY_AFTER: &str = "2026-04-04";

#[tokio::test]
async fn an_answer_changes_the_task_and_adds_a_sealed_one_and_nothing_else() {
    let (g, tasks) = at_the_close(&["AN", "BINH", "CHI"]).await;
    let (learner, task) = &tasks[1];
    let before: HashSet<_> = everything(&g).await.into_iter().collect();
    g.travel("2026-03-30");
    let wrong = g.app.as_employee(*learner).post(&Given::response(task), reaction(9, None)).await;
    assert_eq!(wrong.status, 422, "looked at before it is sealed");
    let answered = g
        .app
        .as_employee(*learner)
        .post_once("key-1", &Given::response(task), reaction(2, Some("Need real examples")))
        .await
        .expect_status(200);
    assert_eq!(answered["state"], "answered");
    assert_eq!(answered["answered_on"], Value::Null);

    let after = everything(&g).await;
    let new: Vec<(&str, Value)> = after
        .iter()
        .filter(|row| !before.contains(row))
        .map(|(table, row)| (table.as_str(), serde_json::from_str(row).unwrap()))
        .collect();
    let mut tables: Vec<_> = new.iter().map(|(table, _)| *table).collect();
    tables.sort_unstable();
    assert_eq!(tables, ["evaluations", "waiting_responses"], "no event, no audit row, no stored reply");
    for (table, row) in &new {
        let text = row.to_string();
        if *table == "evaluations" {
            assert_eq!(row["status"], "answered");
            assert_eq!(row["answered_on"], Value::Null);
            assert_eq!(row["updated_at"], row["created_at"], "no time of the answer");
            assert!(!text.contains("2026-03-30"), "{text}");
        } else {
            let mut members: Vec<_> = row.as_object().unwrap().keys().cloned().collect();
            members.sort();
            assert_eq!(
                members,
                ["id", "offering_id", "phase", "questionnaire_id", "respondent_group", "sealed"]
            );
            let random: Uuid = row["id"].as_str().unwrap().parse().unwrap();
            assert_eq!(random.get_version_num(), 4, "not a time-ordered id");
            assert!(!text.contains(&learner.to_string()) && !text.contains(&id(task).to_string()));
        }
    }
    let readable = "SELECT id::text AS line FROM waiting_responses
        WHERE position('Need' IN encode(sealed, 'escape')) > 0 OR position('relevance' IN encode(sealed, 'escape')) > 0";
    assert!(lines(&g, readable).await.is_empty());
    let detail =
        g.app.as_employee(*learner).get(&format!("/v1/evaluations/{}", id(task))).await.expect_status(200);
    assert_eq!(detail["answers"], Value::Null, "not even to who gave them");
}

#[tokio::test]
async fn answers_are_written_together_and_apart_from_all_tasks_when_nobody_may_answer_any_more() {
    let codes = ["A1", "A2", "A3", "A4", "A5", "A6"];
    let (g, tasks) = at_the_close(&codes).await;
    all_answer(&g, &tasks[..5]).await;
    let (learner, task) = &tasks[5];
    let long = reaction(3, Some(&"Ý kiến ".repeat(100)));
    g.app.as_employee(*learner).post(&Given::response(task), long).await.expect_status(200);
    let lengths = "SELECT DISTINCT length(sealed)::text AS line FROM waiting_responses";
    assert_eq!(lines(&g, lengths).await.len(), 1, "the length says nothing");

    g.travel(LAST_DAY);
    tick(&g).await;
    assert_eq!(counts(&g).await, (6, 0), "all the same how many they are: what came later would stand alone");
    let sealed =
        "SELECT xmin::text AS line FROM waiting_responses UNION SELECT id::text FROM waiting_responses";
    let of_waiting: HashSet<_> = lines(&g, sealed).await.into_iter().collect();
    assert_eq!(of_waiting.len(), 12);
    g.travel(DAY_AFTER);
    tick(&g).await;
    assert_eq!(counts(&g).await, (0, 6));

    let of_answers = lines(&g, "SELECT DISTINCT xmin::text AS line FROM anonymous_responses").await;
    assert_eq!(of_answers.len(), 1, "all answers bear the mark of one and the same transaction");
    let of_tasks =
        lines(&g, "SELECT xmin::text AS line FROM evaluations UNION SELECT xmax::text FROM evaluations")
            .await;
    assert!(of_tasks.len() > codes.len() && !of_tasks.contains(&of_answers[0]), "which changed no task");
    let ids = lines(&g, "SELECT id::text AS line FROM anonymous_responses").await;
    assert!(ids.iter().chain(&of_answers).all(|mark| !of_waiting.contains(mark)), "nor kept any id");
    assert!(ids.iter().all(|id| id.parse::<Uuid>().unwrap().get_version_num() == 4));
    let lying = lines(&g, "SELECT id::text AS line FROM anonymous_responses ORDER BY ctid").await;
    assert!(lying.is_sorted(), "they lie in the order of their random ids");

    let words = lines(&g, "SELECT answers -> 14 ->> 'value' AS line FROM anonymous_responses").await;
    let expected = (0..5).map(|n| format!("Ý kiến {n}")).chain(["Ý kiến ".repeat(100).trim().to_owned()]);
    assert_eq!(words.into_iter().collect::<HashSet<_>>(), expected.collect());
    assert_eq!(lines(&g, COUNTED).await, ["6"], "released in the same round");
}

#[tokio::test]
async fn a_release_counts_what_waits_also_for_somebody_whose_window_is_put_off_for_long() {
    let (g, tasks) = at_the_close(&["A1", "A2", "A3", "A4", "A5", "A6"]).await;
    all_answer(&g, &tasks[..5]).await;
    let put_off = format!("UPDATE evaluations SET due_on = '2026-09-01' WHERE id = '{}'", id(&tasks[5].1));
    g.app.system(async |tx| Ok(diesel::sql_query(put_off).execute(tx.conn()).await?)).await.unwrap();
    g.travel("2026-06-02");
    tick(&g).await;
    assert_eq!((counts(&g).await, lines(&g, COUNTED).await.len()), ((5, 0), 0));
    g.travel("2026-06-03");
    tick(&g).await;
    assert_eq!(counts(&g).await, (0, 5));
    assert_eq!(lines(&g, COUNTED).await, ["5"]);
}

#[tokio::test]
async fn parallel_answers_all_arrive_and_a_second_one_is_refused_and_replicas_write_each_once() {
    let (g, tasks) = at_the_close(&["A1", "A2", "A3", "A4", "A5"]).await;
    let twice: Vec<_> = tasks.iter().chain(tasks.iter()).collect();
    let answers = futures::future::join_all(twice.iter().map(async |(learner, task)| {
        let path = Given::response(task);
        g.app.as_employee(*learner).post(&path, reaction(4, None)).await
    }))
    .await;
    let accepted = answers.iter().filter(|a| a.status == 200).count();
    assert_eq!(accepted, 5);
    for refused in answers.iter().filter(|a| a.status != 200) {
        assert_eq!(refused.problem(), "409 evaluation.not_open");
        assert_eq!(refused.body["state"], "answered");
    }
    assert_eq!(counts(&g).await, (5, 0));

    let replica = g.app.replica(patient());
    g.travel(DAY_AFTER);
    let gates = [&g.app.gate, &replica.gate, &g.app.gate, &replica.gate];
    for round in futures::future::join_all(gates.map(worker::tick)).await {
        round.unwrap();
    }
    assert_eq!(counts(&g).await, (0, 5));
    assert_eq!(lines(&g, COUNTED).await, ["5"]);
}

#[tokio::test]
async fn an_answer_under_another_secret_stays_and_holds_no_other_up() {
    let (g, tasks) = at_the_close(&["A1", "A2"]).await;
    let elsewhere = g.app.replica(patient());
    elsewhere.gate.keys().seals().prefer(&[vec![7; 32]]).unwrap();
    let answer = async |app: &TestApp, n: usize| {
        let (learner, task): &(Uuid, Value) = &tasks[n];
        app.as_employee(*learner).post(&Given::response(task), reaction(4, None)).await.expect_status(200);
    };
    answer(&g.app, 0).await;
    answer(&elsewhere, 1).await;
    g.travel(DAY_AFTER);
    tick(&g).await;
    assert_eq!(counts(&g).await, (1, 1));
    assert!(lines(&g, COUNTED).await.is_empty(), "the secret may come back");
    g.travel("2026-04-11");
    tick(&g).await;
    assert_eq!(lines(&g, COUNTED).await, ["1"], "figures do not wait for ever");
    worker::tick(&elsewhere.gate).await.unwrap();
    assert_eq!(counts(&g).await, (0, 2), "nothing is lost");
}

#[tokio::test]
async fn an_erased_person_is_not_named_by_answers_that_waited() {
    let (g, tasks) = at_the_close(&["AN", "BINH"]).await;
    for (learner, task) in &tasks {
        let answer = reaction(4, Some("Cảm ơn anh Trần Văn Bình!"));
        g.app.as_employee(*learner).post(&Given::response(task), answer).await.expect_status(200);
    }
    let erasure = json!({"kind": "erasure"});
    let asked = g.app.as_employee(g.head).post("/v1/personal-data-requests", erasure).await;
    g.leave(g.head).await;
    let officer = g.app.as_role(Role::TrainingOfficer);
    officer.act(&format!("{}/fulfil", asked.header("location"))).await.expect_status(200);
    g.travel(DAY_AFTER);
    tick(&g).await;
    let words = lines(&g, "SELECT answers -> 14 ->> 'value' AS line FROM anonymous_responses").await;
    assert_eq!(words, ["Cảm ơn anh (đã xóa)!", "Cảm ơn anh (đã xóa)!"]);
}

#[tokio::test]
async fn the_officer_learns_that_a_form_was_answered_but_not_when() {
    let (g, tasks) = at_the_close(&["AN"]).await;
    let (learner, task) = &tasks[0];
    let path = format!("/v1/evaluations/{}", id(task));
    let officer = g.app.as_role(Role::TrainingOfficer);
    let before = officer.get(&path).await.expect_status(200);
    g.travel("2026-03-30");
    g.app.as_employee(*learner).post(&Given::response(task), reaction(5, None)).await.expect_status(200);
    let after = g.app.as_role(Role::TrainingOfficer).get(&path).await.expect_status(200);
    let changed: Vec<_> = after
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, value)| before[name.as_str()] != **value)
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(changed, ["state", "version"]);
}
