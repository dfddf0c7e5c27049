//! People are moved while others record something about them.

use std::time::Duration;

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::migrate;

use crate::support::TestApp;
use crate::support::app::patient;

/// Return once so many connections wait for a lock.
async fn waiting(app: &TestApp, count: usize) {
    // Another connection: within a transaction the list of processes stays as it was at the first look.
    let mut observer = migrate::open(&app.database_url).await.expect("a connection");
    let query =
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    for _ in 0..300 {
        if diesel::sql_query(query).execute(&mut observer).await.expect("an answer") >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("fewer than {count} wait for a lock");
}

/// A batch locks the rows of its people, and the foreign key of what is recorded about them waits for these locks.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_moves_people_is_not_stopped_by_what_is_recorded_meanwhile() {
    let app = TestApp::spawn_with(patient()).await;
    let (office, agency) = (app.unit("VP", None).await, app.unit("CDL", None).await);
    let position = app.position("CV", "cv", None).await;
    let an = app.employee("NV-1", "Lê An", office, position).await;
    app.employee("NV-2", "Lê Bình", office, position).await;
    let (officer, portal) = (app.as_role(Role::TrainingOfficer), app.as_role(Role::HrPortal));

    // The batch waits here with the first of its rows locked.
    let mut outside = migrate::open(&app.database_url).await.expect("a connection");
    let hold = "BEGIN; SELECT id FROM employees WHERE code = 'NV-2' FOR UPDATE";
    outside.batch_execute(hold).await.expect("a lock");
    let row = |code: &str, name: &str| -> Value {
        json!({"code": code, "full_name": name, "email": format!("{}@moit.gov.vn", code.to_lowercase()),
            "unit_code": "CDL", "job_position_code": "CV", "category": "civil_servant", "status": "active",
            "joined_on": "2015-01-01"})
    };
    let batch = json!({"items": [row("NV-1", "Lê An"), row("NV-2", "Lê Bình")]});
    let away = json!({"employee_id": an, "kind": "annual_leave", "starts_on": "2026-03-02", "starts_half": "morning",
        "ends_on": "2026-03-02", "ends_half": "afternoon"});
    let moving = portal.post("/v1/employees/batch", batch);
    let recording = async {
        waiting(&app, 1).await;
        officer.post("/v1/absences", away).await
    };
    let freeing = async {
        waiting(&app, 2).await;
        outside.batch_execute("COMMIT").await.expect("the lock is given back");
    };
    let (moved, recorded, ()) = tokio::join!(moving, recording, freeing);
    moved.expect_status(200);
    recorded.expect_status(201);
    assert_eq!(app.as_head(agency, None).all("/v1/absences").await.len(), 1, "it is of the new unit");
}
