//! How alike both groups were before the course, and what is left of a difference where they were not.

use super::super::model::count;
use super::super::sums::OfferingSums;
use super::comparison::{Comparison, Headline, offerings};
use statistics::thresholds::{BASELINE_GAP, BASELINES_COMPARABLE, PAIRS_SHOWN};
use statistics::{
    AncovaFigures, BaselineFigures, Figure, Reason, Respondents, Unit, Verdict, ancova_figures,
    ancova_within, baseline_figures, baselines_within,
};

/// How alike both groups were, where the difference itself may be shown.
pub fn baselines(sums: &OfferingSums, figures: &Comparison) -> BaselineFigures {
    let found = baselines_within(&offerings(sums));
    let n = [count(sums.matched().n), count(sums.comparison().n)];
    let found = baseline_figures(&found, n, Unit::PointsOf5, Respondents::Named);
    match figures.headline {
        Headline::Difference => found,
        Headline::Change => BaselineFigures {
            trained: shut(figures, Unit::PointsOf5),
            comparison: shut(figures, Unit::PointsOf5),
            standardised: shut(figures, Unit::Standardised),
        },
    }
}

/// The annex: both groups compared at equal baselines, where the difference itself may be shown.
pub fn at_equal_baselines(sums: &OfferingSums, figures: &Comparison) -> AncovaFigures {
    match figures.headline {
        Headline::Difference => {
            ancova_figures(&ancova_within(&offerings(sums)), Unit::PointsOf5, Respondents::Named)
        }
        Headline::Change => {
            AncovaFigures { effect: shut(figures, Unit::PointsOf5), slope: shut(figures, Unit::Coefficient) }
        }
    }
}

/// Whether both groups were too far apart before: for how much people differ, and by enough to make an effect that matters.
pub fn differ(baselines: &BaselineFigures) -> bool {
    let BaselineFigures { trained, comparison, standardised } = baselines;
    let gap = trained.value().zip(comparison.value()).map(|(one, other)| (one - other).abs());
    // Where nobody within a group differs, there is no standard deviation, and any gap is one of the groups.
    gap.is_some_and(|gap| gap >= BASELINE_GAP)
        && standardised.value().is_none_or(|apart| apart.abs() > BASELINES_COMPARABLE)
}

/// Groups that differed before the course move apart or together untaught: whichever way, that is no effect of it.
pub fn by_baselines(word: Verdict, baselines: &BaselineFigures) -> Verdict {
    if differ(baselines) && word != Verdict::PracticallyNoChange { Verdict::CannotTellYet } else { word }
}

/// A figure that is closed for the same reason as the difference.
fn shut(figures: &Comparison, unit: Unit) -> Figure {
    let difference = &figures.difference;
    Figure::closed(
        difference.reason().unwrap_or(Reason::SmallGroups),
        unit,
        difference.n().unwrap_or_default(),
    )
    .needing(difference.n_needed().unwrap_or(PAIRS_SHOWN))
}
