//! Gates of the then-test, of regression to the mean and of gains of knowledge.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::thresholds::{RELIABILITY_ASSUMED, RELIABILITY_BOUNDS};
use super::super::{
    Figure, Grade, PairMoments, PairedEffect, Reason, ResponseShift, Status, Unit, expected_regression,
    hake_gain,
};
use super::{Respondents, gated, paired_figures, too_few};

/// The figures of self-reports with a look back; all of grade C.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct ShiftFigures {
    /// The change as it was measured: the figure.
    pub prospective: Figure,
    /// The change «looking back»: beside it, never in its place.
    pub retrospective: Figure,
    /// By how much people judge their former selves lower now.
    pub shift: Figure,
    /// Whether the note «people changed their yardstick» belongs there; null while closed.
    #[schema(required, example = true)]
    pub yardstick_changed: Option<bool>,
}

/// The change to be expected without any effect: people chosen for low ratings rise untaught (regression to the mean).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct RegressionFigures {
    /// The expected change: (1 - reliability) times (`mean_before_of_others` minus `before`). It is a loss where those sent
    /// were rated higher than others. `n` counts the others.
    pub expected: Figure,
    /// What remains of `change` without the expected part; the interval takes that part for known.
    pub remaining: Figure,
    /// Mean rating before the course, on the same questionnaires, of people who were not sent for a weakness and of
    /// colleagues matched for comparison, over the newest 200 offerings released. It is rounded to 0.05, and their number
    /// `n` down to a multiple of 10; it takes 30 people in two offerings.
    pub mean_before_of_others: Figure,
    /// How far two ratings of the same, unchanged work agree (test-retest reliability), 0 to 1. It is assumed, as nobody
    /// measured it.
    #[schema(example = 0.5)]
    pub reliability_assumed: f64,
    /// What `expected` would be with a reliability of 0.7, and of 0.3; null where it is closed.
    #[schema(required, min_items = 2, max_items = 2, example = json!([0.15, 0.35]))]
    pub at_other_reliabilities: Option<[f64; 2]>,
}

/// Puts the gates before a then-test.
pub fn shift_figures(found: &ResponseShift, unit: Unit, respondents: Respondents) -> ShiftFigures {
    let figure = |effect: &PairedEffect| paired_figures(effect, unit, respondents).change.graded(Grade::C);
    let shift = figure(&found.shift);
    let excludes_zero =
        |ends: [f64; 2]| ends.iter().all(|end| *end > 0.0) || ends.iter().all(|end| *end < 0.0);
    let common = shift.value().map(|value| value != 0.0);
    ShiftFigures {
        prospective: figure(&found.prospective),
        retrospective: figure(&found.retrospective),
        shift,
        // Where all shifted alike there is no interval, but the shift is plain.
        yardstick_changed: shift.ci95().map(excludes_zero).or(common),
    }
}

/// Puts the gates before an expected regression to the mean, and takes it from a change: `before` is the mean of the group
/// and `others` that of comparable people, of which each may be closed.
pub fn regression_figures(before: &Figure, change: &Figure, others: Figure) -> RegressionFigures {
    let open = |figure: &Figure| figure.value().filter(|_| figure.status() == Status::Ok);
    let means = open(before).zip(open(&others));
    let at = |reliability: Option<f64>| {
        let (group, population) = means?;
        Some(expected_regression(group, population, reliability)?.expected)
    };
    let like = |figure: Figure, of: &Figure| of.n_needed().map_or(figure, |needed| figure.needing(needed));
    let n = |figure: &Figure| figure.n().unwrap_or_default();
    let expected = match at(None) {
        Some(expected) => like(Figure::ok(expected, None, others.unit(), n(&others)), &others),
        None if before.status() == Status::Ok => others,
        None => *before,
    };
    let remaining = match (open(&expected), change.value(), change.reason()) {
        (None, ..) => expected,
        (Some(expected), Some(value), None) => {
            let ends = change.ci95().map(|ends| ends.map(|end| end - expected));
            like(Figure::ok(value - expected, ends, change.unit(), n(change)), change)
                .doubtful(change.probably_too_narrow())
        }
        // Where all changed alike, what remains is given as the change is, without an interval.
        (Some(expected), value, reason) => {
            let reason = reason.unwrap_or(Reason::NotFinite);
            like(Figure::closed(reason, change.unit(), n(change)), change)
                .telling(value.map(|value| value - expected))
        }
    };
    let [high, low] = RELIABILITY_BOUNDS.map(|reliability| at(Some(reliability)));
    RegressionFigures {
        expected,
        remaining,
        mean_before_of_others: others,
        reliability_assumed: RELIABILITY_ASSUMED,
        at_other_reliabilities: high.zip(low).map(|(high, low)| [high, low]),
    }
}

/// Puts the gates before a normalised gain of a knowledge test, from scores in percent.
pub fn hake_figure(percent: &PairMoments, respondents: Respondents) -> Figure {
    let n = percent.n();
    let gate = too_few(n, respondents).map(|reason| (reason, n));
    gated(gate, hake_gain(percent).map(|gain| (gain, None)), Unit::Coefficient, n)
}

#[cfg(test)]
mod tests {
    use super::super::super::shift::of_rows;
    use super::*;

    fn people(n: usize, then: impl Fn(usize) -> f64) -> Vec<[f64; 3]> {
        (0..n).map(|i| [4.0, then(i), 4.0 + (i % 2) as f64]).collect()
    }

    #[test]
    fn a_shift_needs_ten_and_has_grade_c() {
        let figures =
            |people: &[[f64; 3]]| shift_figures(&of_rows(people), Unit::PointsOf5, Respondents::Named);
        let few = figures(&people(9, |i| 3.0 - (i % 2) as f64));
        assert_eq!((few.shift.reason(), few.yardstick_changed), (Some(Reason::FewerThanNeeded), None));
        let open = figures(&people(10, |i| 3.0 - (i % 2) as f64));
        assert_eq!((open.shift.value(), open.yardstick_changed), (Some(1.5), Some(true)));
        for figure in [open.prospective, open.retrospective, open.shift] {
            assert_eq!((figure.status(), figure.evidence_grade()), (Status::Ok, Some(Grade::C)));
        }
        let none = figures(&people(10, |i| 3.5 + (i % 2) as f64));
        assert_eq!((none.shift.value(), none.yardstick_changed), (Some(0.0), Some(false)));
        let alike = figures(&people(10, |_| 3.0));
        assert_eq!((alike.shift.status(), alike.yardstick_changed), (Status::Undefined, Some(true)));
    }

    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-12)
    }

    fn mean(value: f64, n: usize, needed: usize) -> Figure {
        Figure::ok(value, None, Unit::PointsOf5, n).needing(needed)
    }

    #[test]
    fn the_expected_part_is_taken_from_the_change() {
        let change = Figure::ok(0.4, Some([0.2, 0.6]), Unit::PointsOf5, 12).needing(10).doubtful(true);
        let figures = regression_figures(&mean(2.9, 12, 10), &change, mean(3.4, 60, 30));
        assert!(near(figures.expected.value(), 0.25) && near(figures.remaining.value(), 0.15), "{figures:?}");
        assert!(near(figures.remaining.ci95().map(|[low, _]| low), -0.05));
        assert!(figures.remaining.probably_too_narrow());
        assert_eq!((figures.expected.n(), figures.remaining.n()), (Some(60), Some(12)));
        assert_eq!((figures.expected.n_needed(), figures.remaining.n_needed()), (Some(30), Some(10)));
        let [high, low] = figures.at_other_reliabilities.unwrap();
        assert!(near(Some(high), 0.15) && near(Some(low), 0.35), "{high} {low}");
        // If the best are sent, they fall untaught.
        let figures = regression_figures(&mean(3.9, 12, 10), &change, mean(3.4, 60, 30));
        assert!(
            near(figures.expected.value(), -0.25) && near(figures.remaining.value(), 0.65),
            "{figures:?}"
        );
    }

    #[test]
    fn what_is_closed_closes_what_is_made_of_it() {
        let closed = |reason| Figure::closed(reason, Unit::PointsOf5, 9);
        let change = Figure::ok(0.4, Some([0.2, 0.6]), Unit::PointsOf5, 12).needing(10);
        let few = closed(Reason::FewerThanNeeded).needing(30);
        let figures = regression_figures(&mean(2.9, 12, 10), &change, few);
        assert_eq!((figures.expected, figures.remaining), (few, few));
        assert_eq!(figures.at_other_reliabilities, None);
        let hidden = closed(Reason::SmallGroups);
        let figures = regression_figures(&hidden, &change, mean(3.4, 60, 30));
        assert_eq!((figures.expected, figures.remaining), (hidden, hidden));
        let alike = closed(Reason::ZeroVarianceOfChange).telling(Some(0.4));
        let remaining = regression_figures(&mean(2.9, 12, 10), &alike, mean(3.4, 60, 30)).remaining;
        assert_eq!((remaining.status(), remaining.ci95()), (Status::Undefined, None));
        assert!(near(remaining.value(), 0.15), "{remaining:?}");
    }

    #[test]
    fn gains_are_for_groups_of_ten() {
        let gain = |n: usize, before: f64| {
            hake_figure(
                &PairMoments::of(&vec![(before, 100.0 - (100.0 - before) / 2.0); n]),
                Respondents::Named,
            )
        };
        assert_eq!(gain(9, 40.0).reason(), Some(Reason::FewerThanNeeded));
        assert_eq!((gain(10, 40.0).value(), gain(10, 40.0).unit()), (Some(0.5), Unit::Coefficient));
        assert_eq!(gain(10, 100.0).reason(), Some(Reason::AlreadyAtMaximum));
    }
}
