//! The arithmetic of effectiveness: pure functions from slices, or from exact sums, to values.
//!
//! No clock, no database and no rounding live here; a figure is rounded only where it is rendered, and the order of
//! rows leaves every bit as it is. Two layers: the first computes whatever can be computed, from two people on; the
//! second puts the gates before it (privacy, then enough data, then undefined), so that only a [`Figure`] ever leaves
//! the service. How many people a gate asks for, and why, is in [`thresholds`].
//!
//! | question | computed by | shown through |
//! |---|---|---|
//! | how much did people change? | [`paired()`], [`paired_from`] | [`paired_figures`] |
//! | more than others? | [`difference_in_differences`], [`difference_from`], [`difference_within`] | [`difference_figures`] |
//! | were both alike before? | [`baselines_within`] | [`baseline_figures`] |
//! | and with few supervisors? | [`cluster_robust`], [`cluster_robust_difference`] | [`with_raters`] |
//! | and at equal baselines? | [`ancova()`], [`ancova_from`], [`ancova_within`] | [`ancova_figures`], [`depends_on_method`] |
//! | in rank, in class, in one question? | [`signed_ranks`], [`class_movement`], [`AnswerCounts`] | [`signed_rank_figures`], [`class_figures`], [`item_figures`] |
//! | who is missing? | [`attrition()`], [`with_lost_unchanged`] | [`response_rate`], [`weaker`] |
//! | what would have happened anyway? | [`expected_regression`] | [`regression_figures`] |
//! | did the yardstick move? | [`response_shift`] | [`shift_figures`] |
//! | what do anonymous forms say? | [`Moments`] | [`anonymous_mean`], [`anonymous_share`] |
//! | what did the next ones say? | | [`set_against`] |
//! | what must stay hidden? | [`suppress`], [`withheld`], [`attack`] | [`comment_gate`] |
//! | which institute, which lecturer? | [`benjamini_hochberg`], [`shrink`] | [`list_figures`] |
//! | do raters agree? | [`agreement()`], [`class_agreement`] | [`agreement_figures`], [`unclustered_change`], [`kappa_figures`] |
//! | do the questions measure one thing? | [`reliability()`] | [`reliability_figures`] |
//! | what happened to scores around a course? | [`event_study()`] | its `Least` |
//! | what was learnt of what was missing? | [`hake_gain`] | [`hake_figure`] |
//! | what could be seen at all? | [`Design`] | |
//! | in words, and how sure? | [`verdict()`], [`evidence_grade`] | [`headline_verdict`] |
//!
//! Groups are put together from [`Sums`], [`PairSums`], [`Raters`], [`ItemSums`], [`ClassTable`] and
//! [`AnswerCounts`], whole numbers that add up exactly. Those of scores become [`Moments`], [`PairMoments`] and so on,
//! from which the same functions compute that also serve the rows.
//!
//! Every formula is compared with scipy, statsmodels, pingouin or scikit-learn (`tests/golden/statistics`); how often
//! the figures are right is in `docs/effectiveness-simulation.md`.

mod agreement;
mod ancova;
mod apart;
mod bounds;
mod classes;
mod clusters;
mod comparison;
mod detectable;
mod event_study;
mod evidence;
mod families;
mod figure;
mod flow;
mod gates;
mod items;
mod kappa;
mod lattice;
mod moments;
mod noncentral;
mod paired;
mod ranks;
mod reason;
mod regression;
mod reliability;
mod shares;
mod shift;
mod shrinkage;
mod student;
mod sums;
mod suppression;
mod tails;
pub mod thresholds;
mod verdict;

pub use agreement::{Agreement, AgreementBand, Coefficient, RatingTable, agreement};
pub use ancova::{
    Ancova, AncovaInference, ancova, ancova_from, ancova_within, depends_on_method, settled_by_both,
};
pub use apart::set_against;
pub use bounds::{Attrition, attrition, attrition_from, with_lost_unchanged};
pub use classes::{CLASSES, ClassMovement, ClassTable, Symmetry, class_movement};
pub use clusters::{
    ClusterRobust, RatedPeople, RaterFigure, Raters, cluster_robust, cluster_robust_change,
    cluster_robust_difference, few_share_between, with_raters,
};
pub use comparison::{
    Baselines, DifferenceInDifferences, DifferenceInference, GroupChange, baselines_within, changes_within,
    difference_from, difference_in_differences, difference_within,
};
pub use detectable::Design;
pub use event_study::{
    BASE_EVENT, EventEffect, EventStudy, FIRST_EVENT, LAST_EVENT, Least, MeanAfter, PanelSums, Sensitivity,
    TrainedGroup, event_study,
};
pub use evidence::{
    Evidence, EvidenceInput, EvidenceReason, Grade, evidence_grade, evidence_reasons, is_randomised,
    maryland_level,
};
pub use families::{benjamini_hochberg, discovered};
pub use figure::{Figure, Status, Unit};
pub use gates::{
    AgreementFigures, AncovaFigures, BaselineFigures, ClassFigures, DifferenceFigures, GroupFigures,
    ItemFigures, ItemReliabilityFigures, KappaFigures, ListFigures, ListedGroup, OmegaMissing, PairedFigures,
    RegressionFigures, ReliabilityFigures, Respondents, ShiftFigures, SignedRankFigures, agreement_figures,
    ancova_figures, anonymous_mean, anonymous_mean_from, anonymous_share, baseline_figures, ceiling_share,
    ceiling_share_of, class_figures, comment_gate, difference_figures, group_change_figure, hake_figure,
    item_figures, kappa_figures, list_figures, paired_figures, regression_figures, reliability_figures,
    response_rate, shift_figures, signed_rank_figures, unclustered_change,
};
pub use items::AnswerCounts;
pub use kappa::{ClassAgreement, KappaWeights, class_agreement};
pub use lattice::{Withheld, withheld};
pub use moments::{Moments, PairMoments};
pub use paired::{PairedEffect, PairedInference, paired, paired_from};
pub use ranks::{SignedRankTest, SignedRanks, signed_ranks};
pub use reason::Reason;
pub use regression::{ExpectedRegression, expected_regression, hake_gain};
pub use reliability::{ItemReliability, ItemSums, Reliability, ReliabilityUse, reliability};
pub use shares::wilson;
pub use shift::{ResponseShift, ThenTest, response_shift, response_shift_from};
pub use shrinkage::{Shrinkage, ShrunkenMean, shrink};
pub use sums::{PairSums, SCALE, Sums, units};
pub use suppression::{HiddenCell, attack, suppress};
pub use verdict::{Verdict, by_few_raters, direction, headline_verdict, verdict, weaker};

#[cfg(test)]
mod golden;
#[cfg(test)]
mod laws;
#[cfg(test)]
pub(crate) mod simulated;
