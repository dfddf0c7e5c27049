use diesel_async::SimpleAsyncConnection;
use reqwest::Method;
use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use super::kinds;
use crate::fixtures::office::Scene;
use crate::support::TestApp;
use crate::support::app::PASSWORD;

/// A unit with an employee.
async fn employee(app: &TestApp) -> Uuid {
    let unit = app.unit("VP", None).await;
    let position = app.position("VT", "clerk", None).await;
    app.employee("an", "Nguyễn Văn An", unit, position).await
}

#[tokio::test]
async fn a_change_is_logged_with_who_what_before_and_after_but_not_who_a_person_is() {
    let app = TestApp::spawn().await;
    let an = employee(&app).await;
    let portal = app.as_role(Role::HrPortal);
    let change = json!({"status": "on_leave", "full_name": "Nguyễn Văn Anh", "phone": "0901234567"});
    let request = portal
        .request(Method::PATCH, &format!("/v1/employees/{an}"))
        .header("If-Match", "\"1\"")
        .header("X-Request-Id", "req-1")
        .header("content-type", "application/merge-patch+json")
        .body(change.to_string());
    let answer = portal.send(request).await;
    assert_eq!((answer.status, answer.header("x-client-request-id")), (200, "req-1"));
    let request_id = answer.header("x-request-id").to_owned();
    assert_ne!(request_id, "req-1", "a caller does not choose what the log correlates by");

    let entries = app.audit(&format!("?subject_id={an}")).await;
    assert_eq!(kinds(&entries), ["employee.updated", "employees.updated", "employees.inserted"]);
    let row = &entries[1];
    let before = json!({"status": "active", "full_name": "•••", "phone": null, "version": 1});
    let after = json!({"status": "on_leave", "full_name": "•••", "phone": "•••", "version": 2});
    assert_eq!((&row["before"], &row["after"]), (&before, &after), "only what changed, and no noise");
    for entry in &entries[..2] {
        assert_eq!(entry["actor"], json!({"id": Uuid::nil(), "name": "test"}));
        assert_eq!(
            (entry["permission"].as_str(), entry["request_id"].as_str()),
            (Some("employees:manage"), Some(request_id.as_str()))
        );
        assert_eq!(
            (&entry["occurred_at"], &entry["on_behalf_of"]),
            (&json!("2026-03-02T01:00:00Z"), &Value::Null)
        );
        assert_eq!(entry["sealed"], false);
    }
    let created = &entries[2];
    assert_eq!((&created["before"], &created["after"]["code"]), (&Value::Null, &json!("•••")));
    assert_eq!(created["actor"]["name"], "system");
    let all = serde_json::to_string(&app.audit("").await).unwrap();
    for secret in ["Nguyễn", "0901234567", "an@moit.gov.vn", "nguyen van an"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_decision_is_logged_as_event_and_as_change_by_the_account_that_took_it() {
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    let id = s.head().post("/v1/nominations", s.body(an)).await.expect_status(201)["id"].clone();
    let id = id.as_str().unwrap();
    let account = s.app.account("thu.le", Role::TrainingOfficer).await;
    let officer = s.app.sign_in("thu.le", PASSWORD).await;
    officer.act(&format!("/v1/nominations/{id}/approve")).await.expect_status(200);

    let entries = s.app.audit(&format!("?actor_id={account}")).await;
    let mut found = kinds(&entries);
    found.sort_unstable();
    assert_eq!(found, ["nomination.approved", "nominations.updated", "participants.inserted"]);
    let change = entries.iter().find(|e| e["kind"] == "nominations.updated").unwrap();
    assert_eq!(change["actor"], json!({"id": account, "name": "thu.le"}));
    assert_eq!(
        (change["subject_id"].as_str(), change["permission"].as_str()),
        (Some(id), Some("nominations:decide"))
    );
    assert_eq!(
        (&change["before"]["status"], &change["after"]["status"]),
        (&json!("endorsed"), &json!("approved"))
    );
    let request = change["request_id"].as_str().unwrap();
    assert_eq!(s.app.audit(&format!("?request_id={request}")).await.len(), 3, "one request, one story");

    let opened = s.app.audit("?kind=accounts.inserted").await;
    assert_eq!(
        (&opened[0]["after"]["username"], &opened[0]["after"]["secret_hash"]),
        (&json!("thu.le"), &json!("•••"))
    );
}

#[tokio::test]
async fn entries_are_found_by_time_kind_and_page() {
    let app = TestApp::spawn().await;
    for code in ["A", "B", "C"] {
        app.unit(code, None).await;
        app.clock.set(app.clock.now() + chrono::Duration::hours(8));
    }
    let at = ["2026-03-02T01:00:00Z", "2026-03-02T09:00:00Z", "2026-03-02T17:00:00Z"];
    for (query, found) in [
        (format!("?kind=unit.created&from={}", at[1]), 2),
        (format!("?kind=unit.created&to={}", at[1]), 1),
        (format!("?from={}&to={}", at[1], at[2]), 2),
        // Midnight in Hanoi, and a day has 24 hours there.
        ("?kind=unit.created&from=2026-03-03".to_owned(), 1),
        ("?kind=unit.created&to=2026-03-02".to_owned(), 2),
        ("?kind=units.inserted&from=2026-03-02&to=2026-03-02".to_owned(), 2),
        ("?kind=units".to_owned(), 0),
        ("?limit=4".to_owned(), 6),
        (format!("?subject_id={}", Uuid::nil()), 0),
        ("?request_id=nothing".to_owned(), 0),
    ] {
        assert_eq!(app.audit(&query).await.len(), found, "{query}");
    }
    let numbers: Vec<i64> =
        app.audit("?limit=1").await.iter().map(|e| e["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [6, 5, 4, 3, 2, 1]);
    let auditor = app.as_role(Role::Auditor);
    assert_eq!(auditor.get("/v1/audit-log?from=yesterday").await.faults(), ["?from wrong_type"]);
    assert_eq!(auditor.get("/v1/audit-log?who=me").await.faults(), ["?who unknown_member"]);
    assert_eq!(app.as_role(Role::SystemAdmin).get("/v1/audit-log").await.problem(), "403 permission.missing");
}

#[tokio::test]
async fn an_export_gives_every_line_and_is_logged_itself() {
    let app = TestApp::spawn().await;
    app.unit("A", None).await;
    // More than one read's worth.
    app.at_the_database(
        "INSERT INTO holidays SELECT '2030-01-01'::date + n, 'x', false FROM generate_series(1, 2500) n",
    )
    .await;
    let auditor = app.as_role(Role::Auditor);
    let whole = auditor.get("/v1/audit-log/export").await;
    assert_eq!((whole.status, whole.header("content-type")), (200, "application/x-ndjson"));
    let (end, entries) = whole.body.as_array().unwrap().split_last().unwrap();
    let numbers: Vec<i64> = entries.iter().map(|e| e["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=2502).collect::<Vec<_>>());
    assert_eq!((&end["end"], &end["entries"]), (&json!(true), &json!(2502)));
    let some = auditor.get("/v1/audit-log/export?kind=unit.created&to=2026-03-02").await;
    let (end, some) = some.body.as_array().unwrap().split_last().unwrap();
    assert_eq!((kinds(some), &end["entries"]), (vec!["unit.created"], &json!(1)));
    assert_eq!(auditor.get("/v1/audit-log/export?limit=1").await.faults(), ["?limit unknown_member"]);

    let exports = app.audit("?kind=audit_log.exported").await;
    let purposes: Vec<&str> = exports.iter().map(|e| e["purpose"].as_str().unwrap()).collect();
    assert_eq!(purposes, ["kind=unit.created&to=2026-03-02", ""]);
    assert_eq!(exports[0]["permission"], "audit:read");
    assert_eq!(app.outbox().await, ["unit.created"], "nothing for others to know");
}

#[tokio::test]
async fn a_noted_read_is_an_entry_and_no_event() {
    let app = TestApp::spawn().await;
    let subject = Uuid::from_u128(9);
    app.system(async |tx| {
        tx.note_read("employee.identity_read", subject, "Đối chiếu hồ sơ");
        Ok(())
    })
    .await
    .unwrap();
    let entries = app.audit(&format!("?subject_id={subject}")).await;
    assert_eq!(kinds(&entries), ["employee.identity_read"]);
    assert_eq!(entries[0]["purpose"], "Đối chiếu hồ sơ");
    assert!(app.outbox().await.is_empty());
}

#[tokio::test]
async fn a_change_at_the_database_itself_is_logged_too() {
    let app = TestApp::spawn().await;
    app.at_the_database("INSERT INTO holidays VALUES ('2026-09-02', 'Quốc khánh', false)").await;
    app.at_the_database("UPDATE holidays SET day = '2026-09-01'; DELETE FROM holidays; TRUNCATE holidays")
        .await;
    let entries = app.audit("").await;
    let expected =
        ["truncated", "deleted", "updated", "updated", "inserted"].map(|what| format!("holidays.{what}"));
    assert_eq!(kinds(&entries), expected);
    for entry in &entries {
        let name = entry["actor"]["name"].as_str().unwrap();
        assert!(name.starts_with("database:"), "{name}");
        assert_eq!(
            (entry["permission"].as_str(), entry["request_id"].as_str()),
            (Some("database"), Some(""))
        );
    }
    let mut days =
        [&entries[2], &entries[3]].map(|e| json!([e["before"]["day"], e["after"]["day"]]).to_string());
    days.sort();
    assert_eq!(
        days,
        [r#"["2026-09-02",null]"#, r#"[null,"2026-09-01"]"#],
        "a row with another key is another row"
    );

    let context = json!({"actor_id": Uuid::from_u128(1), "actor_name": "pho", "on_behalf_of_id": Uuid::from_u128(2),
        "on_behalf_of_name": "truong", "permission": "holidays:manage", "request_id": "r"});
    app.at_the_database(&format!(
        "SELECT set_config('thuocdo.context', '{context}', false);
         INSERT INTO holidays VALUES ('2026-09-02', 'Quốc khánh', false)"
    ))
    .await;
    let newest = &app.audit("?limit=1").await[0];
    assert_eq!(newest["actor"]["name"], "pho");
    assert_eq!(newest["on_behalf_of"], json!({"id": Uuid::from_u128(2), "name": "truong"}));
}

#[tokio::test]
async fn an_update_that_changes_nothing_of_interest_is_not_logged() {
    let app = TestApp::spawn().await;
    let an = employee(&app).await;
    let before = app.audit("").await.len();
    app.at_the_database("UPDATE employees SET updated_at = now(), name_key = 'x', status = status").await;
    assert_eq!(app.audit("").await.len(), before);
    app.at_the_database("UPDATE employees SET email = 'b@moit.gov.vn'").await;
    let entries = app.audit(&format!("?subject_id={an}&limit=1")).await;
    assert_eq!(entries[0]["after"], json!({"email": "•••"}));
}

#[tokio::test]
async fn nobody_changes_or_removes_an_entry_not_even_the_owner() {
    let app = TestApp::spawn().await;
    app.unit("A", None).await;
    app.seal().await;
    let mut owner = app.psql().await;
    for script in [
        "UPDATE audit_log SET actor_name = 'nobody'",
        "DELETE FROM audit_log WHERE number = 1",
        "DELETE FROM audit_log WHERE false",
        "TRUNCATE audit_log",
        "UPDATE audit_seals SET entries = 1",
        "DELETE FROM audit_seals",
        "TRUNCATE audit_seals CASCADE",
        "UPDATE audit_seal_entries SET seal = 1",
        "DELETE FROM audit_seal_entries",
        "TRUNCATE audit_seal_entries",
        "SET session_replication_role = replica; DELETE FROM audit_log",
    ] {
        let refused = owner.batch_execute(script).await.expect_err(script).to_string();
        assert!(refused.contains("the audit log only grows"), "{script}: {refused}");
    }
    assert_eq!(app.audit("").await.len(), 2);
}
