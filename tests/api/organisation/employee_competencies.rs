use serde_json::json;
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

#[tokio::test]
async fn what_people_master_is_recorded_with_its_source() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let an = app.employee("NV-1", "Lê An", unit, position).await;
    let binh = app.employee("NV-2", "Lê Bình", unit, position).await;
    let secrecy = app.competency("BMNN").await;
    let path = format!("/v1/employees/{an}/competencies");
    let held = json!({"competency_id": secrecy, "level": 2, "source": "assessment", "valid_from": "2025-01-01",
        "valid_to": "2026-01-01"});
    let recorded = portal.post(&path, held).await;
    assert_eq!(recorded.status, 201);
    assert_eq!(recorded.body["competency_code"], "BMNN");
    portal
        .post(
            &path,
            json!({"competency_id": secrecy, "level": 3, "source": "import", "valid_from": "2026-02-01"}),
        )
        .await
        .expect_status(201);

    let own = app.as_employee(an);
    assert_eq!(own.all(&path).await.len(), 2);
    let valid = own.all(&format!("{path}?as_of=2026-03-02")).await;
    assert_eq!((valid.len(), &valid[0]["level"]), (1, &json!(3)));
    let colleague = app.as_employee(binh);
    assert_eq!(colleague.get(&path).await.problem(), "404 resource.not_found");
    assert_eq!(own.post(&path, json!({})).await.problem(), "403 permission.missing");
    assert_eq!(
        app.outbox().await,
        ["unit.created", "employee_competency.created", "employee_competency.created"]
    );
}

#[tokio::test]
async fn certificates_are_not_entered_by_hand() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let an = app.employee("NV-1", "Lê An", unit, position).await;
    let secrecy = app.competency("BMNN").await;
    let path = format!("/v1/employees/{an}/competencies");
    for (member, value, fault) in [
        ("source", json!("certificate"), "/source not_allowed"),
        ("level", json!(0), "/level too_small"),
        ("competency_id", json!(Uuid::nil()), "/competency_id unknown_reference"),
        ("valid_to", json!("2025-01-01"), "/valid_to date_order"),
    ] {
        let mut body =
            json!({"competency_id": secrecy, "level": 2, "source": "import", "valid_from": "2025-01-01"});
        body[member] = value;
        assert_eq!(portal.post(&path, body).await.faults(), [fault]);
    }
    let nobody = format!("/v1/employees/{}/competencies", Uuid::nil());
    let body = json!({"competency_id": secrecy, "level": 2, "source": "import", "valid_from": "2025-01-01"});
    assert_eq!(portal.post(&nobody, body).await.problem(), "404 resource.not_found");
}
