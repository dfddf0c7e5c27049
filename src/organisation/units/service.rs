use uuid::Uuid;

use super::model::{Change, Draft, Unit};
use super::queries::{self, Filter};
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result};
use crate::organisation::reach;
use crate::page::{Page, PageRequest};
use crate::patch::unchanged;
use crate::version::Expected;

pub use super::batch::{refuse, upsert};

/// One page of units.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Unit>> {
    queries::list(tx, filter, page).await
}

/// One unit.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Unit> {
    queries::get(tx, id).await
}

/// A unit and everything below it, with the depth of each.
///
/// # Errors
/// As [`get`].
pub async fn tree(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<(i32, Unit)>> {
    queries::get(tx, id).await?;
    queries::tree(tx, id).await
}

/// Create a unit.
///
/// # Errors
/// [`crate::error::Rule::CodeTaken`]; [`crate::error::Rule::UnitTooDeep`]; [`crate::error::Rule::HeadOfTooMany`]; an
/// unknown parent or head, or a head who left.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Unit> {
    check_head(tx, draft.head_employee_id).await?;
    let unit = queries::insert(tx, draft).await?;
    if unit.head_employee_id.is_some() {
        tx.takes_rights();
    }
    tx.emit("unit.created", unit.id, &serde_json::json!({"code": unit.code}));
    Ok(unit)
}

/// Change a unit; moving it moves everything below.
///
/// # Errors
/// [`crate::error::Error::Stale`]; [`crate::error::Rule::UnitBelowItself`]; [`crate::error::Rule::UnitTooDeep`];
/// [`crate::error::Rule::HeadOfTooMany`]; an unknown parent or head, or a head who left.
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<Unit> {
    let unit = queries::get(tx, id).await?;
    expected.check(unit.version)?;
    if let Some(Some(parent)) = change.parent_id {
        queries::get(tx, parent).await.referenced_at("/parent_id")?;
    }
    if unchanged!(&change, unit, Change { name, kind, parent_id, head_employee_id }) {
        return Ok(unit);
    }
    if let Some(head) = change.head_employee_id.filter(|head| *head != unit.head_employee_id) {
        check_head(tx, head).await?;
        tx.takes_rights();
    }
    let unit = queries::update(tx, &unit, change).await?;
    tx.emit("unit.updated", unit.id, &serde_json::json!({"code": unit.code}));
    Ok(unit)
}

/// Who left the ministry is not named head of anything.
async fn check_head(tx: &mut Tx<'_>, head: Option<Uuid>) -> Result<()> {
    let Some(head) = head else {
        return Ok(());
    };
    let left = reach::left_among(tx, &[head]).await?;
    if left.is_empty() { Ok(()) } else { Err(Error::field("/head_employee_id", "employee_left")) }
}

/// Make everybody who changes who is present in a unit take turns until the unit of work ends: coverage is counted,
/// and a count is only true while nobody else can add to it.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] when the turn does not come in time.
pub async fn lock_presence(tx: &mut Tx<'_>, unit_id: Uuid) -> Result<()> {
    tx.lock(&format!("presence {unit_id}")).await
}
