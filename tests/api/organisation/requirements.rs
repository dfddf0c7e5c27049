use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

fn requirement(competency: Uuid, level: i16, from: &str, to: Option<&str>) -> Value {
    json!({"competency_id": competency, "level": level, "is_hard": true, "legal_basis": "Luật 29/2018/QH14",
        "valid_from": from, "valid_to": to})
}

#[tokio::test]
async fn a_requirement_ends_where_its_successor_begins() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let position = app.position("CV", "cv", None).await;
    let secrecy = app.competency("BMNN").await;
    let path = format!("/v1/job-positions/{position}/requirements");

    let first = officer.post(&path, requirement(secrecy, 2, "2025-01-01", None)).await;
    assert_eq!(first.status, 201);
    assert_eq!(first.header("location"), path);
    assert_eq!(first.body["competency_code"], "BMNN");
    officer.post(&path, requirement(secrecy, 4, "2026-07-01", None)).await.expect_status(201);

    let levels = async |query: &str| -> Vec<i64> {
        let rows = officer.all(&format!("{path}{query}")).await;
        rows.iter().map(|r| r["level"].as_i64().unwrap()).collect()
    };
    assert_eq!(levels("").await, [2], "today is in March 2026");
    assert_eq!(levels("?as_of=2026-06-30").await, [2]);
    assert_eq!(levels("?as_of=2026-07-01").await, [4]);
    assert_eq!(levels("?as_of=2024-12-31").await, Vec::<i64>::new());
    assert_eq!(levels("?history=true&limit=1").await, [4, 2]);
    let all = officer.all(&format!("{path}?history=true")).await;
    assert_eq!(all[1]["valid_to"], "2026-07-01");
    assert_eq!(app.outbox().await, ["requirement.created", "requirement.ended", "requirement.created"]);
}

#[tokio::test]
async fn any_other_overlap_is_refused_and_leaves_everything_as_it_was() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let position = app.position("CV", "cv", None).await;
    let secrecy = app.competency("BMNN").await;
    let path = format!("/v1/job-positions/{position}/requirements");
    officer.post(&path, requirement(secrecy, 2, "2025-01-01", Some("2027-01-01"))).await.expect_status(201);
    officer.post(&path, requirement(secrecy, 3, "2027-01-01", None)).await.expect_status(201);
    for (from, to) in
        [("2026-01-01", None), ("2024-01-01", None), ("2027-01-01", None), ("2024-01-01", Some("2025-01-02"))]
    {
        let clash = officer.post(&path, requirement(secrecy, 5, from, to)).await;
        assert_eq!(clash.problem(), "409 requirement.overlaps", "{from} {to:?}");
    }
    let all = officer.all(&format!("{path}?history=true")).await;
    assert_eq!(all.len(), 2);
    assert!(all[0]["valid_to"].is_null(), "no failed successor ended it");
}

#[tokio::test]
async fn a_requirement_needs_a_position_a_competency_and_dates_in_order() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let position = app.position("CV", "cv", None).await;
    let secrecy = app.competency("BMNN").await;
    let path = format!("/v1/job-positions/{position}/requirements");
    let nowhere = format!("/v1/job-positions/{}/requirements", Uuid::nil());
    assert_eq!(officer.get(&nowhere).await.problem(), "404 resource.not_found");
    assert_eq!(
        officer.post(&nowhere, requirement(secrecy, 2, "2025-01-01", None)).await.problem(),
        "404 resource.not_found"
    );
    let unknown = requirement(Uuid::nil(), 2, "2025-01-01", None);
    assert_eq!(officer.post(&path, unknown).await.faults(), ["/competency_id unknown_reference"]);
    let backwards = requirement(secrecy, 2, "2025-01-01", Some("2025-01-01"));
    assert_eq!(officer.post(&path, backwards).await.faults(), ["/valid_to date_order"]);
    let level = requirement(secrecy, 6, "2025-01-01", None);
    assert_eq!(officer.post(&path, level).await.faults(), ["/level too_large"]);
    let head = app.as_head(Uuid::from_u128(1), None);
    assert_eq!(head.post(&path, json!({})).await.problem(), "403 permission.missing");
}
