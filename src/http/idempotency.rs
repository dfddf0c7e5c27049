//! `Idempotency-Key` (IETF draft 07) on POST: the work and its stored answer are one transaction.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::{Reply, headers, limits};
use crate::db::Tx;
use crate::db::schema::idempotency_keys::dsl;
use crate::error::{Error, Result, Rule, UNKNOWN_REFERENCE};

const HEADER: &str = "Idempotency-Key";
/// Something besides spaces and quotes, in characters that a header can hold.
const PATTERN: &str = "^[ -~]*[!#-~][ -~]*$";

/// The header, if it was sent. A handler that takes it as an argument names it among its `params`, too.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(header) = req.headers().get(HEADER) else {
            return ready(Ok(Self(None)));
        };
        // The draft writes the key as a quoted string; plain keys are common and just as clear.
        let key = header.to_str().unwrap_or_default().trim().trim_matches('"').to_owned();
        if key.is_empty() || key.chars().count() > limits::IDEMPOTENCY_KEY_CHARACTERS {
            return ready(Err(Error::field(HEADER, "idempotency_key")));
        }
        ready(Ok(Self(Some(key))))
    }
}

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(limits::IDEMPOTENCY_KEY_CHARACTERS))
            .pattern(Some(PATTERN));
        let description = "Key of the request, chosen by the caller, for example a new UUID for each request. If the same \
            request is sent again with the same key within 24 hours, it gets the answer to the first and has no further effect.";
        vec![headers::parameter(HEADER, Required::False, description, schema)]
    }
}

/// Do the work once for a key. A concurrent duplicate waits on the primary key until the first commits, then gets the
/// first's answer; a first attempt that failed leaves nothing behind.
///
/// # Errors
/// Whatever the work fails with, the second time only for want of rights; [`Rule::IdempotencyKeyReused`] when the key was
/// used with another request or with other roles;
/// [`Rule::IdempotencyInFlight`] when the first takes longer than a lock is waited for.
pub async fn once(
    tx: &mut Tx<'_>,
    key: &IdempotencyKey,
    operation: &str,
    fingerprint: &str,
    work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<Reply>,
) -> Result<Reply> {
    let Some(key) = key.0.as_deref() else {
        return work(tx).await;
    };
    if !claim(tx, key, operation, fingerprint).await? {
        return replay(tx, key, operation, fingerprint, work).await;
    }
    let reply = work(tx).await?;
    let stored = reply.to_stored()?;
    let actor = tx.actor.id;
    diesel::update(dsl::idempotency_keys.find((actor, operation, key)))
        .set(dsl::reply.eq(Some(stored)))
        .execute(tx.conn())
        .await?;
    Ok(reply)
}

async fn claim(tx: &mut Tx<'_>, key: &str, operation: &str, fingerprint: &str) -> Result<bool> {
    let expired = tx.now - limits::IDEMPOTENCY_KEPT;
    let actor = tx.actor.id;
    diesel::delete(dsl::idempotency_keys.find((actor, operation, key)).filter(dsl::created_at.lt(expired)))
        .execute(tx.conn())
        .await?;
    let values = (
        dsl::actor_id.eq(actor),
        dsl::operation.eq(operation),
        dsl::key.eq(key),
        dsl::fingerprint.eq(fingerprint),
        dsl::created_at.eq(tx.now),
    );
    let inserted = diesel::insert_into(dsl::idempotency_keys)
        .values(values)
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await
        .map_err(|e| match Error::from(e) {
            Error::Unavailable(reason) if reason.contains("lock timeout") => Rule::IdempotencyInFlight.into(),
            other => other,
        })?;
    Ok(inserted == 1)
}

/// The stored answer, unless the caller may no longer have it. Rights and reach change within a day, and what an answer
/// shows may move out of reach: so the request is tried anew and undone. What it is refused for now, for want of rights,
/// is the answer; that it is done already is not.
async fn replay(
    tx: &mut Tx<'_>,
    key: &str,
    operation: &str,
    fingerprint: &str,
    work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<Reply>,
) -> Result<Reply> {
    let actor = tx.actor.id;
    let (first, reply): (String, Option<Value>) = dsl::idempotency_keys
        .find((actor, operation, key))
        .select((dsl::fingerprint, dsl::reply))
        .first(tx.conn())
        .await?;
    let request = |fingerprint: &str| fingerprint.lines().next().unwrap_or_default().to_owned();
    if request(&first) != request(fingerprint) {
        return Err(Rule::IdempotencyKeyReused.into());
    }
    if let Err(error) = tx.undone(work).await
        && denies(&error)
    {
        return Err(error);
    }
    // With other roles an answer would show other things.
    if first != fingerprint {
        return Err(Rule::IdempotencyKeyReused.into());
    }
    let reply = Reply::of_stored(reply.unwrap_or(Value::Null))?;
    // What it was done to has another version since then.
    tx.expect(None);
    Ok(reply.as_replay())
}

/// Whether an error says that the caller may not, or that the service cannot decide it.
fn denies(error: &Error) -> bool {
    match error {
        Error::Rule(rule) | Error::Refused(rule, _) => rule.is_about_rights(),
        Error::Invalid(faults) => faults.iter().any(|fault| fault.code == UNKNOWN_REFERENCE),
        Error::NotFound(_)
        | Error::Forbidden(_)
        | Error::Unauthenticated
        | Error::Token(_)
        | Error::Unavailable(_)
        | Error::TimedOut
        | Error::Internal(_) => true,
        _ => false,
    }
}
