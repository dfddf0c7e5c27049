//! The signing keys that every replica shares: kept in the database (unless a key file is given), changed by one
//! command while the service runs.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;

use crate::clock::random_bytes;
use crate::db::Tx;
use crate::db::schema::{service_secrets, signing_keys};
use crate::error::Result;
use crate::tokens::Keys;
use crate::tokens::keys::{KeyMaterial, PUBLISHED_BEFORE, is_retired};

/// Name of the secret that signs cursors.
const CURSOR: &str = "cursor";

/// The keys, oldest first; one is made when there is none. Replicas that start together make one.
///
/// # Errors
/// When the database cannot be reached or the machine has no randomness.
pub async fn load_or_make(tx: &mut Tx<'_>) -> Result<Vec<KeyMaterial>> {
    tx.lock("signing_keys").await?;
    let keys = load(tx).await?;
    if !keys.is_empty() {
        return Ok(keys);
    }
    let now = tx.now;
    add(tx, now).await?;
    load(tx).await
}

/// The keys, oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn load(tx: &mut Tx<'_>) -> Result<Vec<KeyMaterial>> {
    let rows: Vec<(Vec<u8>, DateTime<Utc>)> = signing_keys::table
        .order((signing_keys::signs_from, signing_keys::kid))
        .select((signing_keys::private_pkcs8, signing_keys::signs_from))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(pkcs8, signs_from)| KeyMaterial { pkcs8, signs_from }).collect())
}

/// Make a new key. It is published at once and signs a minute later; the old one verifies for another hour. Nobody is
/// logged out, no replica starts again. Returns its id and when it begins to sign.
///
/// # Errors
/// When the database cannot be reached or the machine has no randomness.
pub async fn rotate(tx: &mut Tx<'_>) -> Result<(String, DateTime<Utc>)> {
    tx.lock("signing_keys").await?;
    let signs_from = tx.now + PUBLISHED_BEFORE;
    let kid = add(tx, signs_from).await?;
    tx.emit("signing_key.rotated", Uuid::nil(), &json!({"kid": kid, "signs_from": signs_from}));
    Ok((kid, signs_from))
}

async fn add(tx: &mut Tx<'_>, signs_from: DateTime<Utc>) -> Result<String> {
    let pkcs8 = Keys::generate_pkcs8()?;
    let kid = Keys::kid_of(&pkcs8)?;
    let now = tx.now;
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(&kid),
            signing_keys::private_pkcs8.eq(&pkcs8),
            signing_keys::created_at.eq(now),
            signing_keys::signs_from.eq(signs_from),
        ))
        .execute(tx.conn())
        .await?;
    Ok(kid)
}

/// Forget private keys that neither sign nor verify any more.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_retired(tx: &mut Tx<'_>) -> Result<()> {
    let keys: Vec<(String, DateTime<Utc>)> = signing_keys::table
        .order((signing_keys::signs_from, signing_keys::kid))
        .select((signing_keys::kid, signing_keys::signs_from))
        .load(tx.conn())
        .await?;
    let now = tx.now;
    let next = keys.iter().skip(1).map(|(_, from)| *from);
    let retired: Vec<&String> = keys
        .iter()
        .zip(next)
        .filter(|(_, next)| is_retired(Some(*next), now))
        .map(|((kid, _), _)| kid)
        .collect();
    if !retired.is_empty() {
        diesel::delete(signing_keys::table.filter(signing_keys::kid.eq_any(retired)))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// The secret that signs cursors, made when there is none. It outlives signing keys: a list can be read on while they
/// change.
///
/// # Errors
/// When the database cannot be reached or the machine has no randomness.
pub async fn cursor_secret(tx: &mut Tx<'_>) -> Result<Vec<u8>> {
    let made = random_bytes()?.to_vec();
    diesel::insert_into(service_secrets::table)
        .values((service_secrets::name.eq(CURSOR), service_secrets::value.eq(&made)))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    let kept: Option<Vec<u8>> = service_secrets::table
        .find(CURSOR)
        .select(service_secrets::value)
        .first(tx.conn())
        .await
        .optional()?;
    Ok(kept.unwrap_or(made))
}
