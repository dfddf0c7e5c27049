#![doc = include_str!("../README.md")]

mod agreement;
mod ancova;
mod between_figures;
mod bounds;
mod clusters;
mod comparison;
mod detectable;
mod event_study;
mod evidence;
mod families;
mod figure;
mod gates;
mod items;
mod moments;
mod noncentral;
mod paired;
mod reason;
mod regression;
mod reliability;
mod shares;
mod shift;
mod shrinkage;
mod student;
mod sums;
mod tails;
pub mod thresholds;
mod verdict;

pub use agreement::{Agreement, AgreementBand, Coefficient, RatingTable, agreement};
pub use ancova::{Ancova, AncovaInference, ancova_within, depends_on_method, settled_by_both};
pub use between_figures::set_against;
pub use bounds::{Attrition, attrition_from, with_lost_unchanged};
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
    AgreementFigures, AncovaFigures, BaselineFigures, DifferenceFigures, GroupFigures, ItemFigures,
    ItemReliabilityFigures, ListFigures, ListedGroup, OmegaMissing, PairedFigures, RegressionFigures,
    ReliabilityFigures, Respondents, ShiftFigures, agreement_figures, ancova_figures, anonymous_mean,
    anonymous_share, baseline_figures, ceiling_share_of, comment_gate, difference_figures,
    group_change_figure, hake_figure, item_figures, list_figures, paired_figures, regression_figures,
    reliability_figures, response_rate, shift_figures, unclustered_change,
};
pub use items::AnswerCounts;
pub use moments::{Moments, PairMoments};
pub use paired::{PairedEffect, PairedInference, paired, paired_from};
pub use reason::Reason;
pub use regression::{ExpectedRegression, expected_regression, hake_gain};
pub use reliability::{ItemReliability, ItemSums, Reliability, ReliabilityUse, reliability};
pub use shares::wilson;
pub use shift::{ResponseShift, response_shift_from};
pub use shrinkage::{Shrinkage, ShrunkenMean, shrink};
pub use sums::{PairSums, SCALE, ScoreSums, units};
pub use verdict::{Verdict, by_few_raters, direction, headline_verdict, verdict, weaker};

#[cfg(test)]
mod golden;
#[cfg(test)]
mod laws;
pub mod simulated;
