//! What would have happened anyway, and gains of knowledge tests.

use super::{Reason, moments::PairMoments, thresholds::RELIABILITY_ASSUMED};

/// The change that people chosen for low (or high) scores show without any course.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedRegression {
    /// The change to expect, in points.
    pub expected: f64,
    /// The retest reliability it rests on, 0 to 1.
    pub reliability: f64,
    /// Whether that reliability was assumed, not measured: the report must say so.
    pub assumed: bool,
}

/// The change to expect of a group by regression to the mean alone: (1 - reliability)(population mean - group mean).
///
/// If the worst are sent, they improve untaught; if the best are sent, they decline. An
/// unknown reliability counts as 0.5. None for what is no number or no reliability.
pub fn expected_regression(
    mean_before: f64,
    population_mean: f64,
    reliability: Option<f64>,
) -> Option<ExpectedRegression> {
    let rho = reliability.unwrap_or(RELIABILITY_ASSUMED);
    let expected = (1.0 - rho) * (population_mean - mean_before);
    ((0.0..=1.0).contains(&rho) && expected.is_finite()).then_some(ExpectedRegression {
        expected,
        reliability: rho,
        assumed: reliability.is_none(),
    })
}

/// The normalised gain of Hake (1998) of a group: what was gained of what could be gained, from scores in percent.
///
/// For groups only: single people near 100 % make it wild.
pub fn hake_gain(percent: &PairMoments) -> Result<f64, Reason> {
    let (before, after) =
        percent.before.centre().zip(percent.after.centre()).ok_or(Reason::NoCompletePairs)?;
    if before >= 100.0 {
        return Err(Reason::AlreadyAtMaximum);
    }
    let gain = (after - before) / (100.0 - before);
    gain.is_finite().then_some(gain).ok_or(Reason::NotFinite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliabilities_known_assumed_and_impossible() {
        let found = expected_regression(2.9, 3.4, None).unwrap();
        assert!((found.expected - 0.25).abs() < 1e-12 && found.assumed && found.reliability == 0.5);
        assert!(expected_regression(2.9, 3.4, Some(1.0)).is_some_and(|found| found.expected == 0.0));
        for (mean, rho) in [(2.9, Some(1.1)), (2.9, Some(-0.1)), (2.9, Some(f64::NAN)), (f64::NAN, None)] {
            assert_eq!(expected_regression(mean, 3.4, rho), None);
        }
    }

    #[test]
    fn gains() {
        let gain = |pairs: &[(f64, f64)]| hake_gain(&PairMoments::of(pairs));
        assert_eq!(gain(&[]), Err(Reason::NoCompletePairs));
        assert_eq!(gain(&[(100.0, 100.0), (100.0, 90.0)]), Err(Reason::AlreadyAtMaximum));
        assert_eq!(gain(&[(40.0, 70.0), (60.0, 80.0)]), Ok(0.5));
        assert_eq!(gain(&[(50.0, 25.0)]), Ok(-0.5));
    }
}
