use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema::audit_log;
use uuid::Uuid;

use crate::support::TestApp;

fn an(unit: Uuid, position: Uuid) -> Value {
    json!({"code": "NV-0147", "full_name": "Nguyễn Văn An", "email": "an.nguyen@moit.gov.vn",
        "phone": "0912 345 678", "unit_id": unit, "job_position_id": position, "category": "civil_servant",
        "status": "active", "birth_date": "1999-05-19", "joined_on": "2021-09-01",
        "personal_number": "001099012345"})
}

/// Kinds and actors of the audit log's readings.
pub async fn readings(app: &TestApp) -> Vec<(String, Uuid, String)> {
    app.system(async |tx| {
        Ok(audit_log::table
            .filter(audit_log::kind.like("%\\_read"))
            .order(audit_log::number)
            .select((audit_log::kind, audit_log::subject_id, audit_log::permission))
            .load(tx.conn())
            .await?)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn numbers_are_masked_but_for_a_named_right_and_a_purpose() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let created = portal.post_once("k", "/v1/employees", an(unit, position)).await;
    assert_eq!(created.status, 201);
    let id: Uuid = created.id().parse().unwrap();
    let colleague = app.employee("NV-2", "Lê Bình", unit, position).await;
    let path = format!("/v1/employees/{id}");
    let list = portal.all("/v1/employees?q=an").await;
    let replay = portal.post_once("k", "/v1/employees", an(unit, position)).await;
    for seen in [&created.body, &list[0], &replay.body, &portal.get(&path).await.body] {
        assert_eq!(
            (&seen["phone"], &seen["personal_number"]),
            (&json!("+84******678"), &json!("001******345"))
        );
    }
    assert!(readings(&app).await.is_empty());

    let identity = format!("{path}/identity");
    let full = json!({"employee_id": id, "full_name": "Nguyễn Văn An", "birth_date": "1999-05-19",
        "phone": "+84912345678", "personal_number": "001099012345"});
    let officer = app.as_role(Role::TrainingOfficer);
    for purpose in ["certificate_issue", "contract_or_decision", "data_subject_request", "verification"] {
        let seen = officer.get(&format!("{identity}?purpose={purpose}")).await.expect_status(200);
        assert_eq!(seen, full);
    }
    let own = app.as_employee(id).get(&format!("{identity}?purpose=own_data")).await.expect_status(200);
    assert_eq!(own, full);
    let read = ("employee.identity_read".to_owned(), id, "employees:identity".to_owned());
    assert_eq!(readings(&app).await, vec![read; 5]);
    assert!(!app.outbox().await.iter().any(|kind| kind.contains("read")), "nobody else is told");

    assert_eq!(officer.get(&identity).await.faults(), ["?purpose required"]);
    assert_eq!(officer.get(&format!("{identity}?purpose=for_fun")).await.faults(), ["?purpose not_allowed"]);
    let pretended = officer.get(&format!("{identity}?purpose=own_data")).await;
    assert_eq!(pretended.faults(), ["?purpose not_applicable"]);
    let other = app.as_employee(colleague).get(&format!("{identity}?purpose=verification")).await;
    assert_eq!(other.problem(), "404 resource.not_found");
    for role in [Role::Leader, Role::UnitHead, Role::Institute, Role::Auditor, Role::SystemAdmin] {
        let refused = app.as_role(role).get(&format!("{identity}?purpose=verification")).await;
        assert_eq!(refused.problem(), "403 permission.missing", "{role:?}");
    }
    assert_eq!(readings(&app).await.len(), 5, "what was refused was not read");
}

#[tokio::test]
async fn a_personal_number_is_checked_and_belongs_to_one_person() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let created = portal.post("/v1/employees", an(unit, position)).await;
    assert_eq!(created.status, 201);
    let path = format!("/v1/employees/{}", created.id());
    for (change, fault) in [
        (json!({"personal_number": "00109901234"}), "/personal_number personal_number_format"),
        (json!({"personal_number": "001299012345"}), "/personal_number personal_number_birth"),
        (json!({"birth_date": "1998-05-19"}), "/personal_number personal_number_birth"),
    ] {
        assert_eq!(portal.patch(&path, "*", change).await.faults(), [fault]);
    }
    let mut other = an(unit, position);
    (other["code"], other["email"]) = (json!("NV-2"), json!("b@moit.gov.vn"));
    let taken = portal.post("/v1/employees", other).await;
    assert_eq!(taken.problem(), "409 employee.personal_number_taken");

    let row = |code: &str, number: Option<&str>| {
        json!({"code": code, "full_name": "Lê Bình", "email": format!("{code}@moit.gov.vn"), "unit_code": "VP",
            "job_position_code": "CV", "category": "civil_servant", "status": "active",
            "birth_date": "1984-02-03", "joined_on": "2015-09-01", "personal_number": number})
    };
    let batch = async |rows: Value| portal.post("/v1/employees/batch", json!({"items": rows})).await;
    let good = batch(json!([row("b-1", Some("087084000999")), row("b-2", None)])).await.expect_status(200);
    assert_eq!(good["created"], 2);
    let again = batch(json!([row("b-1", Some("087084000999"))])).await.expect_status(200);
    assert_eq!(again["unchanged"], 1);
    let bad = batch(json!([
        row("b-3", Some("087084000999")),
        row("b-4", Some("001084000001")),
        row("b-5", Some("001084000001")),
        row("b-6", Some("001085000001"))
    ]))
    .await;
    assert_eq!(
        bad.faults(),
        [
            "/items/0/personal_number personal_number_taken",
            "/items/2/personal_number duplicate",
            "/items/3/personal_number personal_number_birth"
        ]
    );
    let emptied = portal.patch(&path, "*", json!({"personal_number": null})).await.expect_status(200);
    assert!(emptied["personal_number"].is_null());
}
