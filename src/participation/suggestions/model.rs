use std::cmp::Reverse;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::organisation::gaps::CompetencyGap;
use crate::participation::nominations::{Check, CheckVerdict, Offering, worst};

/// An offering that closes gaps of the person, and what the checks say.
pub struct Suggestion {
    pub offering: Offering,
    pub closes: Vec<CompetencyGap>,
    pub checks: Vec<Check>,
}

impl Suggestion {
    /// Place in the list. Good ones first: fewer failing checks, fewer warnings, more gaps closed, the earlier start.
    pub fn rank(&self) -> (usize, usize, Reverse<usize>, NaiveDate, Uuid) {
        let having = |verdict| self.checks.iter().filter(|c| c.verdict == verdict).count();
        (
            having(CheckVerdict::Fail),
            having(CheckVerdict::Warning),
            Reverse(self.closes.len()),
            self.offering.first_day(),
            self.offering.id,
        )
    }

    /// Whether the person could be nominated now.
    pub fn fits(&self) -> bool {
        worst(&self.checks) != CheckVerdict::Fail
    }
}
