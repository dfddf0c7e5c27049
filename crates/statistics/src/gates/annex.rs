//! Gates of the annex: the groups compared at equal baselines.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::{Ancova, Figure, Unit};
use super::{Respondents, comparison_too_small, gated, too_few};

/// The figures of two groups compared at equal baselines.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct AncovaFigures {
    /// By how much more the trained reached than others with the same baseline.
    pub effect: Figure,
    /// Points after for each point before.
    pub slope: Figure,
}

/// Puts the gates before an analysis of covariance: ten in each group, as before the difference itself, so that no
/// difference is shown without it.
pub fn ancova_figures(found: &Ancova, unit: Unit, respondents: Respondents) -> AncovaFigures {
    let (n, others) = (found.n_trained, found.n_comparison);
    let gate = too_few(n, respondents)
        .map(|reason| (reason, n))
        .or_else(|| comparison_too_small(others, respondents).map(|reason| (reason, others)));
    let effect = found.inference.map(|found| (found.effect, Some(found.difference.ci95)));
    let slope = found.inference.map(|found| (found.slope, None));
    AncovaFigures {
        effect: gated(gate, effect, unit, n + others),
        slope: gated(gate, slope, Unit::Coefficient, n + others),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Reason, Status, ancova::of_rows};
    use super::*;

    fn people(n: usize) -> Vec<(f64, f64)> {
        (0..n).map(|i| (2.0 + (i % 5) as f64 / 4.0, 2.5 + (i % 3) as f64 / 2.0)).collect()
    }

    #[test]
    fn ten_in_each_group() {
        let table = [
            (0, 10, Some(Reason::NoCompletePairs), 0, 10),
            (9, 30, Some(Reason::FewerThanNeeded), 9, 10),
            (30, 0, Some(Reason::NoComparisonGroup), 0, 10),
            (30, 9, Some(Reason::ComparisonTooSmall), 9, 10),
            (10, 10, None, 20, 10),
        ];
        for (trained, others, reason, n, needed) in table {
            let found = of_rows(&people(trained), &people(others));
            let figures = ancova_figures(&found, Unit::PointsOf5, Respondents::Named);
            for figure in [figures.effect, figures.slope] {
                assert_eq!((figure.reason(), figure.n(), figure.n_needed()), (reason, Some(n), Some(needed)));
            }
        }
    }

    #[test]
    fn constant_baselines_are_undefined() {
        let flat: Vec<(f64, f64)> = people(20).iter().map(|pair| (3.0, pair.1)).collect();
        let figures = ancova_figures(&of_rows(&flat, &flat), Unit::PointsOf5, Respondents::Named);
        assert_eq!(figures.effect.status(), Status::Undefined);
        assert_eq!(figures.effect.reason(), Some(Reason::ConstantBaselines));
    }
}
