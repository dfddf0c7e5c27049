use chrono::{DateTime, Utc};
use diesel::dsl::{max, sum};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;

use super::model::{Failures, History, KNOWN_FOR, WINDOW};
use crate::db::Tx;
use crate::db::schema::login_attempts::{dsl, table};
use crate::error::Result;

type Row = (i32, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// What is known of a name and an address. Those who try the same pair at once wait for each other, so that many
/// guesses side by side are counted like guesses in a row.
pub async fn history(tx: &mut Tx<'_>, name: &[u8], address: &[u8]) -> Result<History> {
    let since = tx.now - WINDOW;
    diesel::insert_into(table)
        .values((dsl::name_hash.eq(name), dsl::address_hash.eq(address), dsl::failures.eq(0)))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    let (failures, last, succeeded): Row = table
        .find((name, address))
        .select((dsl::failures, dsl::last_failed_at, dsl::last_succeeded_at))
        .for_update()
        .first(tx.conn())
        .await?;
    let recent = table.filter(dsl::last_failed_at.gt(since));
    let together = (sum(dsl::failures), max(dsl::last_failed_at));
    let by_name: (Option<i64>, Option<DateTime<Utc>>) =
        recent.filter(dsl::name_hash.eq(name)).select(together).first(tx.conn()).await?;
    let by_address: (Option<i64>, Option<DateTime<Utc>>) =
        recent.filter(dsl::address_hash.eq(address)).select(together).first(tx.conn()).await?;
    let counted = |(count, last): (Option<i64>, _)| Failures { count: count.unwrap_or(0), last };
    Ok(History {
        pair: Failures { count: i64::from(failures), last },
        name: counted(by_name),
        address: counted(by_address),
        succeeded,
    })
}

/// Count an attempt as failed, until it turns out to be right. Failures of long ago no longer count.
pub async fn fail(tx: &mut Tx<'_>, name: &[u8], address: &[u8], so_far: Failures) -> Result<()> {
    let now = tx.now;
    let recent = so_far.last.is_some_and(|at| at + WINDOW > now);
    let count = if recent { i32::try_from(so_far.count).unwrap_or(i32::MAX) } else { 0 };
    diesel::update(table.find((name, address)))
        .set((dsl::failures.eq(count.saturating_add(1)), dsl::last_failed_at.eq(Some(now))))
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn succeed(tx: &mut Tx<'_>, name: &[u8], address: &[u8]) -> Result<()> {
    let now = tx.now;
    diesel::update(table.find((name, address)))
        .set((dsl::failures.eq(0), dsl::last_succeeded_at.eq(Some(now))))
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn delete_old(tx: &mut Tx<'_>) -> Result<()> {
    let (failed, succeeded) = (tx.now - WINDOW, tx.now - KNOWN_FOR);
    diesel::delete(
        table
            .filter(dsl::last_failed_at.is_null().or(dsl::last_failed_at.le(failed)))
            .filter(dsl::last_succeeded_at.is_null().or(dsl::last_succeeded_at.le(succeeded))),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
