//! Who rated the people of a group, and by how much these changed: exact sums for each supervisor.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::super::sums::{SCALE, ScoreSums, units};
use super::super::thresholds::is_few;

/// The people of one group under one supervisor; stored as two numbers, as there are many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, i64)", into = "(i64, i64)")]
pub struct RatedPeople {
    /// How many.
    pub n: i64,
    /// Sum of their changes, in ten-thousandths of a point.
    pub change: i64,
}

/// The people of one group, supervisor by supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "K: Ord + Deserialize<'de>", serialize = "K: Ord + Serialize"))]
pub struct Raters<K> {
    /// By supervisor.
    pub by: BTreeMap<K, RatedPeople>,
    /// The changes of people who are each a cluster of their own.
    pub alone: ScoreSums,
}

impl From<(i64, i64)> for RatedPeople {
    fn from((n, change): (i64, i64)) -> Self {
        Self { n, change }
    }
}

impl From<RatedPeople> for (i64, i64) {
    fn from(people: RatedPeople) -> Self {
        (people.n, people.change)
    }
}

impl<K> Default for Raters<K> {
    fn default() -> Self {
        Self { by: BTreeMap::new(), alone: ScoreSums::default() }
    }
}

impl<K: Ord + Copy> Raters<K> {
    /// People known by their supervisor and their change in points; changes that are none are left out.
    pub fn of(people: &[(K, f64)]) -> Self {
        let mut raters = Self::default();
        for (rater, change) in people {
            if let Some(change) = units(*change) {
                raters.add(*rater, change);
            }
        }
        raters
    }

    /// People who are each a cluster of their own, by their changes.
    pub fn by_people(changes: ScoreSums) -> Self {
        Self { by: BTreeMap::new(), alone: changes }
    }

    /// Add one person: the supervisor, and the change in ten-thousandths of a point.
    pub fn add(&mut self, rater: K, change: i64) {
        let people = self.by.entry(rater).or_default();
        people.n = people.n.saturating_add(1);
        people.change = people.change.saturating_add(change);
    }

    /// Add the people of another group, who must be others than those already counted.
    pub fn merge(&mut self, other: &Self) {
        for (rater, people) in &other.by {
            let own = self.by.entry(*rater).or_default();
            own.n = own.n.saturating_add(people.n);
            own.change = own.change.saturating_add(people.change);
        }
        self.alone.merge(&other.alone);
    }

    /// How many people.
    pub fn people(&self) -> i64 {
        self.by.values().map(|people| people.n).fold(self.alone.n, i64::saturating_add)
    }

    /// Sum of their changes, in ten-thousandths of a point.
    pub fn change(&self) -> i64 {
        self.by.values().map(|people| people.change).fold(self.alone.sum, i64::saturating_add)
    }

    /// Whether one to four people share a supervisor with somebody. An interval that counts such people as one and all
    /// others as themselves gives their changes away, beside a list of all.
    pub fn few_share(&self) -> bool {
        let shared = self.by.values().filter(|people| people.n > 1).map(|people| people.n).sum();
        few(shared)
    }

    /// Their mean change in points; none of nobody.
    pub(super) fn mean(&self) -> Option<f64> {
        let n = self.people();
        (n > 0).then(|| self.change() as f64 / (n as f64 * SCALE as f64))
    }

    /// By how much each supervisor's people lie above the group's mean together, in points.
    pub(super) fn pulls(&self) -> impl Iterator<Item = (K, f64)> {
        let mean = self.mean().unwrap_or_default();
        self.by.iter().map(move |(rater, people)| (*rater, points(people.change) - people.n as f64 * mean))
    }

    /// The squared distances from the group's mean of those who count for themselves, summed up, in squared points.
    pub(super) fn squares_alone(&self) -> f64 {
        let (mean, n) = (self.mean().unwrap_or_default(), self.alone.n as f64);
        let squared = self.alone.squared as f64 / (SCALE * SCALE) as f64;
        (squared - 2.0 * mean * points(self.alone.sum) + n * mean * mean).max(0.0)
    }

    /// Whether a sum has hit the end of its type.
    pub(super) fn full(&self) -> bool {
        let ends = [self.people(), self.change().saturating_abs(), self.alone.squared];
        ends.contains(&i64::MAX)
    }
}

/// Whether one to four people of two groups together share a supervisor with somebody.
pub fn few_share_between<K: Ord + Copy>(one: &Raters<K>, other: &Raters<K>) -> bool {
    let mut both = Raters { by: one.by.clone(), alone: ScoreSums::default() };
    both.merge(&Raters { by: other.by.clone(), alone: ScoreSums::default() });
    both.few_share()
}

/// Whether one to four people have a supervisor whom people of another offering have too. The interval of the total,
/// beside those of the offerings, would give their changes away.
pub(super) fn few_return<'a, K: Ord + Copy + 'a>(offerings: &[Vec<&'a Raters<K>>]) -> bool {
    let mut seen: BTreeMap<K, (BTreeSet<usize>, i64)> = BTreeMap::new();
    for (place, groups) in offerings.iter().enumerate() {
        for (rater, people) in groups.iter().flat_map(|raters| &raters.by) {
            let (places, n) = seen.entry(*rater).or_default();
            places.insert(place);
            *n = n.saturating_add(people.n);
        }
    }
    few(seen.values().filter(|(places, _)| places.len() > 1).map(|(_, n)| *n).sum())
}

fn few(people: i64) -> bool {
    usize::try_from(people).is_ok_and(is_few)
}

fn points(units: i64) -> f64 {
    units as f64 / SCALE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(people: &[usize]) -> Raters<usize> {
        let of = people.iter().enumerate();
        let people: Vec<(usize, f64)> = of.flat_map(|(rater, n)| vec![(rater, 0.25); *n]).collect();
        Raters::of(&people)
    }

    #[test]
    fn a_pair_among_others_is_found() {
        let with = |more: &[usize]| under(&[[1; 10].as_slice(), more].concat()).few_share();
        assert!(!with(&[]));
        assert!(with(&[2]) && with(&[3]) && with(&[4]) && with(&[2, 2]));
        assert!(!with(&[5]) && !with(&[3, 2]) && !with(&[2, 2, 2]));
        assert!(few_share_between(&under(&[1, 1]), &under(&[1])), "one of each group are two");
        assert!(!few_share_between(&under(&[1, 1, 1]), &under(&[1, 1, 1])));
    }

    #[test]
    fn people_under_a_rater_of_two_offerings_are_counted() {
        let (one, other) = (under(&[1, 1, 2]), under(&[0, 1]));
        let returns = |more: &Raters<usize>| few_return(&[vec![&one], vec![more]]);
        assert!(returns(&other), "two people share the second rater");
        assert!(!returns(&under(&[3, 3])) && !returns(&Raters::default()));
        assert!(!few_return(&[vec![&one, &one]]), "within an offering nobody returns");
    }

    #[test]
    fn what_is_stored_is_what_comes_back() {
        let mut raters = under(&[1, 2]);
        raters.merge(&Raters::by_people(ScoreSums::of(&[0.5])));
        let stored = serde_json::to_value(&raters).unwrap();
        assert_eq!(serde_json::from_value::<Raters<usize>>(stored).unwrap(), raters);
        assert_eq!((raters.people(), raters.change()), (4, 12_500));
    }
}
