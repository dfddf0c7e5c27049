//! What guards rest on: the database, the keys, the clock, and what this replica knows of revoked tokens and of how
//! often callers came. Units of work begin and end here.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpMessage, HttpRequest};
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::JwkSet;

use crate::access::{Actor, Reach, TokenFault};
use crate::clock::Clock;
use crate::db::{Db, Pulse, Tx};
use crate::error::{Error, Result};
use crate::http::operations::Template;
use crate::http::rates::{Caller, Rates, Verdict};
use crate::http::readiness::Readiness;
use crate::http::security::{Security, Sighting};
use crate::http::{Defences, limits, peer};
use crate::i18n::Locale;
use crate::tokens::provider::Provider;
use crate::tokens::revocations::{self, Revocations};
use crate::tokens::token::Access;
use crate::tokens::{Keys, delegations};

/// Header by which a deputy acts under a delegation: its id.
const ON_BEHALF_OF: &str = "On-Behalf-Of";

/// Whom a request is made for, once its delegation was found to work.
struct Acting(Arc<Actor>);

/// The delegation that a request names does not work for its caller.
pub(super) fn no_delegation() -> Error {
    Error::field(ON_BEHALF_OF, "no_delegation")
}

/// The gate to the database; cheap to clone. Its members are for guards only, so a handler gains nothing by naming it.
#[derive(Clone)]
pub struct Gate(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub db: Db,
    pub keys: Keys,
    pub clock: Clock,
    default_locale: Locale,
    defences: Defences,
    rates: Rates,
    revocations: Revocations,
    security: Security,
    provider: OnceLock<Provider>,
    readiness: Readiness,
}

impl Gate {
    /// The gate of a service.
    pub fn new(db: Db, keys: Keys, clock: Clock, default_locale: Locale) -> Self {
        Self::defended(db, keys, clock, default_locale, Defences::default())
    }

    /// The same gate with other defences: nothing counted, nobody trusted yet.
    #[must_use]
    pub fn with_defences(&self, defences: Defences) -> Self {
        let Inner { db, keys, clock, default_locale, .. } = &*self.0;
        Self::defended(db.clone(), keys.clone(), clock.clone(), *default_locale, defences)
    }

    fn defended(db: Db, keys: Keys, clock: Clock, default_locale: Locale, defences: Defences) -> Self {
        let rates = Rates::new(defences.rate_factor);
        let (revocations, security, provider) =
            (Revocations::default(), Security::default(), OnceLock::new());
        let readiness = Readiness::default();
        Self(Arc::new(Inner {
            db,
            keys,
            clock,
            default_locale,
            defences,
            rates,
            revocations,
            security,
            provider,
            readiness,
        }))
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

    /// Whether the database answered a moment ago.
    pub(crate) fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// What the operator sets about callers.
    pub(crate) fn defences(&self) -> &Defences {
        &self.0.defences
    }

    /// Whether clients reach the service by https.
    pub(crate) fn is_https(&self) -> bool {
        self.0.keys.issuer().starts_with("https://")
    }

    /// Language of those who ask for none.
    pub(crate) fn default_locale(&self) -> Locale {
        self.0.default_locale
    }

    /// The present moment by the service's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// The keys of this service.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// The public keys of this service, as they are published now.
    pub fn jwks(&self) -> JwkSet {
        self.0.keys.jwks(self.now())
    }

    /// Share with the other replicas what this one counted, and learn what they shared.
    ///
    /// # Errors
    /// When the database cannot be reached; then the next call shares it all.
    pub async fn share_rates(&self) -> Result<()> {
        if !self.0.rates.has_news() {
            return Ok(());
        }
        let mut loan = self.0.db.lend().await?;
        let pulse = loan.pulse()?;
        let shared = pulse.unless_lost(self.0.rates.share(loan.conn()?)).await;
        loan.settle(&shared);
        shared
    }

    /// Note that something was refused: counted in memory, and written within a second or two.
    pub fn witness(&self, sighting: &Sighting<'_>) {
        self.0.security.count(sighting, &self.0.keys, &self.0.clock);
    }

    /// Write the security events that were counted since the last time.
    ///
    /// # Errors
    /// When the database cannot be reached; then the next time writes them all.
    pub async fn write_security_events(&self) -> Result<()> {
        if !self.0.security.has_news() {
            return Ok(());
        }
        let mut loan = self.0.db.lend().await?;
        let pulse = loan.pulse()?;
        let writing = self.0.security.write(&self.0.keys, &self.0.clock, loan.conn()?);
        let written = pulse.unless_lost(writing).await;
        loan.settle(&written);
        written
    }

    /// Learn what tokens other replicas revoked.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn refresh_revocations(&self) -> Result<()> {
        self.0.revocations.replace(self.look(async |tx| revocations::load(tx).await).await?);
        Ok(())
    }

    /// A unit of work of the service itself (worker, demo, command line), with reach over everything.
    ///
    /// # Errors
    /// Whatever the work fails with; then nothing is written.
    pub async fn system<T>(&self, task: &str, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let actor = Actor::system();
        let mut loan = self.0.db.lend().await?;
        let pulse = loan.pulse()?;
        let tx = Tx::new(loan.conn()?, &self.0.clock, &actor, Reach::everything());
        let told = async |tx: &mut Tx<'_>| {
            tx.tell_audit("system", task).await?;
            work(tx).await
        };
        let done = self.in_transaction(tx, &pulse, "system", task, told).await;
        loan.settle(&done);
        done
    }

    /// Look something up for the service itself, without a transaction.
    ///
    /// # Errors
    /// Whatever the work fails with.
    pub async fn look<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let actor = Actor::system();
        let mut loan = self.0.db.lend().await?;
        let pulse = loan.pulse()?;
        let mut tx = Tx::new(loan.conn()?, &self.0.clock, &actor, Reach::everything());
        let done = pulse.unless_lost(work(&mut tx)).await;
        loan.settle(&done);
        done
    }

    /// Begin, work, and commit with events and audit entries, or undo it all.
    pub(super) async fn in_transaction<T>(
        &self,
        mut tx: Tx<'_>,
        pulse: &Arc<Pulse>,
        scope: &str,
        request_id: &str,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let worked = pulse.unless_lost(async {
            tx.begin().await?;
            let value = work(&mut tx).await?;
            tx.write_events(scope, request_id).await?;
            Ok(value)
        });
        let done = match worked.await {
            Ok(value) => tx.commit(pulse).await.map(|()| value),
            Err(error) => Err(error),
        };
        match &done {
            Ok(_) => {
                self.0.revocations.learn(tx.take_revoked());
                if tx.took_rights() {
                    self.learn_at_once(&mut tx, pulse).await;
                }
            }
            // Not even a rollback would be answered: out of time, before the statement that took too long; and without a
            // connection never. The connection is closed, which undoes the work.
            Err(Error::TimedOut | Error::Disconnected(_) | Error::OutcomeUnknown(_)) => {}
            Err(_) => tx.rollback(pulse).await,
        }
        done
    }

    /// What triggers revoked in a unit of work that is committed: this replica need not wait for its next reading.
    async fn learn_at_once(&self, tx: &mut Tx<'_>, pulse: &Arc<Pulse>) {
        match pulse.unless_lost(revocations::load(tx)).await {
            Ok(all) => self.0.revocations.replace(all),
            Err(error) => tracing::warn!(%error, "revocations could not be read; they are within a second"),
        }
    }

    /// Read an access token, revocations included.
    ///
    /// # Errors
    /// The fault of anything but a token that is good now.
    pub fn access(&self, token: &str) -> Result<Arc<Access>, TokenFault> {
        let access = self.0.keys.verify(token, self.now())?;
        if self.0.revocations.cover(&access.actor) { Err(TokenFault::Revoked) } else { Ok(access) }
    }

    /// Look up the delegation under which a request is made, before its guard and its body are looked at. Only for good
    /// tokens, and counted like the request itself; the guard refuses everything else.
    ///
    /// # Errors
    /// When the caller asked too often, or the database cannot be reached.
    pub(crate) async fn look_up_delegation(&self, req: &HttpRequest) -> Result<()> {
        let Some(header) = req.headers().get(ON_BEHALF_OF) else {
            return Ok(());
        };
        let Ok(actor) = self.bearer(req) else {
            return Ok(());
        };
        self.count(req, Some(&actor))?;
        let Some(id) = header.to_str().ok().and_then(|id| id.trim().parse().ok()) else {
            return Ok(());
        };
        let deputy = actor.id;
        let found = self.look(async |tx| delegations::at_work(tx, deputy, id).await).await?;
        if let Some(delegation) = found {
            req.extensions_mut().insert(Acting(actor.acting_under(delegation).into()));
        }
        Ok(())
    }

    /// The account behind the token.
    fn bearer(&self, req: &HttpRequest) -> Result<Arc<Actor>> {
        let mut headers = req.headers().get_all(AUTHORIZATION);
        let header = headers.next().and_then(|h| h.to_str().ok()).unwrap_or_default();
        if headers.next().is_some() {
            return Err(Error::Unauthenticated);
        }
        let (scheme, token) = header.split_once(' ').ok_or(Error::Unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::Unauthenticated);
        }
        Ok(self.access(token.trim()).map_err(Error::Token)?.actor.clone())
    }

    /// Who asks: the account behind the token, or a deputy acting under a delegation.
    pub(super) fn actor(&self, req: &HttpRequest) -> Result<Arc<Actor>> {
        let actor = self.bearer(req)?;
        if !req.headers().contains_key(ON_BEHALF_OF) {
            return Ok(actor);
        }
        req.extensions().get::<Acting>().map(|acting| acting.0.clone()).ok_or_else(no_delegation)
    }

    /// Count a request, and leave the verdict for the headers of the answer. Who has no good token is counted by
    /// address, so guessing tokens is limited too. Routes that find out themselves who asks are counted when they know
    /// ([`super::Public::count_as`], [`super::Public::count_refused`]).
    pub(super) fn count(&self, req: &HttpRequest, actor: Option<&Actor>) -> Result<()> {
        if let Some(counted) = req.extensions().get::<Verdict>() {
            return counted.check();
        }
        let template = Template::of_request(req);
        if template.is_some_and(|template| limits::is_counted_by_outcome(&template.pattern)) {
            return Ok(());
        }
        match actor {
            Some(actor) => self.count_for(req, Caller::Account(actor.id, &actor.name)),
            None => self.count_for(req, Caller::Address(peer::address(req, self.0.defences.trusted_proxies))),
        }
    }

    /// Count a request for this caller.
    pub(super) fn count_for(&self, req: &HttpRequest, caller: Caller<'_>) -> Result<()> {
        let template = Template::of_request(req);
        let pattern = match &template {
            Some(template) => Cow::Borrowed(template.pattern.as_str()),
            None => Cow::Owned(req.match_pattern().unwrap_or_default()),
        };
        let is_known = matches!(caller, Caller::Account(..));
        let Some(policy) = limits::rate_policy(req.method(), &pattern, is_known) else {
            return Ok(());
        };
        let route = match &template {
            Some(template) if req.method().is_safe() => Cow::Borrowed(template.reading.as_str()),
            Some(template) => Cow::Borrowed(template.changing.as_str()),
            None if req.method().is_safe() => Cow::Owned(format!("read {pattern}")),
            None => Cow::Owned(format!("write {pattern}")),
        };
        let verdict = self.0.rates.count(policy, caller, &route, self.0.keys.cursor_key(), &self.0.clock);
        req.extensions_mut().insert(verdict);
        verdict.check()
    }
}
