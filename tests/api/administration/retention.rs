use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;
use thuocdo::access::Role;
use thuocdo::administration::retention_rules::{RULES, RetentionAction};
use thuocdo::db::schema::{absences, idempotency_keys, outbox, personal_data_requests};
use thuocdo::http::limits::IDEMPOTENCY_KEPT;
use thuocdo::worker;

use crate::support::TestApp;
use crate::support::seed::day;

macro_rules! count {
    ($app:expr, $table:ident) => {
        $app.system(async |tx| Ok($table::table.count().get_result::<i64>(tx.conn()).await?)).await.unwrap()
    };
}

#[tokio::test]
async fn everybody_can_read_how_long_data_are_kept() {
    let app = TestApp::spawn().await;
    for role in Role::ALL {
        let rules = app.as_role(role).get("/v1/retention-rules").await.expect_status(200);
        let items = rules["items"].as_array().unwrap();
        assert_eq!(items.len(), RULES.len());
        for item in items {
            assert_eq!(item["days"].is_null(), item["action"] == "needs_decision", "{item}");
            assert!(!item["what"].as_str().unwrap().starts_with("retention-"), "{item}");
        }
    }
    let vi = app.as_role(Role::Employee).speaking("vi").get("/v1/retention-rules").await;
    assert_eq!(vi.body["items"][2]["what"], "Vắng mặt của nhân sự, tính từ ngày kết thúc.");
    let kept = RULES.iter().find(|r| r.code() == "idempotency_keys").unwrap();
    assert_eq!(Duration::days(i64::try_from(kept.days.unwrap()).unwrap()), IDEMPOTENCY_KEPT);
}

#[tokio::test]
async fn what_was_kept_long_enough_goes_by_itself() {
    let app = TestApp::spawn().await;
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let person = app.employee("NV-1", "Nguyễn Văn An", unit, position).await;
    let officer = app.as_role(Role::TrainingOfficer);
    let absence = json!({"employee_id": person, "kind": "sick_leave", "starts_on": "2026-03-02",
        "starts_half": "morning", "ends_on": "2026-03-03", "ends_half": "afternoon"});
    officer.post_once("k", "/v1/absences", absence).await.expect_status(201);
    let asked = json!({"employee_id": person, "kind": "view"});
    for answer in ["refuse", "nothing yet"] {
        let request = officer.post("/v1/personal-data-requests", asked.clone()).await;
        assert_eq!(request.status, 201, "{:#}", request.body);
        if answer == "refuse" {
            let path = format!("/v1/personal-data-requests/{}/refuse", request.id());
            officer.post(&path, json!({"reason": "Đã trả lời."})).await.expect_status(200);
        }
    }
    let left = async || {
        (
            count!(app, idempotency_keys),
            count!(app, absences),
            count!(app, outbox) > 0,
            count!(app, personal_data_requests),
        )
    };
    let all = (1, 1, true, 2);
    assert_eq!(left().await, all);
    for (later, expected) in [
        ("2026-03-02", all),
        ("2026-03-03", (0, 1, true, 2)),
        ("2027-03-01", (0, 1, true, 2)),
        ("2027-03-02", (0, 1, false, 2)),
        ("2028-03-02", (0, 1, false, 2)),
        ("2028-03-03", (0, 0, false, 2)),
        ("2031-03-01", (0, 0, false, 2)),
        ("2031-03-02", (0, 0, false, 1)),
    ] {
        // Nine in the morning: an hour after everything was written.
        app.travel_to(day(later));
        worker::tick(&app.gate).await.unwrap();
        assert_eq!(left().await, expected, "on {later}");
    }
    let automatic = RULES.iter().filter(|r| r.action == RetentionAction::Deleted).count();
    assert_eq!(automatic, 6, "each is in this test, or in those of security events and of institutes");
}
