use serde_json::json;
use uuid::Uuid;

use super::model::{Change, CoverageRule, Draft};
use super::queries;
use crate::db::Tx;
use crate::error::{ReferenceExt, Result};
use crate::organisation::units;
use crate::page::{Page, PageRequest};
use crate::patch::unchanged;
use crate::version::Expected;

/// One page of rules, newest first.
pub async fn list(tx: &mut Tx<'_>, unit_id: Option<Uuid>, page: &PageRequest) -> Result<Page<CoverageRule>> {
    queries::list(tx, unit_id, page).await
}

/// One rule.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<CoverageRule> {
    queries::get(tx, id).await
}

/// Create a rule.
///
/// # Errors
/// [`crate::error::Rule::CoverageRuleExists`]; an unknown unit.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<CoverageRule> {
    units::find_visible(tx, draft.unit_id).await.referenced_at("/unit_id")?;
    let rule = queries::insert(tx, draft).await?;
    announce(tx, "coverage_rule.created", &rule);
    Ok(rule)
}

/// Change a rule.
///
/// # Errors
/// [`crate::error::Error::Stale`]; not found outside the caller's reach.
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<CoverageRule> {
    let rule = queries::get(tx, id).await?;
    expected.check(rule.version)?;
    if unchanged!(&change, rule, Change { minimum_present }) {
        return Ok(rule);
    }
    let rule = queries::update(tx, &rule, change).await?;
    announce(tx, "coverage_rule.updated", &rule);
    Ok(rule)
}

/// Remove a rule.
///
/// # Errors
/// As [`update`].
pub async fn delete(tx: &mut Tx<'_>, id: Uuid, expected: &Expected) -> Result<()> {
    let rule = queries::get(tx, id).await?;
    expected.check(rule.version)?;
    queries::delete(tx, &rule).await?;
    announce(tx, "coverage_rule.deleted", &rule);
    Ok(())
}

fn announce(tx: &mut Tx<'_>, kind: &'static str, rule: &CoverageRule) {
    tx.emit(
        kind,
        rule.id,
        &json!({
            "unit_id": rule.unit_id, "position_group": rule.position_group,
            "minimum_present": rule.minimum_present
        }),
    );
}
