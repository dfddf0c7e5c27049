use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Delegation, Draft};
use crate::db::Tx;
use crate::db::schema::{delegations, unit_ancestors};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};
use crate::tokens;

type Boxed = delegations::BoxedQuery<'static, diesel::pg::Pg>;

/// Those of one's units, those one gave, and those one was given.
fn visible(tx: &Tx<'_>) -> Boxed {
    let all = delegations::table.into_boxed();
    if tx.reach.all {
        return all;
    }
    let mine =
        delegations::principal_account_id.eq(tx.actor.id).or(delegations::deputy_account_id.eq(tx.actor.id));
    let below = unit_ancestors::table
        .filter(unit_ancestors::ancestor_id.eq_any(tx.reach.unit_ids.clone()))
        .select(unit_ancestors::unit_id);
    all.filter(mine.or(delegations::unit_id.eq_any(below)))
}

pub async fn list(tx: &mut Tx<'_>, unit_id: Option<Uuid>, page: &PageRequest) -> Result<Page<Delegation>> {
    let mut query = visible(tx);
    if let Some(unit) = unit_id {
        query = query.filter(delegations::unit_id.eq(unit));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(delegations::id.lt(after));
    }
    let rows = query
        .order(delegations::id.desc())
        .limit(page.rows_to_read())
        .select(Delegation::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |d| Position::id(d.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Delegation> {
    visible(tx)
        .filter(delegations::id.eq(id))
        .select(Delegation::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("delegation"))
}

/// Whether a unit is one of those, or below one.
pub async fn is_below(tx: &mut Tx<'_>, unit_id: Uuid, tops: &[Uuid]) -> Result<bool> {
    let found = unit_ancestors::table
        .filter(unit_ancestors::unit_id.eq(unit_id))
        .filter(unit_ancestors::ancestor_id.eq_any(tops));
    Ok(diesel::select(exists(found)).get_result(tx.conn()).await?)
}

pub async fn insert(tx: &mut Tx<'_>, draft: &Draft, deputy_account_id: Uuid) -> Result<Delegation> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(delegations::table)
        .values((
            delegations::id.eq(id),
            delegations::unit_id.eq(draft.unit_id),
            delegations::principal_account_id.eq(tx.actor.id),
            delegations::deputy_account_id.eq(deputy_account_id),
            delegations::reason.eq(&draft.reason),
            delegations::valid_from.eq(draft.valid_from),
            delegations::valid_to.eq(draft.valid_to),
            delegations::created_at.eq(now),
            delegations::updated_at.eq(now),
        ))
        .returning(Delegation::as_returning())
        .get_result(tx.conn())
        .await?)
}

pub async fn revoke(tx: &mut Tx<'_>, before: &Delegation) -> Result<Delegation> {
    let now = tx.now;
    diesel::update(delegations::table.find(before.id).filter(delegations::version.eq(before.version)))
        .set((
            delegations::revoked_at.eq(Some(now)),
            delegations::version.eq(delegations::version + 1),
            delegations::updated_at.eq(now),
        ))
        .returning(Delegation::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?
        .ok_or(Error::Stale)
}

/// How many delegations for today or later one gave, or (`true`) was given.
pub async fn count_open(tx: &mut Tx<'_>, account_id: Uuid, as_deputy: bool) -> Result<i64> {
    let today = tx.today();
    let open = delegations::table
        .filter(delegations::revoked_at.is_null())
        .filter(delegations::valid_to.ge(today))
        .count()
        .into_boxed();
    let whose = if as_deputy {
        open.filter(delegations::deputy_account_id.eq(account_id))
    } else {
        open.filter(delegations::principal_account_id.eq(account_id))
    };
    Ok(whose.get_result(tx.conn()).await?)
}

/// Take back what others gave a deputy for a unit and does not work (they no longer head it): it must not be in the
/// way of a new one.
pub async fn clear(tx: &mut Tx<'_>, unit_id: Uuid, deputy: Uuid) -> Result<()> {
    let now = tx.now;
    let working: Vec<Uuid> =
        tokens::delegations::of_deputy(tx, deputy).await?.into_iter().map(|d| d.id).collect();
    diesel::update(
        delegations::table
            .filter(delegations::unit_id.eq(unit_id))
            .filter(delegations::deputy_account_id.eq(deputy))
            .filter(delegations::revoked_at.is_null())
            .filter(delegations::id.ne_all(working)),
    )
    .set((
        delegations::revoked_at.eq(Some(now)),
        delegations::version.eq(delegations::version + 1),
        delegations::updated_at.eq(now),
    ))
    .execute(tx.conn())
    .await?;
    Ok(())
}
