use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, CoverageRule, Draft};
use crate::db::schema::coverage_rules;
use crate::db::{Tx, within_reach};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};

within_reach! {
    /// Rules of the units within reach.
    fn visible(tx, coverage_rules) {
        units: unit_id,
    }
}

pub async fn list(tx: &mut Tx<'_>, unit_id: Option<Uuid>, page: &PageRequest) -> Result<Page<CoverageRule>> {
    let rows = listed(tx, unit_id, page, |query, _| query);
    let rows = rows.select(CoverageRule::as_select()).load(tx.conn()).await?;
    Ok(Page::cut(rows, page, |r| Position::id(r.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<CoverageRule> {
    visible(tx)
        .filter(coverage_rules::id.eq(id))
        .select(CoverageRule::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("coverage_rule"))
}

pub async fn insert(tx: &mut Tx<'_>, draft: Draft) -> Result<CoverageRule> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(coverage_rules::table)
        .values((
            coverage_rules::id.eq(id),
            coverage_rules::unit_id.eq(draft.unit_id),
            coverage_rules::position_group.eq(draft.position_group),
            coverage_rules::minimum_present.eq(draft.minimum_present),
            coverage_rules::created_at.eq(now),
            coverage_rules::updated_at.eq(now),
        ))
        .returning(CoverageRule::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Change a rule that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, rule: &CoverageRule, change: Change) -> Result<CoverageRule> {
    let now = tx.now;
    diesel::update(
        coverage_rules::table
            .filter(coverage_rules::id.eq(rule.id))
            .filter(coverage_rules::version.eq(rule.version)),
    )
    .set((change, coverage_rules::version.eq(rule.version + 1), coverage_rules::updated_at.eq(now)))
    .returning(CoverageRule::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}

/// Remove a rule that still has the version that was read.
pub async fn delete(tx: &mut Tx<'_>, rule: &CoverageRule) -> Result<()> {
    let gone = diesel::delete(
        coverage_rules::table
            .filter(coverage_rules::id.eq(rule.id))
            .filter(coverage_rules::version.eq(rule.version)),
    )
    .execute(tx.conn())
    .await?;
    if gone == 1 { Ok(()) } else { Err(Error::Stale) }
}
