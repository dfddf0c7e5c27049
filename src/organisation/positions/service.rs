use serde_json::json;
use uuid::Uuid;

use super::model::{Change, Draft, JobPosition};
use super::queries::{self, Filter};
use crate::db::Tx;
use crate::error::Result;
use crate::page::{Page, PageRequest};
use crate::patch::unchanged;
use crate::version::Expected;

/// One page of job positions.
pub async fn list(tx: &mut Tx<'_>, filter: Filter, page: &PageRequest) -> Result<Page<JobPosition>> {
    queries::list(tx, filter, page).await
}

/// One job position, whatever the caller's reach.
///
/// # Errors
/// Not found.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<JobPosition> {
    queries::get(tx, id).await
}

/// Create a job position.
///
/// # Errors
/// [`crate::error::Rule::CodeTaken`].
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<JobPosition> {
    let position = queries::insert(tx, draft).await?;
    tx.emit("job_position.created", position.id, &json!({"code": position.code}));
    Ok(position)
}

/// Change a job position.
///
/// # Errors
/// [`crate::error::Error::Stale`].
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<JobPosition> {
    let position = queries::get(tx, id).await?;
    expected.check(position.version)?;
    if unchanged!(
        &change,
        position,
        Change { name, position_group, is_leadership, max_consecutive_absence_days }
    ) {
        return Ok(position);
    }
    let position = queries::update(tx, &position, change).await?;
    tx.emit("job_position.updated", position.id, &json!({"code": position.code}));
    Ok(position)
}
