//! The pool of connections: opened here, lent to units of work, closed when there is any doubt.

use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, Object, Pool, RecycleError, RecycleResult};
use diesel::sql_types::{Integer, Text};
use diesel::{ConnectionError, QueryableByName};
use diesel_async::pooled_connection::PoolableConnection;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use tokio::time::timeout;

use super::connect::{OPEN_LIMIT, connect};
use super::pulse::{Backend, Pulse};
use super::watch::{Reach, Watch};
use crate::error::{Error, Result};

/// Longest a request waits for a connection.
const POOL_WAIT: Duration = Duration::from_secs(5);
/// A connection that was idle for so long is asked whether it is alive before it is lent.
const TRUSTED: Duration = Duration::from_secs(1);
/// How long it may take to answer that.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// The pool of database connections; cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Opener>,
    watch: Arc<Watch>,
}

impl Db {
    /// A pool on a database. Connections are opened on the runtime this is called on, so that no busy HTTP worker
    /// stalls the queries of others.
    ///
    /// # Errors
    /// [`Error::Internal`] when the address is not one of a database.
    pub fn new(database_url: &str, connections: usize) -> Result<Self> {
        let watch = Watch::start(database_url);
        let opener = Opener {
            url: database_url.to_owned(),
            runtime: tokio::runtime::Handle::current(),
            watch: watch.clone(),
        };
        let pool = Pool::builder(opener).max_size(connections).build().map_err(Error::internal)?;
        Ok(Self { pool, watch })
    }

    /// A connection on loan. At once refused while the database cannot be reached: whoever queued would only wait for the
    /// refusal.
    ///
    /// # Errors
    /// [`Error::Disconnected`] when none comes free in time or the database cannot be reached.
    pub(crate) async fn lend(&self) -> Result<Loan> {
        timeout(POOL_WAIT, self.wait_for_one())
            .await
            .unwrap_or_else(|_| Err(Error::Unavailable("no database connection came free".to_owned())))
    }

    async fn wait_for_one(&self) -> Result<Loan> {
        let mut reach = self.watch.follow();
        loop {
            if *reach.borrow_and_update() == Reach::Down {
                return Err(Error::Disconnected("the database cannot be reached".to_owned()));
            }
            tokio::select! {
                biased;
                object = self.pool.get() => {
                    let object = object.map_err(|e| Error::Disconnected(e.to_string()))?;
                    object.pulse.lent();
                    return Ok(Loan(Some(object)));
                }
                // Down, or up again: then an attempt that hangs since before is not worth waiting for.
                _ = reach.changed() => {}
            }
        }
    }
}

/// A connection with what it waits for.
pub(super) struct Line {
    connection: AsyncPgConnection,
    pulse: Arc<Pulse>,
}

/// Opens connections for the pool, and looks at them before each loan.
struct Opener {
    url: String,
    runtime: tokio::runtime::Handle,
    watch: Arc<Watch>,
}

impl Manager for Opener {
    type Type = Line;
    type Error = ConnectionError;

    async fn create(&self) -> std::result::Result<Line, ConnectionError> {
        let url = self.url.clone();
        let opening = self.runtime.spawn(async move { timeout(OPEN_LIMIT, open(&url)).await });
        let failed = |e: String| ConnectionError::BadConnection(e);
        let opened = match opening.await {
            Ok(Ok(opened)) => opened,
            Ok(Err(_)) => Err(failed("it takes too long".to_owned())),
            Err(e) => Err(failed(e.to_string())),
        };
        let (mut connection, backend) = opened.inspect_err(|_| self.watch.was_refused())?;
        self.watch.hear();
        let pulse = Arc::new(Pulse::new(backend));
        self.watch.add(&pulse);
        let (beating, watch) = (pulse.clone(), self.watch.clone());
        connection.set_instrumentation(move |event: diesel::connection::InstrumentationEvent<'_>| {
            if beating.beat(&event) {
                watch.hear();
            }
        });
        Ok(Line { connection, pulse })
    }

    async fn recycle(&self, line: &mut Line, metrics: &Metrics) -> RecycleResult<ConnectionError> {
        line.pulse.returned();
        if std::thread::panicking() || line.connection.is_broken() || self.watch.is_stale(metrics.last_used())
        {
            return Err(RecycleError::message("not to be trusted"));
        }
        if metrics.last_used() > TRUSTED {
            let alive = timeout(SIGN_OF_LIFE, line.connection.batch_execute("SELECT 1")).await;
            if !matches!(alive, Ok(Ok(()))) {
                self.watch.distrust();
                return Err(RecycleError::message("dead"));
            }
        }
        Ok(())
    }
}

/// A connection on loan. Unless it is settled it is closed: work that was dropped half done (out of time, caller gone,
/// panic) may have left a transaction open, and the pool would keep it, with its locks, until somebody takes that
/// connection out.
pub(crate) struct Loan(Option<Object<Opener>>);

impl Loan {
    /// The connection.
    pub(crate) fn conn(&mut self) -> Result<&mut AsyncPgConnection> {
        let line = self.0.as_deref_mut().ok_or_else(|| Error::internal("the connection was given back"))?;
        Ok(&mut line.connection)
    }

    /// What its connection waits for.
    pub(crate) fn pulse(&self) -> Result<Arc<Pulse>> {
        let line = self.0.as_deref().ok_or_else(|| Error::internal("the connection was given back"))?;
        Ok(line.pulse.clone())
    }

    /// Its work is over: back to the pool, unless what came of it says that the connection is dead or busy.
    pub(crate) fn settle<T>(mut self, done: &Result<T>) {
        let is_spoilt =
            matches!(done, Err(Error::Disconnected(_) | Error::OutcomeUnknown(_) | Error::TimedOut));
        if let Some(object) = self.0.take_if(|_| !is_spoilt) {
            object.pulse.returned();
        }
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}

#[derive(QueryableByName)]
struct Process {
    #[diesel(sql_type = Integer)]
    pid: i32,
    #[diesel(sql_type = Text)]
    started: String,
}

async fn open(url: &str) -> diesel::ConnectionResult<(AsyncPgConnection, Backend)> {
    let mut connection = connect(url).await?;
    let process: Process = diesel::sql_query(
        "SELECT pid, backend_start::text AS started FROM pg_stat_activity WHERE pid = pg_backend_pid()",
    )
    .get_result(&mut connection)
    .await
    .map_err(|e| ConnectionError::BadConnection(e.to_string()))?;
    Ok((connection, Backend { pid: process.pid, started: process.started }))
}
