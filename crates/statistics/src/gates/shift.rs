//! Gates of the then-test, of regression to the mean and of gains of knowledge.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::{
    ExpectedRegression, Figure, Grade, PairMoments, PairedEffect, ResponseShift, Status, Unit, hake_gain,
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

/// The figures of a change that part of may be regression to the mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct RegressionFigures {
    /// The change to expect without any course.
    pub expected: Figure,
    /// What remains of the change; its interval takes the expected part for known.
    pub remaining: Figure,
    /// Whether the expected part rests on a reliability that nobody measured.
    #[schema(example = true)]
    pub reliability_assumed: bool,
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

/// Puts the gates before an expected regression to the mean, and takes it from a change.
pub fn regression_figures(change: &Figure, found: &ExpectedRegression) -> RegressionFigures {
    let unit = change.unit();
    let n = change.n().unwrap_or(0);
    let open = change.status() == Status::Ok;
    let kept = |figure: Figure| change.n_needed().map_or(figure, |needed| figure.needing(needed));
    let expected = if open { kept(Figure::ok(found.expected, None, unit, n)) } else { *change };
    let remaining = match change.value().filter(|_| open) {
        Some(value) => {
            let ends = change.ci95().map(|ends| ends.map(|end| end - found.expected));
            kept(Figure::ok(value - found.expected, ends, unit, n))
        }
        None => *change,
    };
    RegressionFigures { expected, remaining, reliability_assumed: found.assumed }
}

/// Puts the gates before a normalised gain of a knowledge test, from scores in percent.
pub fn hake_figure(percent: &PairMoments, respondents: Respondents) -> Figure {
    let n = percent.n();
    let gate = too_few(n, respondents).map(|reason| (reason, n));
    gated(gate, hake_gain(percent).map(|gain| (gain, None)), Unit::Coefficient, n)
}

#[cfg(test)]
mod tests {
    use super::super::super::{Reason, expected_regression, shift::of_rows};
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

    #[test]
    fn the_expected_part_is_taken_from_open_changes_only() {
        let expected = expected_regression(2.9, 3.4, None).unwrap();
        let change = Figure::ok(0.4, Some([0.2, 0.6]), Unit::PointsOf5, 12).needing(10);
        let figures = regression_figures(&change, &expected);
        assert!(figures.expected.value().is_some_and(|value| (value - 0.25).abs() < 1e-12));
        assert!(figures.remaining.value().is_some_and(|value| (value - 0.15).abs() < 1e-12));
        assert!(figures.remaining.ci95().is_some_and(|ends| (ends[0] + 0.05).abs() < 1e-12));
        assert_eq!((figures.remaining.n_needed(), figures.reliability_assumed), (Some(10), true));
        let closed = Figure::closed(Reason::FewerThanNeeded, Unit::PointsOf5, 9);
        let figures = regression_figures(&closed, &expected);
        assert_eq!((figures.expected, figures.remaining), (closed, closed));
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
