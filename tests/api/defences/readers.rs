use std::time::{Duration, Instant};

use reqwest::Method;
use thuocdo::http::Defences;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::TestApp;
use crate::support::process::Process;

/// Half a second for each part of an answer.
const PATIENCE: Duration = Duration::from_millis(500);

/// Somebody who asks for the largest document and whose system takes in little of it.
async fn ask(url: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(url.trim_start_matches("http://").parse().unwrap()).await.unwrap();
    stream.write_all(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    stream
}

/// Everything that still comes until the other end closes, and how long the whole answer should have been.
async fn rest(stream: &mut TcpStream, first: Vec<u8>) -> (usize, usize) {
    let mut all = first;
    let mut part = vec![0; 64 * 1024];
    while let Ok(Ok(n @ 1..)) = tokio::time::timeout(Duration::from_secs(3), stream.read(&mut part)).await {
        all.extend_from_slice(&part[..n]);
    }
    let head = String::from_utf8_lossy(&all[..1000]).to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
    (all.len(), length.parse().unwrap())
}

#[tokio::test]
async fn who_does_not_read_is_dropped() {
    let app = TestApp::spawn_with(Defences { write_time: PATIENCE, ..Defences::default() }).await;
    let mut silent = ask(&app.url).await;
    let mut slow = ask(&app.url).await;
    let mut first = Vec::new();
    let started = Instant::now();
    while started.elapsed() < 5 * PATIENCE {
        first.push(slow.read_u8().await.unwrap());
        tokio::time::sleep(PATIENCE / 10).await;
    }
    for (who, stream, first) in [("silent", &mut silent, Vec::new()), ("slow", &mut slow, first)] {
        let (got, whole) = rest(stream, first).await;
        assert!(whole > 500_000 && got < whole, "{who}: {got} of {whole} bytes");
    }
}

#[tokio::test]
async fn who_reads_at_a_modest_pace_gets_everything() {
    let app = TestApp::spawn_with(Defences { write_time: PATIENCE, ..Defences::default() }).await;
    let mut modest = ask(&app.url).await;
    let (mut all, mut part) = (Vec::new(), vec![0; 64 * 1024]);
    // Longer than the whole patience, and pausing between the parts.
    let started = Instant::now();
    while started.elapsed() < 3 * PATIENCE {
        let n = modest.read(&mut part).await.unwrap();
        all.extend_from_slice(&part[..n]);
        tokio::time::sleep(PATIENCE / 50).await;
    }
    let (got, whole) = rest(&mut modest, all).await;
    assert!(got > whole, "{got} of {whole} bytes and the head");
}

/// Whether the service talks to a new connection.
async fn answers(url: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.ok()?;
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").await.ok()?;
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.ok()?;
    start.starts_with(b"HTTP/1.1 200").then_some(stream)
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_no_more() {
    let few = Defences { connections_per_address: Some(3), ..Defences::default() };
    let app = TestApp::spawn_with(few).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(answers(&app.url).await.expect("a place"));
    }
    for _ in 0..3 {
        assert!(answers(&app.url).await.is_none(), "a fourth connection");
    }
    open.clear();
    let mut again = None;
    for _ in 0..100 {
        again = answers(&app.url).await;
        if again.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(again.is_some(), "places are given back");
}

#[tokio::test]
async fn a_hundred_who_do_not_read_cost_little_memory() {
    let app = TestApp::spawn().await;
    let service = Process::beside(&app, &["--rate-limit-factor", "1000"]);
    // The document is made once; what is measured is what each reader adds.
    let whole = app.public().at(&service.url);
    whole.request(Method::GET, "/openapi.json").send().await.unwrap().bytes().await.unwrap();
    let before = service.resident_kib();
    let mut readers = Vec::new();
    for _ in 0..100 {
        readers.push(ask(&service.url).await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let grown = service.peak_kib().saturating_sub(before);
    eprintln!("100 silent readers: {grown} KiB");
    assert!(grown < 24 * 1024, "{grown} KiB");
}
