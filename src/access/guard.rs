//! The only door to the database: a handler reaches it through [`Allow`] (or, loudly, [`Public`]).
//!
//! A guard must be the first argument of its handler: it answers at once, so a stranger never learns what a body
//! should look like (`tests/api/contract/deny.rs`).

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Instant;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use diesel::{OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;

use super::rates::{Caller as Counted, Rates};
use super::token::Keys;
use super::{Actor, Permission, Permit, Reach, policy};
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::{Defences, Reply, RequestId, limits, peer};
use crate::i18n::Locale;

/// What guards need: the database, the keys, the clock. Its members are private to this module, so a handler gains
/// nothing by naming it.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    db: Db,
    keys: Keys,
    clock: Clock,
    default_locale: Locale,
    defences: Defences,
    rates: Rates,
}

impl Gate {
    /// The gate of a service.
    pub fn new(db: Db, keys: Keys, clock: Clock, default_locale: Locale) -> Self {
        let (defences, rates) = (Defences::default(), Rates::new(1.0));
        Self(Arc::new(Inner { db, keys, clock, default_locale, defences, rates }))
    }

    /// The same gate with other defences, and nothing counted yet.
    #[must_use]
    pub fn with_defences(&self, defences: Defences) -> Self {
        let Inner { db, keys, clock, default_locale, .. } = &*self.0;
        let (db, keys, clock) = (db.clone(), keys.clone(), clock.clone());
        let rates = Rates::new(defences.rate_factor);
        Self(Arc::new(Inner { db, keys, clock, default_locale: *default_locale, defences, rates }))
    }

    /// What the operator sets about callers.
    pub(crate) fn defences(&self) -> &Defences {
        &self.0.defences
    }

    /// Whether clients reach the service by https.
    pub(crate) fn is_https(&self) -> bool {
        self.0.keys.issuer().starts_with("https://")
    }

    /// Tell the other replicas what this one counted, and learn what they told.
    ///
    /// # Errors
    /// When the database cannot be reached; then the next time tells it all.
    pub async fn share_rates(&self) -> Result<()> {
        if !self.0.rates.has_news() {
            return Ok(());
        }
        let mut loan = self.0.db.lend().await?;
        let shared = self.0.rates.share(loan.conn()?).await;
        loan.give_back();
        shared
    }

    /// Count a request, and leave the verdict for the headers of the answer. Who has no good token is counted by
    /// address, so guessing tokens is limited too.
    fn count(&self, req: &HttpRequest, actor: Option<&Actor>) -> Result<()> {
        let pattern = req.match_pattern().unwrap_or_default();
        let Some(policy) = limits::rate_policy(req.method(), &pattern, actor.is_some()) else {
            return Ok(());
        };
        let caller = match actor {
            Some(actor) => Counted::Account(actor.id, &actor.name),
            None => Counted::Address(peer::address(req, self.0.defences.trusted_proxies)),
        };
        let route =
            if req.method().is_safe() { format!("read {pattern}") } else { format!("write {pattern}") };
        let verdict = self.0.rates.count(policy, caller, &route, self.0.keys.cursor_key(), &self.0.clock);
        req.extensions_mut().insert(verdict);
        verdict.check()
    }

    /// Language of those who ask for none.
    pub(crate) fn default_locale(&self) -> Locale {
        self.0.default_locale
    }

    /// A unit of work of the service itself (worker, demo, command line), with reach over everything.
    ///
    /// # Errors
    /// Whatever the work fails with; then nothing is written.
    pub async fn system<T>(&self, task: &str, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let actor = Actor::system();
        let mut loan = self.0.db.lend().await?;
        let tx = Tx::new(loan.conn()?, &self.0.clock, &actor, Reach::everything());
        let done = in_transaction(tx, "system", task, work).await;
        loan.give_back();
        done
    }

    fn actor(&self, req: &HttpRequest) -> Result<Actor> {
        let header = req.headers().get(AUTHORIZATION).and_then(|h| h.to_str().ok()).unwrap_or_default();
        let (scheme, token) = header.split_once(' ').ok_or(Error::Unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::Unauthenticated);
        }
        self.0.keys.verify(token.trim(), self.0.clock.now())
    }
}

/// What every guard knows of its request.
struct Caller {
    gate: Gate,
    actor: Actor,
    reach: Reach,
    locale: Locale,
    request_id: String,
    operation: String,
    path: String,
    deadline: Instant,
}

impl Caller {
    fn new(req: &HttpRequest, gate: Gate, actor: Actor, reach: Reach) -> Self {
        Self {
            locale: crate::http::locale(req, gate.default_locale()),
            request_id: req.extensions().get::<RequestId>().map(|r| r.0.clone()).unwrap_or_default(),
            operation: format!("{} {}", req.method(), req.match_pattern().unwrap_or_default()),
            path: req.path().to_owned(),
            deadline: crate::http::deadline(req),
            gate,
            actor,
            reach,
        }
    }

    async fn read<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut loan = self.gate.0.db.lend().await?;
        let mut tx = Tx::new(loan.conn()?, &self.gate.0.clock, &self.actor, self.reach.clone());
        let done = in_time(self.deadline, work(&mut tx)).await?;
        loan.give_back();
        done
    }

    async fn write<T>(&self, scope: &str, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut loan = self.gate.0.db.lend().await?;
        let tx = Tx::new(loan.conn()?, &self.gate.0.clock, &self.actor, self.reach.clone());
        let done = in_transaction(tx, scope, &self.request_id, async |tx| {
            in_time(self.deadline, async {
                still_good(tx).await?;
                work(tx).await
            })
            .await?
        })
        .await;
        // Out of time, the connection may still be busy: closing it undoes the work.
        if !matches!(done, Err(Error::TimedOut)) {
            loan.give_back();
        }
        done
    }
}

/// Work until the deadline of its request. The commit is no part of it: it must not be cut in half.
async fn in_time<T>(deadline: Instant, work: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout_at(deadline.into(), work).await.map_err(|_| Error::TimedOut)
}

async fn in_transaction<T>(
    mut tx: Tx<'_>,
    scope: &str,
    request_id: &str,
    work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    tx.begin().await?;
    let done = match work(&mut tx).await {
        Ok(value) => tx.commit(scope, request_id).await.map(|()| value),
        Err(error) => Err(error),
    };
    // Out of time, not even a rollback would be answered before the statement that took too long.
    if done.as_ref().is_err_and(|error| !matches!(error, Error::TimedOut)) {
        tx.rollback().await;
    }
    done
}

/// A token lives ten minutes; someone who lost the account or a role meanwhile must not change anything with it.
async fn still_good(tx: &mut Tx<'_>) -> Result<()> {
    use crate::db::schema::accounts::dsl;
    let Some(epoch) = tx.actor.epoch else {
        return Ok(());
    };
    let current: Option<i32> = dsl::accounts
        .find(tx.actor.id)
        .filter(dsl::is_active)
        .select(dsl::epoch)
        .first(tx.conn())
        .await
        .optional()?;
    if current == Some(epoch) { Ok(()) } else { Err(Error::Unauthenticated) }
}

/// Lets a caller pass who holds the permission `P`, and opens units of work within its reach.
pub struct Allow<P> {
    caller: Caller,
    permission: PhantomData<P>,
}

impl<P: Permit> Allow<P> {
    /// Read. No transaction: each statement sees the newest committed state.
    ///
    /// # Errors
    /// Whatever the work fails with.
    pub async fn read<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.caller.read(work).await
    }

    /// Change: one transaction, committed with its events and audit rows, or not at all.
    ///
    /// # Errors
    /// Whatever the work fails with; then nothing is written.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.caller.write(P::PERMISSION.name(), work).await
    }

    /// Change by `POST`: as [`Allow::write`], and with an `Idempotency-Key` the second request of a pair gets the
    /// answer of the first. `digest` identifies the request's body (`Valid::digest`; empty without a body).
    ///
    /// # Errors
    /// Whatever the work fails with; [`crate::error::Rule::IdempotencyKeyReused`] for another body with the same key.
    pub async fn write_once(
        &self,
        key: &IdempotencyKey,
        digest: &str,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<Reply>,
    ) -> Result<Reply> {
        let fingerprint = format!("{} {digest}", self.caller.path);
        self.write(async |tx| idempotency::once(tx, key, &self.caller.operation, &fingerprint, work).await)
            .await
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// Language of the caller.
    pub fn locale(&self) -> Locale {
        self.caller.locale
    }

    /// Key that signs this service's cursors.
    pub(crate) fn cursor_key(&self) -> &aws_lc_rs::hmac::Key {
        self.caller.gate.0.keys.cursor_key()
    }
}

impl<P: Permit> FromRequest for Allow<P> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admit(req, P::PERMISSION).map(|caller| Allow { caller, permission: PhantomData }))
    }
}

fn admit(req: &HttpRequest, permission: Permission) -> Result<Caller> {
    let gate = gate(req)?;
    let actor = gate.actor(req);
    gate.count(req, actor.as_ref().ok())?;
    let actor = actor?;
    let reach = policy::reach(&actor, permission).ok_or(Error::Forbidden(permission))?;
    Ok(Caller::new(req, gate, actor, reach))
}

fn gate(req: &HttpRequest) -> Result<Gate> {
    let gate = req.app_data::<web::Data<Gate>>().ok_or_else(|| Error::internal("the service has no gate"))?;
    Ok(gate.get_ref().clone())
}

/// Lets everyone pass. Each operation that uses it is on a list that only a review can grow
/// (`tests/api/contract/deny.rs`).
pub struct Public {
    caller: Caller,
}

impl Public {
    /// Read, with reach over everything: return only what is public.
    ///
    /// # Errors
    /// Whatever the work fails with.
    pub async fn read<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.caller.read(work).await
    }

    /// Change, as the public.
    ///
    /// # Errors
    /// Whatever the work fails with; then nothing is written.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.caller.write("public", work).await
    }

    /// The keys, for the token endpoint and the published key set.
    pub fn keys(&self) -> &Keys {
        &self.caller.gate.0.keys
    }

    /// Language of the caller.
    pub fn locale(&self) -> Locale {
        self.caller.locale
    }
}

impl FromRequest for Public {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let admitted = gate(req).and_then(|gate| {
            gate.count(req, None)?;
            Ok(Public { caller: Caller::new(req, gate, Actor::public(), Reach::everything()) })
        });
        ready(admitted)
    }
}
