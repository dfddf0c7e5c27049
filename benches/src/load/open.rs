//! Requests that become due at a rate, whether or not earlier ones are answered: as many callers behave who know nothing of
//! each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Connection, Meter, Round, Target};

/// A request that could not be sent for so long, because every connection waited, is given up.
const PATIENCE: Duration = Duration::from_secs(1);

/// One round on at most so many connections. Requests that no connection was free for are counted as unsent.
///
/// # Errors
/// When nobody listens.
pub async fn open(
    target: &Target,
    postgres: u32,
    connections: usize,
    per_second: f64,
    time: Duration,
) -> anyhow::Result<Round> {
    let sent = Arc::new(AtomicU64::new(0));
    let meter = Meter::start(Some(target.process), postgres);
    let started = Instant::now();
    let clients = (0..connections).map(|_| {
        let (target, sent) = (target.clone(), sent.clone());
        tokio::spawn(async move { one(&target, per_second, time, started, &sent).await })
    });
    let mut round = Round::default();
    for client in clients.collect::<Vec<_>>() {
        round.add(client.await?);
    }
    Ok(meter.stop(round))
}

async fn one(target: &Target, per_second: f64, time: Duration, started: Instant, sent: &AtomicU64) -> Round {
    let mut round = Round::default();
    let mut connection = None;
    loop {
        let place = sent.fetch_add(1, Ordering::Relaxed);
        #[expect(clippy::cast_precision_loss, reason = "places are far below 2^53")]
        let due = Duration::from_secs_f64(place as f64 / per_second);
        if due >= time {
            return round;
        }
        let now = started.elapsed();
        if now > due + PATIENCE {
            round.unsent += 1;
            continue;
        }
        if now < due {
            tokio::time::sleep(due - now).await;
        }
        let at = usize::try_from(place).unwrap_or_default() % target.requests.len().max(1);
        let Some(request) = target.requests.get(at) else { return round };
        if connection.is_none() {
            connection = Connection::open(target.address).await.ok();
        }
        let Some(open) = connection.as_mut() else {
            round.failed += 1;
            continue;
        };
        let asked = Instant::now();
        let status = open.ask(request).await.map(|answer| answer.status).ok();
        round.note(status, asked.elapsed());
        if status.is_none() {
            connection = None;
        }
    }
}
