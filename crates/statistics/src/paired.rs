//! Before and after: the same people measured twice.

use super::{
    Reason,
    moments::PairMoments,
    noncentral::noncentrality_interval,
    student::{hedges, t_quantile},
    tails::two_sided_t,
};

/// What two ratings of each person say, as far as it can be computed; not yet fit to be shown, see
/// [`paired_figures`](super::paired_figures).
#[derive(Debug, Clone, PartialEq)]
pub struct PairedEffect {
    /// Complete pairs.
    pub n: usize,
    /// Mean before.
    pub mean_before: Option<f64>,
    /// Mean after.
    pub mean_after: Option<f64>,
    /// Mean of after minus before, in points.
    pub change: Option<f64>,
    /// Correlation of before and after; none where either is constant.
    pub r: Option<f64>,
    /// How sure the change is and how large it is in standard deviations, or why that cannot be said.
    pub inference: Result<PairedInference, Reason>,
}

/// Interval and standardised size of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedInference {
    /// The 95 % t interval of the change, in points: the interval people see.
    pub ci95: [f64; 2],
    /// The t statistic.
    pub t: f64,
    /// Degrees of freedom, n - 1.
    pub df: usize,
    /// Change over the standard deviation of the changes: for planning sample sizes, not for comparison, as it
    /// grows with the stability of the people.
    pub d_z: f64,
    /// Its 95 % interval from the noncentral t distribution.
    pub d_z_ci95: [f64; 2],
    /// Change over the average standard deviation of before and after.
    pub d_av: f64,
    /// `d_av` freed from its small-sample bias by the exact factor of Hedges: the one to compare courses with.
    pub g_av: f64,
    /// Its 95 % interval after Algina and Keselman: that of `d_z`, rescaled, times the factor of Hedges.
    pub g_av_ci95: [f64; 2],
}

/// Measures the change of people rated before and after; pairs with a value that is not finite count as missing.
pub fn paired(pairs: &[(f64, f64)]) -> PairedEffect {
    paired_from(&PairMoments::of(pairs))
}

/// The same from the moments, which may come from sums put together.
pub fn paired_from(moments: &PairMoments) -> PairedEffect {
    PairedEffect {
        n: moments.n(),
        mean_before: moments.before.centre(),
        mean_after: moments.after.centre(),
        change: moments.change.centre(),
        r: moments.correlation(),
        inference: infer(moments),
    }
}

fn infer(moments: &PairMoments) -> Result<PairedInference, Reason> {
    let change = moments.change.centre().ok_or(Reason::NoCompletePairs)?;
    let spread = moments.change.spread().ok_or(Reason::NBelow2)?;
    if spread == 0.0 {
        return Err(Reason::ZeroVarianceOfChange);
    }
    let n = moments.n();
    let df = n - 1;
    let standard_error = spread / (n as f64).sqrt();
    let half = t_quantile(df as f64) * standard_error;
    let t = change / standard_error;
    let d_z_ci95 = noncentrality_interval(t, df).ok_or(Reason::NotFinite)?.map(|end| end / (n as f64).sqrt());
    // From standard deviations of the change to average standard deviations of the ratings.
    let rescale = spread / average_spread(moments).ok_or(Reason::NBelow2)?;
    let d_z = change / spread;
    let inference = PairedInference {
        ci95: [change - half, change + half],
        t,
        df,
        d_z,
        d_z_ci95,
        d_av: d_z * rescale,
        g_av: d_z * rescale * hedges(df),
        g_av_ci95: d_z_ci95.map(|end| end * rescale * hedges(df)),
    };
    inference.is_finite().then_some(inference).ok_or(Reason::NotFinite)
}

/// The root mean square of the standard deviations before and after.
fn average_spread(moments: &PairMoments) -> Option<f64> {
    Some(f64::midpoint(moments.before.variance()?, moments.after.variance()?).sqrt())
}

impl PairedInference {
    /// The two-sided probability of such a change without any effect; for families of tests, not for people.
    pub fn p(&self) -> f64 {
        two_sided_t(self.t, self.df as f64)
    }

    fn is_finite(&self) -> bool {
        let ends = self.ci95.iter().chain(&self.d_z_ci95).chain(&self.g_av_ci95);
        [self.t, self.d_z, self.d_av, self.g_av].iter().chain(ends).all(|value| value.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_and_one_person() {
        let nobody = paired(&[]);
        assert_eq!((nobody.n, nobody.change, nobody.inference), (0, None, Err(Reason::NoCompletePairs)));
        let missing = paired(&[(f64::NAN, 3.0), (3.0, f64::NAN), (f64::INFINITY, 1.0)]);
        assert_eq!((missing.n, missing.inference), (0, Err(Reason::NoCompletePairs)));
        let one = paired(&[(3.0, 3.5)]);
        assert_eq!((one.n, one.change, one.inference), (1, Some(0.5), Err(Reason::NBelow2)));
    }

    #[test]
    fn equal_changes_have_no_effect_size() {
        for pairs in [
            &[(1.0, 2.0), (3.0, 4.0), (2.0, 3.0)][..],
            &[(3.2, 3.3), (2.8, 2.9), (4.1, 4.2), (1.7, 1.8)][..],
            &[(3.0, 3.0), (4.0, 4.0)][..],
        ] {
            let effect = paired(pairs);
            assert_eq!(effect.inference, Err(Reason::ZeroVarianceOfChange), "{pairs:?}");
            assert!(effect.change.is_some());
        }
    }

    #[test]
    fn a_constant_baseline_has_no_correlation_but_an_effect() {
        let effect = paired(&[(3.0, 3.5), (3.0, 4.0), (3.0, 3.25)]);
        assert_eq!(effect.r, None);
        assert!(effect.inference.is_ok());
    }

    #[test]
    fn two_people_leave_nothing_of_g() {
        let effect = paired(&[(3.0, 3.5), (3.0, 4.0)]);
        assert!(effect.inference.is_ok_and(|found| found.g_av == 0.0 && found.g_av_ci95 == [0.0, 0.0]));
    }

    #[test]
    fn values_beyond_the_arithmetic_are_refused() {
        let effect = paired(&[(-1e308, 1e308), (0.0, 1.0), (-1e300, 1e308)]);
        assert_eq!(effect.inference, Err(Reason::NotFinite));
    }

    #[test]
    fn an_offset_of_a_hundred_million_changes_nothing() {
        let pairs = [(3.125, 3.5), (2.75, 3.25), (4.0, 4.125), (3.0, 2.875), (2.5, 3.75)];
        let moved = pairs.map(|(before, after)| (before + 1e8, after + 1e8));
        let (plain, offset) = (paired(&pairs), paired(&moved));
        let gap = |a: f64, b: f64| (a - b).abs();
        assert_eq!(plain.change, offset.change);
        assert!(plain.r.zip(offset.r).is_some_and(|(a, b)| gap(a, b) < 1e-12));
        assert!(plain.inference.ok().zip(offset.inference.ok()).is_some_and(|(a, b)| {
            gap(a.d_z, b.d_z) < 1e-12 && gap(a.g_av, b.g_av) < 1e-12 && a.ci95 == b.ci95
        }));
    }
}
