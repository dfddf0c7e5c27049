use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::schema::password_resets::{dsl, table};
use crate::error::Result;

/// A new token takes the place of older ones.
pub async fn insert(tx: &mut Tx<'_>, account_id: Uuid, hash: &[u8], expires_at: DateTime<Utc>) -> Result<()> {
    let now = tx.now;
    diesel::delete(table.filter(dsl::account_id.eq(account_id))).execute(tx.conn()).await?;
    diesel::insert_into(table)
        .values((
            dsl::token_hash.eq(hash),
            dsl::account_id.eq(account_id),
            dsl::created_at.eq(now),
            dsl::expires_at.eq(expires_at),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Use a token up; whose it was, if it was good.
pub async fn take(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<Uuid>> {
    let now = tx.now;
    let good = table.find(hash).filter(dsl::used_at.is_null()).filter(dsl::expires_at.gt(now));
    Ok(diesel::update(good)
        .set(dsl::used_at.eq(Some(now)))
        .returning(dsl::account_id)
        .get_result(tx.conn())
        .await
        .optional()?)
}

/// Forget tokens that are over.
///
/// # Errors
/// When the database cannot be reached.
pub async fn delete_old(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now;
    diesel::delete(table.filter(dsl::expires_at.lt(now))).execute(tx.conn()).await?;
    Ok(())
}
