//! [`Tx`], the unit of work that everything below a handler receives.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, TransactionManager};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::events::{Event, Read};
use super::pulse::Pulse;
use super::sql_functions::advisory_xact_lock;
use crate::access::{Actor, MinimumEpoch, Reach};
use crate::clock::{Clock, vietnamese_day};
use crate::error::{Error, Result};
use crate::version::Expected;

/// Longest a commit may take: the server's own limit on statements, and the way there and back.
const COMMIT_LIMIT: Duration = Duration::from_secs(20);

/// A unit of work: one connection, who asks, how far they reach, and what time it is.
pub struct Tx<'a> {
    pub(super) conn: &'a mut AsyncPgConnection,
    pub(super) clock: &'a Clock,
    /// Who asks.
    pub actor: &'a Actor,
    /// How far the permission that opened this unit of work reaches.
    pub reach: Reach,
    /// The moment at which everything in it happens.
    pub now: DateTime<Utc>,
    pub(super) events: Vec<Event>,
    revoked: Vec<(Uuid, MinimumEpoch)>,
    pub(super) reads: Vec<Read>,
    expected: Option<Expected>,
    takes_rights: bool,
}

impl<'a> Tx<'a> {
    /// Only `http::guard` (and the service itself, through it) opens units of work.
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
            expected: None,
            takes_rights: false,
        }
    }

    /// The versions of which the caller's object must have one (`If-Match` of an action).
    pub(crate) fn expect(&mut self, expected: Option<Expected>) {
        self.expected = expected;
    }

    /// Hold the version of the object that an action acts on against what the caller expects, if it does.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is another.
    pub fn matches(&mut self, version: i32) -> Result<()> {
        self.expected.take().map_or(Ok(()), |expected| expected.check(version))
    }

    /// Nothing may be expected in vain: an action that acts on no version documents no `If-Match`.
    pub(crate) fn nothing_expected(&self) -> Result<()> {
        match &self.expected {
            Some(_) => Err(Error::internal("If-Match was sent and nothing was compared with it")),
            None => Ok(()),
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
        diesel::select(advisory_xact_lock(hash_text(name))).execute(self.conn).await?;
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

    /// Commit. Once the word is sent, only its answer says whether the work was kept.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when the answer is lost.
    pub(crate) async fn commit(&mut self, pulse: &Arc<Pulse>) -> Result<()> {
        let sent = async { Ok(AnsiTransactionManager::commit_transaction(self.conn).await?) };
        let late = Err(Error::Disconnected("the commit takes too long".to_owned()));
        let done = tokio::time::timeout(COMMIT_LIMIT, pulse.unless_lost(sent)).await;
        done.unwrap_or(late).map_err(|error| match error {
            Error::Disconnected(reason) => Error::OutcomeUnknown(reason),
            other => other,
        })
    }

    pub(crate) async fn rollback(&mut self, pulse: &Arc<Pulse>) {
        let undone = async { Ok(AnsiTransactionManager::rollback_transaction(self.conn).await?) };
        if let Err(error) = pulse.unless_lost(undone).await {
            tracing::warn!(%error, "rollback failed; the connection will be dropped");
        }
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
/// [`Error::Disconnected`] when it does not.
pub async fn ping(tx: &mut Tx<'_>) -> Result<()> {
    diesel::select(diesel::dsl::now).execute(tx.conn()).await?;
    Ok(())
}
