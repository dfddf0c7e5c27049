//! The guard of operations that everyone may use.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures::future::LocalBoxFuture;
use uuid::Uuid;

use super::{Caller, Gate, gate, in_time, still_good};
use crate::access::{Actor, Reach, SecurityKind};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::http::security::Sighting;
use crate::http::{rates, request};
use crate::i18n::Locale;

/// Lets everyone pass. Each operation that uses it is on a list that only a review can grow
/// (`tests/api/contract/deny.rs`).
pub struct Public {
    caller: Caller,
    request: HttpRequest,
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

    /// Language of the caller: the answer is in it.
    pub fn locale(&self) -> Locale {
        self.caller.locale()
    }

    /// Address of the caller.
    pub fn address(&self) -> String {
        self.caller.address()
    }

    /// Count the request for who has proven who it is: an account, a client, a login. For routes that find out
    /// themselves who asks (`limits::is_counted_by_outcome`).
    ///
    /// # Errors
    /// [`Error::TooMany`]; so count before anything is used up.
    pub fn count_as(&self, id: Uuid, name: &str) -> Result<()> {
        self.caller.gate.count_for(&self.request, rates::Caller::Account(id, name))
    }

    /// Count the request for its address, because it is refused.
    ///
    /// # Errors
    /// [`Error::TooMany`], which takes the place of the refusal.
    pub fn count_refused(&self) -> Result<()> {
        self.caller.gate.count_for(&self.request, rates::Caller::Address(self.caller.address))
    }

    /// Note that something was refused, for the security events.
    pub fn witness(
        &self,
        kind: SecurityKind,
        reason: &'static str,
        account_id: Option<Uuid>,
        name: Option<&str>,
    ) {
        let (address, route) = (&self.caller.address(), &self.caller.operation());
        self.caller.gate.witness(&Sighting { kind, reason, account_id, name, address, route });
    }

    /// Whether the database, too, finds a token of this actor good.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn is_still_good(&self, actor: &Actor) -> Result<bool> {
        let gate = &self.caller.gate.0;
        let mut loan = gate.db.lend().await?;
        let pulse = loan.pulse()?;
        let mut tx = Tx::new(loan.conn()?, &gate.clock, actor, Reach::default());
        let asked = pulse.unless_lost(still_good(&mut tx, "introspection", &self.caller.request_id));
        let found = in_time(self.caller.deadline, asked).await.flatten();
        loan.settle(&found);
        match found {
            Ok(()) => Ok(true),
            Err(Error::Token(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

impl FromRequest for Public {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let admitted = gate(req).and_then(|gate| {
            gate.count(req, None)?;
            let caller = Caller::new(req, gate, Actor::public().into(), Reach::everything())?;
            Ok(Public { caller, request: req.clone() })
        });
        request::checked(req, payload, admitted)
    }
}
