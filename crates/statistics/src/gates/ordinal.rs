//! Gates of ordinal data: ranks, classes, single questions.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::{
    AnswerCounts, ClassMovement, Figure, Reason, SignedRanks, Status, Unit, Verdict, direction,
    thresholds::{MAXIMUM_SHARE, PRIVACY_FLOOR, RANKS_SHOWN},
};
use super::{Respondents, gated, hidden, no_answers, percentage, too_few};

/// The figures of changes of which only the order is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct SignedRankFigures {
    /// The typical change (Hodges and Lehmann), in points.
    pub location: Figure,
    /// How much the rises outweigh the falls, -1 to 1 (matched rank-biserial).
    pub rank_biserial: Figure,
}

/// The figures of a group classed before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct ClassFigures {
    /// Share that rose minus share that fell, with a t interval on the signs.
    pub net_improvement: Figure,
    /// Share good or better before, with the interval of Wilson.
    pub good_before: Figure,
    /// Share good or better after, with the interval of Wilson.
    pub good_after: Figure,
    /// The direction in words, by the interval of the net improvement alone; null while that is closed.
    #[schema(required)]
    pub verdict: Option<Verdict>,
}

/// The figures of one question on a scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct ItemFigures {
    /// The middle answer.
    pub median: Figure,
    /// Share of the two best answers, with the interval of Wilson.
    pub top_two: Figure,
    /// Whether more than half gave the best answer, so that a rise could hardly show; null while closed.
    #[schema(required, example = false)]
    pub at_ceiling: Option<bool>,
    /// Whether more than half gave the worst answer, so that a fall could hardly show; null while closed.
    #[schema(required, example = false)]
    pub at_floor: Option<bool>,
}

/// Puts the gates before a signed-rank test.
///
/// `n_needed` counts people who changed at all, and so does `n` where they are too few. Where nobody changed, `n`
/// tells how many stayed the same.
pub fn signed_rank_figures(ranks: &SignedRanks, unit: Unit, respondents: Respondents) -> SignedRankFigures {
    let changed = ranks.up + ranks.down;
    let gate = match ranks.n {
        n if hidden(n, respondents) || hidden(changed, respondents) => Some((Reason::FewerThan5, n)),
        0 => Some((Reason::NoCompletePairs, 0)),
        n if changed == 0 => Some((Reason::NoNonzeroChange, n)),
        _ => (changed < RANKS_SHOWN).then_some((Reason::FewerThanNeeded, changed)),
    };
    let location = ranks.location.map(|value| (value, None)).ok_or(Reason::NoCompletePairs);
    let biserial = ranks.test.map(|test| (test.rank_biserial, None));
    SignedRankFigures {
        location: gated(gate, location, unit, ranks.n).needing(RANKS_SHOWN),
        rank_biserial: gated(gate, biserial, Unit::Coefficient, ranks.n).needing(RANKS_SHOWN),
    }
}

/// Puts the gates before a movement between classes.
pub fn class_figures(movement: &ClassMovement, respondents: Respondents) -> ClassFigures {
    let n = people(movement.n);
    let gate = too_few(n, respondents).map(|reason| (reason, n));
    let percent = |value: f64| 100.0 * value;
    let net = movement.net_ci95.and_then(|ends| {
        movement.net.map(|net| (percent(net), Some(ends.map(percent)))).ok_or(Reason::NoCompletePairs)
    });
    let share = |good: u64| match gate {
        Some((reason, n)) => Figure::closed(reason, Unit::Percent, n),
        None => percentage(people(good), n),
    };
    let net_improvement = gated(gate, net, Unit::PercentagePoints, n).telling(movement.net.map(percent));
    ClassFigures {
        net_improvement,
        good_before: share(movement.good_before).needing(super::PAIRS_SHOWN),
        good_after: share(movement.good_after).needing(super::PAIRS_SHOWN),
        verdict: net_improvement.ci95().map(direction),
    }
}

/// Puts the gates before the answers to one question.
///
/// Where all gave the same low answer, the share is hidden with the median: it would tell as much.
pub fn item_figures(answers: &AnswerCounts, invited: usize, respondents: Respondents) -> ItemFigures {
    let n = people(answers.n());
    let gate = match respondents {
        Respondents::Anonymous => {
            no_answers(n, invited).or(answers.is_unanimous_low().then_some(Reason::UnanimousAnswers))
        }
        Respondents::Named => no_answers(n, invited).map(|reason| match reason {
            Reason::FewerThan5 => Reason::FewerThanNeeded,
            other => other,
        }),
    };
    let points = if answers.steps() > 5 { Unit::PointsOf10 } else { Unit::PointsOf5 };
    let closed = |unit| gate.map(|reason| Figure::closed(reason, unit, n));
    let median =
        closed(points).unwrap_or_else(|| Figure::ok(answers.median().unwrap_or(f64::NAN), None, points, n));
    let top_two = closed(Unit::Percent).unwrap_or_else(|| percentage(people(answers.top_two()), n));
    let asked = |figure: Figure| figure.needing(PRIVACY_FLOOR).invited(invited);
    let by_half =
        |of: u64| (median.status() == Status::Ok).then(|| of as f64 > MAXIMUM_SHARE * answers.n() as f64);
    ItemFigures {
        median: asked(median),
        top_two: asked(top_two),
        at_ceiling: by_half(answers.best()),
        at_floor: by_half(answers.worst()),
    }
}

fn people(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::super::{ClassTable, class_movement, signed_ranks};
    use super::*;

    fn ranks(up: usize, same: usize, down: usize, respondents: Respondents) -> SignedRankFigures {
        let pair = |change: f64| (3.0, 3.0 + change);
        let changes = [vec![pair(0.5); up], vec![pair(0.0); same], vec![pair(-0.25); down]].concat();
        signed_rank_figures(&signed_ranks(&changes), Unit::PointsOf5, respondents)
    }

    #[test]
    fn ranks_need_six_changes() {
        let table = [
            ((0, 0, 0), Some(Reason::NoCompletePairs), 0),
            ((0, 12, 0), Some(Reason::NoNonzeroChange), 12),
            ((3, 9, 2), Some(Reason::FewerThanNeeded), 5),
            ((4, 9, 2), None, 15),
        ];
        for ((up, same, down), reason, n) in table {
            let figures = ranks(up, same, down, Respondents::Named);
            for figure in [figures.location, figures.rank_biserial] {
                assert_eq!((figure.reason(), figure.n(), figure.n_needed()), (reason, Some(n), Some(6)));
            }
        }
        assert_eq!(ranks(3, 9, 1, Respondents::Anonymous).location.reason(), Some(Reason::FewerThan5));
        assert_eq!(ranks(4, 9, 2, Respondents::Anonymous).location.value(), Some(0.0));
    }

    #[test]
    fn the_worked_classes_read_cannot_tell_yet() {
        let people =
            [vec![(1, 2); 4], vec![(2, 3); 4], vec![(2, 2); 4], vec![(1, 1); 2], vec![(2, 1), (3, 2)]];
        let figures = class_figures(&class_movement(&ClassTable::of(&people.concat())), Respondents::Named);
        assert_eq!(
            (figures.net_improvement.value(), figures.verdict),
            (Some(37.5), Some(Verdict::CannotTellYet))
        );
        assert_eq!((figures.good_before.value(), figures.good_after.value()), (Some(62.5), Some(81.25)));
    }

    #[test]
    fn classes_need_ten() {
        let table = [
            (vec![], Reason::NoCompletePairs),
            (vec![(1, 2)], Reason::NBelow2),
            (vec![(1, 2); 9], Reason::FewerThanNeeded),
            (vec![(1, 2); 10], Reason::ZeroVarianceOfChange),
        ];
        for (people, reason) in table {
            let figures = class_figures(&class_movement(&ClassTable::of(&people)), Respondents::Named);
            assert_eq!((figures.net_improvement.reason(), figures.verdict), (Some(reason), None));
            let all_rose = reason == Reason::ZeroVarianceOfChange;
            assert_eq!(figures.net_improvement.value(), all_rose.then_some(100.0));
            assert_eq!(figures.good_after.status() == Status::Ok, all_rose);
        }
    }

    #[test]
    fn questions_need_five_answers() {
        let figures =
            |counts: [u64; 5], respondents| item_figures(&AnswerCounts(counts.into()), 12, respondents);
        let few = figures([0, 1, 1, 1, 1], Respondents::Anonymous);
        assert_eq!((few.median.reason(), few.median.n()), (Some(Reason::FewerThan5), None));
        assert_eq!((few.top_two.reason(), few.at_ceiling), (Some(Reason::FewerThan5), None));
        let named = figures([0, 1, 1, 1, 1], Respondents::Named);
        assert_eq!((named.median.reason(), named.median.n()), (Some(Reason::FewerThanNeeded), Some(4)));
        let open = figures([0, 1, 1, 2, 4], Respondents::Anonymous);
        assert_eq!((open.median.value(), open.top_two.value()), (Some(4.5), Some(75.0)));
        assert_eq!(open.at_ceiling, Some(false), "half is not more than half");
        assert_eq!(figures([0, 0, 1, 2, 4], Respondents::Anonymous).at_ceiling, Some(true));
        let floor = [[4, 2, 1, 0, 0], [4, 4, 0, 0, 0]].map(|of| figures(of, Respondents::Anonymous).at_floor);
        assert_eq!(floor, [Some(true), Some(false)]);
        let alike = figures([0, 7, 0, 0, 0], Respondents::Anonymous);
        assert_eq!(alike.top_two.reason(), Some(Reason::UnanimousAnswers));
        assert_eq!(figures([0, 7, 0, 0, 0], Respondents::Named).top_two.value(), Some(0.0));
        assert_eq!(figures([0, 0, 7, 0, 0], Respondents::Anonymous).median.value(), Some(3.0));
    }
}
