//! A client can distinguish a whole export from a part of one, and so can the auditor.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use thuocdo::access::Role;
use thuocdo::http::Defences;

use super::kinds;
use crate::support::TestApp;
use crate::support::app::{PASSWORD, patient};
use crate::support::client::Client;
use crate::support::proxy::{Proxy, Wire};

const PART: Duration = Duration::from_millis(1_500);

/// Some 12 MB: more than the sockets on the way hold.
async fn long_log(app: &TestApp) {
    app.at_the_database(
        "INSERT INTO audit_log (occurred_at, actor_id, actor_name, permission, request_id, kind, subject_id, purpose)
         SELECT now(), '00000000-0000-0000-0000-000000000000', 'system', 'system', 'r', 'test.made',
             '00000000-0000-0000-0000-000000000000', repeat('x', 400) FROM generate_series(1, 20000)",
    )
    .await;
}

/// A reader of its own pace: nothing is asked for before it is wanted.
struct Reader(TcpStream);

impl Reader {
    fn open(app: &TestApp, token: &str) -> Self {
        let host = app.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let request = format!(
            "GET /v1/audit-log/export HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        Self(stream)
    }

    /// Everything, a piece each time; whether the transfer ended in order.
    fn read(mut self, pause: Duration) -> (Vec<u8>, bool) {
        let (mut all, mut piece) = (Vec::new(), vec![0; 512 * 1024]);
        loop {
            match self.0.read(&mut piece) {
                Ok(0) | Err(_) => break,
                Ok(n) => all.extend_from_slice(&piece[..n]),
            }
            std::thread::sleep(pause);
        }
        let whole = all.ends_with(b"0\r\n\r\n");
        (all, whole)
    }
}

fn token(app: &TestApp) -> String {
    token_of(&app.as_role(Role::Auditor))
}

fn token_of(client: &Client) -> String {
    let request = client.request(reqwest::Method::GET, "/v1/me").build().unwrap();
    request.headers()["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned()
}

#[tokio::test]
async fn the_last_line_says_that_it_is_the_last_and_the_log_when_all_was_taken() {
    let app = TestApp::spawn().await;
    app.unit("A", None).await;
    app.seal().await;
    let head = app.verify().await.unwrap().head.to_string();
    let whole = app.as_role(Role::Auditor).get("/v1/audit-log/export").await.expect_status(200);
    let lines = whole.as_array().unwrap();
    let last = serde_json::json!({"end": true, "entries": 2, "head": head});
    assert_eq!((lines.len(), lines.last()), (3, Some(&last)));
    let entries = app.audit("").await;
    assert_eq!(kinds(&entries)[..2], ["audit_log.export_completed", "audit_log.exported"]);
    assert_eq!(entries[0]["purpose"], "entries=2");
    assert_eq!(entries[0]["request_id"], entries[1]["request_id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_gets_all_of_it_and_who_stops_reading_is_dropped() {
    let app = TestApp::spawn_with(Defences { request_time: PART, ..patient() }).await;
    long_log(&app).await;
    let (slow, stopped) = (Reader::open(&app, &token(&app)), Reader::open(&app, &token(&app)));
    let slow = tokio::task::spawn_blocking(move || {
        let began = std::time::Instant::now();
        (slow.read(Duration::from_millis(150)), began.elapsed())
    });
    let ((text, whole), took) = slow.await.unwrap();
    assert!(whole && took > PART, "{took:?}");
    assert!(String::from_utf8_lossy(&text).contains("\"end\":true"));

    let deadline = std::time::Instant::now() + 4 * PART;
    while app.audit("?kind=audit_log.export_broken_off").await.is_empty() {
        assert!(std::time::Instant::now() < deadline, "the one who stopped is still waited for");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (text, whole) = stopped.read(Duration::ZERO);
    assert!(!whole && !String::from_utf8_lossy(&text).contains("\"end\":true"));
    let completed = app.audit("?kind=audit_log.export_completed").await;
    assert_eq!(completed.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_breaks_the_transfer_off_so_that_nobody_takes_a_part_for_the_whole() {
    let app = TestApp::spawn().await;
    long_log(&app).await;
    let wire = Proxy::before(&app.database_url).await;
    let replica = app.replica_by(&wire.url, patient());
    let reader = Reader::open(&replica, &token(&app));
    // Long enough for the first part on a busy machine; the rest waits for the reader.
    tokio::time::sleep(Duration::from_secs(2)).await;
    wire.turn(Wire::Reset);
    let (text, whole) = tokio::task::spawn_blocking(move || reader.read(Duration::ZERO)).await.unwrap();
    let text = String::from_utf8_lossy(&text);
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("test.made"));
    assert!(!whole && !text.contains("\"end\":true"), "a part looks like the whole");
    wire.turn(Wire::Sound);
    let log: Vec<Value> = app.audit("?kind=audit_log.export_completed").await;
    assert!(log.is_empty());
    assert_eq!(app.audit("?kind=audit_log.exported").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_loses_the_right_on_the_way_gets_no_more() {
    let app = TestApp::spawn_with(patient()).await;
    long_log(&app).await;
    let id = app.account("auditor", Role::Auditor).await;
    let reader = Reader::open(&app, &token_of(&app.sign_in("auditor", PASSWORD).await));
    // Long enough for the first part on a busy machine; the rest waits for the reader.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let closed = serde_json::json!({"is_active": false});
    let admin = app.as_role(Role::SystemAdmin);
    admin.patch(&format!("/v1/accounts/{id}"), "*", closed).await.expect_status(200);
    let (text, whole) = tokio::task::spawn_blocking(move || reader.read(Duration::ZERO)).await.unwrap();
    let text = String::from_utf8_lossy(&text);
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("test.made"));
    assert!(!whole && !text.contains("\"end\":true"), "a part looks like the whole");
}
