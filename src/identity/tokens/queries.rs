use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::schema::client_assertions::{dsl, table};
use crate::error::Result;

/// Remember that a client used an assertion; false when it was used before.
pub async fn use_assertion(
    tx: &mut Tx<'_>,
    account_id: Uuid,
    jti_hash: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<bool> {
    let inserted = diesel::insert_into(table)
        .values((dsl::account_id.eq(account_id), dsl::jti_hash.eq(jti_hash), dsl::expires_at.eq(expires_at)))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(inserted == 1)
}

/// Forget assertions that have expired by themselves, and revocations of tokens that have.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_used(tx: &mut Tx<'_>) -> Result<()> {
    use crate::db::schema::revocations;
    let now = tx.now;
    diesel::delete(table.filter(dsl::expires_at.lt(now))).execute(tx.conn()).await?;
    diesel::delete(revocations::table.filter(revocations::expires_at.lt(now))).execute(tx.conn()).await?;
    Ok(())
}
