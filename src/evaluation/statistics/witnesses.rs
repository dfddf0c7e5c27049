//! Few who share a supervisor: whether sums over supervisors tell them from the others.

use super::clusters::{ClusterSums, GroupClusters};
use super::sums::PairSums;
use super::thresholds::PRIVACY_FLOOR;

impl ClusterSums {
    /// Whether one to four people share a supervisor with somebody, among the trained, the comparison group or both
    /// together. What counts such people as one and all others as themselves tells their changes, beside a list of all.
    /// A comparison group of less than five is in no figure.
    pub fn tell_few(&self) -> bool {
        let (one, other) = (&self.trained, &self.comparison);
        let both = Shared {
            people: one.n + other.n,
            supervisors: self.clusters,
            squares: one.n_n + other.n_n + 2 * self.n_n,
        };
        let compared = usize::try_from(other.n).is_ok_and(|n| n >= PRIVACY_FLOOR);
        Shared::of(one).are_few() || compared && (Shared::of(other).are_few() || both.are_few())
    }

    /// The same people, each counted as one witness.
    #[must_use]
    pub fn by_people(trained: &PairSums, comparison: &PairSums) -> Self {
        let (trained, comparison) = (GroupClusters::by_people(trained), GroupClusters::by_people(comparison));
        Self { clusters: trained.clusters + comparison.clusters, trained, comparison, ..Self::default() }
    }
}

impl GroupClusters {
    fn by_people(pairs: &PairSums) -> Self {
        let changes = pairs.changes();
        Self {
            clusters: changes.n,
            n: changes.n,
            change: changes.sum,
            n_n: i128::from(changes.n),
            n_change: i128::from(changes.sum),
            change_change: i128::from(changes.squared),
        }
    }
}

/// How people are spread over supervisors.
struct Shared {
    people: i64,
    supervisors: i64,
    /// Sum over supervisors: people, squared.
    squares: i128,
}

impl Shared {
    fn of(group: &GroupClusters) -> Self {
        Self { people: group.n, supervisors: group.clusters, squares: group.n_n }
    }

    /// Whether those who are not alone under their supervisor are one to four. By how many more people there are than
    /// supervisors, and how many ordered pairs share one, the only spreads with so few are: a pair; two pairs; a triple;
    /// four under one.
    fn are_few(&self) -> bool {
        let pairs = self.squares - i128::from(self.people);
        matches!((self.people - self.supervisors, pairs), (1, 2) | (2, 4 | 6) | (3, 12))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// So many trained and comparison people under each supervisor, each with a change of another size.
    fn spread(supervisors: &[(usize, usize)]) -> ClusterSums {
        let people = |of: fn(&(usize, usize)) -> usize| -> Vec<(usize, f64)> {
            let under = supervisors.iter().enumerate();
            under.flat_map(|(who, n)| (0..of(n)).map(move |i| (who, (who + i) as f64 / 10.0))).collect()
        };
        ClusterSums::of(&people(|(trained, _)| *trained), &people(|(_, comparison)| *comparison))
    }

    #[test]
    fn a_pair_among_others_is_told() {
        let alone = [(1, 0); 10];
        let with = |more: &[(usize, usize)]| spread(&[alone.as_slice(), more].concat()).tell_few();
        assert!(!with(&[]));
        assert!(with(&[(2, 0)]) && with(&[(3, 0)]) && with(&[(4, 0)]) && with(&[(2, 0), (2, 0)]));
        assert!(!with(&[(5, 0)]) && !with(&[(3, 0), (2, 0)]) && !with(&[(2, 0), (2, 0), (2, 0)]));
        let apart = [(0, 1); 5];
        let beside = |more: (usize, usize)| with(&[apart.as_slice(), &[more]].concat());
        assert!(beside((1, 1)), "one of each group are two");
        assert!(beside((5, 2)), "two of the comparison group");
        assert!(!with(&[(5, 4)]), "four are in no figure");
    }

    proptest! {
        #[test]
        fn counting_says_the_same(supervisors in prop::collection::vec((0_usize..5, 0_usize..4), 0..8)) {
            let few = |of: fn(&(usize, usize)) -> usize| {
                let shared: usize = supervisors.iter().map(of).filter(|n| *n > 1).sum();
                (1..5).contains(&shared)
            };
            let compared = supervisors.iter().map(|(_, other)| other).sum::<usize>() >= 5;
            let expected =
                few(|(one, _)| *one) || compared && (few(|(_, other)| *other) || few(|(one, other)| one + other));
            prop_assert_eq!(spread(&supervisors).tell_few(), expected);
        }

        #[test]
        fn by_people_is_everybody_under_a_supervisor_of_ones_own(changes in prop::collection::vec(-40_i64..40, 0..9)) {
            let pairs: Vec<(f64, f64)> = changes.iter().map(|by| (3.0, 3.0 + *by as f64 / 10.0)).collect();
            let own: Vec<(usize, f64)> = changes.iter().map(|by| *by as f64 / 10.0).enumerate().collect();
            let found = ClusterSums::by_people(&PairSums::of(&pairs), &PairSums::default());
            prop_assert_eq!(found, ClusterSums::of(&own, &[]));
        }
    }
}
