//! How data is stored: the pool, and [`Tx`], the unit of work that everything below a handler receives.

mod constraint;
pub use constraint::CONSTRAINTS;
pub mod embedded;
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

use crate::access::{Actor, Reach};
use crate::clock::{Clock, vietnamese_day};
use crate::error::{Error, Result};

pub(crate) use types::text_enum;

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

    /// A connection.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when none comes free in time or the database cannot be reached.
    pub(crate) async fn connection(&self) -> Result<Object<AsyncPgConnection>> {
        self.pool.get().await.map_err(|e| Error::Unavailable(e.to_string()))
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
    reads: Vec<(&'static str, Uuid)>,
}

impl<'a> Tx<'a> {
    /// Only `access::guard` (and the service itself, through it) opens units of work.
    pub(crate) fn new(
        conn: &'a mut AsyncPgConnection,
        clock: &'a Clock,
        actor: &'a Actor,
        reach: Reach,
    ) -> Self {
        Self { conn, clock, actor, reach, now: clock.now(), events: Vec::new(), reads: Vec::new() }
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

    /// Say that sensitive data of an object were read, and what for: written to the audit log when the unit of work
    /// commits, and told to nobody else (Law 91/2025/QH15: access to personal data is accounted for).
    pub fn note_read(&mut self, kind: &'static str, subject_id: Uuid, purpose: &str) {
        tracing::debug!(kind, %subject_id, purpose, "sensitive data read");
        self.reads.push((kind, subject_id));
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

    async fn write_events(&mut self, permission: &str, request_id: &str) -> Result<()> {
        use schema::{audit_log, outbox};
        let (events, reads) = (std::mem::take(&mut self.events), std::mem::take(&mut self.reads));
        if events.is_empty() && reads.is_empty() {
            return Ok(());
        }
        let (now, clock, actor) = (self.now, self.clock, self.actor);
        let audit: Vec<_> = events
            .iter()
            .map(|e| (e.kind, e.subject_id))
            .chain(reads)
            .map(|(kind, subject_id)| {
                (
                    audit_log::id.eq(clock.new_id()),
                    audit_log::actor_id.eq(actor.id),
                    audit_log::actor_name.eq(actor.name.clone()),
                    audit_log::permission.eq(permission.to_owned()),
                    audit_log::kind.eq(kind),
                    audit_log::subject_id.eq(subject_id),
                    audit_log::request_id.eq(request_id.to_owned()),
                    audit_log::occurred_at.eq(now),
                )
            })
            .collect();
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
        diesel::insert_into(audit_log::table).values(audit).execute(self.conn).await?;
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
