use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Delegation, Draft};
use crate::db::schema::{delegations, unit_ancestors};
use crate::db::{Tx, within_reach};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};
use crate::tokens;

within_reach! {
    /// Those of one's units, those one gave, and those one was given.
    fn visible(tx, delegations) {
        units: unit_id,
        own: principal_account_id = Some(tx.actor.id),
        own: deputy_account_id = Some(tx.actor.id),
    }
}

pub async fn list(tx: &mut Tx<'_>, unit_id: Option<Uuid>, page: &PageRequest) -> Result<Page<Delegation>> {
    // Of the unit itself, without those below.
    let rows = listed(tx, None, page, |query, _| match unit_id {
        Some(unit) => query.filter(delegations::unit_id.eq(unit)),
        None => query,
    });
    let rows = rows.select(Delegation::as_select()).load(tx.conn()).await?;
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
