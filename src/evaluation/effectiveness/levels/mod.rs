//! What learners' own named forms come to: what they knew before and after (level 2), and how they rate themselves
//! (context of grade C, which never feeds level 3 or 4).
//!
//! Told of offerings and never by unit, as reactions are: a unit sends one or two people to an offering, and what would
//! hide them there (quarters and the lattice) is worth its price for the headline only.

mod forms;
mod knowledge;
mod queries;
mod self_rating;

use chrono::Days;
use serde_json::Value;

use super::model::{Measure, Release};
use super::stored::to_stored;
use crate::db::Tx;
use crate::error::Result;

pub use knowledge::{Knowledge, KnowledgeFigures};
pub use self_rating::{SelfRating, SelfRatingFigures};

/// What learners' own forms came to, of one offering or of several put together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Levels {
    /// Tests before and after.
    pub knowledge: Knowledge,
    /// Ratings of oneself.
    pub self_rating: SelfRating,
}

impl Levels {
    /// Put another offering to these, `alone` where it is the whole subject: otherwise, if it has one to four people, it
    /// stands in no total, from which it could be told by subtraction.
    pub fn add(&mut self, other: &Self, alone: bool) {
        if alone {
            self.knowledge.merge(&other.knowledge);
            self.self_rating.merge(&other.self_rating);
        } else {
            self.knowledge.merge(&other.knowledge.for_totals());
            self.self_rating.merge(&other.self_rating.for_totals());
        }
    }
}

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
