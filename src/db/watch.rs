//! Whether the database can be reached, and which connections are dead although nobody said so.
//!
//! While all is well nothing happens here but a glance at what each connection waits for. When a statement waits long, or
//! a connection cannot be opened, a connection of the watch's own asks the server what became of the others: who waits
//! for an answer while the server's process has nothing to do, waits for ever, and is cut off at once instead of at the
//! end of its time. While the server cannot be reached, requests are refused at once instead of queueing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use diesel::sql_types::{Array, Integer, Text};
use diesel::{ConnectionResult, QueryResult, QueryableByName};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, timeout};

use super::connect::{OPEN_LIMIT, connect};
use super::pulse::{Backend, Pulse};

/// How often the watch looks.
const GLANCE: Duration = Duration::from_millis(100);
/// How long a statement may wait before the watch asks after it.
const PATIENCE: Duration = Duration::from_millis(800);
/// How long the server may take to say what its processes do.
const ASKING: Duration = Duration::from_secs(1);
/// How often another connection is tried beside those that hang.
const STAGGER: Duration = Duration::from_millis(250);
const ATTEMPTS: usize = 16;
/// After how much silence, with no word from the server on any connection, it counts as not reachable.
const SILENCE: Duration = Duration::from_secs(3);

/// Whether the server can be reached, as far as is known; each return has a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Up(u64),
    Down,
}

/// What all connections of a pool share.
pub(super) struct Watch {
    url: String,
    pulses: Mutex<Vec<Weak<Pulse>>>,
    reach: tokio::sync::watch::Sender<Reach>,
    /// Connections that were last used before are not trusted any more.
    stale_before: Mutex<Instant>,
    /// When the server last answered anything.
    heard: Mutex<Instant>,
    in_trouble: AtomicBool,
}

fn get<T: Copy>(cell: &Mutex<T>) -> T {
    *cell.lock().unwrap_or_else(PoisonError::into_inner)
}

fn set<T>(cell: &Mutex<T>, value: T) {
    *cell.lock().unwrap_or_else(PoisonError::into_inner) = value;
}

impl Watch {
    /// A watch over the connections to a server; it ends with its last user.
    pub(super) fn start(url: &str) -> Arc<Self> {
        let now = Instant::now();
        let watch = Arc::new(Self {
            url: url.to_owned(),
            pulses: Mutex::default(),
            reach: tokio::sync::watch::Sender::new(Reach::Up(0)),
            stale_before: Mutex::new(now),
            heard: Mutex::new(now),
            in_trouble: AtomicBool::new(false),
        });
        tokio::spawn(run(Arc::downgrade(&watch)));
        watch
    }

    pub(super) fn add(&self, pulse: &Arc<Pulse>) {
        let mut pulses = self.pulses.lock().unwrap_or_else(PoisonError::into_inner);
        pulses.retain(|p| p.strong_count() > 0);
        pulses.push(Arc::downgrade(pulse));
    }

    /// Follow whether the server can be reached.
    pub(super) fn follow(&self) -> tokio::sync::watch::Receiver<Reach> {
        self.reach.subscribe()
    }

    /// The server answered something.
    pub(super) fn hear(&self) {
        set(&self.heard, Instant::now());
    }

    /// A connection could not be opened.
    pub(super) fn was_refused(&self) {
        self.in_trouble.store(true, Ordering::Relaxed);
    }

    /// A connection was found to be dead, so others may be: none is trusted before it was used anew.
    pub(super) fn distrust(&self) {
        set(&self.stale_before, Instant::now());
        self.in_trouble.store(true, Ordering::Relaxed);
    }

    /// Whether a connection that was used so long ago is trusted no more.
    pub(super) fn is_stale(&self, last_used: Duration) -> bool {
        last_used > get(&self.stale_before).elapsed()
    }

    fn suspects(&self, outage: Option<Instant>) -> Vec<(Arc<Pulse>, u64)> {
        let pulses = self.pulses.lock().unwrap_or_else(PoisonError::into_inner);
        let living = pulses.iter().filter_map(Weak::upgrade);
        living.filter_map(|p| p.suspect(PATIENCE, outage).map(|wait| (p, wait))).collect()
    }

    fn is_down(&self) -> bool {
        *self.reach.borrow() == Reach::Down
    }

    fn went_down(&self, reason: &str) {
        if !self.is_down() {
            tracing::warn!(reason, "the database cannot be reached: requests are refused until it can");
            set(&self.stale_before, Instant::now());
            self.reach.send_replace(Reach::Down);
        }
    }
}

async fn run(watch: Weak<Watch>) {
    let mut timer = tokio::time::interval(GLANCE);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut look = Look::default();
    let mut returns = 0;
    loop {
        timer.tick().await;
        let Some(watch) = watch.upgrade() else { return };
        let suspects = watch.suspects(look.outage);
        // While the server counts as not reachable requests are refused, so none of them can become a suspect.
        let is_well = !AtomicBool::load(&watch.in_trouble, Ordering::Relaxed) && !watch.is_down();
        if suspects.is_empty() && is_well {
            look = Look::default();
        } else {
            look.turn(&watch, suspects, &mut returns).await;
        }
    }
}

/// A look at what is wrong, from the first suspicion to the all-clear.
struct Look {
    began: Instant,
    /// When the server could be reached again, if it could not.
    outage: Option<Instant>,
    probe: Option<AsyncPgConnection>,
    attempts: JoinSet<ConnectionResult<AsyncPgConnection>>,
    last_attempt: Option<Instant>,
    failed: usize,
    /// Waits that the server knew nothing of, at the last look.
    accused: HashMap<i32, u64>,
    /// Waits that ended without the server's word, while it said nothing to anybody.
    given_up: Vec<(Arc<Pulse>, u64)>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            outage: None,
            probe: None,
            attempts: JoinSet::new(),
            last_attempt: None,
            failed: 0,
            accused: HashMap::new(),
            given_up: Vec::new(),
        }
    }
}

impl Look {
    async fn turn(&mut self, watch: &Watch, suspects: Vec<(Arc<Pulse>, u64)>, returns: &mut u64) {
        if self.probe.is_none() && !self.reach(watch, returns).await {
            // Who waits for a server that says nothing to anybody need not wait longer than the others.
            if self.is_silent(watch) {
                suspects.iter().for_each(|(pulse, wait)| pulse.lose(*wait));
                self.given_up.extend(suspects);
            }
            return;
        }
        if !self.given_up.is_empty() {
            let given_up = std::mem::take(&mut self.given_up);
            self.end(&given_up).await;
        }
        let Some(probe) = &mut self.probe else { return };
        match timeout(ASKING, working(probe, &suspects)).await {
            Ok(Ok(working)) => {
                watch.in_trouble.store(false, Ordering::Relaxed);
                let idle = suspects.into_iter().filter(|(p, _)| !working.contains(&p.backend)).collect();
                self.judge(watch, idle).await;
            }
            _ => self.probe = None,
        }
    }

    /// Try to reach the server, beside the attempts that hang.
    async fn reach(&mut self, watch: &Watch, returns: &mut u64) -> bool {
        let is_due = self.last_attempt.is_none_or(|at| at.elapsed() >= STAGGER);
        if is_due && self.attempts.len() < ATTEMPTS {
            self.last_attempt = Some(Instant::now());
            let url = watch.url.clone();
            self.attempts.spawn(async move {
                let late = || diesel::ConnectionError::BadConnection("it takes too long".to_owned());
                timeout(OPEN_LIMIT, connect(&url)).await.unwrap_or_else(|_| Err(late()))
            });
        }
        let opened = timeout(GLANCE, self.attempts.join_next()).await;
        match opened {
            Ok(Some(Ok(Ok(connection)))) => {
                watch.hear();
                let was_down = watch.is_down();
                if was_down {
                    tracing::info!("the database can be reached again");
                    self.outage = Some(Instant::now());
                }
                // Whoever waits for an attempt that hangs may begin anew.
                if was_down || self.failed > 0 || self.began.elapsed() > PATIENCE {
                    *returns += 1;
                    watch.reach.send_replace(Reach::Up(*returns));
                }
                self.attempts = JoinSet::new();
                self.failed = 0;
                self.probe = Some(connection);
                return true;
            }
            Ok(Some(Ok(Err(error)))) => {
                self.failed += 1;
                let error = error.to_string();
                // A server that is full is there all the same.
                if !super::constraint::is_full(&error) {
                    watch.went_down(&error);
                }
            }
            _ => {
                if self.is_silent(watch) {
                    watch.went_down("it does not answer");
                }
            }
        }
        false
    }

    fn is_silent(&self, watch: &Watch) -> bool {
        get(&watch.heard).elapsed() > SILENCE && self.began.elapsed() > SILENCE
    }

    /// Cut off whoever waits for a server's process that had nothing to do, at two looks.
    async fn judge(&mut self, watch: &Watch, idle: Vec<(Arc<Pulse>, u64)>) {
        let known = |p: &Pulse, wait: &u64| self.accused.get(&p.backend.pid) == Some(wait);
        let (dead, doubtful): (Vec<_>, Vec<_>) = idle.into_iter().partition(|(p, wait)| known(p, wait));
        self.accused = doubtful.into_iter().map(|(p, wait)| (p.backend.pid, wait)).collect();
        if dead.is_empty() {
            return;
        }
        tracing::warn!(connections = dead.len(), "connections to the database fell silent and are given up");
        set(&watch.stale_before, Instant::now());
        for (pulse, wait) in &dead {
            pulse.lose(*wait);
        }
        self.end(&dead).await;
    }

    /// End the server's side of lost connections: what they had begun would hold its locks until the server notices.
    async fn end(&mut self, dead: &[(Arc<Pulse>, u64)]) {
        if let Some(probe) = &mut self.probe
            && !matches!(timeout(ASKING, end(probe, dead)).await, Ok(Ok(_)))
        {
            self.probe = None;
        }
    }
}

#[derive(QueryableByName)]
struct Working {
    #[diesel(sql_type = Integer)]
    pid: i32,
    #[diesel(sql_type = Text)]
    started: String,
}

/// Those of the server's processes that work (or of which the server does not say).
async fn working(probe: &mut AsyncPgConnection, of: &[(Arc<Pulse>, u64)]) -> QueryResult<Vec<Backend>> {
    let pids: Vec<i32> = of.iter().map(|(p, _)| p.backend.pid).collect();
    let found: Vec<Working> = diesel::sql_query(
        "SELECT pid, backend_start::text AS started FROM pg_stat_activity \
         WHERE pid = ANY($1) AND coalesce(state, 'disabled') IN ('active', 'fastpath function call', 'disabled')",
    )
    .bind::<Array<Integer>, _>(pids)
    .load(probe)
    .await?;
    Ok(found.into_iter().map(|w| Backend { pid: w.pid, started: w.started }).collect())
}

async fn end(probe: &mut AsyncPgConnection, dead: &[(Arc<Pulse>, u64)]) -> QueryResult<usize> {
    let (pids, started): (Vec<i32>, Vec<&str>) =
        dead.iter().map(|(p, _)| (p.backend.pid, p.backend.started.as_str())).unzip();
    diesel::sql_query(
        "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a \
         JOIN unnest($1, $2) AS dead (pid, started) ON a.pid = dead.pid AND a.backend_start::text = dead.started",
    )
    .bind::<Array<Integer>, _>(pids)
    .bind::<Array<Text>, _>(started)
    .execute(probe)
    .await
}
