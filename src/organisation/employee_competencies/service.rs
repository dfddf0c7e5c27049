use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::model::{HeldCompetency, NamedCompetency, NewCompetency};
use super::queries;
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result};
use crate::organisation::{competencies, employees};
use crate::page::{Page, PageRequest};

/// One page of what an employee holds or held, newest first.
///
/// # Errors
/// Not found: the employee, outside the caller's reach.
pub async fn list(
    tx: &mut Tx<'_>,
    employee_id: Uuid,
    as_of: Option<NaiveDate>,
    page: &PageRequest,
) -> Result<Page<NamedCompetency>> {
    employees::find_visible(tx, employee_id).await?;
    queries::list(tx, employee_id, as_of, page).await
}

/// Record what an employee within reach holds.
///
/// # Errors
/// Not found: the employee; an unknown competency; dates in the wrong order.
pub async fn create(tx: &mut Tx<'_>, new: NewCompetency) -> Result<NamedCompetency> {
    new.check()?;
    employees::find_visible(tx, new.employee_id).await?;
    let competency = competencies::find(tx, new.competency_id).await.referenced_at("/competency_id")?;
    let held = add_all(tx, vec![new]).await?.pop().ok_or_else(|| Error::internal("nothing was added"))?;
    Ok(NamedCompetency { held, competency_code: competency.code, competency_name: competency.name })
}

/// Record what an employee now holds. Whoever calls has made sure that the employee may be changed.
///
/// # Errors
/// An unknown employee, competency or certificate.
pub async fn add(tx: &mut Tx<'_>, new: NewCompetency) -> Result<()> {
    add_all(tx, vec![new]).await.map(|_| ())
}

/// As [`add`], for many at once in one statement.
///
/// # Errors
/// As [`add`].
pub async fn add_all(tx: &mut Tx<'_>, new: Vec<NewCompetency>) -> Result<Vec<HeldCompetency>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let held = queries::insert(tx, new).await?;
    for row in &held {
        tx.emit(
            "employee_competency.created",
            row.id,
            &json!({
                "employee_id": row.employee_id, "competency_id": row.competency_id,
                "source": row.source, "certificate_id": row.certificate_id
            }),
        );
    }
    Ok(held)
}
