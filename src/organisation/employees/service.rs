use serde_json::json;
use uuid::Uuid;

use super::model::{Change, Draft, Employee, check_dates};
use super::queries::{self, Filter};
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result};
use crate::organisation::{positions, units};
use crate::page::{Page, PageRequest};
use crate::version::Expected;

pub use super::batch::upsert;

/// One page of employees, in the Vietnamese order of names.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Employee>> {
    queries::list(tx, filter, page).await
}

/// One employee.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Employee> {
    queries::get(tx, id).await
}

/// Create an employee.
///
/// # Errors
/// [`crate::error::Rule::CodeTaken`], [`crate::error::Rule::EmailTaken`]; an unknown unit or position; dates in the
/// wrong order.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Employee> {
    let faults = check_dates(draft.birth_date, draft.joined_on);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    units::find_visible(tx, draft.unit_id).await.referenced_at("/unit_id")?;
    positions::find(tx, draft.job_position_id).await.referenced_at("/job_position_id")?;
    let employee = queries::insert(tx, &draft).await?;
    announce(tx, "employee.created", &employee);
    Ok(employee)
}

/// Change an employee.
///
/// # Errors
/// [`Error::Stale`]; [`crate::error::Rule::EmailTaken`]; an unknown unit or position; dates in the wrong order.
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<Employee> {
    let employee = queries::get(tx, id).await?;
    expected.check(employee.version)?;
    let faults = check_dates(
        change.birth_date.unwrap_or(employee.birth_date),
        change.joined_on.unwrap_or(employee.joined_on),
    );
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if let Some(unit) = change.unit_id {
        units::find_visible(tx, unit).await.referenced_at("/unit_id")?;
    }
    if let Some(position) = change.job_position_id {
        positions::find(tx, position).await.referenced_at("/job_position_id")?;
    }
    let change = change.with_derived(&employee.code);
    let employee = queries::update(tx, &employee, change).await?;
    announce(tx, "employee.updated", &employee);
    Ok(employee)
}

fn announce(tx: &mut Tx<'_>, kind: &'static str, employee: &Employee) {
    tx.emit(
        kind,
        employee.id,
        &json!({
            "code": employee.code, "unit_id": employee.unit_id,
            "job_position_id": employee.job_position_id, "status": employee.status
        }),
    );
}
