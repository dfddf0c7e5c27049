//! What the private Postgres writes about refused statements names nobody.

use diesel_async::SimpleAsyncConnection;
use serde_json::json;
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::database::folder;

#[tokio::test]
async fn the_private_servers_log_holds_no_number_address_or_name() {
    let app = TestApp::spawn().await;
    let unit = app.unit("VP", None).await;
    let position = app.position("VT", "clerk", None).await;
    let portal = app.as_role(Role::HrPortal);
    // Values that no other run has written there.
    let number = format!("001099{:06}", std::process::id() % 1_000_000);
    let email = format!("khue.{number}@moit.gov.vn");
    let name = format!("Huỳnh Khuê {number}");
    let person = |code: &str, number: &str, email: &str| {
        json!({"code": code, "full_name": name, "email": email, "unit_id": unit, "job_position_id": position,
            "category": "civil_servant", "status": "active", "birth_date": "1999-05-19", "joined_on": "2021-09-01",
            "personal_number": number})
    };
    portal.post("/v1/employees", person("A", &number, &email)).await.expect_status(201);
    let other_number = number.replacen("001", "002", 1);
    for (body, problem) in [
        (person("B", &number, "b@moit.gov.vn"), "409 employee.personal_number_taken"),
        (person("B", &other_number, &email), "409 employee.email_taken"),
        (person("A", &other_number, "b@moit.gov.vn"), "409 code.taken"),
    ] {
        assert_eq!(portal.post("/v1/employees", body).await.problem(), problem);
    }
    // Faults of ours would look like these: a value in a message, in a statement, in a DETAIL.
    let mut owner = app.psql().await;
    for script in [
        format!("SELECT '{name}'::date"),
        format!("SELECT nothing('{email}')"),
        format!("INSERT INTO employees (full_name) VALUES ('{name}')"),
        format!("UPDATE employees SET category = '{name}'"),
        format!("DO $$ BEGIN RAISE WARNING '{name}'; END $$"),
    ] {
        let _ = owner.batch_execute(&script).await;
    }
    let log = std::fs::read_to_string(folder().join("pg/server.log")).unwrap();
    assert!(log.contains("ready to accept connections"), "it does log");
    let found: Vec<&str> = log.lines().filter(|line| line.contains(&number[4..])).collect();
    assert!(found.is_empty(), "{found:#?}");
}
