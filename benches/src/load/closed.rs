//! Clients that send the next request when the last one is answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Connection, Meter, Round};

/// A server, and what it is asked.
#[derive(Clone)]
pub struct Target {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its process id.
    pub process: u32,
    /// The requests, sent in turn.
    pub requests: Arc<Vec<Vec<u8>>>,
}

/// How long a round is.
#[derive(Debug, Clone, Copy)]
pub enum Length {
    /// So long, the requests over and over.
    For(Duration),
    /// So many requests, each once.
    Count(u64),
}

impl Length {
    /// The place of the next request, unless the round is over.
    pub(crate) fn next(self, started: Instant, sent: &AtomicU64) -> Option<u64> {
        let place = sent.fetch_add(1, Ordering::Relaxed);
        let goes_on = match self {
            Self::For(time) => started.elapsed() < time,
            Self::Count(count) => place < count,
        };
        goes_on.then_some(place)
    }
}

/// One round on some connections.
///
/// # Errors
/// When nobody listens.
pub async fn closed(
    target: &Target,
    postgres: u32,
    connections: usize,
    length: Length,
) -> anyhow::Result<Round> {
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(target.address).await?);
    }
    let sent = Arc::new(AtomicU64::new(0));
    let meter = Meter::start(Some(target.process), postgres);
    let started = Instant::now();
    let clients = open.into_iter().map(|connection| {
        let (target, sent) = (target.clone(), sent.clone());
        tokio::spawn(async move { one(connection, &target, length, started, &sent).await })
    });
    let mut round = Round::default();
    for client in clients.collect::<Vec<_>>() {
        round.add(client.await?);
    }
    Ok(meter.stop(round))
}

async fn one(
    mut connection: Connection,
    target: &Target,
    length: Length,
    started: Instant,
    sent: &AtomicU64,
) -> Round {
    let mut round = Round::default();
    let count = target.requests.len().max(1) as u64;
    while let Some(place) = length.next(started, sent) {
        let at = usize::try_from(place % count).unwrap_or_default();
        let Some(request) = target.requests.get(at) else { break };
        let asked = Instant::now();
        let answer = connection.ask(request).await.map(|answer| answer.status);
        round.note(answer.as_ref().ok().copied(), asked.elapsed());
        if answer.is_err() {
            match Connection::open(target.address).await {
                Ok(new) => connection = new,
                // Nobody listens for now: trying at once would only count refusals.
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }
    round
}
