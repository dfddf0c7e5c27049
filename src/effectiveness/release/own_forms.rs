//! The learners' own named forms of a release: tests before and after, and ratings of oneself.

use chrono::Days;
use serde_json::Value;

use super::model::Release;
use super::queries;
use crate::db::Tx;
use crate::effectiveness::measures::knowledge::Knowledge;
use crate::effectiveness::measures::self_rating::SelfRating;
use crate::effectiveness::measures::{Measure, to_stored};
use crate::error::Result;

/// What an offering's learners' own forms come to on its day of release, as stored; none for a measure of other forms.
///
/// # Errors
/// When the database cannot be reached.
pub async fn added_up(tx: &mut Tx<'_>, release: Release) -> Result<Option<Value>> {
    if !matches!(release.measure, Measure::Knowledge | Measure::SelfRating) {
        return Ok(None);
    }
    let learners = queries::learners(tx, release.offering_id, release.on - Days::new(1)).await?;
    let stored = match release.measure {
        Measure::Knowledge => to_stored(&Knowledge::of(&learners)),
        _ => to_stored(&SelfRating::of(&learners)),
    };
    stored.map(Some)
}
