//! What the attacker wants to know, and what he knows: one equation for each published figure.

use std::collections::{BTreeMap, BTreeSet};

/// What about somebody is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A trained person's rating before the course.
    Before,
    /// By how much it changed in three months.
    ThreeMonths,
    /// By how much it changed in six months.
    SixMonths,
    /// By how much the rating of an untrained colleague changed.
    Colleague,
    /// The score of an anonymous form.
    Form,
    /// A trained person's test before the course, percent.
    Test,
    /// By how much it changed.
    Learned,
    /// By how much somebody's rating of oneself changed in three months.
    Own,
    /// By how much somebody looks back on a worse self than was rated.
    Shift,
    /// The square of one of these, of which intervals and effect sizes tell sums: by its number.
    Squared(u8),
}

/// The square of a rating before the course.
pub const BEFORE_SQUARED: Kind = Kind::Squared(0);
/// The square of a test before the course.
pub const TEST_SQUARED: Kind = Kind::Squared(5);

impl Kind {
    /// The kind of its square.
    pub fn squared(self) -> Self {
        match self {
            Self::Before => BEFORE_SQUARED,
            Self::ThreeMonths => Self::Squared(1),
            Self::SixMonths => Self::Squared(2),
            Self::Colleague => Self::Squared(3),
            Self::Form => Self::Squared(4),
            Self::Test => TEST_SQUARED,
            Self::Learned => Self::Squared(6),
            Self::Own => Self::Squared(7),
            Self::Shift => Self::Squared(8),
            Self::Squared(number) => Self::Squared(number),
        }
    }
}

/// One number the attacker does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unknown {
    pub kind: Kind,
    /// Whose it is: place among the trained, the colleagues or the forms.
    pub who: usize,
}

/// Unknowns with their weights, sorted: the left side of an equation.
pub type Weights = Vec<(Unknown, i64)>;

/// Everybody of a group, once.
pub fn all(kind: Kind, group: &[usize]) -> Weights {
    weighted(kind, group, 1)
}

/// Everybody of a group, with a weight.
pub fn weighted(kind: Kind, group: &[usize], weight: i64) -> Weights {
    group.iter().map(|who| (Unknown { kind, who: *who }, weight)).collect()
}

/// All equations the attacker has, each once. Sums of squares he may know or not: they count as known, without a value.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    pub equations: BTreeMap<Weights, Option<f64>>,
    /// Figures read.
    pub figures: usize,
}

impl Knowledge {
    /// Learn that a weighted sum has a value. Scores are whole ten-thousandths, and so are their sums.
    pub fn learn(&mut self, mut weights: Weights, sum: Option<f64>) {
        weights.sort_unstable();
        if !weights.is_empty() {
            let exact = sum.map(|sum| (sum * 10_000.0).round() / 10_000.0);
            self.equations.insert(weights, exact);
        }
    }

    /// The sets of one kind whose plain sum is known.
    fn sets(&self, kind: Kind) -> Vec<BTreeSet<usize>> {
        let plain = |weights: &&Weights| weights.iter().all(|(of, weight)| of.kind == kind && *weight == 1);
        self.equations.keys().filter(plain).map(|w| w.iter().map(|(of, _)| of.who).collect()).collect()
    }

    /// Pairs of known sets, of which one holds the other and one to four more: a difference in sets, or, of the same
    /// report on two days, in time.
    pub fn differences(&self) -> Vec<(Kind, Vec<usize>)> {
        let mut found = Vec::new();
        for kind in self.kinds() {
            let sets = self.sets(kind);
            for large in &sets {
                for small in &sets {
                    let more = large.len().saturating_sub(small.len());
                    if (1..5).contains(&more) && small.is_subset(large) {
                        found.push((kind, large.difference(small).copied().collect()));
                    }
                }
            }
        }
        found
    }

    /// The kinds of unknowns that any figure is about.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.unknowns().into_iter().map(|unknown| unknown.kind).collect()
    }

    /// The unknowns that any figure is about.
    pub fn unknowns(&self) -> BTreeSet<Unknown> {
        self.equations.keys().flatten().map(|(unknown, _)| *unknown).collect()
    }
}
