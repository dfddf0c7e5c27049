use serde_json::json;
use uuid::Uuid;

use super::model::{Change, Corrections, Draft, Employee, IdentityPurpose, check_person};
use super::queries::{self, Filter};
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result, Rule};
use crate::organisation::{positions, units};
use crate::page::{Page, PageRequest};
use crate::patch::unchanged;
use crate::version::Expected;

pub use super::batch::{refuse, upsert};

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

/// One employee with what is masked elsewhere. The reading is entered in the audit log, with its purpose: the unit of
/// work must be one that commits.
///
/// # Errors
/// Not found outside the caller's reach; the purpose `own_data` for somebody else.
pub async fn identity(tx: &mut Tx<'_>, id: Uuid, purpose: IdentityPurpose) -> Result<Employee> {
    let employee = queries::get(tx, id).await?;
    if purpose == IdentityPurpose::OwnData && tx.actor.employee_id != Some(id) {
        return Err(Error::field("?purpose", "not_applicable"));
    }
    tx.note_read("employee.identity_read", id, purpose.name());
    Ok(employee)
}

/// Create an employee.
///
/// # Errors
/// [`Rule::CodeTaken`], [`Rule::EmailTaken`], [`Rule::PersonalNumberTaken`]; an unknown unit or position; dates or a
/// personal number that do not fit.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Employee> {
    check_person(draft.birth_date, draft.joined_on, draft.personal_number.as_deref()).check()?;
    units::find_visible(tx, draft.unit_id).await.referenced_at("/unit_id")?;
    positions::find(tx, draft.job_position_id).await.referenced_at("/job_position_id")?;
    let employee = queries::insert(tx, &draft).await?;
    announce(tx, "employee.created", &employee);
    Ok(employee)
}

/// Change an employee.
///
/// # Errors
/// [`Error::Stale`]; [`Rule::EmailTaken`]; [`Rule::PersonalNumberTaken`]; [`Rule::EmployeeErased`]; an unknown unit or
/// position; dates or a personal number that do not fit.
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<Employee> {
    let employee = queries::get(tx, id).await?;
    expected.check(employee.version)?;
    if employee.erased_at.is_some() {
        return Err(Rule::EmployeeErased.into());
    }
    let number = change.personal_number.as_ref().unwrap_or(&employee.personal_number);
    check_person(
        change.birth_date.unwrap_or(employee.birth_date),
        change.joined_on.unwrap_or(employee.joined_on),
        number.as_deref(),
    )
    .check()?;
    if let Some(unit) = change.unit_id {
        units::find_visible(tx, unit).await.referenced_at("/unit_id")?;
    }
    if let Some(position) = change.job_position_id {
        positions::find(tx, position).await.referenced_at("/job_position_id")?;
    }
    if unchanged!(&change, employee, Change { full_name, email, phone, unit_id, job_position_id, category, status, birth_date, joined_on, personal_number, restricted } and no { name_key })
    {
        return Ok(employee);
    }
    let change = change.with_derived();
    if change.status.is_some() || change.unit_id.is_some() {
        tx.takes_rights();
    }
    let employee = queries::update(tx, &employee, change).await?;
    announce(tx, "employee.updated", &employee);
    Ok(employee)
}

/// Correct what a person says is wrong (Law 91/2025/QH15, Art. 4), under the rules of every change.
///
/// # Errors
/// As `update`.
pub async fn correct(tx: &mut Tx<'_>, id: Uuid, corrections: Corrections) -> Result<Employee> {
    update(tx, id, &Expected::any(), corrections.into()).await
}

/// Restrict what is done with a person's data to what the law assigns (Law 91/2025/QH15, Arts. 4 and 19).
///
/// # Errors
/// As `update`.
pub async fn restrict(tx: &mut Tx<'_>, id: Uuid) -> Result<Employee> {
    update(tx, id, &Expected::any(), Change { restricted: Some(true), ..Change::default() }).await
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
