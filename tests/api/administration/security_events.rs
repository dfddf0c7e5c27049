use serde_json::{Value, json};
use thuocdo::access::{Role, SecurityKind};
use thuocdo::worker;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::PASSWORD;

fn found<'a>(events: &'a [Value], kind: &str) -> &'a Value {
    events.iter().find(|e| e["kind"] == kind).unwrap_or_else(|| panic!("{kind} in {events:#?}"))
}

#[tokio::test]
async fn what_is_refused_leaves_a_trace_that_an_auditor_reads() {
    let app = TestApp::spawn().await;
    let officer = app.account("officer", Role::TrainingOfficer).await;
    let attempt = async |name: &str, password: &str| {
        let form = [("grant_type", "password"), ("username", name), ("password", password)];
        app.public().form("/oauth/token", &form).await
    };
    for _ in 0..8 {
        attempt("officer", "wrong").await;
    }
    attempt("mật khẩu của tôi", "officer").await;
    app.clock.set(app.clock.now() + chrono::Duration::seconds(10));
    let signed_in = app.sign_in("officer", PASSWORD).await;
    signed_in.get("/v1/audit-log").await.expect_status(403);
    signed_in.get(&format!("/v1/institutes/{}", Uuid::nil())).await.expect_status(404);
    app.with_token("junk").get("/v1/me").await.expect_status(401);
    app.public().form("/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", "x")]).await;
    app.public().post("/v1/password-resets", json!({"reset_token": "x", "new_password": PASSWORD})).await;

    let auditor = app.as_role(Role::Auditor);
    let events = auditor.all("/v1/security-events").await;
    let failed = events.iter().find(|e| e["kind"] == "sign_in_failed" && e["account_id"] == json!(officer));
    assert_eq!(failed.expect("the officer's")["count"], 6, "counted, not listed");
    let slowed = found(&events, "sign_in_slowed");
    assert_eq!((&slowed["count"], &slowed["account_id"]), (&json!(2), &json!(officer)));
    assert_eq!(slowed["name_hash"], failed.unwrap()["name_hash"], "the same name");
    let denied = found(&events, "permission_refused");
    assert_eq!(denied["reason"], "audit:read");
    assert_eq!(denied["route"], "GET /v1/audit-log");
    assert_eq!(denied["account_id"], json!(officer));
    assert_eq!(found(&events, "reach_refused")["route"], "GET /v1/institutes/{id}");
    assert_eq!(found(&events, "token_refused")["reason"], "malformed");
    assert_eq!(found(&events, "refresh_token_refused")["account_id"], Value::Null);
    assert_eq!(found(&events, "one_time_token_refused")["reason"], "reset_token_bad");
    let text = serde_json::to_string(&events).unwrap();
    assert!(!text.contains("mật khẩu") && !text.contains("127.0.0.1"), "neither names nor addresses");

    let of = async |query: &str| auditor.all(&format!("/v1/security-events?{query}")).await.len();
    assert_eq!(of("kind=sign_in_slowed").await, 1);
    assert!(of(&format!("account_id={officer}")).await >= 4);
    assert_eq!(of("from=2026-03-03T00:00:00Z").await, 0);
    assert_eq!(of("limit=1").await, events.len(), "page by page");
    app.as_role(Role::SystemAdmin).get("/v1/security-events").await.expect_status(200);
    app.as_role(Role::TrainingOfficer).get("/v1/security-events").await.expect_status(403);

    app.clock.set(app.clock.now() + chrono::Duration::days(181));
    worker::tick(&app.gate).await.unwrap();
    assert_eq!(app.as_role(Role::Auditor).all("/v1/security-events?kind=sign_in_failed").await.len(), 0);
}

#[tokio::test]
async fn an_attack_writes_few_rows_and_loses_no_count() {
    let app = TestApp::spawn().await;
    let replica = app.replica(Default::default());
    for (at, times) in [(&app, 200), (&replica, 100)] {
        let guesser = at.with_token("junk");
        for _ in 0..times {
            guesser.get("/v1/units").await.expect_status(401);
        }
    }
    replica.gate.write_security_events().await.unwrap();
    let events = app.as_role(Role::Auditor).all("/v1/security-events").await;
    assert_eq!((events.len(), &events[0]["count"]), (1, &json!(300)), "one row for both replicas");
    assert_eq!(events[0]["kind"], SecurityKind::TokenRefused.name());
}
