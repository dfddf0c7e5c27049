use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

fn entry(employee: Uuid, position: Uuid, from: &str, to: &str) -> Value {
    json!({"employee_id": employee, "job_position_id": position, "decision_number": "15-QĐ/BCSĐ",
        "valid_from": from, "valid_to": to})
}

#[tokio::test]
async fn someone_is_planned_for_a_post_once_at_a_time() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let unit = app.unit("VP", None).await;
    let (expert, head) = (app.position("CV", "cv", None).await, app.position("TP", "ld", None).await);
    let an = app.employee("NV-1", "Lê An", unit, expert).await;
    let list = "/v1/succession-lists";
    let created = officer.post(list, entry(an, head, "2026-01-01", "2031-01-01")).await;
    assert_eq!(created.status, 201);
    let path = created.header("location").to_owned();
    let again = officer.post(list, entry(an, head, "2030-01-01", "2035-01-01")).await;
    assert_eq!(again.problem(), "409 succession.overlaps");

    let ended = officer.patch(&path, created.etag(), json!({"valid_to": "2027-01-01"})).await;
    assert_eq!((ended.status, &ended.body["valid_to"]), (200, &json!("2027-01-01")));
    officer.post(list, entry(an, head, "2027-01-01", "2030-01-01")).await.expect_status(201);
    let longer = officer.patch(&path, "*", json!({"valid_to": "2028-01-01"})).await;
    assert_eq!(longer.problem(), "409 succession.overlaps");
    let backwards = officer.patch(&path, "*", json!({"valid_to": "2026-01-01"})).await;
    assert_eq!(backwards.faults(), ["/valid_to date_order"]);
    for (query, found) in [
        ("as_of=2026-12-31", 1),
        ("as_of=2030-01-01", 0),
        (&format!("employee_id={an}&limit=1"), 2),
        (&format!("unit_id={unit}"), 2),
        (&format!("job_position_id={expert}"), 0),
    ] {
        let rows = officer.all(&format!("{list}?{query}")).await;
        assert_eq!(rows.len(), found, "{query}");
    }
    assert_eq!(
        app.outbox().await[1..],
        ["succession_entry.created", "succession_entry.updated", "succession_entry.created"]
    );
}

#[tokio::test]
async fn bad_entries_are_named_and_foreign_ones_are_out_of_reach() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let (office, agency) = (app.unit("VP", None).await, app.unit("CDL", None).await);
    let position = app.position("TP", "ld", None).await;
    let an = app.employee("NV-1", "Lê An", office, position).await;
    let foreign = app.employee("NV-2", "Lê Bình", agency, position).await;
    let list = "/v1/succession-lists";
    let mut bad = entry(an, position, "2026-01-01", "2027-01-01");
    bad["decision_number"] = json!(" ");
    assert_eq!(officer.post(list, bad).await.faults(), ["/decision_number too_short"]);
    for (who, what, to, fault) in [
        (Uuid::nil(), position, "2027-01-01", "/employee_id unknown_reference"),
        (an, Uuid::nil(), "2027-01-01", "/job_position_id unknown_reference"),
        (an, position, "2026-01-01", "/valid_to date_order"),
    ] {
        let answer = officer.post(list, entry(who, what, "2026-01-01", to)).await;
        assert_eq!(answer.faults(), [fault]);
    }
    let other = officer.post(list, entry(foreign, position, "2026-01-01", "2027-01-01")).await;
    let path = format!("{list}/{}", other.id());
    let head = app.as_head(office, Some(an));
    assert_eq!(head.get(&path).await.problem(), "404 resource.not_found");
    assert_eq!(head.all(list).await.len(), 0);
    for refused in [
        app.as_employee(an).get(list).await,
        app.as_role(Role::Leader).post(list, entry(foreign, position, "2028-01-01", "2029-01-01")).await,
        app.as_institute(Uuid::from_u128(1)).get(list).await,
        head.patch(&path, "*", json!({"valid_to": "2028-01-01"})).await,
    ] {
        assert_eq!(refused.problem(), "403 permission.missing");
    }
}
