//! How data is stored: the pool, and [`Tx`], the unit of work that everything below a handler receives.

pub(crate) mod audit;
mod constraint;
pub use constraint::CONSTRAINTS;
pub mod embedded;
pub mod grants;
pub mod migrate;
#[expect(missing_docs, reason = "generated; the migrations say what each column is for")]
pub mod schema;
mod types;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::ExpressionMethods;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{
    AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection, TransactionManager,
};
use futures::FutureExt;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::access::revocations::MinimumEpoch;
use crate::access::{Actor, Reach};
use crate::clock::{Clock, vietnamese_day};
use crate::error::{Error, Result};

pub(crate) use types::{lower, searchable, text_enum};

/// Longest a statement may run.
const STATEMENT_TIMEOUT_MS: u32 = 15_000;
/// Longest a request waits for a lock.
const LOCK_TIMEOUT_MS: u32 = 10_000;
/// Longest a request waits for a connection.
const POOL_WAIT: Duration = Duration::from_secs(5);

/// The pool of database connections; cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
}

impl Db {
    /// A pool on a database. Connections are opened on the runtime this is called on, so that no busy HTTP worker
    /// stalls the queries of others.
    ///
    /// # Errors
    /// [`Error::Internal`] when the address is not one of a database.
    pub fn new(database_url: &str, connections: usize) -> Result<Self> {
        let runtime = tokio::runtime::Handle::current();
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |url| {
            let url = url.to_owned();
            let task = runtime.spawn(async move { connect(&url).await });
            async move { task.await.map_err(|e| diesel::ConnectionError::BadConnection(e.to_string()))? }
                .boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config(database_url, config);
        let pool = Pool::builder(manager)
            .max_size(connections)
            .wait_timeout(Some(POOL_WAIT))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(Error::internal)?;
        Ok(Self { pool })
    }

    /// A connection on loan.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when none comes free in time or the database cannot be reached.
    pub(crate) async fn lend(&self) -> Result<Loan> {
        self.pool.get().await.map(|c| Loan(Some(c))).map_err(|e| Error::Unavailable(e.to_string()))
    }
}

/// A connection on loan. Unless it is given back it is closed: work that was dropped half done (out of time, caller
/// gone, panic) may have left a transaction open, and the pool would keep it, with its locks, until somebody takes that
/// connection out.
pub(crate) struct Loan(Option<Object<AsyncPgConnection>>);

impl Loan {
    /// The connection.
    pub(crate) fn conn(&mut self) -> Result<&mut AsyncPgConnection> {
        self.0.as_deref_mut().ok_or_else(|| Error::internal("the connection was given back"))
    }

    /// Its work is over.
    pub(crate) fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}

/// Open one connection, with TLS where the address asks for it, and with limits on what a statement may take.
///
/// # Errors
/// [`diesel::ConnectionError`] with the reason.
pub async fn connect(url: &str) -> diesel::ConnectionResult<AsyncPgConnection> {
    let mut connection = migrate::open(url).await?;
    connection
        .batch_execute(&format!(
            "SET statement_timeout = {STATEMENT_TIMEOUT_MS}; SET lock_timeout = {LOCK_TIMEOUT_MS}; \
             SET idle_in_transaction_session_timeout = {STATEMENT_TIMEOUT_MS}; SET application_name = 'thuocdo'"
        ))
        .await
        .map_err(|e| diesel::ConnectionError::BadConnection(e.to_string()))?;
    Ok(connection)
}

/// Something that happened in a unit of work: written to the outbox and the audit log when it commits.
#[derive(Debug, Clone)]
pub struct Event {
    /// `nomination.created`, ...
    pub kind: &'static str,
    /// The object it happened to.
    pub subject_id: Uuid,
    /// The object as it is now.
    pub data: Value,
}

/// A unit of work: one connection, who asks, how far they reach, and what time it is.
pub struct Tx<'a> {
    conn: &'a mut AsyncPgConnection,
    clock: &'a Clock,
    /// Who asks.
    pub actor: &'a Actor,
    /// How far the permission that opened this unit of work reaches.
    pub reach: Reach,
    /// The moment at which everything in it happens.
    pub now: DateTime<Utc>,
    events: Vec<Event>,
    revoked: Vec<(Uuid, MinimumEpoch)>,
    reads: Vec<audit::Read>,
    takes_rights: bool,
}

impl<'a> Tx<'a> {
    /// Only `access::guard` (and the service itself, through it) opens units of work.
    pub(crate) fn new(
        conn: &'a mut AsyncPgConnection,
        clock: &'a Clock,
        actor: &'a Actor,
        reach: Reach,
    ) -> Self {
        Self {
            conn,
            clock,
            actor,
            reach,
            now: clock.now(),
            events: Vec::new(),
            revoked: Vec::new(),
            reads: Vec::new(),
            takes_rights: false,
        }
    }

    /// The connection, for `queries.rs`.
    pub fn conn(&mut self) -> &mut AsyncPgConnection {
        self.conn
    }

    /// The calendar day in Vietnam.
    pub fn today(&self) -> NaiveDate {
        vietnamese_day(self.now)
    }

    /// A time-ordered id.
    pub fn new_id(&self) -> Uuid {
        self.clock.new_id()
    }

    /// Say that something happened to an object; `data` is the object as the outside may know it.
    pub fn emit(&mut self, kind: &'static str, subject_id: Uuid, data: &impl Serialize) {
        let data = serde_json::to_value(data).unwrap_or(Value::Null);
        self.events.push(Event { kind, subject_id, data });
    }

    /// Note what was revoked: this replica knows it the moment the unit of work commits.
    pub(crate) fn revoked(&mut self, ids: impl IntoIterator<Item = (Uuid, MinimumEpoch)>) {
        self.revoked.extend(ids);
    }

    pub(crate) fn take_revoked(&mut self) -> Vec<(Uuid, MinimumEpoch)> {
        std::mem::take(&mut self.revoked)
    }

    /// Note that people may have lost or gained rights by what was changed (who heads a unit, who left): triggers end
    /// their tokens, and this replica reads which when the unit of work has committed.
    pub fn takes_rights(&mut self) {
        self.takes_rights = true;
    }

    pub(crate) fn took_rights(&self) -> bool {
        self.takes_rights
    }

    /// Run with the reach widened to everything: for rules that must see what the caller may not, like the absences
    /// of the caller's colleagues in a coverage check. Never return what it reads.
    pub async fn beyond_reach<T>(&mut self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let narrow = std::mem::replace(&mut self.reach, Reach::everything());
        let result = work(self).await;
        self.reach = narrow;
        result
    }

    /// Take a lock that others with the same name wait for until this unit of work ends.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the lock does not come free in time.
    pub async fn lock(&mut self, name: &str) -> Result<()> {
        diesel::select(types::advisory_xact_lock(hash_text(name))).execute(self.conn).await?;
        Ok(())
    }

    /// Do work within this unit of work and undo it, whatever comes of it.
    pub(crate) async fn undone<T>(&mut self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let (events, revoked, reads) = (self.events.len(), self.revoked.len(), self.reads.len());
        let takes_rights = self.takes_rights;
        // Within a transaction: a savepoint.
        self.begin().await?;
        let done = work(self).await;
        AnsiTransactionManager::rollback_transaction(self.conn).await?;
        self.events.truncate(events);
        self.revoked.truncate(revoked);
        self.reads.truncate(reads);
        self.takes_rights = takes_rights;
        done
    }

    pub(crate) async fn begin(&mut self) -> Result<()> {
        Ok(AnsiTransactionManager::begin_transaction(self.conn).await?)
    }

    /// Write what happened, and commit.
    pub(crate) async fn commit(&mut self, permission: &str, request_id: &str) -> Result<()> {
        self.write_events(permission, request_id).await?;
        Ok(AnsiTransactionManager::commit_transaction(self.conn).await?)
    }

    pub(crate) async fn rollback(&mut self) {
        if let Err(error) = AnsiTransactionManager::rollback_transaction(self.conn).await {
            tracing::warn!(%error, "rollback failed; the connection will be dropped");
        }
    }

    /// Into the audit log and, what others may learn of, into the outbox.
    pub(crate) async fn write_events(&mut self, permission: &str, request_id: &str) -> Result<()> {
        use schema::outbox;
        let events = std::mem::take(&mut self.events);
        self.write_audit(&events, permission, request_id).await?;
        if events.is_empty() {
            return Ok(());
        }
        let (now, clock) = (self.now, self.clock);
        let out: Vec<_> = events
            .into_iter()
            .map(|e| {
                (
                    outbox::id.eq(clock.new_id()),
                    outbox::kind.eq(e.kind),
                    outbox::subject_id.eq(e.subject_id),
                    outbox::data.eq(e.data),
                    outbox::occurred_at.eq(now),
                )
            })
            .collect();
        diesel::insert_into(outbox::table).values(out).execute(self.conn).await?;
        Ok(())
    }
}

/// A 64-bit number of a lock's name, the same in every process.
fn hash_text(name: &str) -> i64 {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(8).fold(0_i64, |n, byte| (n << 8) | i64::from(*byte))
}

/// Whether the database answers.
///
/// # Errors
/// [`Error::Unavailable`] when it does not.
pub async fn ping(tx: &mut Tx<'_>) -> Result<()> {
    diesel::select(diesel::dsl::now)
        .execute(tx.conn())
        .await
        .map_err(|e| Error::Unavailable(e.to_string()))?;
    Ok(())
}
