//! Groups compared as if all had started alike.

use super::moments::{Moments, PairMoments};

/// The changes of each group at equal baselines: who starts low rises more, taught or not, so a group's mean change is
/// moved along the slope of change on baseline within the groups to the baseline of all (the adjusted means of an
/// analysis of covariance with a common slope; section 12 of the model, case-mix). Points.
///
/// Without spread of baselines within any group there is nothing to adjust by, and changes stay as they are. The
/// spread left is that around the common slope; the one degree of freedom it takes is not given back.
pub fn at_equal_baselines(groups: &[PairMoments]) -> Vec<Moments> {
    let spread: f64 = total(groups.iter().map(|group| group.before.ss));
    let product = |group: &PairMoments| group.cross - group.before.ss;
    let slope = if spread > 0.0 { total(groups.iter().map(product)) / spread } else { 0.0 };
    let people = total(groups.iter().map(|group| group.n() as f64));
    let baselines = total(groups.iter().map(|group| group.n() as f64 * group.before.mean));
    groups
        .iter()
        .map(|group| {
            let apart = group.before.mean - baselines / people.max(1.0);
            let around = group.change.ss - 2.0 * slope * product(group) + slope.powi(2) * group.before.ss;
            Moments { n: group.n(), mean: group.change.mean - slope * apart, ss: around.max(0.0) }
        })
        .collect()
}

/// A sum with the same bits in whichever order its terms arrive.
pub(super) fn total(terms: impl Iterator<Item = f64>) -> f64 {
    let mut terms: Vec<f64> = terms.collect();
    terms.sort_by(f64::total_cmp);
    terms.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::super::{ancova_from, thresholds::SMALLEST_CHANGE};
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn people() -> impl Strategy<Value = Vec<(f64, f64)>> {
        vec((5i32..=25, 5i32..=25), 3..30).prop_map(|pairs| {
            pairs
                .into_iter()
                .map(|(before, after)| (f64::from(before) / 5.0, f64::from(after) / 5.0))
                .collect()
        })
    }

    proptest! {
        /// The golden vectors of the analysis of covariance thereby hold for the adjusted means.
        #[test]
        fn two_groups_are_as_far_apart_as_the_analysis_of_covariance_says(one in people(), other in people()) {
            let (one, other) = (PairMoments::of(&one), PairMoments::of(&other));
            let adjusted = at_equal_baselines(&[one, other]);
            if let Ok(found) = ancova_from(&one, &other).inference {
                prop_assert!((adjusted[0].mean - adjusted[1].mean - found.effect).abs() < 1e-9);
            }
        }

        #[test]
        fn groups_that_start_alike_stay_as_they_are(pairs in people(), gain in 0i32..5) {
            let risen: Vec<_> = pairs.iter().map(|(b, a)| (*b, a + f64::from(gain))).collect();
            let groups = [PairMoments::of(&pairs), PairMoments::of(&risen)];
            for (adjusted, group) in at_equal_baselines(&groups).iter().zip(&groups) {
                prop_assert!((adjusted.mean - group.change.mean).abs() < 1e-9);
                prop_assert!(adjusted.ss <= group.change.ss + 1e-9, "a slope never adds spread within");
            }
        }
    }

    #[test]
    fn without_spread_before_nothing_is_adjusted() {
        let flat = |before: f64| PairMoments::of(&[(before, before), (before, before + SMALLEST_CHANGE)]);
        let groups = [flat(2.0), flat(4.0)];
        let adjusted = at_equal_baselines(&groups);
        assert_eq!(adjusted, groups.map(|group| group.change));
        assert_eq!(at_equal_baselines(&[]), []);
    }
}
