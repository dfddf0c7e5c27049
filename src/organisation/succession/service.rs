use serde_json::json;
use uuid::Uuid;

use super::model::{Change, Draft, SuccessionEntry, check_dates};
use super::queries::{self, Filter};
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result};
use crate::organisation::employees::{self, EmployeeStatus};
use crate::organisation::positions;
use crate::page::{Page, PageRequest};
use crate::patch::unchanged;
use crate::version::Expected;

/// One page of entries, newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<SuccessionEntry>> {
    queries::list(tx, filter, page).await
}

/// One entry.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<SuccessionEntry> {
    queries::get(tx, id).await
}

/// Put someone on a succession list.
///
/// # Errors
/// [`crate::error::Rule::SuccessionOverlaps`]; an unknown employee or position; somebody who left; an end that is not after the start.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<SuccessionEntry> {
    check_dates(draft.valid_from, draft.valid_to)?;
    let person = employees::find_visible(tx, draft.employee_id).await.referenced_at("/employee_id")?;
    if person.status == EmployeeStatus::Left {
        return Err(Error::field("/employee_id", "employee_left"));
    }
    positions::find(tx, draft.job_position_id).await.referenced_at("/job_position_id")?;
    let entry = queries::insert(tx, draft).await?;
    announce(tx, "succession_entry.created", &entry);
    Ok(entry)
}

/// Let an entry end earlier or later.
///
/// # Errors
/// [`crate::error::Error::Stale`]; [`crate::error::Rule::SuccessionOverlaps`]; an end that is not after the start.
pub async fn update(
    tx: &mut Tx<'_>,
    id: Uuid,
    expected: &Expected,
    change: Change,
) -> Result<SuccessionEntry> {
    let entry = queries::get(tx, id).await?;
    expected.check(entry.version)?;
    check_dates(entry.valid_from, change.valid_to.unwrap_or(entry.valid_to))?;
    if unchanged!(&change, entry, Change { valid_to }) {
        return Ok(entry);
    }
    let entry = queries::update(tx, &entry, change).await?;
    announce(tx, "succession_entry.updated", &entry);
    Ok(entry)
}

/// Few may know who is planned for what: an event says that an entry changed, and whoever may know reads it.
fn announce(tx: &mut Tx<'_>, kind: &'static str, entry: &SuccessionEntry) {
    tx.emit(kind, entry.id, &json!({"valid_from": entry.valid_from, "valid_to": entry.valid_to}));
}
