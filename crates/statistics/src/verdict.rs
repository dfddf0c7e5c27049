//! The words a head of department reads, decided by the interval alone.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Evidence, Figure, Grade, Status, thresholds::RATERS_PER_GROUP};

/// What may be said about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "improvement_size_uncertain")]
pub enum Verdict {
    /// The whole interval is at least the smallest change that matters.
    ClearImprovement,
    /// The whole interval is smaller than the smallest change that matters, in either direction.
    PracticallyNoChange,
    /// The whole interval is below zero.
    Worse,
    /// The whole interval is above zero, but it may be too little to matter.
    ImprovementSizeUncertain,
    /// The interval allows opposite conclusions; this is not «no effect».
    CannotTellYet,
}

/// Puts a 95 % interval into words; an end exactly at 0 does not exclude 0.
///
/// The order matters: a loss too small to matter is «practically no change» before it is «worse». A smallest
/// change that is not above 0 decides nothing.
pub fn verdict(ci95: [f64; 2], smallest_change: f64) -> Verdict {
    let [lower, upper] = ci95;
    if !(smallest_change > 0.0 && lower <= upper) {
        Verdict::CannotTellYet
    } else if lower >= smallest_change {
        Verdict::ClearImprovement
    } else if lower > -smallest_change && upper < smallest_change {
        Verdict::PracticallyNoChange
    } else if upper < 0.0 {
        Verdict::Worse
    } else if lower > 0.0 {
        Verdict::ImprovementSizeUncertain
    } else {
        Verdict::CannotTellYet
    }
}

/// Puts into words an interval of a measure that has no smallest change that matters, such as the official work score:
/// whether it excludes 0, never how clear or how small the change is.
pub fn direction(ci95: [f64; 2]) -> Verdict {
    match ci95 {
        [lower, upper] if lower > 0.0 && lower <= upper => Verdict::ImprovementSizeUncertain,
        [lower, upper] if upper < 0.0 && lower <= upper => Verdict::Worse,
        _ => Verdict::CannotTellYet,
    }
}

/// The verdict on a headline figure; none while a gate is closed or too few follow-ups came in.
///
/// With evidence of grade D nothing can be called effective, so improvements become «cannot tell yet».
pub fn headline_verdict(figure: &Figure, smallest_change: f64, evidence: &Evidence) -> Option<Verdict> {
    let ci95 = figure.ci95().filter(|_| figure.status() == Status::Ok && evidence.verdict_allowed)?;
    let found = verdict(ci95, smallest_change);
    let improved = matches!(found, Verdict::ClearImprovement | Verdict::ImprovementSizeUncertain);
    Some(if improved && evidence.grade == Grade::D { Verdict::CannotTellYet } else { found })
}

/// What few raters leave of a verdict whose interval is probably too narrow: nothing where one group had fewer than
/// [`RATERS_PER_GROUP`], otherwise the direction without the size.
pub fn by_few_raters(said: Verdict, fewest: usize) -> Verdict {
    match said {
        _ if fewest < RATERS_PER_GROUP => Verdict::CannotTellYet,
        Verdict::ClearImprovement => Verdict::ImprovementSizeUncertain,
        other => other,
    }
}

/// What two verdicts on the same people allow to be said together: the weaker of two that agree on the direction, and
/// nothing where they do not.
pub fn weaker(one: Verdict, other: Verdict) -> Verdict {
    use Verdict::{CannotTellYet, ClearImprovement, ImprovementSizeUncertain};
    match (one, other) {
        _ if one == other => one,
        (ClearImprovement, ImprovementSizeUncertain) | (ImprovementSizeUncertain, ClearImprovement) => {
            ImprovementSizeUncertain
        }
        _ => CannotTellYet,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reason, Unit};
    use super::*;
    use Verdict::{CannotTellYet, ClearImprovement, ImprovementSizeUncertain, PracticallyNoChange, Worse};

    #[test]
    fn every_row_and_every_border() {
        let below = 0.25_f64.next_down();
        let table = [
            ([0.25, 0.65], ClearImprovement),
            ([0.25, 0.25], ClearImprovement),
            ([0.30, 0.90], ClearImprovement),
            ([below, 0.65], ImprovementSizeUncertain),
            ([below, 0.25], ImprovementSizeUncertain),
            ([0.131, 0.569], ImprovementSizeUncertain),
            ([0.01, 0.25], ImprovementSizeUncertain),
            ([0.0_f64.next_up(), 0.25], ImprovementSizeUncertain),
            ([0.0, 0.25], CannotTellYet),
            ([0.01, below], PracticallyNoChange),
            ([-0.20, 0.20], PracticallyNoChange),
            ([-0.20, -0.10], PracticallyNoChange),
            ([-below, below], PracticallyNoChange),
            ([0.0, 0.0], PracticallyNoChange),
            ([-below, 0.25], CannotTellYet),
            ([-0.25, below], CannotTellYet),
            ([-0.25, -0.01], Worse),
            ([-0.25, 0.0_f64.next_down()], Worse),
            ([-0.25, 0.0], CannotTellYet),
            ([-0.25, -0.0], CannotTellYet),
            ([-0.90, -0.30], Worse),
            ([-0.25, -0.25], Worse),
            ([-0.10, 0.40], CannotTellYet),
            ([-0.90, 0.90], CannotTellYet),
        ];
        for (ci95, expected) in table {
            assert_eq!(verdict(ci95, 0.25), expected, "{ci95:?}");
        }
    }

    #[test]
    fn directions() {
        let table = [
            ([0.1, 0.2], ImprovementSizeUncertain),
            ([0.0, 0.2], CannotTellYet),
            ([-0.2, 0.0], CannotTellYet),
            ([-0.2, -0.1], Worse),
            ([0.2, 0.1], CannotTellYet),
            ([f64::NAN, 0.1], CannotTellYet),
        ];
        for (ci95, expected) in table {
            assert_eq!(direction(ci95), expected, "{ci95:?}");
        }
    }

    #[test]
    fn nonsense_decides_nothing() {
        for (ci95, delta) in [
            ([f64::NAN, 1.0], 0.25),
            ([1.0, f64::NAN], 0.25),
            ([2.0, 1.0], 0.25),
            ([0.3, 0.4], 0.0),
            ([0.3, 0.4], -0.25),
            ([0.3, 0.4], f64::NAN),
        ] {
            assert_eq!(verdict(ci95, delta), CannotTellYet, "{ci95:?} {delta}");
        }
    }

    #[test]
    fn the_headline_needs_an_open_figure_enough_follow_ups_and_more_than_grade_d() {
        let evidence = |grade, verdict_allowed| Evidence { grade, firm: false, verdict_allowed };
        let clear = Figure::ok(0.5, Some([0.3, 0.7]), Unit::PointsOf5, 12);
        let worse = Figure::ok(-0.5, Some([-0.7, -0.3]), Unit::PointsOf5, 12);
        let closed = Figure::closed(Reason::FewerThanNeeded, Unit::PointsOf5, 7);
        let bare = Figure::closed(Reason::ZeroVarianceOfChange, Unit::PointsOf5, 12).telling(Some(1.0));
        let cases = [
            (clear, evidence(Grade::A, true), Some(ClearImprovement)),
            (clear, evidence(Grade::D, true), Some(CannotTellYet)),
            (clear, evidence(Grade::A, false), None),
            (worse, evidence(Grade::D, true), Some(Worse)),
            (closed, evidence(Grade::A, true), None),
            (bare, evidence(Grade::A, true), None),
        ];
        for (figure, evidence, expected) in cases {
            assert_eq!(headline_verdict(&figure, 0.25, &evidence), expected, "{figure:?} {evidence:?}");
        }
    }

    #[test]
    fn of_two_verdicts_the_weaker_stands() {
        let all = [ClearImprovement, PracticallyNoChange, Worse, ImprovementSizeUncertain, CannotTellYet];
        for one in all {
            assert_eq!(weaker(one, one), one);
            for other in all {
                assert_eq!(weaker(one, other), weaker(other, one), "{one:?} {other:?}");
            }
        }
        assert_eq!(weaker(ClearImprovement, ImprovementSizeUncertain), ImprovementSizeUncertain);
        for (one, other) in [
            (ClearImprovement, PracticallyNoChange),
            (PracticallyNoChange, Worse),
            (ClearImprovement, CannotTellYet),
        ] {
            assert_eq!(weaker(one, other), CannotTellYet, "{one:?} {other:?}");
        }
    }
}
