use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::model::{Draft, NamedRequirement};
use super::queries;
use crate::db::Tx;
use crate::error::{ReferenceExt, Result};
use crate::organisation::{competencies, positions};
use crate::page::{Page, PageRequest};

/// One page of a position's requirements: those valid on a day (today unless given), or all of them.
///
/// # Errors
/// Not found: the position.
pub async fn list(
    tx: &mut Tx<'_>,
    job_position_id: Uuid,
    as_of: Option<NaiveDate>,
    history: bool,
    page: &PageRequest,
) -> Result<Page<NamedRequirement>> {
    positions::find(tx, job_position_id).await?;
    let as_of = (!history).then(|| as_of.unwrap_or_else(|| tx.today()));
    queries::list(tx, job_position_id, as_of, page).await
}

/// Add a requirement. An open one for the same competency that began earlier ends where the new one begins.
///
/// # Errors
/// Not found: the position; an unknown competency; [`crate::error::Rule::RequirementOverlaps`].
pub async fn create(tx: &mut Tx<'_>, job_position_id: Uuid, draft: Draft) -> Result<NamedRequirement> {
    draft.check()?;
    let position = positions::find(tx, job_position_id).await?;
    let competency = competencies::find(tx, draft.competency_id).await.referenced_at("/competency_id")?;
    let ended = queries::end_open(tx, position.id, competency.id, draft.valid_from).await?;
    let requirement = queries::insert(tx, position.id, draft).await?;
    for id in ended {
        tx.emit(
            "requirement.ended",
            id,
            &json!({"job_position_id": position.id, "valid_to": requirement.valid_from}),
        );
    }
    tx.emit(
        "requirement.created",
        requirement.id,
        &json!({"job_position_id": position.id, "competency_id": competency.id}),
    );
    Ok(NamedRequirement { requirement, competency_code: competency.code, competency_name: competency.name })
}
