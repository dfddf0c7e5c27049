//! What one supervisor's people add up to: exact sums over supervisors, of people, changes and their products.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::sums::{PairSums, SCALE, units};

/// The people of one group under one supervisor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RatedPeople {
    /// How many.
    pub n: i64,
    /// Sum of their changes, in ten-thousandths of a point.
    pub change: i64,
}

/// Sums of one group over the supervisors, in ten-thousandths of a point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GroupClusters {
    /// Supervisors with anybody in this group.
    pub clusters: i64,
    /// People.
    pub n: i64,
    /// Sum of their changes.
    pub change: i64,
    /// Over supervisors: people, squared.
    #[serde(with = "digits")]
    pub n_n: i128,
    /// Over supervisors: people times sum of changes.
    #[serde(with = "digits")]
    pub n_change: i128,
    /// Over supervisors: sum of changes, squared.
    #[serde(with = "digits")]
    pub change_change: i128,
}

/// Sums over the supervisors of trained and comparison people, additive over supervisors.
///
/// The products need more than 64 bits and travel in JSON as strings of digits. Where even 127 bits are too few,
/// the figures made from the sums are [`NotFinite`](super::super::Reason::NotFinite).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClusterSums {
    /// Supervisors with anybody in either group.
    pub clusters: i64,
    /// The trained.
    pub trained: GroupClusters,
    /// The comparison group.
    pub comparison: GroupClusters,
    /// Over supervisors: trained people times comparison people.
    #[serde(with = "digits")]
    pub n_n: i128,
    /// Over supervisors: trained people times change of the comparison people.
    #[serde(with = "digits")]
    pub n_change: i128,
    /// Over supervisors: change of the trained people times comparison people.
    #[serde(with = "digits")]
    pub change_n: i128,
    /// Over supervisors: change of the trained people times change of the comparison people.
    #[serde(with = "digits")]
    pub change_change: i128,
}

impl GroupClusters {
    fn add(&mut self, people: RatedPeople) {
        let (n, change) = (i128::from(people.n), i128::from(people.change));
        self.merge(&Self {
            clusters: i64::from(people.n > 0),
            n: people.n,
            change: people.change,
            n_n: n * n,
            n_change: n * change,
            change_change: change * change,
        });
    }

    fn merge(&mut self, other: &Self) {
        self.clusters = self.clusters.saturating_add(other.clusters);
        self.n = self.n.saturating_add(other.n);
        self.change = self.change.saturating_add(other.change);
        self.n_n = self.n_n.saturating_add(other.n_n);
        self.n_change = self.n_change.saturating_add(other.n_change);
        self.change_change = self.change_change.saturating_add(other.change_change);
    }

    pub(super) fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.change as f64 / (self.n as f64 * SCALE as f64))
    }

    /// The sum over supervisors of the squared influence on this group's mean, in squared points.
    pub(super) fn squared_influence(&self) -> Option<f64> {
        let (n, change) = (i128::from(self.n), i128::from(self.change));
        let first = n.checked_mul(n)?.checked_mul(self.change_change)?;
        let second = n.checked_mul(change)?.checked_mul(2)?.checked_mul(self.n_change)?;
        let third = change.checked_mul(change)?.checked_mul(self.n_n)?;
        let sum = first.checked_sub(second)?.checked_add(third).filter(|sum| *sum >= 0)?;
        Some(sum as f64 / (self.n as f64).powi(4) / (SCALE * SCALE) as f64)
    }

    /// Whether a sum has hit the end of its type.
    pub(super) fn full(&self) -> bool {
        self.change_change == i128::MAX || self.n_n == i128::MAX || self.n == i64::MAX
    }
}

impl ClusterSums {
    /// Sums people known by their supervisor and their change in points; changes that are none are left out.
    pub fn of<K: Ord + Copy>(trained: &[(K, f64)], comparison: &[(K, f64)]) -> Self {
        let mut under = BTreeMap::<K, (RatedPeople, RatedPeople)>::new();
        for (rater, change) in known(trained) {
            under.entry(rater).or_default().0.add(change);
        }
        for (rater, change) in known(comparison) {
            under.entry(rater).or_default().1.add(change);
        }
        let mut sums = Self::default();
        for (trained, comparison) in under.into_values() {
            sums.add(trained, comparison);
        }
        sums
    }

    /// Adds one supervisor with all of his or her people.
    pub fn add(&mut self, trained: RatedPeople, comparison: RatedPeople) {
        let product = |left: i64, right: i64| i128::from(left) * i128::from(right);
        let mut one = Self {
            clusters: i64::from(trained.n > 0 || comparison.n > 0),
            n_n: product(trained.n, comparison.n),
            n_change: product(trained.n, comparison.change),
            change_n: product(trained.change, comparison.n),
            change_change: product(trained.change, comparison.change),
            ..Self::default()
        };
        one.trained.add(trained);
        one.comparison.add(comparison);
        self.merge(&one);
    }

    /// Adds other supervisors.
    pub fn merge(&mut self, other: &Self) {
        self.clusters = self.clusters.saturating_add(other.clusters);
        self.trained.merge(&other.trained);
        self.comparison.merge(&other.comparison);
        self.n_n = self.n_n.saturating_add(other.n_n);
        self.n_change = self.n_change.saturating_add(other.n_change);
        self.change_n = self.change_n.saturating_add(other.change_n);
        self.change_change = self.change_change.saturating_add(other.change_change);
    }

    /// The sum over supervisors of the product of both influences, in squared points.
    pub(super) fn crossed_influence(&self) -> Option<f64> {
        let (n, change) = (i128::from(self.trained.n), i128::from(self.trained.change));
        let (m, other) = (i128::from(self.comparison.n), i128::from(self.comparison.change));
        let terms = [
            n.checked_mul(m)?.checked_mul(self.change_change)?,
            n.checked_mul(other)?.checked_mul(self.change_n)?.checked_neg()?,
            change.checked_mul(m)?.checked_mul(self.n_change)?.checked_neg()?,
            change.checked_mul(other)?.checked_mul(self.n_n)?,
        ];
        let sum = terms.into_iter().try_fold(0_i128, i128::checked_add)?;
        Some(sum as f64 / (n as f64 * m as f64).powi(2) / (SCALE * SCALE) as f64)
    }
}

impl RatedPeople {
    /// The people behind the sums of one supervisor.
    pub fn of(sums: &PairSums) -> Self {
        Self { n: sums.n, change: sums.after.saturating_sub(sums.before) }
    }

    fn add(&mut self, change: i64) {
        self.n = self.n.saturating_add(1);
        self.change = self.change.saturating_add(change);
    }
}

impl std::ops::Add for ClusterSums {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.merge(&other);
        self
    }
}

impl std::ops::AddAssign for ClusterSums {
    fn add_assign(&mut self, other: Self) {
        self.merge(&other);
    }
}

fn known<K: Copy>(people: &[(K, f64)]) -> impl Iterator<Item = (K, i64)> {
    people.iter().filter_map(|(rater, change)| units(*change).map(|change| (*rater, change)))
}

/// Integers beyond 64 bits as strings of digits: few readers of JSON keep such numbers.
mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(number: &i128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i128, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_every_digit() {
        let mut sums = ClusterSums::default();
        sums.add(RatedPeople { n: 4_000_000, change: -4_000_000_000_000 }, RatedPeople { n: 3, change: 17 });
        let value = serde_json::to_value(sums).unwrap();
        assert_eq!(value["trained"]["change_change"], "16000000000000000000000000");
        assert_eq!(serde_json::from_value::<ClusterSums>(value).unwrap(), sums);
    }

    #[test]
    fn the_people_of_a_rater_come_from_pair_sums() {
        let sums = PairSums::of(&[(3.0, 3.4), (2.0, 2.1)]);
        assert_eq!(RatedPeople::of(&sums), RatedPeople { n: 2, change: 5_000 });
    }
}
