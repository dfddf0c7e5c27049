//! Trained against comparable untrained people: the difference in differences.

use super::{
    Reason,
    moments::{Moments, PairMoments, total},
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
    /// The mean change of the trained minus that of the comparison group, in points.
    pub difference: Option<f64>,
    /// The difference over the pooled standard deviation before, freed from its small-sample bias (`d_ppc2` of
    /// Morris); none where the baselines have no spread.
    pub d_ppc2: Option<f64>,
    /// How sure the difference is, or why that cannot be said.
    pub inference: Result<DifferenceInference, Reason>,
}

/// Interval of a difference (or change) by its standard error: after Welch, which lets the groups spread
/// differently, or by the raters, see
/// [`cluster_robust_difference`](super::cluster_robust_difference).
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
    difference_within(&[[*trained, *comparison]])
}

/// The difference within each of some offerings, of the trained and of the comparison group matched to them, put
/// together: each offering weighs as many as it has trained people here. A comparison group is so never subtracted from
/// people of another offering.
///
/// The interval takes the spread within each group of each offering, as Welch's does for one offering, with the degrees
/// of freedom of Satterthwaite.
pub fn difference_within(offerings: &[[PairMoments; 2]]) -> DifferenceInDifferences {
    let of = |group: usize| move |pair: &[PairMoments; 2]| pair.get(group).copied().unwrap_or_default();
    let (trained, comparison) = (within(offerings, of(0)), within(offerings, of(1)));
    let difference = trained.mean.zip(comparison.mean).map(|(gain, other)| gain - other);
    DifferenceInDifferences {
        n_trained: trained.n,
        n_comparison: comparison.n,
        difference,
        d_ppc2: difference.and_then(|difference| standardise(difference, offerings)),
        inference: infer(&trained, &comparison),
    }
}

/// The mean change of one of both groups of some offerings, weighted as in [`difference_within`].
#[derive(Debug, Clone, PartialEq)]
pub struct GroupChange {
    /// People.
    pub n: usize,
    /// Their mean change in points, weighted.
    pub change: Option<f64>,
    /// How sure it is, or why that cannot be said.
    pub inference: Result<DifferenceInference, Reason>,
}

/// The changes of the trained and of the comparison group whose difference [`difference_within`] is.
pub fn changes_within(offerings: &[[PairMoments; 2]]) -> [GroupChange; 2] {
    [0, 1].map(|group| {
        let found = within(offerings, |pair| pair.get(group).copied().unwrap_or_default());
        let inference = match found.n {
            0 => Err(Reason::NoCompletePairs),
            1 => Err(Reason::NBelow2),
            _ => interval(found.mean.unwrap_or_default(), found.parts.as_deref()),
        };
        GroupChange { n: found.n, change: found.mean, inference }
    })
}

/// The baselines of both groups of some offerings, weighted in the same way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baselines {
    /// Mean of the trained before, points.
    pub trained: Option<f64>,
    /// Mean of the comparison group before, points.
    pub comparison: Option<f64>,
    /// The first minus the second over the pooled standard deviation, freed from its small-sample bias (Hedges' g, as
    /// the What Works Clearinghouse's Procedures and Standards Handbook 5.0 asks for). None without spread.
    pub standardised: Option<f64>,
}

/// How alike both groups were before the course.
pub fn baselines_within(offerings: &[[PairMoments; 2]]) -> Baselines {
    let [trained, comparison] = [0, 1].map(|group| {
        let groups = offerings.iter().zip(weights(offerings));
        let means = groups.filter_map(move |(pair, weight)| Some(weight * pair.get(group)?.before.centre()?));
        let means: Vec<f64> = means.collect();
        (!means.is_empty()).then(|| total(means.into_iter()))
    });
    let apart = trained.zip(comparison).map(|(trained, comparison)| trained - comparison);
    Baselines { trained, comparison, standardised: apart.and_then(|apart| standardise(apart, offerings)) }
}

/// A mean of some offerings, and what each adds to its squared error.
struct Within {
    n: usize,
    mean: Option<f64>,
    /// Squared error and degrees of freedom; none where a group has one person only.
    parts: Option<Vec<(f64, f64)>>,
}

/// The weight of each offering: the share of the trained people who are its.
fn weights(offerings: &[[PairMoments; 2]]) -> Vec<f64> {
    let n = |[trained, _]: &[PairMoments; 2]| trained.n() as f64;
    let people: f64 = offerings.iter().map(n).sum();
    let weight = |pair| if people > 0.0 { n(pair) / people } else { 1.0 / offerings.len() as f64 };
    offerings.iter().map(weight).collect()
}

fn within(offerings: &[[PairMoments; 2]], of: impl Fn(&[PairMoments; 2]) -> PairMoments) -> Within {
    let groups = weights(offerings).into_iter().zip(offerings.iter().map(|pair| of(pair).change));
    let groups: Vec<(f64, Moments)> = groups.filter(|(_, group)| group.n > 0).collect();
    let error = |(weight, group): &(f64, Moments)| {
        group.squared_error().map(|squared| (weight * weight * squared, (group.n - 1) as f64))
    };
    Within {
        n: groups.iter().map(|(_, group)| group.n).sum(),
        mean: (!groups.is_empty()).then(|| total(groups.iter().map(|(weight, group)| weight * group.mean))),
        parts: groups.iter().map(error).collect(),
    }
}

/// The interval of a value with the squared errors of some parts; none where a part has one person only.
fn interval(value: f64, parts: Option<&[(f64, f64)]>) -> Result<DifferenceInference, Reason> {
    let parts = parts.ok_or(Reason::NBelow2)?;
    let squared = total(parts.iter().map(|(error, _)| *error));
    if squared == 0.0 {
        return Err(Reason::ZeroVarianceOfChange);
    }
    let df = 1.0 / total(parts.iter().map(|(error, free)| (error / squared).powi(2) / free));
    DifferenceInference::new(value, squared.sqrt(), df)
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

fn infer(trained: &Within, comparison: &Within) -> Result<DifferenceInference, Reason> {
    too_few(trained.n, comparison.n)?;
    let parts = trained.parts.clone().zip(comparison.parts.clone()).map(|(one, other)| [one, other].concat());
    let value = trained.mean.zip(comparison.mean).map(|(gain, other)| gain - other);
    interval(value.ok_or(Reason::NoComparisonGroup)?, parts.as_deref())
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

/// A difference over the standard deviation before, pooled within the groups, with the exact factor of Hedges.
fn standardise(difference: f64, offerings: &[[PairMoments; 2]]) -> Option<f64> {
    let groups = || offerings.iter().flatten();
    let squares =
        groups().all(|group| group.n() > 1).then(|| total(groups().map(|group| group.before.ss)))?;
    let df = groups().map(|group| group.n() - 1).sum();
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
