use std::time::{Duration, Instant};

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use reqwest::Method;
use serde_json::json;
use thuocdo::access::Role;
use thuocdo::db::migrate;
use thuocdo::http::Defences;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::TestApp;

/// Three tenths of a second for each request.
fn hasty() -> Defences {
    Defences { request_time: Duration::from_millis(300), ..Defences::default() }
}

async fn sessions_in_a_transaction(connection: &mut AsyncPgConnection) -> usize {
    use diesel_async::RunQueryDsl;
    diesel::sql_query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
         AND state LIKE 'idle in transaction%'",
    )
    .execute(connection)
    .await
    .unwrap()
}

#[tokio::test]
async fn urls_and_headers_have_a_size() {
    let app = TestApp::spawn().await;
    let client = app.public();
    let long = client.get(&format!("/nothing?q={}", "x".repeat(9000))).await;
    assert_eq!(long.problem(), "414 request.url_too_long");
    let fat = client.request(Method::GET, "/nothing").header("X-Fat", "x".repeat(40_000));
    let fat = client.send(fat).await;
    assert_eq!(fat.problem(), "431 request.headers_too_large");
    assert_eq!(fat.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_body_that_trickles_in_is_not_waited_for() {
    let app = TestApp::spawn_with(hasty()).await;
    let mut socket = tokio::net::TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    let head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\
        Content-Type: application/x-www-form-urlencoded\r\n\r\ngrant_type=";
    let started = Instant::now();
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // To the end: the connection is closed, so that the rest is not taken for another request.
    let read = tokio::time::timeout(Duration::from_secs(20), socket.read_to_end(&mut answer)).await;
    read.expect("an answer and the end").unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("/problems/request.too_slow"), "{answer}");
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn work_that_takes_too_long_is_given_up_and_leaves_nothing() {
    let app = TestApp::spawn_with(hasty()).await;
    let patient = app.replica(Defences::default());
    let officer = app.as_role(Role::TrainingOfficer);
    let unit = json!({"code": "A", "name": "A", "kind": "agency"});
    let mut other = migrate::open(&app.database_url).await.unwrap();
    other.batch_execute("BEGIN; LOCK TABLE units IN EXCLUSIVE MODE").await.unwrap();
    let answer = officer.post("/v1/units", unit.clone()).await;
    assert_eq!(answer.problem(), "503 request.timed_out");
    other.batch_execute("COMMIT").await.unwrap();
    // Through another pool, so that no connection is cleaned up by being taken out.
    officer.at(&patient.url).post("/v1/units", unit).await.expect_status(201);
    assert_eq!(sessions_in_a_transaction(&mut other).await, 0);
}

/// A caller that hangs up, a deadline, a panic: the future is dropped in the middle of its transaction.
#[tokio::test]
async fn dropped_work_frees_its_locks_at_once() {
    let app = TestApp::spawn().await;
    let stuck = app.system(async |tx| {
        tx.lock("dropped").await?;
        std::future::pending::<()>().await;
        Ok(())
    });
    assert!(tokio::time::timeout(Duration::from_millis(500), stuck).await.is_err());
    let mut other = migrate::open(&app.database_url).await.unwrap();
    for attempt in 0.. {
        if sessions_in_a_transaction(&mut other).await == 0 {
            break;
        }
        assert!(attempt < 40, "the transaction is still open in the pool");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let replica = app.replica(Defences::default());
    let lock = replica.gate.system("test", async |tx| tx.lock("dropped").await);
    tokio::time::timeout(Duration::from_secs(5), lock).await.expect("the lock is free").unwrap();
}
