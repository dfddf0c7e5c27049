use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

fn absence(employee: Uuid, from: (&str, &str), to: (&str, &str)) -> Value {
    json!({"employee_id": employee, "kind": "annual_leave", "starts_on": from.0, "starts_half": from.1,
        "ends_on": to.0, "ends_half": to.1})
}

#[tokio::test]
async fn absences_run_from_half_day_to_half_day() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let an = app.employee("NV-1", "Lê An", unit, position).await;
    let body = absence(an, ("2026-03-10", "afternoon"), ("2026-03-12", "morning"));
    let created = officer.post("/v1/absences", body.clone()).await;
    assert_eq!(created.status, 201);
    let path = created.header("location").to_owned();
    let read = app.as_employee(an).get(&path).await.expect_status(200);
    for member in ["starts_on", "starts_half", "ends_on", "ends_half", "kind"] {
        assert_eq!(read[member], body[member], "{member}");
    }

    let touching = absence(an, ("2026-03-12", "morning"), ("2026-03-13", "morning"));
    assert_eq!(officer.post("/v1/absences", touching).await.problem(), "409 absence.overlaps");
    let next = absence(an, ("2026-03-12", "afternoon"), ("2026-03-12", "afternoon"));
    officer.post("/v1/absences", next).await.expect_status(201);
    for (query, found) in [
        ("from=2026-03-12", 2),
        ("from=2026-03-13", 0),
        ("to=2026-03-10", 1),
        ("to=2026-03-09", 0),
        ("from=2026-03-11&to=2026-03-11", 1),
        (&format!("employee_id={an}&limit=1"), 2),
        (&format!("unit_id={unit}"), 2),
        (&format!("unit_id={}", Uuid::nil()), 0),
    ] {
        let rows = officer.all(&format!("/v1/absences?{query}")).await;
        assert_eq!(rows.len(), found, "{query}");
    }

    assert_eq!(officer.delete(&path, "\"7\"").await.problem(), "412 resource.changed");
    let gone = officer.delete(&path, created.etag()).await;
    assert_eq!((gone.status, gone.header("content-type")), (204, ""));
    assert_eq!(officer.get(&path).await.problem(), "404 resource.not_found");
    assert_eq!(app.outbox().await, ["unit.created", "absence.created", "absence.created", "absence.deleted"]);
}

#[tokio::test]
async fn an_absence_does_not_end_before_it_starts() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let an = app.employee("NV-1", "Lê An", unit, position).await;
    let days = absence(an, ("2026-03-12", "morning"), ("2026-03-11", "afternoon"));
    assert_eq!(officer.post("/v1/absences", days).await.faults(), ["/ends_on date_order"]);
    let halves = absence(an, ("2026-03-12", "afternoon"), ("2026-03-12", "morning"));
    assert_eq!(officer.post("/v1/absences", halves).await.faults(), ["/ends_half date_order"]);
    let nobody = absence(Uuid::nil(), ("2026-03-12", "morning"), ("2026-03-12", "morning"));
    assert_eq!(officer.post("/v1/absences", nobody).await.faults(), ["/employee_id unknown_reference"]);
    let shape = json!({"employee_id": an, "kind": "holiday", "starts_on": "2026-03-12", "starts_half": "noon",
        "ends_on": "2026-03-12"});
    assert_eq!(
        officer.post("/v1/absences", shape).await.faults(),
        ["/ends_half required", "/kind not_allowed", "/starts_half not_allowed"]
    );
}

#[tokio::test]
async fn a_head_records_absences_of_their_own_people_only() {
    let app = TestApp::spawn().await;
    let (office, agency) = (app.unit("VP", None).await, app.unit("CDL", None).await);
    let position = app.position("CV", "cv", None).await;
    let an = app.employee("NV-1", "Lê An", office, position).await;
    let foreign = app.employee("NV-2", "Lê Bình", agency, position).await;
    let day = |who| absence(who, ("2026-03-12", "morning"), ("2026-03-12", "afternoon"));
    let head = app.as_head(office, None);
    head.post("/v1/absences", day(an)).await.expect_status(201);
    assert_eq!(head.post("/v1/absences", day(foreign)).await.faults(), ["/employee_id unknown_reference"]);
    let officer = app.as_role(Role::TrainingOfficer);
    let other = officer.post("/v1/absences", day(foreign)).await;
    let path = format!("/v1/absences/{}", other.id());
    assert_eq!(head.get(&path).await.problem(), "404 resource.not_found");
    assert_eq!(head.delete(&path, "*").await.problem(), "404 resource.not_found");
    assert_eq!(head.all("/v1/absences").await.len(), 1);
    let own = app.as_employee(an);
    assert_eq!(own.all("/v1/absences").await.len(), 1);
    assert_eq!(own.delete(&path, "*").await.problem(), "403 permission.missing");
    let institute = app.as_institute(Uuid::from_u128(1));
    assert_eq!(institute.get("/v1/absences").await.problem(), "403 permission.missing");
}

#[tokio::test]
async fn who_counts_the_present_waits_for_who_records_an_absence() {
    use thuocdo::organisation::units;
    let app = TestApp::spawn().await;
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let an = app.employee("NV-1", "Lê An", unit, position).await;
    let officer = app.as_role(Role::TrainingOfficer);
    let day = absence(an, ("2026-03-12", "morning"), ("2026-03-12", "afternoon"));
    let waiting = app
        .system(async |tx| {
            units::lock_presence(tx, unit).await?;
            let patience = std::time::Duration::from_millis(300);
            Ok(tokio::time::timeout(patience, officer.post("/v1/absences", day.clone())).await.is_err())
        })
        .await
        .unwrap();
    assert!(waiting, "the absence is not written while the count goes on");
}
