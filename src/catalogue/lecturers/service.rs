use serde_json::json;
use uuid::Uuid;

use super::model::{Change, Draft, Lecturer};
use super::queries::{self, Filter};
use crate::access::Permission;
use crate::catalogue::institutes;
use crate::db::Tx;
use crate::error::Result;
use crate::page::{Page, PageRequest};
use crate::patch::unchanged;
use crate::version::Expected;

/// One page of lecturers.
pub async fn list(tx: &mut Tx<'_>, filter: Filter, page: &PageRequest) -> Result<Page<Lecturer>> {
    queries::list(tx, filter, page).await
}

/// One lecturer.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Lecturer> {
    queries::get(tx, id).await
}

/// Those of some lecturers who teach for an institute, as far as the caller sees.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_institute(tx: &mut Tx<'_>, institute_id: Uuid, ids: &[Uuid]) -> Result<Vec<Lecturer>> {
    queries::of_institute(tx, institute_id, ids).await
}

/// Enter a lecturer of the caller's institute.
///
/// # Errors
/// A degree below what the role requires.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Lecturer> {
    let institute = institutes::own(tx, Permission::LecturerManage).await?;
    draft.role.check_degree(draft.degree)?;
    let lecturer = queries::insert(tx, institute.id, draft).await?;
    tx.emit("lecturer.created", lecturer.id, &event_data(&lecturer));
    Ok(lecturer)
}

/// Change a lecturer.
///
/// # Errors
/// [`crate::error::Error::Stale`]; a degree below what the role requires, whichever of the two changed.
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<Lecturer> {
    let lecturer = queries::get(tx, id).await?;
    expected.check(lecturer.version)?;
    let role = change.role.unwrap_or(lecturer.role);
    role.check_degree(change.degree.unwrap_or(lecturer.degree))?;
    if unchanged!(&change, lecturer, Change { full_name, email, degree, role, subjects, is_active }) {
        return Ok(lecturer);
    }
    let lecturer = queries::update(tx, &lecturer, change).await?;
    tx.emit("lecturer.updated", lecturer.id, &event_data(&lecturer));
    Ok(lecturer)
}

fn event_data(lecturer: &Lecturer) -> serde_json::Value {
    json!({"institute_id": lecturer.institute_id, "is_active": lecturer.is_active})
}
