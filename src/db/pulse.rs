//! Whether the other end of a connection is still there. A connection whose peer vanished without a word looks like one
//! whose statement takes long; [`Pulse`] remembers what it waits for, and [`super::watch`] finds out which of the two it is.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use diesel::connection::InstrumentationEvent;
use futures::task::AtomicWaker;

use crate::error::{Error, Result};

/// The server's process behind a connection: its number, and when it started (numbers come again).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Backend {
    pub(super) pid: i32,
    pub(super) started: String,
}

/// What one connection waits for.
pub(crate) struct Pulse {
    pub(super) backend: Backend,
    state: Mutex<State>,
    waker: AtomicWaker,
}

#[derive(Default)]
struct State {
    /// Statements that began and ended so far: the same number is the same wait.
    beats: u64,
    waiting_since: Option<Instant>,
    lent_since: Option<Instant>,
    /// The wait in which the connection was found to be dead.
    lost_at: Option<u64>,
}

impl Pulse {
    pub(super) fn new(backend: Backend) -> Self {
        Self { backend, state: Mutex::default(), waker: AtomicWaker::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A statement begins or ends. Says whether the server answered.
    pub(super) fn beat(&self, event: &InstrumentationEvent<'_>) -> bool {
        let mut state = self.state();
        match event {
            InstrumentationEvent::StartQuery { .. } => state.waiting_since = Some(Instant::now()),
            InstrumentationEvent::FinishQuery { .. } => state.waiting_since = None,
            _ => return false,
        }
        state.beats += 1;
        matches!(event, InstrumentationEvent::FinishQuery { error: None, .. })
    }

    pub(super) fn lent(&self) {
        self.state().lent_since = Some(Instant::now());
    }

    pub(super) fn returned(&self) {
        self.state().lent_since = None;
    }

    /// The wait, if it is so long that somebody should look: a statement waits longer than `patience`, or the connection
    /// has been on loan since before an outage.
    pub(super) fn suspect(&self, patience: Duration, outage: Option<Instant>) -> Option<u64> {
        let state = self.state();
        let waits = state.waiting_since.is_some_and(|since| since.elapsed() > patience);
        let was_there = outage.zip(state.lent_since).is_some_and(|(outage, since)| since < outage);
        (waits || was_there).then_some(state.beats)
    }

    /// The connection is dead, unless its wait has ended meanwhile.
    pub(super) fn lose(&self, beats: u64) {
        self.state().lost_at = Some(beats);
        self.waker.wake();
    }

    fn is_lost(&self) -> bool {
        let state = self.state();
        state.lost_at == Some(state.beats)
    }

    /// Work on the connection until it is found to be dead.
    pub(crate) async fn unless_lost<T>(self: &Arc<Self>, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut work = pin!(work);
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            self.waker.register(context.waker());
            if self.is_lost() {
                return Poll::Ready(Err(Error::Disconnected("the other end fell silent".to_owned())));
            }
            Poll::Pending
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use diesel::connection::StrQueryHelper;

    use super::*;

    fn pulse() -> Arc<Pulse> {
        Arc::new(Pulse::new(Backend { pid: 1, started: String::new() }))
    }

    #[tokio::test]
    async fn a_wait_ends_when_the_connection_is_lost_and_only_that_wait() {
        let pulse = pulse();
        let select = StrQueryHelper::new("SELECT 1");
        pulse.beat(&InstrumentationEvent::start_query(&select));
        let wait = pulse.suspect(Duration::ZERO, None).unwrap();
        pulse.beat(&InstrumentationEvent::finish_query(&select, None));
        pulse.lose(wait);
        assert!(pulse.unless_lost(async { Ok(7) }).await.is_ok());
        assert!(!pulse.is_lost(), "what was waited for came");

        pulse.beat(&InstrumentationEvent::start_query(&select));
        let wait = pulse.suspect(Duration::ZERO, None).unwrap();
        let losing = pulse.clone();
        tokio::spawn(async move { losing.lose(wait) });
        let lost = pulse.unless_lost(std::future::pending::<Result<()>>()).await;
        assert!(matches!(lost, Err(Error::Disconnected(_))));
    }

    #[test]
    fn a_short_wait_and_a_loan_after_the_outage_are_no_reason_to_look() {
        let pulse = pulse();
        let minute = Duration::from_secs(60);
        let before = Instant::now();
        pulse.lent();
        pulse.beat(&InstrumentationEvent::start_query(&StrQueryHelper::new("SELECT 1")));
        assert_eq!(pulse.suspect(minute, None), None);
        assert_eq!(pulse.suspect(minute, Some(before)), None);
        assert_eq!(pulse.suspect(minute, Some(before + minute)), Some(1));
        pulse.returned();
        assert_eq!(pulse.suspect(minute, Some(before + minute)), None);
    }
}
