//! People without a follow-up: were they different, and what if the course did nothing for them?

use super::{moments::Moments, thresholds::ATTRITION_SMD};

/// How the baselines of those who answered differ from those of the lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attrition {
    /// Answered minus lost, in average standard deviations; none with fewer than two on either side or without
    /// any spread.
    pub smd: Option<f64>,
    /// Whether the report must say that those who answered were different.
    pub flagged: bool,
}

/// Compares the baselines of those who answered with those of the lost.
pub fn attrition_from(answered: &Moments, lost: &Moments) -> Attrition {
    compare(answered, lost).unwrap_or(Attrition { smd: None, flagged: false })
}

fn compare(answered: &Moments, lost: &Moments) -> Option<Attrition> {
    let difference = answered.centre()? - lost.centre()?;
    let spread = f64::midpoint(answered.variance()?, lost.variance()?).sqrt();
    if spread == 0.0 {
        // Two constant groups apart have no standardised difference, but they certainly differ.
        return Some(Attrition { smd: None, flagged: difference.abs() > ATTRITION_SMD });
    }
    let smd = Some(difference / spread).filter(|smd| smd.is_finite());
    Some(Attrition { smd, flagged: smd.is_none_or(|smd| smd.abs() > ATTRITION_SMD) })
}

/// Adds every lost person as one who did not change: the cautious bound a verdict must survive.
///
/// From sums: [`PairSums::with_lost_unchanged`](super::PairSums::with_lost_unchanged).
pub fn with_lost_unchanged(pairs: &[(f64, f64)], lost_baselines: &[f64]) -> Vec<(f64, f64)> {
    let unchanged = lost_baselines.iter().map(|&baseline| (baseline, baseline));
    pairs.iter().copied().chain(unchanged).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attrition(answered: &[f64], lost: &[f64]) -> Attrition {
        attrition_from(&Moments::of(answered), &Moments::of(lost))
    }

    #[test]
    fn too_few_to_compare_raise_no_flag() {
        for (answered, lost) in [(&[][..], &[][..]), (&[3.0, 4.0], &[]), (&[3.0, 4.0], &[1.0])] {
            assert_eq!(attrition(answered, lost), Attrition { smd: None, flagged: false });
        }
    }

    #[test]
    fn the_flag_needs_more_than_a_quarter() {
        // Both spreads are 1, so the difference of the means is the standardised one.
        let around = |centre: f64| [centre - 1.0, centre, centre + 1.0];
        for (centre, flagged) in [(3.0, false), (3.25, false), (2.75, false), (3.375, true), (2.5, true)] {
            let found = attrition(&around(3.0), &around(centre));
            assert_eq!(found, Attrition { smd: Some(3.0 - centre), flagged });
        }
    }

    #[test]
    fn constant_groups() {
        assert_eq!(attrition(&[3.0, 3.0], &[3.0, 3.0]), Attrition { smd: None, flagged: false });
        assert_eq!(attrition(&[3.0, 3.0], &[4.0, 4.0]), Attrition { smd: None, flagged: true });
    }

    #[test]
    fn the_lost_pull_the_change_towards_zero() {
        let bounded = with_lost_unchanged(&[(3.0, 4.0), (3.0, 3.5)], &[2.0]);
        assert_eq!(bounded, [(3.0, 4.0), (3.0, 3.5), (2.0, 2.0)]);
    }
}
