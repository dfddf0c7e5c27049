use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::model::{ExpectedEffect, ExpectedEffects};
use super::queries;
use crate::catalogue::offerings;
use crate::db::Tx;
use crate::error::Result;
use crate::version::Expected;

/// What is expected of an offering.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<ExpectedEffects> {
    let offering = offerings::find_visible(tx, offering_id).await?;
    let mut declared = queries::of_offerings(tx, &[offering_id]).await?;
    let (effects, version) = declared.remove(&offering_id).unwrap_or_default();
    Ok(ExpectedEffects { offering_id, frozen_on: offering.first_day(), effects, version })
}

/// Declare what is expected of an offering, in place of what was declared before.
///
/// # Errors
/// As [`get`]; [`crate::error::Error::Stale`]; [`crate::error::Rule::ExpectedEffectsFrozen`] from its first day on.
pub async fn replace(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    expected: &Expected,
    effects: Vec<ExpectedEffect>,
) -> Result<ExpectedEffects> {
    let declared = get(tx, offering_id).await?;
    expected.check(declared.version)?;
    declared.check_open(tx.today())?;
    queries::replace(tx, offering_id, &effects, declared.version).await?;
    tx.emit(
        "expected_effects.declared",
        offering_id,
        &json!({"offering_id": offering_id, "effects": &effects}),
    );
    Ok(ExpectedEffects { effects, version: declared.version + 1, ..declared })
}

/// What is expected of some offerings; of those that nothing was declared of, nothing. For reports, which look after
/// the caller's reach themselves.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_offerings(
    tx: &mut Tx<'_>,
    offering_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<ExpectedEffect>>> {
    let declared = queries::of_offerings(tx, offering_ids).await?;
    Ok(declared.into_iter().map(|(id, (effects, _))| (id, effects)).collect())
}
