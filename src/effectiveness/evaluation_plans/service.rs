use uuid::Uuid;

use super::model::{Plan, PlannedPeople, SpreadOfChange, WantedChange};
use super::queries;
use super::registration::{self, Registration};
use crate::catalogue::offerings;
use crate::db::Tx;
use crate::effectiveness::expected_effects;
use crate::effectiveness::release;
use crate::error::{Error, Result};

/// What the evaluation of an offering could show, as planned today, and what was registered when it began.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<(Plan, Option<Registration>)> {
    let offering = offerings::find_visible(tx, offering_id).await?;
    let facts = queries::facts(tx, &[offering.id]).await?.pop().ok_or(Error::NotFound("offering"))?;
    let declared = expected_effects::of_offerings(tx, &[offering_id]).await?.remove(&offering_id);
    let today = tx.today();
    let spread = SpreadOfChange::of(release::spread_of_change(tx, today).await?);
    let wanted = WantedChange::of(&declared.unwrap_or_default(), facts.smallest_change);
    let plan = Plan::of(offering_id, PlannedPeople::of(&facts, today), spread, wanted);
    Ok((plan, registration::of_offering(tx, offering_id).await?))
}
