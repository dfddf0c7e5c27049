//! Trained against comparable untrained people: the difference in differences.

use super::{
    Reason,
    moments::{Moments, PairMoments},
    student::{hedges, t_quantile},
    tails::two_sided_t,
};

/// By how much more the trained changed, as far as it can be computed; not yet fit to be shown, see
/// [`difference_figures`](super::difference_figures).
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceInDifferences {
    /// Complete pairs of the trained.
    pub n_trained: usize,
    /// Complete pairs of the comparison group.
    pub n_comparison: usize,
    /// Mean change of the trained.
    pub change_trained: Option<f64>,
    /// Mean change of the comparison group.
    pub change_comparison: Option<f64>,
    /// The first minus the second, in points.
    pub difference: Option<f64>,
    /// The difference over the pooled standard deviation before, freed from its small-sample bias (`d_ppc2` of
    /// Morris); none where the baselines have no spread.
    pub d_ppc2: Option<f64>,
    /// How sure the difference is, or why that cannot be said.
    pub inference: Result<DifferenceInference, Reason>,
}

/// Interval of a difference (or change) by its standard error: after Welch, which lets the groups spread
/// differently, or by the raters, see [`ClusterSums`](super::ClusterSums).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DifferenceInference {
    /// The 95 % interval, in points.
    pub ci95: [f64; 2],
    /// The standard error.
    pub standard_error: f64,
    /// The t statistic.
    pub t: f64,
    /// Degrees of freedom: after Welch and Satterthwaite, or raters minus one.
    pub df: f64,
}

/// Compares the changes of two groups of people rated before and after; incomplete pairs are left out.
pub fn difference_in_differences(
    trained: &[(f64, f64)],
    comparison: &[(f64, f64)],
) -> DifferenceInDifferences {
    difference_from(&PairMoments::of(trained), &PairMoments::of(comparison))
}

/// The same from the moments of both groups, which may come from sums put together.
pub fn difference_from(trained: &PairMoments, comparison: &PairMoments) -> DifferenceInDifferences {
    let (change_trained, change_comparison) = (trained.change.centre(), comparison.change.centre());
    let difference = change_trained.zip(change_comparison).map(|(gain, other)| gain - other);
    DifferenceInDifferences {
        n_trained: trained.n(),
        n_comparison: comparison.n(),
        change_trained,
        change_comparison,
        difference,
        d_ppc2: difference.and_then(|difference| standardise(difference, trained, comparison)),
        inference: infer(&trained.change, &comparison.change),
    }
}

/// Why two groups of these sizes cannot be compared at all.
pub(super) fn too_few(trained: usize, comparison: usize) -> Result<(), Reason> {
    match (trained, comparison) {
        (0, _) => Err(Reason::NoCompletePairs),
        (1, _) => Err(Reason::NBelow2),
        (_, 0) => Err(Reason::NoComparisonGroup),
        (_, 1) => Err(Reason::ComparisonTooSmall),
        _ => Ok(()),
    }
}

fn infer(gains: &Moments, others: &Moments) -> Result<DifferenceInference, Reason> {
    too_few(gains.n, others.n)?;
    let of_gains = gains.squared_error().ok_or(Reason::NBelow2)?;
    let of_others = others.squared_error().ok_or(Reason::ComparisonTooSmall)?;
    let squared = of_gains + of_others;
    if squared == 0.0 {
        return Err(Reason::ZeroVarianceOfChange);
    }
    let part = |error: f64, n: usize| (error / squared).powi(2) / (n - 1) as f64;
    let df = 1.0 / (part(of_gains, gains.n) + part(of_others, others.n));
    DifferenceInference::new(gains.mean - others.mean, squared.sqrt(), df)
}

impl DifferenceInference {
    /// The t interval around a value.
    pub(super) fn new(value: f64, standard_error: f64, df: f64) -> Result<Self, Reason> {
        let half = t_quantile(df) * standard_error;
        let found =
            Self { ci95: [value - half, value + half], standard_error, t: value / standard_error, df };
        let finite = [half, value, found.t, df].iter().all(|number| number.is_finite());
        finite.then_some(found).ok_or(Reason::NotFinite)
    }

    /// The two-sided probability of such a difference without any effect; for families of tests, not for people.
    pub fn p(&self) -> f64 {
        two_sided_t(self.t, self.df)
    }
}

fn standardise(difference: f64, trained: &PairMoments, comparison: &PairMoments) -> Option<f64> {
    let squares =
        (trained.n() > 1 && comparison.n() > 1).then_some(trained.before.ss + comparison.before.ss)?;
    let df = trained.n() + comparison.n() - 2;
    let pooled = (squares / df as f64).sqrt();
    Some(difference / pooled * hedges(df)).filter(|effect| effect.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RISING: [(f64, f64); 3] = [(3.0, 3.5), (2.0, 3.0), (4.0, 4.25)];
    const ALIKE: [(f64, f64); 3] = [(3.0, 3.5), (2.0, 2.5), (4.0, 4.5)];

    fn reason(trained: &[(f64, f64)], comparison: &[(f64, f64)]) -> Option<Reason> {
        difference_in_differences(trained, comparison).inference.err()
    }

    #[test]
    fn each_group_needs_two() {
        assert_eq!(reason(&[], &RISING), Some(Reason::NoCompletePairs));
        assert_eq!(reason(&[(1.0, 2.0)], &RISING), Some(Reason::NBelow2));
        assert_eq!(reason(&RISING, &[]), Some(Reason::NoComparisonGroup));
        assert_eq!(reason(&RISING, &[(1.0, 2.0)]), Some(Reason::ComparisonTooSmall));
        assert_eq!(reason(&RISING, &RISING), None);
    }

    #[test]
    fn two_constant_groups_leave_only_the_difference() {
        let flat = [(3.0, 3.25), (2.0, 2.25)];
        let found = difference_in_differences(&ALIKE, &flat);
        assert_eq!(found.inference, Err(Reason::ZeroVarianceOfChange));
        assert_eq!(found.difference, Some(0.25));
    }

    #[test]
    fn one_constant_group_leaves_the_degrees_of_freedom_of_the_other() {
        let found = difference_in_differences(&RISING, &ALIKE).inference;
        assert!(found.is_ok_and(|found| (found.df - 2.0).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn constant_baselines_have_no_standardised_effect() {
        let flat = [(3.0, 3.25), (3.0, 3.0), (3.0, 4.0)];
        assert_eq!(difference_in_differences(&flat, &flat).d_ppc2, None);
    }
}
