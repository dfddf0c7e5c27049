//! How many people there were at each step of an offering.

use serde::{Deserialize, Serialize};

use super::model::count;
use statistics::thresholds::WEAKNESS_MAJORITY;

/// How many there were at each step, trained people unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Flow {
    /// Took part and did not withdraw.
    pub participants: usize,
    /// Rated before the course.
    pub baseline_answered: usize,
    /// Follow-ups delivered and not waived.
    pub follow_up_due: usize,
    /// Follow-ups validly answered.
    pub follow_up_answered: usize,
    /// Follow-ups waived: left, retired, moved.
    pub lost: usize,
    /// Of the pairs, those rated by two different people.
    pub rater_changed: usize,
    /// Measured before and after, but with different instruments.
    pub instrument_changed: usize,
    /// Of the official scores, those that count in another offering.
    #[serde(default)]
    pub counted_elsewhere: usize,
    /// Rated themselves before and after.
    pub self_pairs: usize,
    /// Nominated for a weakness.
    pub for_weakness: usize,
    /// Baselines at the ceiling of the official score.
    pub at_ceiling: usize,
    /// Offerings with at least one pair.
    pub offerings: usize,
    /// Pairs left out of a total, because it would give a group of one to four people away.
    pub withheld: usize,
    /// Pairs of offerings whose window is still open.
    pub awaiting: usize,
}

impl Flow {
    /// Whether most were nominated for a weakness.
    pub fn is_mostly_for_weakness(&self) -> bool {
        self.for_weakness as f64 > WEAKNESS_MAJORITY * self.participants as f64
    }

    /// The counts when so many pairs are left out: nothing of what was measured.
    #[must_use]
    pub fn withholding(self, pairs: i64) -> Self {
        Self { offerings: 0, rater_changed: 0, at_ceiling: 0, ..self.leaving_out(pairs) }
    }

    /// The counts when so many pairs are left out beside others.
    pub fn leaving_out(self, pairs: i64) -> Self {
        Self { withheld: self.withheld + count(pairs), ..self }
    }

    /// Put other people's counts to these.
    pub fn merge(&mut self, other: &Self) {
        self.participants += other.participants;
        self.baseline_answered += other.baseline_answered;
        self.follow_up_due += other.follow_up_due;
        self.follow_up_answered += other.follow_up_answered;
        self.lost += other.lost;
        self.rater_changed += other.rater_changed;
        self.instrument_changed += other.instrument_changed;
        self.counted_elsewhere += other.counted_elsewhere;
        self.self_pairs += other.self_pairs;
        self.for_weakness += other.for_weakness;
        self.at_ceiling += other.at_ceiling;
        self.offerings += other.offerings;
        self.withheld += other.withheld;
        self.awaiting += other.awaiting;
    }
}
