//! What one round came to.

use std::time::{Duration, Instant};

use crate::machine::processor_time;

/// A round of requests, or of statements without HTTP.
#[derive(Debug, Clone, Default)]
pub struct Round {
    /// Answers with a status below 300.
    pub answered: u64,
    /// Answers that ask to come again later: 429 and 503.
    pub refused: u64,
    /// Other answers, and connections that broke.
    pub failed: u64,
    /// Status of the first of them that was an answer.
    pub fault: Option<u16>,
    /// Requests that were due and not sent, because every connection waited for an answer.
    pub unsent: u64,
    /// Length of the round.
    pub wall: Duration,
    /// Processor time of the server.
    pub server: Duration,
    /// Processor time of Postgres.
    pub postgres: Duration,
    /// Time from sending to the end of each answer with a status below 300, microseconds, in rising order.
    pub latencies: Vec<u32>,
}

impl Round {
    /// Answers in a second.
    pub fn per_second(&self) -> f64 {
        count(self.answered) / self.wall.as_secs_f64().max(1e-9)
    }

    /// Processor time of the server for each answer, milliseconds.
    pub fn server_ms(&self) -> f64 {
        self.server.as_secs_f64() * 1_000.0 / count(self.answered).max(1.0)
    }

    /// Processor time of Postgres for each answer, milliseconds.
    pub fn postgres_ms(&self) -> f64 {
        self.postgres.as_secs_f64() * 1_000.0 / count(self.answered).max(1.0)
    }

    /// Answers for each second of processor time of server and Postgres together: what one core would give if the clients
    /// ran elsewhere.
    pub fn per_core_second(&self) -> f64 {
        count(self.answered) / (self.server + self.postgres).as_secs_f64().max(1e-9)
    }

    /// A quantile of the latencies, milliseconds.
    pub fn latency_ms(&self, share: f64) -> f64 {
        quantile(&self.latencies, share).map_or(f64::NAN, |micros| f64::from(micros) / 1_000.0)
    }

    /// Take in what one connection saw.
    pub fn add(&mut self, other: Self) {
        self.answered += other.answered;
        self.refused += other.refused;
        self.failed += other.failed;
        self.fault = self.fault.or(other.fault);
        self.unsent += other.unsent;
        self.latencies.extend(other.latencies);
    }

    /// Note an answer, or that none came.
    pub fn note(&mut self, status: Option<u16>, took: Duration) {
        match status {
            Some(200..300) => {
                self.answered += 1;
                self.latencies.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
            }
            Some(429 | 503) => self.refused += 1,
            _ => {
                self.failed += 1;
                self.fault = self.fault.or(status);
            }
        }
    }
}

/// Reads the clocks before a round and after it.
pub struct Meter {
    server: Option<u32>,
    postgres: u32,
    started: Instant,
    before: [Duration; 2],
}

impl Meter {
    /// Begin. Process ids of the server, if there is one, and of Postgres.
    pub fn start(server: Option<u32>, postgres: u32) -> Self {
        let used = |pid: Option<u32>| pid.map_or(Duration::ZERO, processor_time);
        let before = [used(server), used(Some(postgres))];
        Self { server, postgres, started: Instant::now(), before }
    }

    /// End: what the connections saw, with the times.
    pub fn stop(self, mut round: Round) -> Round {
        round.wall = self.started.elapsed();
        let [server, postgres] = self.before;
        round.server = self.server.map_or(Duration::ZERO, processor_time).saturating_sub(server);
        round.postgres = processor_time(self.postgres).saturating_sub(postgres);
        round.latencies.sort_unstable();
        round
    }
}

/// The value below which a share of sorted values lies.
pub fn quantile(sorted: &[u32], share: f64) -> Option<u32> {
    let last = sorted.len().checked_sub(1)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
    let place = (share * count(last as u64)).round() as usize;
    sorted.get(place.min(last)).copied()
}

/// The median of some values; not a number of none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (upper, lower) = (sorted.len() / 2, sorted.len().saturating_sub(1) / 2);
    match (sorted.get(lower), sorted.get(upper)) {
        (Some(low), Some(high)) => f64::midpoint(*low, *high),
        _ => f64::NAN,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^53")]
fn count(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_quantiles() {
        assert!((median([3.0, 1.0, 2.0]) - 2.0).abs() < 1e-12);
        assert!((median([4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-12);
        assert!(median([]).is_nan());
        let sorted: Vec<u32> = (0..=100).collect();
        assert_eq!(
            (quantile(&sorted, 0.5), quantile(&sorted, 0.99), quantile(&[], 0.5)),
            (Some(50), Some(99), None)
        );
    }

    #[test]
    fn answers_are_sorted_by_what_they_say() {
        let mut round = Round::default();
        for status in [Some(200), Some(201), Some(429), Some(503), Some(500), Some(404), None] {
            round.note(status, Duration::from_millis(1));
        }
        assert_eq!((round.answered, round.refused, round.failed, round.fault), (2, 2, 3, Some(500)));
    }
}
