use serde_json::json;
use uuid::Uuid;

use super::model::{Change, Competency, Draft};
use super::queries::{self, Filter};
use crate::db::Tx;
use crate::error::Result;
use crate::page::{Page, PageRequest};
use crate::patch::unchanged;
use crate::version::Expected;

/// One page of competencies.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Competency>> {
    queries::list(tx, filter, page).await
}

/// One competency, whatever the caller's reach.
///
/// # Errors
/// Not found.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Competency> {
    queries::get(tx, id).await
}

/// Create a competency.
///
/// # Errors
/// [`crate::error::Rule::CodeTaken`].
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Competency> {
    let competency = queries::insert(tx, draft).await?;
    tx.emit("competency.created", competency.id, &json!({"code": competency.code}));
    Ok(competency)
}

/// Change a competency.
///
/// # Errors
/// [`crate::error::Error::Stale`].
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<Competency> {
    let competency = queries::get(tx, id).await?;
    expected.check(competency.version)?;
    if unchanged!(&change, competency, Change { name, content_area, description }) {
        return Ok(competency);
    }
    let competency = queries::update(tx, &competency, change).await?;
    tx.emit("competency.updated", competency.id, &json!({"code": competency.code}));
    Ok(competency)
}
