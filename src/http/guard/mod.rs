//! The only door to the database: a handler reaches it through [`Allow`] (or, loudly, [`Public`]).
//!
//! A guard must be the first argument of its handler: it answers at once, so a stranger never learns what a body
//! should look like (`tests/api/contract/deny.rs`).

mod gate;
mod public;

use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use diesel::dsl::{exists, not};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use futures::future::LocalBoxFuture;

pub use self::gate::Gate;
use self::gate::no_delegation;
pub use self::public::Public;
use crate::access::{Actor, Permission, Permit, Reach, Role, TokenFault, policy};
use crate::db::{Tx, audit};
use crate::error::{Error, Result};
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::operations::{Operations, Template};
use crate::http::{Reply, Spoken, etag, peer, request, request_id};
use crate::i18n::Locale;
use crate::tokens::{Keys, delegations, standing};
use crate::version::Expected;

/// Who a request's token speaks for: for those who look at its answer.
pub(crate) struct SignedIn(pub Arc<Actor>);

/// What every guard knows of its request.
struct Caller {
    gate: Gate,
    actor: Arc<Actor>,
    reach: Reach,
    locale: Locale,
    spoken: Spoken,
    /// `If-Match` of an action; where it is required, its extractor has it.
    expected: Option<Expected>,
    request_id: Arc<str>,
    method: Method,
    /// The template of the path, if the document has it.
    template: Option<Arc<Template>>,
    path: String,
    deadline: Instant,
    address: IpAddr,
}

impl Caller {
    fn new(req: &HttpRequest, gate: Gate, actor: Arc<Actor>, reach: Reach) -> Result<Self> {
        let spoken = Spoken::new();
        req.extensions_mut().insert(spoken.clone());
        let acts = req.method() == Method::POST && Operations::of_request(req).is_some_and(|o| o.takes_match);
        let expected = if acts { etag::expected(req.headers())? } else { None };
        Ok(Self {
            spoken,
            expected,
            locale: crate::http::locale(req, gate.default_locale()),
            request_id: request_id(req),
            method: req.method().clone(),
            template: Template::of_request(req),
            path: req.path().to_owned(),
            deadline: crate::http::deadline(req),
            address: peer::address(req, gate.defences().trusted_proxies),
            gate,
            actor,
            reach,
        })
    }

    fn locale(&self) -> Locale {
        self.spoken.set(self.locale);
        self.locale
    }

    /// Method and path template of the request.
    fn operation(&self) -> String {
        let pattern = self.template.as_ref().map(|template| template.pattern.as_str());
        format!("{} {}", self.method, pattern.unwrap_or_default())
    }

    /// Host or, of IPv6, the network that a host has to itself.
    fn address(&self) -> String {
        peer::network(self.address, 0)
    }

    async fn read<T>(&self, scope: &str, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.read_until(self.deadline, scope, work).await
    }

    async fn read_until<T>(
        &self,
        deadline: Instant,
        scope: &str,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut loan = self.gate.0.db.lend().await?;
        let pulse = loan.pulse()?;
        let mut tx = Tx::new(loan.conn()?, &self.gate.0.clock, &self.actor, self.reach.clone());
        let work = pulse.unless_lost(async {
            let value = work(&mut tx).await?;
            // Reads that must be noted are noted before anybody gets to see them.
            tx.write_events(scope, &self.request_id).await?;
            Ok(value)
        });
        let done = in_time(deadline, work).await.flatten();
        loan.settle(&done);
        done
    }

    async fn write<T>(&self, scope: &str, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut loan = self.gate.0.db.lend().await?;
        let pulse = loan.pulse()?;
        let mut tx = Tx::new(loan.conn()?, &self.gate.0.clock, &self.actor, self.reach.clone());
        tx.expect(self.expected.clone());
        let task = async |tx: &mut Tx<'_>| {
            in_time(self.deadline, async {
                still_good(tx, scope, &self.request_id).await?;
                let done = work(tx).await?;
                tx.nothing_expected()?;
                Ok(done)
            })
            .await?
        };
        let done = self.gate.in_transaction(tx, &pulse, scope, &self.request_id, task).await;
        loan.settle(&done);
        done
    }
}

/// Work until the deadline of its request. The commit is no part of it: it must not be cut in half.
async fn in_time<T>(deadline: Instant, work: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout_at(deadline.into(), work).await.map_err(|_| Error::TimedOut)
}

/// A token lives ten minutes; someone who signed out, left, or lost the account, a role or a delegation meanwhile must
/// not change anything with it, not even in the second before this replica learns of it. The same query informs the
/// audit log's triggers of who asks, which saves a round trip.
async fn still_good(tx: &mut Tx<'_>, permission: &str, request_id: &str) -> Result<()> {
    use crate::db::schema::{accounts, revocations};
    let Some(epoch) = tx.actor.epoch else {
        return tx.tell_audit(permission, request_id).await;
    };
    if let Some(principal) = &tx.actor.on_behalf_of {
        let (deputy, id) = (tx.actor.id, principal.delegation_id);
        delegations::at_work(tx, deputy, id).await?.ok_or_else(no_delegation)?;
    }
    let ended = [Some(tx.actor.token_id), tx.actor.session_id];
    let context = audit::set_context(tx.audit_context(permission, request_id));
    let current: Option<(i32, String)> = accounts::table
        .find(tx.actor.id)
        .filter(standing::stands())
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

    /// Read a part of something long: as [`Allow::read`], but the time of a request is for this part alone, and the
    /// right to read is asked for again, since it may be lost on the way.
    ///
    /// # Errors
    /// Whatever the work fails with; [`Error::Token`] where the token is no longer good.
    pub async fn read_part<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let (deadline, scope) = (Instant::now() + self.part_time(), P::PERMISSION.name());
        let asked = async |tx: &mut Tx<'_>| {
            still_good(tx, scope, &self.caller.request_id).await?;
            work(tx).await
        };
        self.caller.read_until(deadline, scope, asked).await
    }

    /// Longest a part of something long may take.
    pub fn part_time(&self) -> Duration {
        self.caller.gate.defences().request_time
    }

    /// Change: one transaction, committed with its events and audit rows, or not at all.
    ///
    /// # Errors
    /// Whatever the work fails with; then nothing is written.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.caller.write(P::PERMISSION.name(), work).await
    }

    /// Change by `POST`: as [`Allow::write`], and with an `Idempotency-Key` the second request of a pair gets the
    /// answer of the first, as long as the caller could still make it. `digest` identifies the request's body (`Valid::digest`; empty without a body).
    ///
    /// # Errors
    /// Whatever the work fails with; [`crate::error::Rule::IdempotencyKeyReused`] for another body with the same key.
    pub async fn write_once(
        &self,
        key: &IdempotencyKey,
        digest: &str,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<Reply>,
    ) -> Result<Reply> {
        self.write(async |tx| self.once(tx, key, digest, work).await).await
    }

    /// As [`Allow::write_once`], within a change whose beginning decides whether the key counts.
    ///
    /// # Errors
    /// As [`Allow::write_once`].
    pub async fn once(
        &self,
        tx: &mut Tx<'_>,
        key: &IdempotencyKey,
        digest: &str,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<Reply>,
    ) -> Result<Reply> {
        // A deputy who acts for somebody asks something else than the same person for oneself.
        let capacity = self.actor().on_behalf_of.as_ref().map(|p| p.delegation_id.to_string());
        let mut roles: Vec<&str> = self.actor().roles.iter().map(|role| role.name()).collect();
        roles.sort_unstable();
        let (path, roles) = (&self.caller.path, roles.join(" "));
        let fingerprint = format!("{path} {digest} {}\n{roles}", capacity.unwrap_or_default());
        idempotency::once(tx, key, &self.operation(), &fingerprint, work).await
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// Language of the caller: the answer is in it.
    pub fn locale(&self) -> Locale {
        self.caller.locale()
    }

    /// Address of the caller.
    pub fn address(&self) -> String {
        self.caller.address()
    }

    /// The keys of this service, for keyed hashes.
    pub fn keys(&self) -> &Keys {
        &self.caller.gate.0.keys
    }

    /// The gate, for what only this replica knows.
    pub(crate) fn gate(&self) -> &Gate {
        &self.caller.gate
    }

    /// Method and path template of the request.
    pub(crate) fn operation(&self) -> String {
        self.caller.operation()
    }

    /// Key that signs this service's cursors.
    pub(crate) fn cursor_key(&self) -> &aws_lc_rs::hmac::Key {
        self.caller.gate.0.keys.cursor_key()
    }
}

impl<P: Permit> FromRequest for Allow<P> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let admitted = admit(req, P::PERMISSION).map(|caller| Allow { caller, permission: PhantomData });
        request::checked(req, payload, admitted)
    }
}

fn admit(req: &HttpRequest, permission: Permission) -> Result<Caller> {
    let gate = gate(req)?;
    let actor = gate.actor(req);
    if let Ok(actor) = &actor {
        req.extensions_mut().insert(SignedIn(actor.clone()));
    }
    gate.count(req, actor.as_deref().ok())?;
    let actor = actor.map_err(|error| match error {
        // Deputies have a head's permissions: where a head has none, it does not matter which delegation is named.
        Error::Invalid(_) if policy::grant(Role::UnitHead, permission).is_none() => {
            Error::Forbidden(permission)
        }
        other => other,
    })?;
    let reach = policy::reach(&actor, permission).ok_or(Error::Forbidden(permission))?;
    Caller::new(req, gate, actor, reach)
}

fn gate(req: &HttpRequest) -> Result<Gate> {
    let gate = req.app_data::<web::Data<Gate>>().ok_or_else(|| Error::internal("the service has no gate"))?;
    Ok(gate.get_ref().clone())
}
