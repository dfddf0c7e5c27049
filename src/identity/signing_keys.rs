//! The signing key that every replica shares: made once, kept in the database, unless a key file is given.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;

use crate::access::token::Keys;
use crate::db::Tx;
use crate::db::schema::signing_keys::dsl;
use crate::error::Result;

/// The newest signing key, PKCS#8; made when there is none. Replicas that start together make one.
///
/// # Errors
/// When the database cannot be reached or the machine has no randomness.
pub async fn newest_or_new(tx: &mut Tx<'_>) -> Result<Vec<u8>> {
    tx.lock("signing_keys").await?;
    let newest: Option<Vec<u8>> = dsl::signing_keys
        .order((dsl::created_at.desc(), dsl::kid.desc()))
        .select(dsl::private_pkcs8)
        .first(tx.conn())
        .await
        .optional()?;
    if let Some(key) = newest {
        return Ok(key);
    }
    let pkcs8 = Keys::generate_pkcs8()?;
    let kid = Keys::new(&pkcs8, "")?.kid().to_owned();
    let now = tx.now;
    diesel::insert_into(dsl::signing_keys)
        .values((dsl::kid.eq(kid), dsl::private_pkcs8.eq(&pkcs8), dsl::created_at.eq(now)))
        .execute(tx.conn())
        .await?;
    Ok(pkcs8)
}
