//! The only door to the database: a handler reaches it through [`Allow`] (or, loudly, [`Public`]).
//!
//! A guard must be the first argument of its handler: it answers at once, so a stranger never learns what a body
//! should look like (`tests/api/contract/deny.rs`).

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use diesel::{OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;

use super::token::Keys;
use super::{Actor, Permission, Permit, Reach, policy};
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::{Reply, RequestId};
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
}

impl Gate {
    /// The gate of a service.
    pub fn new(db: Db, keys: Keys, clock: Clock, default_locale: Locale) -> Self {
        Self(Arc::new(Inner { db, keys, clock, default_locale }))
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
}

impl Caller {
    fn new(req: &HttpRequest, gate: Gate, actor: Actor, reach: Reach) -> Self {
        Self {
            locale: crate::http::locale(req, gate.default_locale()),
            request_id: req.extensions().get::<RequestId>().map(|r| r.0.clone()).unwrap_or_default(),
            operation: format!("{} {}", req.method(), req.match_pattern().unwrap_or_default()),
            path: req.path().to_owned(),
            gate,
            actor,
            reach,
        }
    }

    async fn read<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut loan = self.gate.0.db.lend().await?;
        let done = work(&mut Tx::new(loan.conn()?, &self.gate.0.clock, &self.actor, self.reach.clone())).await;
        loan.give_back();
        done
    }

    async fn write<T>(&self, scope: &str, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut loan = self.gate.0.db.lend().await?;
        let tx = Tx::new(loan.conn()?, &self.gate.0.clock, &self.actor, self.reach.clone());
        let done = in_transaction(tx, scope, &self.request_id, async |tx| {
            still_good(tx).await?;
            work(tx).await
        })
        .await;
        loan.give_back();
        done
    }
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
    if done.is_err() {
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
    let actor = gate.actor(req)?;
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
        ready(
            gate(req)
                .map(|gate| Public { caller: Caller::new(req, gate, Actor::public(), Reach::everything()) }),
        )
    }
}
