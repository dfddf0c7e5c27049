use serde_json::json;
use uuid::Uuid;

use super::model::{Absence, Draft};
use super::queries::{self, Filter};
use crate::db::Tx;
use crate::error::{ReferenceExt, Result};
use crate::organisation::{employees, units};
use crate::page::{Page, PageRequest};
use crate::version::Expected;

/// One page of absences, newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Absence>> {
    queries::list(tx, filter, page).await
}

/// One absence.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Absence> {
    queries::get(tx, id).await
}

/// Record an absence. It is a fact, so it is taken even where too few stay at work; but whoever counts the present
/// people of the unit waits until it is written.
///
/// # Errors
/// [`crate::error::Rule::AbsenceOverlaps`]; an unknown employee; an end before the start.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Absence> {
    draft.check()?;
    let employee = employees::find_visible(tx, draft.employee_id).await.referenced_at("/employee_id")?;
    units::lock_presence(tx, employee.unit_id).await?;
    let absence = queries::insert(tx, draft).await?;
    announce(tx, "absence.created", &absence);
    Ok(absence)
}

/// Remove an absence.
///
/// # Errors
/// [`crate::error::Error::Stale`]; not found outside the caller's reach.
pub async fn delete(tx: &mut Tx<'_>, id: Uuid, expected: &Expected) -> Result<()> {
    let absence = queries::get(tx, id).await?;
    expected.check(absence.version)?;
    queries::delete(tx, &absence).await?;
    announce(tx, "absence.deleted", &absence);
    Ok(())
}

/// Why somebody is away is personal: the event does not say.
fn announce(tx: &mut Tx<'_>, kind: &'static str, absence: &Absence) {
    tx.emit(
        kind,
        absence.id,
        &json!({
            "employee_id": absence.employee_id, "first_half_day": absence.first_half_day,
            "last_half_day": absence.last_half_day
        }),
    );
}
