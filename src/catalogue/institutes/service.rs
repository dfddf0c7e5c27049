use serde_json::json;
use uuid::Uuid;

use super::model::{Action, Change, Draft, Institute};
use super::queries::{self, Filter};
use crate::access::Permission;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest};
use crate::version::Expected;

/// One page of institutes.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Institute>> {
    queries::list(tx, filter, page).await
}

/// One institute.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn find_visible(tx: &mut Tx<'_>, id: Uuid) -> Result<Institute> {
    queries::get(tx, id).await
}

/// The institute that the caller works for.
///
/// # Errors
/// [`Error::Forbidden`] when there is none: the permission means nothing without an institute.
pub async fn own(tx: &mut Tx<'_>, permission: Permission) -> Result<Institute> {
    let id = tx.reach.institute_id.ok_or(Error::Forbidden(permission))?;
    queries::get(tx, id).await
}

/// Register an institute; it organises nothing before it is approved.
///
/// # Errors
/// [`crate::error::Rule::CodeTaken`].
pub async fn apply(tx: &mut Tx<'_>, draft: Draft) -> Result<Institute> {
    let institute = queries::insert(tx, draft).await?;
    tx.emit("institute.applied", institute.id, &told(&institute));
    Ok(institute)
}

/// Change an institute's contact.
///
/// # Errors
/// [`Error::Stale`]; not found outside the caller's reach.
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<Institute> {
    let institute = queries::get_for_change(tx, id).await?;
    expected.check(institute.version)?;
    let institute = queries::update(tx, &institute, change).await?;
    tx.emit("institute.updated", institute.id, &told(&institute));
    Ok(institute)
}

/// Approve (by a decision), suspend or close an institute.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] where the transition table has no such step.
pub async fn act(
    tx: &mut Tx<'_>,
    id: Uuid,
    action: Action,
    decision_number: Option<String>,
) -> Result<Institute> {
    let institute = queries::get_for_change(tx, id).await?;
    let change =
        Change { status: Some(institute.status.step(action)?), decision_number, ..Change::default() };
    let institute = queries::update(tx, &institute, change).await?;
    tx.emit(action.event(), institute.id, &told(&institute));
    Ok(institute)
}

fn told(institute: &Institute) -> serde_json::Value {
    json!({"code": institute.code, "status": institute.status})
}
