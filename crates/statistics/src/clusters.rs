//! People under one supervisor share that supervisor's eye: intervals by clusters of raters.
//!
//! A supervisor who becomes stricter moves all of his or her people at once. The interval of Welch counts each of
//! them as one independent witness and comes out too narrow; here each supervisor is one (Liang and Zeger 1986), once
//! in the whole total, in however many of its offerings he or she rated.

mod raters;

use std::collections::{BTreeMap, BTreeSet};

pub use raters::{RatedPeople, Raters, few_share_between};

use super::{
    DifferenceInference, Figure, Reason, Status, comparison,
    moments::total,
    thresholds::{RATERS_INDEPENDENT, RATERS_PER_GROUP, ZERO_SPREAD},
};

/// A change or a difference of changes with the interval that counts supervisors, not people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterRobust {
    /// Supervisors.
    pub clusters: usize,
    /// Supervisors of the group that has fewer.
    pub fewest: usize,
    /// The change or difference in points.
    pub value: Option<f64>,
    /// The sum over supervisors of their squared influence on the value, in squared points.
    pub squared_influence: Option<f64>,
    /// How sure it is, with supervisors minus one degrees of freedom, or why that cannot be said.
    pub inference: Result<DifferenceInference, Reason>,
}

/// A figure and whether its interval knows about the raters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RaterFigure {
    /// The figure; with the interval by raters where there are enough of them.
    pub figure: Figure,
    /// The interval counts people although few raters judged them: «probably too narrow».
    pub probably_too_narrow: bool,
}

/// By how much more the trained changed, with the interval by supervisors; see [`cluster_robust_difference`].
pub fn cluster_robust<K: Ord + Copy>(trained: &[(K, f64)], comparison: &[(K, f64)]) -> ClusterRobust {
    cluster_robust_difference(&[[&Raters::of(trained), &Raters::of(comparison)]])
}

/// The difference of both mean changes within each offering, the trained and the comparison group of each given; the
/// offerings weighted by their trained people, as in [`difference_within`](super::difference_within).
///
/// For one offering the same as a regression of the change on the group, with the sandwich estimator by cluster, its
/// usual small-sample factor G/(G-1) (N-1)/(N-2), and G-1 degrees of freedom; for several with an intercept for each,
/// so that the factor is (N-1)/(N-2S) of S offerings.
pub fn cluster_robust_difference<K: Ord + Copy>(offerings: &[[&Raters<K>; 2]]) -> ClusterRobust {
    let people =
        |group: usize| offerings.iter().filter_map(|pair| pair.get(group)).map(|r| r.people()).sum::<i64>();
    let (trained, comparison) = (people(0), people(1));
    let separate = raters::few_return(&offerings.iter().map(|pair| pair.to_vec()).collect::<Vec<_>>());
    let mut seen = Influence::default();
    for (place, [trained_raters, comparison_raters]) in offerings.iter().enumerate() {
        let weight = trained_raters.people() as f64 / trained as f64;
        let place = if separate { place } else { 0 };
        seen.add(place, 0, trained_raters, weight);
        seen.add(place, 1, comparison_raters, -weight);
    }
    let full = offerings.iter().flatten().any(|raters| raters.full());
    let (n, m) = (count(trained), count(comparison));
    let inference = comparison::too_few(n, m).and_then(|()| {
        let free = (trained + comparison) as f64;
        let factor = (free - 1.0) / (free - 2.0 * offerings.len() as f64);
        if full { Err(Reason::NotFinite) } else { seen.infer(factor) }
    });
    seen.finish(n > 0 && m > 0, inference)
}

/// The mean change of the trained alone, with the interval by supervisors; of several offerings together, each given.
pub fn cluster_robust_change<K: Ord + Copy>(offerings: &[&Raters<K>]) -> ClusterRobust {
    let mut all = Raters::default();
    let separate = raters::few_return(&offerings.iter().map(|raters| vec![*raters]).collect::<Vec<_>>());
    for (place, raters) in offerings.iter().enumerate() {
        let place = if separate { place } else { 0 };
        let by = raters.by.iter().map(|(rater, people)| ((place, *rater), *people)).collect();
        all.merge(&Raters { by, alone: raters.alone });
    }
    let mut seen = Influence::default();
    seen.add(0, 0, &all, 1.0);
    let inference = match all.people() {
        ..=0 => Err(Reason::NoCompletePairs),
        1 => Err(Reason::NBelow2),
        _ if all.full() => Err(Reason::NotFinite),
        _ => seen.infer(1.0),
    };
    ClusterRobust { fewest: seen.clusters(), ..seen.finish(all.people() > 0, inference) }
}

/// How far each supervisor moves a value.
struct Influence<K> {
    value: f64,
    /// By supervisor, of both groups together and of each.
    by: BTreeMap<(usize, K), f64>,
    groups: [BTreeSet<(usize, K)>; 2],
    /// The squares of people who are each a cluster of their own, and how many there are in each group.
    alone: Vec<f64>,
    people_alone: [usize; 2],
    /// The squares of what each group adds, which may cancel in the sum of both.
    separate: Vec<f64>,
}

impl<K> Default for Influence<K> {
    fn default() -> Self {
        Self {
            value: 0.0,
            by: BTreeMap::new(),
            groups: [BTreeSet::new(), BTreeSet::new()],
            alone: Vec::new(),
            people_alone: [0; 2],
            separate: Vec::new(),
        }
    }
}

impl<K: Ord + Copy> Influence<K> {
    /// Add a group's mean with a weight. `place` keeps the supervisors of one offering apart from those of others.
    fn add(&mut self, place: usize, group: usize, raters: &Raters<K>, weight: f64) {
        let Some(mean) = raters.mean() else { return };
        let each = weight / raters.people() as f64;
        self.value += weight * mean;
        for (rater, pull) in raters.pulls() {
            *self.by.entry((place, rater)).or_default() += each * pull;
            self.separate.push((each * pull).powi(2));
            if let Some(group) = self.groups.get_mut(group) {
                group.insert((place, rater));
            }
        }
        self.alone.push(each * each * raters.squares_alone());
        if let Some(alone) = self.people_alone.get_mut(group) {
            *alone += count(raters.alone.n);
        }
    }

    fn clusters(&self) -> usize {
        self.by.len() + self.people_alone.iter().sum::<usize>()
    }

    fn fewest(&self) -> usize {
        let of = |(group, alone): (&BTreeSet<_>, &usize)| group.len() + alone;
        self.groups.iter().zip(&self.people_alone).map(of).min().unwrap_or_default()
    }

    fn squared(&self) -> f64 {
        total(self.by.values().map(|one| one * one).chain(self.alone.iter().copied()))
    }

    fn infer(&self, factor: f64) -> Result<DifferenceInference, Reason> {
        if self.clusters() < 2 {
            return Err(Reason::OneRater);
        }
        let variance = self.squared();
        // The two groups can cancel, which leaves rounding where exact arithmetic would leave nothing.
        let parts = total(self.separate.iter().chain(&self.alone).copied());
        if variance <= ZERO_SPREAD * parts || variance.sqrt() <= ZERO_SPREAD {
            return Err(Reason::ZeroVarianceBetweenRaters);
        }
        let df = self.clusters() as f64 - 1.0;
        let corrected = variance * self.clusters() as f64 / df * factor;
        DifferenceInference::new(self.value, corrected.sqrt(), df)
    }

    fn finish(&self, is_known: bool, inference: Result<DifferenceInference, Reason>) -> ClusterRobust {
        ClusterRobust {
            clusters: self.clusters(),
            fewest: self.fewest(),
            value: is_known.then_some(self.value),
            squared_influence: inference.is_ok().then(|| self.squared()),
            inference,
        }
    }
}

fn count(people: i64) -> usize {
    usize::try_from(people).unwrap_or(0)
}

/// Gives an open figure the interval by supervisors, from ten supervisors on, where that is the wider one.
///
/// With fewer, that interval would itself be too narrow (Cameron, Gelbach and Miller 2008), so the one that counts
/// people stays, and it must be labelled «probably too narrow»; so must a group with fewer than [`RATERS_PER_GROUP`],
/// however many the other has. The wider of both is given because either may be too narrow: the one that counts people
/// where supervisors have an eye of their own, the one by supervisors where groups of unequal size spread unequally.
pub fn with_raters(figure: Figure, robust: &ClusterRobust) -> RaterFigure {
    if figure.status() != Status::Ok {
        return RaterFigure { figure, probably_too_narrow: false };
    }
    let probably_too_narrow = robust.clusters < RATERS_INDEPENDENT || robust.fewest < RATERS_PER_GROUP;
    let figure = figure.doubtful(probably_too_narrow);
    let by_raters = robust.inference.ok().filter(|_| robust.clusters >= RATERS_INDEPENDENT);
    let width = |[low, high]: [f64; 2]| high - low;
    let wider =
        by_raters.filter(|found| figure.ci95().is_none_or(|by_people| width(found.ci95) > width(by_people)));
    RaterFigure {
        figure: wider.map_or(figure, |found| figure.with_inference(found.ci95, found.p())),
        probably_too_narrow,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Unit;
    use super::*;

    /// Twelve raters of three people each, whose own strictness moves together.
    fn people(raters: i32, lift: f64) -> Vec<(i32, f64)> {
        (0..3 * raters)
            .map(|i| (i / 3, lift + f64::from(i / 3 % 4) / 5.0 + f64::from(i % 3) / 10.0))
            .collect()
    }

    #[test]
    fn too_few_people_or_raters() {
        let two = [(1, 0.5), (2, 0.25)];
        type Case<'a> = (&'a [(i32, f64)], &'a [(i32, f64)], Reason);
        let table: [Case; 6] = [
            (&[], &two, Reason::NoCompletePairs),
            (&[(1, f64::NAN)], &two, Reason::NoCompletePairs),
            (&two[..1], &two, Reason::NBelow2),
            (&two, &[], Reason::NoComparisonGroup),
            (&two, &two[..1], Reason::ComparisonTooSmall),
            (&[(1, 0.5), (1, 0.25)], &[(1, 0.0), (1, 0.25)], Reason::OneRater),
        ];
        for (trained, comparison, expected) in table {
            assert_eq!(cluster_robust(trained, comparison).inference, Err(expected));
        }
        let alone = |trained: &[(i32, f64)]| cluster_robust_change(&[&Raters::of(trained)]).inference.err();
        assert_eq!(alone(&[]), Some(Reason::NoCompletePairs));
        assert_eq!(alone(&two[..1]), Some(Reason::NBelow2));
        assert_eq!((alone(&[(1, 0.5), (1, 0.25)]), alone(&two)), (Some(Reason::OneRater), None));
    }

    #[test]
    fn raters_who_all_see_the_same_leave_nothing_to_judge_by() {
        let alike = [(1, 0.5), (1, 0.25), (2, 0.25), (2, 0.5)];
        let found = cluster_robust(&alike, &alike);
        assert_eq!((found.value, found.inference), (Some(0.0), Err(Reason::ZeroVarianceBetweenRaters)));
        // Each rater moves both groups alike: the difference does not vary at all.
        let moved = [(1, 0.9), (1, 0.7), (2, 0.3), (2, 0.1), (3, -0.3), (3, 0.1)];
        let others = moved.map(|(rater, change)| (rater, change - 0.3));
        let found = cluster_robust(&moved, &others);
        assert_eq!(found.inference, Err(Reason::ZeroVarianceBetweenRaters));
    }

    #[test]
    fn ten_raters_replace_the_interval_and_nine_label_it() {
        for (raters, replaced) in [(9, false), (10, true)] {
            let robust = cluster_robust(&people(raters, 0.4), &people(raters, 0.1)[1..]);
            assert_eq!(robust.clusters, usize::try_from(raters).unwrap());
            let narrow = Figure::ok(0.305, Some([0.3, 0.31]), Unit::PointsOf5, 12);
            let found = with_raters(narrow, &robust);
            assert_eq!(
                (found.probably_too_narrow, found.figure.probably_too_narrow()),
                (!replaced, !replaced)
            );
            assert_eq!(found.figure.ci95() == robust.inference.ok().map(|found| found.ci95), replaced);
            assert_eq!(found.figure.ci95() == narrow.ci95(), !replaced);
        }
        let closed = Figure::closed(Reason::FewerThanNeeded, Unit::PointsOf5, 3);
        let robust = cluster_robust(&people(9, 0.4), &people(9, 0.1));
        assert_eq!(with_raters(closed, &robust), RaterFigure { figure: closed, probably_too_narrow: false });
    }

    #[test]
    fn a_group_with_few_raters_keeps_the_wider_interval_and_below_five_the_label() {
        for (few, labelled) in [(4, true), (5, false)] {
            let robust = cluster_robust(&people(few, 0.4), &people(20, 0.1));
            assert_eq!((robust.clusters, robust.fewest), (20, usize::try_from(few).unwrap()));
            let by_raters = robust.inference.unwrap().ci95;
            for (by_people, expected) in [([0.0, 9.0], [0.0, 9.0]), ([0.3, 0.31], by_raters)] {
                let figure = Figure::ok(0.305, Some(by_people), Unit::PointsOf5, 12);
                let found = with_raters(figure, &robust);
                assert_eq!((found.figure.ci95(), found.probably_too_narrow), (Some(expected), labelled));
            }
        }
        // So does the one that counts people with ten raters on both sides.
        let robust = cluster_robust(&people(10, 0.4), &people(20, 0.1));
        let figure = Figure::ok(0.3, Some([-9.0, 9.0]), Unit::PointsOf5, 30);
        assert_eq!(with_raters(figure, &robust).figure, figure);
    }

    /// The trained of one offering gain 0.8 more than their colleagues, those of the other as much as theirs; who was
    /// rated in both by the same people is no more witnesses than in one.
    #[test]
    fn offerings_are_compared_within_themselves_and_raters_counted_once() {
        let group = |raters: std::ops::Range<i32>, by: f64| -> Raters<i32> {
            let people = raters.flat_map(|rater| {
                [(rater, by + 0.1), (rater, by - 0.1), (rater, by + 0.2 * f64::from(rater % 3))]
            });
            Raters::of(&people.collect::<Vec<_>>())
        };
        let (first, others) = (group(0..12, 0.8), group(0..12, 0.0));
        let one = cluster_robust_difference(&[[&first, &others]]);
        let twice = cluster_robust_difference(&[[&first, &others], [&first, &others]]);
        assert_eq!((one.clusters, twice.clusters, twice.fewest), (12, 12, 12));
        assert!(one.value.zip(twice.value).is_some_and(|(one, twice)| (one - twice).abs() < 1e-12));
        let (next, beside) = (group(20..32, 1.5), group(20..32, 1.5));
        let both = cluster_robust_difference(&[[&first, &others], [&next, &beside]]);
        assert_eq!(both.clusters, 24);
        assert!(both.value.is_some_and(|value| (value - 0.4).abs() < 1e-12), "{both:?}");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let huge =
            |rater| (rater, RatedPeople { n: 9, change: i64::MAX - i64::from(rater) * (i64::MAX / 20) });
        let raters = Raters { by: (0..12).map(huge).collect(), ..Raters::default() };
        assert_eq!(cluster_robust_difference(&[[&raters, &raters]]).inference, Err(Reason::NotFinite));
        assert_eq!(cluster_robust_change(&[&raters]).inference, Err(Reason::NotFinite));
    }
}
