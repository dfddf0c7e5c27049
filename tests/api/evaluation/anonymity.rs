//! What the database keeps of an anonymous answer, looked at as someone would who can read all of it.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use super::given::{Given, reaction};
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

#[tokio::test]
async fn an_answer_changes_the_task_and_adds_an_answer_and_nothing_else() {
    let (g, tasks) = at_the_close(&["AN", "BINH", "CHI"]).await;
    let (learner, task) = &tasks[1];
    let before: HashSet<_> = everything(&g).await.into_iter().collect();
    g.travel("2026-03-30");
    let answered = g
        .app
        .as_employee(*learner)
        .post_once("key-1", &Given::response(task), reaction(2, Some("Cần ví dụ thật")))
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
    assert_eq!(tables, ["anonymous_responses", "evaluations"], "no event, no audit row, no stored reply");
    for (table, row) in &new {
        let text = row.to_string();
        if *table == "evaluations" {
            assert_eq!(row["status"], "answered");
            assert_eq!(row["answered_on"], Value::Null);
            assert_eq!(row["updated_at"], row["created_at"], "no time of the answer");
            assert!(!text.contains("2026-03-30"), "{text}");
            assert!(!text.contains("Cần ví dụ thật"));
        } else {
            let mut members: Vec<_> = row.as_object().unwrap().keys().cloned().collect();
            members.sort();
            assert_eq!(
                members,
                ["answers", "id", "offering_id", "phase", "questionnaire_id", "respondent_group", "score"]
            );
            let random: Uuid = row["id"].as_str().unwrap().parse().unwrap();
            assert_eq!(random.get_version_num(), 4, "not a time-ordered id");
            assert!(!text.contains(&learner.to_string()) && !text.contains(&id(task).to_string()));
            assert_eq!(row["score"], json!(2));
        }
    }
    let detail =
        g.app.as_employee(*learner).get(&format!("/v1/evaluations/{}", id(task))).await.expect_status(200);
    assert_eq!(detail["answers"], Value::Null, "not even to who gave them");
}

#[tokio::test]
async fn neither_ids_nor_transactions_tie_answers_to_tasks() {
    let codes = ["A1", "A2", "A3", "A4", "A5", "A6"];
    let (g, tasks) = at_the_close(&codes).await;
    let ids = "SELECT id::text AS line FROM anonymous_responses";
    let mut seen = HashSet::new();
    for (n, (learner, task)) in tasks.iter().enumerate() {
        let comment = format!("Ý kiến {n}");
        g.app
            .as_employee(*learner)
            .post(&Given::response(task), reaction(3, Some(&comment)))
            .await
            .expect_status(200);
        let rows = lines(&g, ids).await;
        assert_eq!(rows.len(), n + 1);
        assert!(rows.into_iter().all(|id| seen.insert(id)), "each answer is written anew every time");
    }
    let of_answers = lines(&g, "SELECT DISTINCT xmin::text AS line FROM anonymous_responses").await;
    assert_eq!(of_answers.len(), 1, "all answers bear the mark of one and the same transaction");
    let of_tasks =
        lines(&g, "SELECT DISTINCT xmin::text AS line FROM evaluations WHERE status = 'answered'").await;
    assert_eq!(of_tasks.len(), codes.len());

    let comments: HashSet<_> = lines(&g, "SELECT answers -> 14 ->> 'value' AS line FROM anonymous_responses")
        .await
        .into_iter()
        .collect();
    assert_eq!(comments, (0..codes.len()).map(|n| format!("Ý kiến {n}")).collect());
}

#[tokio::test]
async fn parallel_answers_all_arrive_and_a_second_one_is_refused() {
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
    let stored = lines(&g, "SELECT id::text AS line FROM anonymous_responses").await;
    assert_eq!(stored.len(), 5);
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
