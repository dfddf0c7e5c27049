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
    /// By how much the rating of a colleague of the comparison group changed.
    Colleague,
    /// The colleague's rating before.
    ColleagueBefore,
    /// The score of an anonymous form.
    Form,
    /// The step on one of its scales.
    Scale(u8),
    /// Whether that is one of the two best.
    Top(u8),
    /// A trained person's test before the course, percent.
    Test,
    /// By how much it changed.
    Learned,
    /// By how much somebody's rating of oneself changed in three months.
    Own,
    /// By how much somebody looks back on a worse self than was rated.
    Shift,
    /// A trained person's official score before, points of 100.
    Score,
    /// By how much it changed.
    ScoreChange,
    /// Whether it could hardly rise.
    Ceiling,
    /// The official score before of a colleague of the comparison group.
    ColleagueScore,
    /// By how much it changed.
    ColleagueScoreChange,
    /// What an anonymous form says of a condition at work.
    Condition(u8),
    /// Whether that is one of the two worst.
    Barred(u8),
    /// Whether that is one of the two best.
    Eased(u8),
    /// What a unit says.
    Said(u8),
    /// Whether that is one of the two worst.
    Complained(u8),
    /// Whether that is one of the two best.
    Praised(u8),
    /// The square of one of these, of which intervals and effect sizes show sums, or a product of two: by its number.
    Squared(u8),
}

/// A rating before times its change: of the trained, of their colleagues.
pub const PRODUCTS: [Kind; 2] = [Kind::Squared(90), Kind::Squared(91)];

impl Kind {
    /// The kind of its square; of what is or is not, itself.
    pub fn squared(self) -> Self {
        Self::Squared(match self {
            Self::Before => 0,
            Self::ThreeMonths => 1,
            Self::SixMonths => 2,
            Self::Colleague => 3,
            Self::ColleagueBefore => 4,
            Self::Form => 5,
            Self::Test => 6,
            Self::Learned => 7,
            Self::Own => 8,
            Self::Shift => 9,
            Self::Score => 10,
            Self::ScoreChange => 11,
            Self::ColleagueScore => 12,
            Self::ColleagueScoreChange => 13,
            Self::Scale(number) => 20 + number,
            Self::Condition(number) => 30 + number,
            Self::Said(number) => 40 + number,
            Self::Top(_) | Self::Barred(_) | Self::Eased(_) => return self,
            Self::Complained(_) | Self::Praised(_) | Self::Ceiling => return self,
            Self::Squared(number) => number,
        })
    }

    /// Whether it only shows on which side of a mark somebody is.
    pub fn is_mark(self) -> bool {
        matches!(
            self,
            Self::Top(_)
                | Self::Barred(_)
                | Self::Eased(_)
                | Self::Complained(_)
                | Self::Praised(_)
                | Self::Ceiling
        )
    }

    /// One answer of a form times another of the same form: the number of the questionnaire, and of its two items (six at
    /// most).
    pub fn product(questionnaire: u8, [one, other]: [u8; 2]) -> Self {
        Self::Squared(100 + 40 * questionnaire + 6 * one + other)
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
            let known = self.equations.entry(weights).or_default();
            *known = known.or(exact);
        }
    }

    /// Learn everybody's sums of some kinds, without saying what they are.
    pub fn learn_of(&mut self, kinds: &[Kind], group: &[usize]) {
        kinds.iter().for_each(|kind| self.learn(all(*kind, group), None));
    }

    /// What is known of some kinds only.
    pub fn about(&self, is_one: impl Fn(Kind) -> bool) -> Self {
        let within = |weights: &Weights| weights.iter().all(|(of, _)| is_one(of.kind));
        let equations = self.equations.iter().filter(|(weights, _)| within(weights));
        Self { equations: equations.map(|(w, s)| (w.clone(), *s)).collect(), figures: self.figures }
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
