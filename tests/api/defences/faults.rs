//! Two replicas write while the wire to their database is cut, reset, slowed down and silenced, and while the database
//! ends their connections. What a writer was answered to be kept is there, once; the only faults that are answered are
//! 503.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel_async::SimpleAsyncConnection;
use reqwest::Method;
use serde_json::json;
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::app::{PASSWORD, patient};
use crate::support::client::Client;
use crate::support::proxy::{Proxy, Wire};

/// How soon the service answers again once its database does.
const BACK: Duration = Duration::from_secs(2);

/// What a writer was answered.
#[derive(Default)]
struct Told {
    kept: Vec<String>,
    /// Status and body of every refusal.
    refused: Vec<(u16, String)>,
}

impl Told {
    fn add(&mut self, other: Told) {
        self.kept.extend(other.kept);
        self.refused.extend(other.refused);
    }
}

/// Writes one unit after the other until it is stopped; repeats each with its key, on the other replica, until it is kept.
async fn write(name: String, replicas: [Client; 2], stop: Arc<AtomicBool>) -> Told {
    let mut told = Told::default();
    for n in 0_usize.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let code = format!("{name}-{n}");
        for attempt in 0_usize.. {
            let client = &replicas[(n + attempt) % 2];
            let body = json!({"code": code, "name": code, "kind": "department"});
            let request =
                client.request(Method::POST, "/v1/units").header("Idempotency-Key", &code).json(&body);
            let answer = client.send(request).await;
            if answer.status == 201 {
                told.kept.push(code);
                break;
            }
            if answer.status == 503 {
                assert!(!answer.header("retry-after").is_empty(), "{:#}", answer.body);
            }
            told.refused.push((answer.status, answer.body.to_string()));
            tokio::time::sleep(Duration::from_millis(40)).await;
            if attempt > 2000 {
                panic!("{code} is never kept: {:#}", answer.body);
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    told
}

/// Both replicas read and write within the time that is promised, and what the same takes now on a sound one: tests
/// beside this one may keep the machine busy.
async fn is_back(what: &str, replicas: &[Client; 2], sound: &Client, since: Instant) {
    for (n, replica) in replicas.iter().enumerate() {
        loop {
            let key = format!("{what}-{n}");
            let body = json!({"code": key, "name": key, "kind": "department"});
            let sent = replica.request(Method::POST, "/v1/units").header("Idempotency-Key", &key).json(&body);
            let status = replica.send(sent).await.status;
            if status == 201 {
                break;
            }
            assert!(since.elapsed() < 3 * BACK, "{what}: replica {n} still answers {status}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let took = since.elapsed();
    let asked = Instant::now();
    for n in 0..4 {
        let code = format!("{what}-sound-{n}");
        let body = json!({"code": code, "name": code, "kind": "department"});
        sound.post("/v1/units", body).await.expect_status(201);
    }
    let busy = asked.elapsed();
    assert!(took < BACK + 5 * busy, "{what}: back after {took:?}, where a sound one takes {busy:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_to_the_connections_nothing_is_lost_doubled_or_a_fault_of_ours() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    let wires = [Proxy::before(&app.database_url).await, Proxy::before(&app.database_url).await];
    let replicas = wires.each_ref().map(|wire| app.replica_by(&wire.url, patient()));
    let officer = app.sign_in("officer", PASSWORD).await;
    let clients = replicas.each_ref().map(|replica| officer.at(&replica.url));
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> =
        (0..6).map(|n| tokio::spawn(write(format!("W{n}"), clients.clone(), stop.clone()))).collect();
    let both = |wire: Wire| wires.iter().for_each(|w| w.turn(wire));
    let pause = async |ms: u64| tokio::time::sleep(Duration::from_millis(ms)).await;

    pause(300).await;
    let mut owner = app.psql().await;
    for (n, (what, wire, ms)) in [
        ("cut", Wire::Cut, 300),
        ("reset", Wire::Reset, 300),
        ("slow", Wire::Slow(Duration::from_millis(30)), 300),
        ("silent-moment", Wire::Silent, 150),
        ("silent", Wire::Silent, 3_500),
    ]
    .into_iter()
    .enumerate()
    {
        // The shorter ones in quick succession, of both replicas and of one.
        both(wire);
        pause(ms).await;
        both(Wire::Sound);
        is_back(what, &clients, &officer, Instant::now()).await;
        wires[n % 2].turn(wire);
        pause(100).await;
        wires[n % 2].turn(Wire::Sound);
        is_back(&format!("{what}-one"), &clients, &officer, Instant::now()).await;
    }
    for round in 0..10 {
        owner
            .batch_execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5",
            )
            .await
            .unwrap();
        pause(20 + round * 5).await;
    }
    is_back("terminated", &clients, &officer, Instant::now()).await;

    stop.store(true, Ordering::Relaxed);
    let mut told = Told::default();
    for writer in writers {
        told.add(writer.await.unwrap());
    }
    let officer = app.sign_in("officer", PASSWORD).await;
    let units = officer.all("/v1/units?limit=200").await;
    let codes = units.iter().map(|u| u["code"].as_str().unwrap().to_owned());
    let mut stored: Vec<String> = codes.filter(|code| code.starts_with('W')).collect();
    stored.sort();
    told.kept.sort();
    let in_flight = |body: &str| body.contains("/problems/idempotency.in_flight");
    let faults: Vec<_> = told.refused.iter().filter(|(s, body)| *s != 503 && !in_flight(body)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(told.kept.len() > 100 && told.refused.len() > 10, "the run tried something");
    assert_eq!(stored, told.kept, "what was acknowledged is there, once, and nothing else");
    let made = app.audit("?kind=unit.created&limit=200").await.len();
    assert_eq!(made, units.len(), "each unit was made once");
}
