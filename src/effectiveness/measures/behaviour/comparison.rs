//! Before, after, and against the comparison group: the figures of people at one measure, whatever its unit.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::flow::Flow;
use super::super::model::count;
use super::super::sums::OfferingSums;
use statistics::thresholds::{LECTURER_OFFERINGS, LECTURER_PAIRS, PAIRS_SHOWN};
use statistics::{
    DifferenceFigures, DifferenceInDifferences, Figure, PairMoments, PairedFigures, Reason, Respondents,
    Status, Unit, changes_within, difference_figures, difference_within, group_change_figure, paired_figures,
    paired_from,
};

/// Which figure the verdict, the effect size and the sentence rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "difference")]
pub enum Headline {
    /// The change of the trained minus that of the comparison group.
    Difference,
    /// The change of the trained alone, as there is no comparison group of ten.
    Change,
}

/// How many pairs a subject's figures need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// Ten pairs.
    Standard,
    /// Thirty pairs from three offerings: a lecturer is one of many causes.
    Lecturer,
}

impl Floor {
    /// How many pairs it takes.
    pub fn pairs(self) -> usize {
        match self {
            Floor::Standard => PAIRS_SHOWN,
            Floor::Lecturer => LECTURER_PAIRS,
        }
    }

    /// Whether they come from too few offerings.
    pub fn refuses(self, offerings: usize) -> bool {
        self == Floor::Lecturer && offerings < LECTURER_OFFERINGS
    }
}

/// Before, after, and against the comparison group, in some unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Mean of the trained before.
    pub before: Figure,
    /// Mean of the trained after.
    pub after: Figure,
    /// After minus before.
    pub change: Figure,
    /// The change of those of the trained who have a match: the first part of the difference.
    pub matched_change: Figure,
    /// The change of the colleagues matched to them: what is taken off.
    pub comparison_change: Figure,
    /// By how much more the trained changed, within each offering.
    pub difference: Figure,
    /// Size of the headline in standard deviations.
    pub effect_size: Figure,
    /// Which figure decides.
    pub headline: Headline,
}

impl Comparison {
    /// Compare the trained with the colleagues matched to them, offering by offering, or say why not.
    pub fn of(sums: &OfferingSums, unit: Unit, floor: Floor) -> Self {
        let n = count(sums.trained.n);
        if let Some((reason, n)) = closed(&sums.flow, n, floor) {
            let needed = floor.pairs();
            return Self::closed(
                Figure::closed(reason, unit, n).needing(needed),
                Figure::closed(reason, Unit::Standardised, n).needing(needed),
            );
        }
        let (trained, offerings) = (PairMoments::from(&sums.trained), offerings(sums));
        let PairedFigures { before, after, change, effect_size } =
            paired_figures(&paired_from(&trained), unit, Respondents::Named);
        let own = Self { before, after, change, effect_size, ..Self::closed(change, effect_size) };
        let found = difference_within(&offerings);
        if let Some(figure) = not_compared(&found, offerings.len(), unit, floor) {
            // What the difference is made of is shown with it and never alone.
            return Self { matched_change: figure, comparison_change: figure, difference: figure, ..own };
        }
        let DifferenceFigures { difference, effect_size } =
            difference_figures(&found, unit, Respondents::Named);
        let [matched_change, comparison_change] =
            changes_within(&offerings).map(|group| group_change_figure(&group, unit, Respondents::Named));
        let headline = Headline::Difference;
        Self { matched_change, comparison_change, difference, effect_size, headline, ..own }
    }

    fn closed(figure: Figure, effect_size: Figure) -> Self {
        Self {
            before: figure,
            after: figure,
            change: figure,
            matched_change: figure,
            comparison_change: figure,
            difference: figure,
            effect_size,
            headline: Headline::Change,
        }
    }

    /// Only what changed. The rating before is the same at each follow-up, but some are missing at one of them: two
    /// means (or spreads) of it, of nearly the same people, would show the rating of those who differ.
    pub(super) fn without_levels(self) -> Self {
        let [before, after, effect_size] = [self.before, self.after, self.effect_size].map(hidden);
        Self { before, after, effect_size, ..self }
    }

    /// The figure that decides.
    pub fn decisive(&self) -> Figure {
        match self.headline {
            Headline::Difference => self.difference,
            Headline::Change => self.change,
        }
    }
}

/// Why people of so many offerings are not compared with their colleagues, if they are not: a difference takes ten on both
/// sides, and of a lecturer as many trained from as many offerings as any other figure.
fn not_compared(
    found: &DifferenceInDifferences,
    offerings: usize,
    unit: Unit,
    floor: Floor,
) -> Option<Figure> {
    let (trained, comparison) = (found.n_trained, found.n_comparison);
    let closed = |reason, n, needed| Some(Figure::closed(reason, unit, n).needing(needed));
    match comparison {
        0 => closed(Reason::NoComparisonGroup, 0, PAIRS_SHOWN),
        _ if trained < floor.pairs() || floor.refuses(offerings) => {
            closed(Reason::FewerThanNeeded, trained, floor.pairs())
        }
        n if n < PAIRS_SHOWN => closed(Reason::ComparisonTooSmall, n, PAIRS_SHOWN),
        _ => None,
    }
}

/// Why there is nothing to show of `n` pairs, and how many there are with those that may not be counted (yet).
pub fn closed(flow: &Flow, n: usize, floor: Floor) -> Option<(Reason, usize)> {
    let known = n + flow.withheld + flow.awaiting;
    if n >= floor.pairs() && !floor.refuses(flow.offerings) {
        None
    } else if known == 0 && flow.instrument_changed > 0 {
        Some((Reason::InstrumentChanged, flow.instrument_changed))
    } else if known == 0 {
        Some((Reason::NoCompletePairs, 0))
    } else if known < floor.pairs() || floor.refuses(flow.offerings) {
        Some((Reason::FewerThanNeeded, known))
    } else if flow.awaiting > 0 {
        Some((Reason::WindowOpen, known))
    } else {
        Some((Reason::SmallGroups, known))
    }
}

/// The two groups of each offering that has both.
pub(super) fn offerings(sums: &OfferingSums) -> Vec<[PairMoments; 2]> {
    sums.compared.iter().map(|of| [&of.trained, &of.comparison].map(PairMoments::from)).collect()
}

/// A figure that is not shown for the sake of a group of one to four; one that is closed already stays as it is.
pub(super) fn hidden(figure: Figure) -> Figure {
    match figure.status() {
        Status::Ok => Figure::closed(Reason::SmallGroups, figure.unit(), 0)
            .needing(figure.n_needed().unwrap_or(PAIRS_SHOWN)),
        _ => figure,
    }
}
