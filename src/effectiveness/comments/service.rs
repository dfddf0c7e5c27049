use uuid::Uuid;

use super::model::{Comments, comments};
use crate::catalogue::offerings;
use crate::db::Tx;
use crate::effectiveness::measures::Measure;
use crate::effectiveness::release::{reactions, released};
use crate::error::Result;

/// What learners wrote of an offering, from the day on which its reactions are released.
///
/// # Errors
/// Not found for an offering outside the caller's reach.
pub async fn read(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Comments> {
    offerings::find_visible(tx, offering_id).await?;
    let today = tx.today();
    let released = released(tx, today, &[offering_id], &[Measure::Reaction]).await?.remove(&offering_id);
    let counted = released.and_then(|released| released.reaction).map(|tally| tally.answered);
    let (forms, _) = reactions(tx, offering_id).await?;
    Ok(comments(offering_id, counted, &forms))
}
