use chrono::{DateTime, Duration, Utc};
use reqwest::Method;
use thuocdo::access::Role;
use thuocdo::http::Defences;
use thuocdo::worker;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::{Answer, Client};

/// A hundredth of every quota: 12 reads, 3 writes, 3 public requests, 1 token.
fn low() -> Defences {
    Defences { rate_factor: 0.01, ..Defences::default() }
}

/// 42 seconds before the end of a window.
fn moment() -> DateTime<Utc> {
    "2026-03-02T01:00:18Z".parse().unwrap()
}

async fn token_request(client: &Client, forwarded_for: Option<&str>) -> Answer {
    let request = client.request(Method::POST, "/oauth/token").form(&[("grant_type", "x")]);
    client
        .send(match forwarded_for {
            Some(hops) => request.header("X-Forwarded-For", hops),
            None => request,
        })
        .await
}

#[tokio::test]
async fn who_asks_too_often_waits_for_the_next_window_and_nobody_else_does() {
    let app = TestApp::spawn_with(low()).await;
    app.clock.set(moment());
    let officer = app.as_role(Role::TrainingOfficer);
    for left in (0..12).rev() {
        let answer = officer.get("/v1/units").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), "\"read\";q=12;w=60");
        assert_eq!(answer.header("ratelimit"), format!("\"read\";r={left};t=42"));
    }
    let refused = officer.get("/v1/units").await;
    assert_eq!(refused.problem(), "429 request.too_many");
    assert_eq!(refused.header("retry-after"), "42");
    assert_eq!(refused.header("ratelimit"), "\"read\";r=0;t=42");
    assert_eq!(officer.speaking("vi").get("/v1/units").await.body["title"], "Quá nhiều yêu cầu");

    assert_eq!(officer.get("/v1/competencies").await.status, 200, "another route");
    assert_eq!(officer.act("/v1/units").await.header("ratelimit-policy"), "\"write\";q=3;w=60", "a change");
    let export = app.as_role(Role::Auditor).get("/v1/audit-log/export").await;
    assert!(export.header("ratelimit-policy").starts_with("\"report\""), "as dear as a report");
    app.account("someone", Role::TrainingOfficer).await;
    let someone = app.sign_in("someone", PASSWORD).await;
    assert_eq!(someone.get("/v1/units").await.status, 200, "another caller");

    app.clock.set(moment() + Duration::seconds(41));
    assert_eq!(officer.get("/v1/units").await.status, 429);
    app.clock.set(moment() + Duration::seconds(42));
    assert_eq!(officer.get("/v1/units").await.header("ratelimit"), "\"read\";r=11;t=60");
}

#[tokio::test]
async fn replicas_share_a_limit() {
    let app = TestApp::spawn_with(low()).await;
    let replica = app.replica(low());
    let here = app.as_role(Role::TrainingOfficer);
    let there = here.at(&replica.url);
    for _ in 0..7 {
        assert_eq!(there.get("/v1/units").await.status, 200);
    }
    assert_eq!(here.get("/v1/units").await.header("ratelimit"), "\"read\";r=11;t=60", "not told yet");
    replica.gate.share_rates().await.unwrap();
    app.gate.share_rates().await.unwrap();
    for left in [3, 2, 1, 0] {
        let answer = here.get("/v1/units").await;
        assert_eq!(answer.header("ratelimit"), format!("\"read\";r={left};t=60"));
    }
    assert_eq!(here.get("/v1/units").await.status, 429, "seven there and five here");
    app.gate.share_rates().await.unwrap();
    assert_eq!(there.get("/v1/units").await.status, 200, "the one it may let pass before it hears");
    replica.gate.share_rates().await.unwrap();
    assert_eq!(there.get("/v1/units").await.status, 429);
    // Nothing is counted twice, and a refusal is not counted at all.
    assert_eq!(stored(&app).await, [13]);

    app.clock.set("2026-03-02T01:02:00Z".parse().unwrap());
    worker::tick(&app.gate).await.unwrap();
    assert_eq!(stored(&app).await, [13], "a replica's clock may be behind");
    app.clock.set("2026-03-02T01:02:01Z".parse().unwrap());
    worker::tick(&app.gate).await.unwrap();
    assert_eq!(stored(&app).await, [0_i64; 0]);
}

/// The counts in the database, whose keys show nobody's name or address.
async fn stored(app: &TestApp) -> Vec<i64> {
    use diesel::prelude::*;
    use diesel_async::RunQueryDsl;
    use thuocdo::db::schema::rate_counts::dsl;
    let rows: Vec<(Vec<u8>, i64)> = app
        .system(async |tx| Ok(dsl::rate_counts.select((dsl::key, dsl::count)).load(tx.conn()).await?))
        .await
        .unwrap();
    assert!(rows.iter().all(|(key, _)| key.len() == 16 && !key.is_ascii()), "{rows:?}");
    rows.into_iter().map(|(_, count)| count).collect()
}

#[tokio::test]
async fn strangers_are_distinguished_by_what_the_trusted_proxy_saw() {
    let app = TestApp::spawn_with(Defences { trusted_proxies: 1, ..low() }).await;
    let stranger = app.public();
    assert_eq!(token_request(&stranger, Some("203.0.113.1")).await.status, 400);
    let refused = token_request(&stranger, Some("203.0.113.1")).await;
    assert_eq!(refused.problem(), "429 request.too_many");
    assert_eq!(refused.header("ratelimit-policy"), "\"token\";q=1;w=60");
    let lying = token_request(&stranger, Some("198.51.100.9, 203.0.113.1")).await;
    assert_eq!(lying.status, 429, "what the caller says of itself does not count");
    assert_eq!(token_request(&stranger, Some("203.0.113.2")).await.status, 400);
}

#[tokio::test]
async fn without_a_trusted_proxy_nobody_chooses_an_address() {
    let app = TestApp::spawn_with(low()).await;
    let stranger = app.public();
    assert_eq!(token_request(&stranger, Some("203.0.113.1")).await.status, 400);
    assert_eq!(token_request(&stranger, Some("203.0.113.2")).await.status, 429);
}

#[tokio::test]
async fn guessing_tokens_is_limited_and_locks_nobody_out() {
    let app = TestApp::spawn_with(low()).await;
    let guesser = app.with_token("guess");
    for _ in 0..3 {
        assert_eq!(guesser.get("/v1/units").await.problem(), "401 authentication.required");
    }
    assert_eq!(guesser.get("/v1/units").await.problem(), "429 request.too_many");
    assert_eq!(app.as_role(Role::TrainingOfficer).get("/v1/units").await.status, 200);
}

#[tokio::test]
async fn load_balancers_are_not_counted_and_documents_are() {
    let app = TestApp::spawn_with(low()).await;
    for path in ["/health/ready", "/health/live"] {
        for _ in 0..20 {
            let answer = app.public().get(path).await;
            assert_eq!((answer.status, answer.header("ratelimit")), (200, ""), "{path}");
        }
    }
    let documents = [
        "/.well-known/jwks.json",
        "/problems/request.too_many",
        "/docs/",
        "/docs/index.css",
        "/openapi.json",
    ];
    for path in documents {
        let answer = app.public().get(path).await;
        assert_eq!(
            (answer.status, answer.header("ratelimit-policy")),
            (200, "\"document\";q=12;w=60"),
            "{path}"
        );
    }
    for path in ["/", "/nothing", "/nothing/else", "/v1/nothing"] {
        let answer = app.public().get(path).await;
        assert_eq!(answer.header("ratelimit-policy"), "\"public\";q=3;w=60", "{path}");
    }
    for (path, quota) in [("/openapi.json", 12), ("/nothing", 3)] {
        let mut last = 0;
        for _ in 0..=quota {
            last = app.public().get(path).await.status;
        }
        assert_eq!(last, 429, "{path}");
    }
}
