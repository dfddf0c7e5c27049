//! Gates of the answers to single questions.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::{
    AnswerCounts, Figure, Reason, Status, Unit,
    thresholds::{MAXIMUM_SHARE, PRIVACY_FLOOR},
};
use super::{Respondents, no_answers, percentage};

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

/// Puts the gates before the answers to one question.
///
/// Where all gave the same low answer, the share is hidden with the median: it would show as much.
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
    use super::*;

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
