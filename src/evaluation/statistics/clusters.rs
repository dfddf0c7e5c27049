//! People under one supervisor share that supervisor's eye: intervals by clusters of raters.
//!
//! A supervisor who becomes stricter moves all of his or her people at once. The interval of Welch counts each of
//! them as one independent witness and comes out too narrow; here each supervisor is one (Liang and Zeger 1986;
//! section 10 of the model). Everything needed is a sum over supervisors of whole numbers, so departments can be
//! put together as long as no supervisor is counted in two of them.

mod sums;

pub use sums::{ClusterSums, GroupClusters, RatedPeople};

use super::{
    DifferenceInference, Figure, Reason, Status, comparison,
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
    cluster_robust_difference(&ClusterSums::of(trained, comparison))
}

/// The difference of both mean changes, with the interval by supervisors.
///
/// The same as a regression of the change on the group, with the sandwich estimator by cluster, its usual
/// small-sample factor G/(G-1) (N-1)/(N-2), and G-1 degrees of freedom.
pub fn cluster_robust_difference(sums: &ClusterSums) -> ClusterRobust {
    let (trained, comparison) = (&sums.trained, &sums.comparison);
    let value = trained.mean().zip(comparison.mean()).map(|(gain, other)| gain - other);
    let people = |n: i64| usize::try_from(n).unwrap_or(0);
    let inference = comparison::too_few(people(trained.n), people(comparison.n)).and_then(|()| {
        let full = trained.full() || comparison.full();
        let parts = trained
            .squared_influence()
            .zip(comparison.squared_influence())
            .zip(sums.crossed_influence())
            .filter(|_| !full);
        let ((of_trained, of_comparison), crossed) = parts.ok_or(Reason::NotFinite)?;
        let variance = of_trained + of_comparison - 2.0 * crossed;
        // The two sides can cancel, which leaves rounding where exact arithmetic would leave nothing.
        let noise = variance <= ZERO_SPREAD * (of_trained + of_comparison);
        let all = trained.n as f64 + comparison.n as f64;
        infer(value, if noise { 0.0 } else { variance }, sums.clusters, (all - 1.0) / (all - 2.0))
    });
    let fewest = people(trained.clusters.min(comparison.clusters));
    ClusterRobust { clusters: people(sums.clusters), fewest, value, inference }
}

/// The mean change of the trained alone, with the interval by supervisors.
pub fn cluster_robust_change(sums: &ClusterSums) -> ClusterRobust {
    let trained = &sums.trained;
    let inference = match trained.n {
        ..=0 => Err(Reason::NoCompletePairs),
        1 => Err(Reason::NBelow2),
        _ => trained
            .squared_influence()
            .filter(|_| !trained.full())
            .ok_or(Reason::NotFinite)
            .and_then(|variance| infer(trained.mean(), variance, trained.clusters, 1.0)),
    };
    let clusters = usize::try_from(trained.clusters).unwrap_or(0);
    ClusterRobust { clusters, fewest: clusters, value: trained.mean(), inference }
}

fn infer(
    value: Option<f64>,
    variance: f64,
    clusters: i64,
    factor: f64,
) -> Result<DifferenceInference, Reason> {
    if clusters < 2 {
        return Err(Reason::OneRater);
    }
    if variance == 0.0 {
        return Err(Reason::ZeroVarianceBetweenRaters);
    }
    let df = clusters as f64 - 1.0;
    let corrected = variance * clusters as f64 / df * factor;
    DifferenceInference::new(value.ok_or(Reason::NoCompletePairs)?, corrected.sqrt(), df)
}

/// Gives an open figure the interval by supervisors, from ten supervisors on.
///
/// With fewer, that interval would itself be too narrow (Cameron, Gelbach and Miller 2008), so the one that counts
/// people stays, and it must be labelled «probably too narrow». The same happens where one of two groups has few
/// supervisors, however many the other has: then the wider of both intervals is given, with the label where the group
/// has fewer than [`RATERS_PER_GROUP`].
pub fn with_raters(figure: Figure, robust: &ClusterRobust) -> RaterFigure {
    if figure.status() != Status::Ok {
        return RaterFigure { figure, probably_too_narrow: false };
    }
    let by_raters = robust.inference.ok().filter(|_| robust.clusters >= RATERS_INDEPENDENT);
    let Some(by_raters) = by_raters.map(|found| found.ci95) else {
        return RaterFigure { figure, probably_too_narrow: true };
    };
    let width = |[low, high]: [f64; 2]| high - low;
    let narrower = figure.ci95().is_some_and(|by_people| width(by_raters) < width(by_people));
    let keep = robust.fewest < RATERS_INDEPENDENT && narrower;
    RaterFigure {
        figure: if keep { figure } else { figure.with_ci95(by_raters) },
        probably_too_narrow: robust.fewest < RATERS_PER_GROUP,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PairMoments, Respondents, Unit, difference_figures, difference_from};
    use super::*;

    /// Twelve raters of three people each, whose own strictness moves together.
    fn people(raters: i32, lift: f64) -> Vec<(i32, f64)> {
        (0..3 * raters)
            .map(|i| (i / 3, lift + f64::from(i / 3 % 4) / 5.0 + f64::from(i % 3) / 10.0))
            .collect()
    }

    fn figure() -> Figure {
        let pairs: Vec<(f64, f64)> = people(4, 0.4).iter().map(|(_, change)| (3.0, 3.0 + change)).collect();
        let moments = PairMoments::of(&pairs);
        difference_figures(&difference_from(&moments, &moments), Unit::PointsOf5, Respondents::Named)
            .difference
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
        let alone =
            |trained: &[(i32, f64)]| cluster_robust_change(&ClusterSums::of(trained, &[])).inference.err();
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
            let found = with_raters(figure(), &robust);
            assert_eq!(found.probably_too_narrow, !replaced);
            assert_eq!(found.figure.ci95() == robust.inference.ok().map(|found| found.ci95), replaced);
            assert_eq!(found.figure.ci95() == figure().ci95(), !replaced);
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
        // With ten on both sides the interval by raters stands, also where it is the narrower.
        let robust = cluster_robust(&people(10, 0.4), &people(20, 0.1));
        let figure = Figure::ok(0.3, Some([-9.0, 9.0]), Unit::PointsOf5, 30);
        assert_eq!(with_raters(figure, &robust).figure.ci95(), robust.inference.ok().map(|found| found.ci95));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut sums = ClusterSums::default();
        for change in [i64::MAX, i64::MAX / 2, 0, 7] {
            sums.add(RatedPeople { n: i64::MAX / 8, change }, RatedPeople { n: 9, change: 5 });
        }
        assert_eq!(cluster_robust_difference(&sums).inference, Err(Reason::NotFinite));
        assert_eq!(cluster_robust_change(&sums).inference, Err(Reason::NotFinite));
    }
}
