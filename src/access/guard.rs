//! The only door to the database: a handler reaches it through [`Allow`] (or, loudly, [`Public`]).
//!
//! A guard must be the first argument of its handler: it answers at once, so a stranger never learns what a body
//! should look like (`tests/api/contract/deny.rs`).

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use diesel::dsl::{exists, not};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;

use super::provider::Provider;
use super::revocations::{self, Revocations};
use super::token::Access;
use super::{Actor, Keys, Permission, Permit, Reach, TokenFault, policy};
use crate::clock::Clock;
use crate::db::{Db, Tx, audit};
use crate::error::{Error, Result};
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::{Reply, RequestId};
use crate::i18n::Locale;

/// Header by which a deputy acts under a delegation: its id.
pub const ON_BEHALF_OF: &str = "On-Behalf-Of";

/// What guards need: the database, the keys, the clock. Its members are private to this module, so a handler gains
/// nothing by naming it.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    db: Db,
    keys: Keys,
    clock: Clock,
    default_locale: Locale,
    revocations: Revocations,
    provider: OnceLock<Provider>,
}

impl Gate {
    /// The gate of a service.
    pub fn new(db: Db, keys: Keys, clock: Clock, default_locale: Locale) -> Self {
        Self(Arc::new(Inner {
            db,
            keys,
            clock,
            default_locale,
            revocations: Revocations::default(),
            provider: OnceLock::new(),
        }))
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
        let mut conn = self.0.db.connection().await?;
        let tx = Tx::new(&mut conn, &self.0.clock, &actor, Reach::everything());
        let told = async |tx: &mut Tx<'_>| {
            tx.tell_audit("system", task).await?;
            work(tx).await
        };
        self.in_transaction(tx, "system", task, told).await
    }

    /// Trust an OpenID provider's word on who people are. The first one stays.
    pub fn trust(&self, provider: Provider) {
        if self.0.provider.set(provider).is_err() {
            tracing::warn!("an OpenID provider is trusted already");
        }
    }

    /// The OpenID provider that is trusted, if one is.
    pub fn provider(&self) -> Option<&Provider> {
        self.0.provider.get()
    }

    /// The moment, as this service tells it.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.clock.now()
    }

    /// Learn what tokens other replicas revoked.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn refresh_revocations(&self) -> Result<()> {
        self.0.revocations.replace(self.look(async |tx| revocations::load(tx).await).await?);
        Ok(())
    }

    /// Look something up for the service itself, without a transaction.
    ///
    /// # Errors
    /// Whatever the work fails with.
    pub async fn look<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let actor = Actor::system();
        let mut conn = self.0.db.connection().await?;
        work(&mut Tx::new(&mut conn, &self.0.clock, &actor, Reach::everything())).await
    }

    /// The public keys of this service, as they are published now.
    pub fn jwks(&self) -> jsonwebtoken::jwk::JwkSet {
        self.0.keys.jwks(self.0.clock.now())
    }

    /// The keys of this service.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Read an access token, revocations included.
    ///
    /// # Errors
    /// The fault of anything but a token that is good now.
    pub fn access(&self, token: &str) -> Result<Access, TokenFault> {
        let access = self.0.keys.verify(token, self.0.clock.now())?;
        if self.0.revocations.cover(&access.actor) { Err(TokenFault::Revoked) } else { Ok(access) }
    }

    async fn in_transaction<T>(
        &self,
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
        match &done {
            Ok(_) => self.0.revocations.learn(tx.take_revoked()),
            Err(_) => tx.rollback().await,
        }
        done
    }

    fn actor(&self, req: &HttpRequest) -> Result<Actor> {
        let header = req.headers().get(AUTHORIZATION).and_then(|h| h.to_str().ok()).unwrap_or_default();
        let (scheme, token) = header.split_once(' ').ok_or(Error::Unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::Unauthenticated);
        }
        let actor = self.access(token.trim()).map_err(Error::Token)?.actor;
        match req.headers().get(ON_BEHALF_OF) {
            None => Ok(actor),
            Some(header) => header
                .to_str()
                .ok()
                .and_then(|id| id.trim().parse().ok())
                .and_then(|id| actor.acting_under(id, self.0.clock.today()))
                .ok_or_else(|| Error::field("On-Behalf-Of", "no_delegation")),
        }
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
    address: String,
}

impl Caller {
    fn new(req: &HttpRequest, gate: Gate, actor: Actor, reach: Reach) -> Self {
        Self {
            locale: crate::http::locale(req, gate.default_locale()),
            request_id: req.extensions().get::<RequestId>().map(|r| r.0.clone()).unwrap_or_default(),
            operation: format!("{} {}", req.method(), req.match_pattern().unwrap_or_default()),
            path: req.path().to_owned(),
            address: req.peer_addr().map(|a| a.ip().to_string()).unwrap_or_default(),
            gate,
            actor,
            reach,
        }
    }

    async fn read<T>(&self, scope: &str, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut conn = self.gate.0.db.connection().await?;
        let mut tx = Tx::new(&mut conn, &self.gate.0.clock, &self.actor, self.reach.clone());
        let value = work(&mut tx).await?;
        // Reads that must be noted are noted before anybody gets to see them.
        tx.write_events(scope, &self.request_id).await?;
        Ok(value)
    }

    async fn write<T>(&self, scope: &str, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut conn = self.gate.0.db.connection().await?;
        let tx = Tx::new(&mut conn, &self.gate.0.clock, &self.actor, self.reach.clone());
        let task = async |tx: &mut Tx<'_>| {
            still_good(tx, scope, &self.request_id).await?;
            work(tx).await
        };
        self.gate.in_transaction(tx, scope, &self.request_id, task).await
    }
}

/// A token lives ten minutes; someone who signed out or lost the account or a role meanwhile must not change anything
/// with it, not even in the second before this replica learns of it. The same query tells the audit log's triggers who
/// asks, which saves a round trip.
async fn still_good(tx: &mut Tx<'_>, permission: &str, request_id: &str) -> Result<()> {
    use crate::db::schema::{accounts, revocations};
    let Some(epoch) = tx.actor.epoch else {
        return tx.tell_audit(permission, request_id).await;
    };
    let ended = [Some(tx.actor.token_id), tx.actor.session_id];
    let context = audit::set_context(tx.audit_context(permission, request_id));
    let current: Option<(i32, String)> = accounts::table
        .find(tx.actor.id)
        .filter(accounts::is_active)
        .filter(not(exists(revocations::table.filter(revocations::id.eq_any(ended.into_iter().flatten())))))
        .select((accounts::epoch, context))
        .first(tx.conn())
        .await
        .optional()?;
    let good = current.is_some_and(|(current, _)| current == epoch);
    if good { Ok(()) } else { Err(Error::Token(TokenFault::Revoked)) }
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
        self.caller.read(P::PERMISSION.name(), work).await
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

    /// Method and path template of the request.
    pub(crate) fn operation(&self) -> &str {
        &self.caller.operation
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
        self.caller.read("public", work).await
    }

    /// Change, as the public.
    ///
    /// # Errors
    /// Whatever the work fails with; then nothing is written.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.caller.write("public", work).await
    }

    /// The gate, for the token endpoint: keys, and reading tokens.
    pub fn gate(&self) -> &Gate {
        &self.caller.gate
    }

    /// Language of the caller.
    pub fn locale(&self) -> Locale {
        self.caller.locale
    }

    /// Address of the caller.
    pub fn address(&self) -> &str {
        &self.caller.address
    }

    /// Whether the database, too, finds a token of this actor good.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn is_still_good(&self, actor: &Actor) -> Result<bool> {
        let gate = &self.caller.gate.0;
        let mut conn = gate.db.connection().await?;
        let mut tx = Tx::new(&mut conn, &gate.clock, actor, Reach::default());
        match still_good(&mut tx, "introspection", &self.caller.request_id).await {
            Ok(()) => Ok(true),
            Err(Error::Token(_)) => Ok(false),
            Err(other) => Err(other),
        }
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
