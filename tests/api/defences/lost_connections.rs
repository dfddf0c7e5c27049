//! In each phase of a request the connection may go: the answer is 503, says when to try again, and what it says about
//! the change is true.

use std::time::{Duration, Instant};

use diesel_async::SimpleAsyncConnection;
use serde_json::json;
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::app::{PASSWORD, patient};
use crate::support::client::Answer;
use crate::support::killed::killed_before_writing;
use crate::support::proxy::{Proxy, Wire};

#[track_caller]
fn try_again(answer: &Answer) {
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"), "{:#}", answer.body);
}

#[tokio::test]
async fn a_connection_that_goes_in_the_middle_is_503_wherever_it_goes() {
    let app = TestApp::spawn().await;
    app.account("admin", Role::TrainingOfficer).await;
    let admin = app.sign_in("admin", PASSWORD).await;
    let unit = |code: &str| json!({"code": code, "name": code, "kind": "department"});
    // The statement itself, the audit log, the outbox, the stored answer.
    for table in ["units", "audit_log", "outbox", "idempotency_keys"] {
        let answer =
            killed_before_writing(&app, table, admin.post_once(table, "/v1/units", unit(table))).await;
        try_again(&answer);
        assert_eq!(answer.problem(), "503 service.unavailable");
        admin.post_once(table, "/v1/units", unit(table)).await.expect_status(201);
    }
    // Reads that are noted, sign-in, the worker, the sharing of counts.
    let secret = [("grant_type", "password"), ("username", "admin"), ("password", PASSWORD)];
    let answer =
        killed_before_writing(&app, "login_sessions", app.public().form("/oauth/token", &secret)).await;
    try_again(&answer);
    let sealed = killed_before_writing(&app, "audit_seals", thuocdo::worker::tick(&app.gate)).await;
    assert!(matches!(sealed, Err(thuocdo::error::Error::Disconnected(_))), "{sealed:?}");
    let shared = killed_before_writing(&app, "rate_counts", app.gate.share_rates()).await;
    assert!(matches!(shared, Err(thuocdo::error::Error::Disconnected(_))), "{shared:?}");
    app.gate.refresh_revocations().await.unwrap();
}

/// A commit that waits can be made: a constraint that is checked at the end waits for a lock of somebody outside.
#[tokio::test]
async fn a_commit_without_an_answer_has_an_unknown_outcome_and_is_settled_by_the_key() {
    let app = TestApp::spawn().await;
    app.at_the_database(
        "CREATE TABLE gate (n int); CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN LOCK TABLE public.gate IN ROW EXCLUSIVE MODE; RETURN NULL; END $$; \
         CREATE CONSTRAINT TRIGGER units_gate AFTER INSERT ON units DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION wait_at_gate()",
    )
    .await;
    let admin = app.as_role(Role::TrainingOfficer);
    let unit = json!({"code": "A", "name": "A", "kind": "department"});
    let answer = killed_before_writing(&app, "gate", admin.post_once("k", "/v1/units", unit.clone())).await;
    try_again(&answer);
    assert_eq!(answer.problem(), "503 service.outcome_unknown");
    assert!(answer.body["detail"].as_str().unwrap().contains("Idempotency-Key"), "{:#}", answer.body);
    let id = admin.post_once("k", "/v1/units", unit.clone()).await.expect_status(201)["id"].clone();
    let again = admin.post_once("k", "/v1/units", unit).await;
    assert_eq!((again.body["id"].clone(), again.header("idempotency-replayed")), (id, "true"));
}

#[tokio::test]
async fn a_database_that_only_reads_or_has_no_room_is_503() {
    let app = TestApp::spawn().await;
    app.account("admin", Role::TrainingOfficer).await;
    let admin = app.sign_in("admin", PASSWORD).await;
    let name = app.database_url.rsplit('/').next().unwrap();
    let unit = json!({"code": "A", "name": "A", "kind": "department"});
    app.at_the_database(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    let demoted = app.replica(patient());
    try_again(&admin.at(&demoted.url).post("/v1/units", unit.clone()).await);
    app.at_the_database(&format!(
        "SET transaction_read_only = off; ALTER DATABASE {name} SET default_transaction_read_only = off"
    ))
    .await;
    admin.at(&demoted.url).post("/v1/units", unit.clone()).await.expect_status(201);

    let full = app.replica(patient());
    let mut server = thuocdo::db::migrate::open(&app.database_url.replace(name, "postgres")).await.unwrap();
    server.batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await.unwrap();
    for path in ["/v1/units", "/health/ready"] {
        try_again(&admin.at(&full.url).get(path).await);
    }
    server.batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await.unwrap();
    let back = Instant::now();
    while admin.at(&full.url).get("/v1/units").await.status != 200 {
        assert!(back.elapsed() < Duration::from_secs(2));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Connections that nobody used in the meantime are dead and do not know it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_that_died_in_silence_cost_no_failure_and_little_time() {
    let app = TestApp::spawn().await;
    let wire = Proxy::before(&app.database_url).await;
    let replica = app.replica_by(&wire.url, patient());
    let leader = app.as_role(Role::Leader).at(&replica.url);
    let all = || futures::future::join_all((0..8).map(|_| leader.get("/v1/units")));
    all().await.into_iter().for_each(|a| drop(a.expect_status(200)));
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    wire.turn(Wire::Silent);
    tokio::time::sleep(Duration::from_millis(100)).await;
    wire.turn(Wire::Sound);
    let back = Instant::now();
    all().await.into_iter().for_each(|a| drop(a.expect_status(200)));
    assert!(back.elapsed() < Duration::from_secs(2), "{:?}", back.elapsed());
}

/// A server whose processes stand still answers nobody, loses nothing, and goes on later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stood_still_is_used_again_and_nobody_waits_for_it_to_the_end() {
    let app = TestApp::spawn().await;
    let wire = Proxy::before(&app.database_url).await;
    let replica = app.replica_by(&wire.url, patient());
    let leader = app.as_role(Role::Leader).at(&replica.url);
    leader.get("/v1/units").await.expect_status(200);
    for round in 0..2 {
        wire.turn(Wire::Frozen);
        let asked = Instant::now();
        let all = (0..4).map(|_| leader.get("/v1/units"));
        futures::future::join_all(all).await.iter().for_each(try_again);
        assert!(asked.elapsed() < Duration::from_secs(8), "round {round}: {:?}", asked.elapsed());
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        wire.turn(Wire::Sound);
        let back = Instant::now();
        while leader.get("/v1/units").await.status != 200 {
            assert!(back.elapsed() < Duration::from_secs(2), "round {round}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// While the database is away, nobody queues for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_refused_at_once_while_the_database_is_away() {
    let app = TestApp::spawn().await;
    let wire = Proxy::before(&app.database_url).await;
    let replica = app.replica_by(&wire.url, patient());
    let leader = app.as_role(Role::Leader).at(&replica.url);
    leader.get("/v1/units").await.expect_status(200);
    wire.turn(Wire::Cut);
    try_again(&leader.get("/v1/units").await);
    tokio::time::sleep(Duration::from_millis(600)).await;
    let opened = wire.opened.load(std::sync::atomic::Ordering::Relaxed);
    let asked = Instant::now();
    for _ in 0..50 {
        try_again(&leader.get("/v1/units").await);
    }
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    let more = wire.opened.load(std::sync::atomic::Ordering::Relaxed) - opened;
    assert!(more < 10, "{more} connections were tried for 50 requests");
}
