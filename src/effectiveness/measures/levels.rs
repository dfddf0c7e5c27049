//! What learners' own named forms come to: what they knew before and after (level 2), and how they rate themselves
//! (context of grade C, which never feeds level 3 or 4).
//!
//! Shown by offering and never by unit, as reactions are: a unit sends one or two people to an offering, and what would
//! hide them there (quarters and `unit_disclosure`) is worth its price for the headline only.

use super::knowledge::Knowledge;
use super::self_rating::SelfRating;

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
    /// counts in no total, from which it could be found by subtraction.
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
