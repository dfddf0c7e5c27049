//! The trained of an offering and the colleagues matched to them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use statistics::{PairSums, Raters, ScoreSums};

/// The two groups of one offering (or of a unit's quarter) that are compared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Before and after, of the trained who have a match.
    pub trained: PairSums,
    /// Before and after, of the colleagues matched to them.
    pub comparison: PairSums,
    /// Baselines of the colleagues who were not rated again.
    pub comparison_lost: ScoreSums,
    /// Colleagues rated before about whom a follow-up was delivered and not waived.
    #[serde(default)]
    pub comparison_due: usize,
    /// Of `trained`, those rated by two different people.
    #[serde(default)]
    pub rater_changed: usize,
    /// Of `trained`, those whose official score was at the ceiling before.
    #[serde(default)]
    pub at_ceiling: usize,
    /// Whether only a lot decided who was trained and who is in the comparison group.
    #[serde(default)]
    pub by_lot: bool,
    /// Who rated the trained, and who the colleagues.
    pub raters: [Raters<Uuid>; 2],
    /// Those of `trained` by the same rater, as far as they may be shown.
    #[serde(default)]
    pub same_rater: PairSums,
    /// Baselines of the trained who were not rated again.
    #[serde(default)]
    pub lost: ScoreSums,
}

impl Compared {
    /// Put the people of another offering of a unit to these.
    pub fn merge(&mut self, other: &Self) {
        let is_empty = (self.trained.n, self.comparison.n) == (0, 0);
        self.by_lot = other.by_lot && (self.by_lot || is_empty);
        self.trained.merge(&other.trained);
        self.comparison.merge(&other.comparison);
        self.comparison_lost.merge(&other.comparison_lost);
        self.comparison_due += other.comparison_due;
        self.rater_changed += other.rater_changed;
        self.at_ceiling += other.at_ceiling;
        self.same_rater.merge(&other.same_rater);
        self.lost.merge(&other.lost);
        self.raters.iter_mut().zip(&other.raters).for_each(|(own, others)| own.merge(others));
    }
}
