//! Two published figures of different people, set against each other.

use super::{Figure, Reason, Status};

/// How far a later figure lies from an earlier one of other people: the later minus the earlier, with the interval that
/// follows from both intervals by squaring and adding (Zou & Donner 2008, doi:10.1002/sim.3095). For means it is that
/// of Welch, but for the degrees of freedom.
///
/// It is made of nothing but the two figures, so it shows nothing that they do not. Where one of them is closed, so is
/// this, for the same reason.
pub fn set_against(earlier: &Figure, later: &Figure) -> Figure {
    let unit = later.unit();
    let closed = [later, earlier].into_iter().find(|figure| figure.status() != Status::Ok);
    if let Some(closed) = closed {
        let reason = closed.reason().unwrap_or(Reason::NotFinite);
        return Figure::closed(reason, unit, closed.n().unwrap_or_default());
    }
    let (Some(before), Some(after)) = (earlier.value(), later.value()) else {
        return Figure::closed(Reason::NotFinite, unit, later.n().unwrap_or_default());
    };
    let ci95 = earlier.ci95().zip(later.ci95()).map(|([low, high], [later_low, later_high])| {
        let apart = after - before;
        [apart - (after - later_low).hypot(high - before), apart + (later_high - after).hypot(before - low)]
    });
    Figure::ok(after - before, ci95, unit, later.n().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::{PairMoments, Unit, anonymous_mean, difference_from};
    use super::*;

    #[test]
    fn the_interval_is_nearly_that_of_welch() {
        let (first, second) = ([2.0, 2.5, 3.0, 2.25, 2.75, 2.5], [3.5, 4.0, 3.0, 4.5, 3.75, 4.25]);
        let figure = |scores: &[f64]| anonymous_mean(scores, scores.len(), Unit::PointsOf5);
        let found = set_against(&figure(&first), &figure(&second));
        let [low, high] = found.ci95().expect("an interval");
        assert!((found.value().expect("a value") - (23.0 / 6.0 - 2.5)).abs() < 1e-12);
        // As if nobody had a score before: the difference of the two means, after Welch.
        let rises =
            |scores: &[f64]| PairMoments::of(&scores.iter().map(|score| (0.0, *score)).collect::<Vec<_>>());
        let welch = difference_from(&rises(&second), &rises(&first)).inference.expect("enough").ci95;
        assert!((low - welch[0]).abs() < 0.1 && (high - welch[1]).abs() < 0.1, "{low} {high} {welch:?}");
        assert!(low <= welch[0] && welch[1] <= high, "never narrower");
    }

    #[test]
    fn what_is_hidden_stays_hidden_beside_its_neighbour() {
        let shown = anonymous_mean(&[4.0, 4.5, 3.5, 4.0, 5.0], 6, Unit::PointsOf5);
        let hidden = anonymous_mean(&[1.0, 2.0], 6, Unit::PointsOf5);
        for found in [set_against(&hidden, &shown), set_against(&shown, &hidden)] {
            assert_eq!((found.status(), found.value(), found.n()), (Status::Suppressed, None, None));
        }
    }

    #[test]
    fn without_an_interval_on_one_side_there_is_none() {
        let alone = Figure::ok(3.0, None, Unit::PointsOf5, 6);
        assert_eq!(set_against(&alone, &alone).ci95(), None);
    }
}
