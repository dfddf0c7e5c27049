use serde::Serialize;
use utoipa::ToSchema;

use super::super::subject_report::Report;
use crate::effectiveness::measures::count;

/// How many there were at each step; trained people unless said otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowDto {
    /// Took part and did not withdraw.
    #[schema(example = 14)]
    pub participants: usize,
    /// Rated by the supervisor before the course.
    #[schema(example = 13)]
    pub baseline_answered: usize,
    /// Follow-ups delivered to supervisors and not waived.
    #[schema(example = 12)]
    pub follow_up_due: usize,
    /// Follow-ups validly answered.
    #[schema(example = 12)]
    pub follow_up_answered: usize,
    /// Rated before and after on the same form: what the figures rest on.
    #[schema(example = 12)]
    pub pairs_used: usize,
    /// Of these, those who stand in the difference: a colleague matched to them was rated before and after as well. Where
    /// one to four people of an offering lack such a colleague, they stand in it all the same, or they would follow by
    /// subtraction. The others are compared with nobody.
    #[schema(example = 12)]
    pub compared_pairs: usize,
    /// Untrained colleagues matched to them and rated before and after.
    #[schema(example = 10)]
    pub comparison_pairs: usize,
    /// Supervisors who rated the trained of the headline, each once.
    #[schema(example = 11)]
    pub raters: usize,
    /// Supervisors who rated the comparison group of the headline, each once; 0 where the headline is a change.
    #[schema(example = 10)]
    pub comparison_raters: usize,
    /// Follow-ups waived, because the person left, retired or moved.
    #[schema(example = 1)]
    pub lost: usize,
    /// Of the pairs used, those rated by two different people.
    #[schema(example = 0)]
    pub rater_changed: usize,
    /// Pairs left out of the total: with them, subtracting other reports would tell of a group under five.
    #[schema(example = 0)]
    pub pairs_withheld: usize,
    /// Pairs that have come back while their offering's window is still open (by course and offering).
    #[schema(example = 0)]
    pub pairs_awaiting: usize,
    /// Offerings that have ended and whose figures are not released yet.
    #[schema(example = 0)]
    pub offerings_awaiting: usize,
}

impl FlowDto {
    pub(in super::super) fn of(report: &Report) -> Self {
        let (sums, flow) = (&report.sums, report.sums.whole_flow());
        let [raters, comparison_raters] = report.behaviour.raters;
        Self {
            participants: flow.participants,
            baseline_answered: flow.baseline_answered,
            follow_up_due: flow.follow_up_due,
            follow_up_answered: flow.follow_up_answered,
            pairs_used: count(sums.trained.n),
            compared_pairs: count(sums.matched().n),
            comparison_pairs: count(sums.comparison().n),
            lost: flow.lost,
            rater_changed: flow.rater_changed,
            pairs_withheld: flow.withheld,
            pairs_awaiting: flow.awaiting,
            raters,
            comparison_raters,
            offerings_awaiting: report.awaiting,
        }
    }
}
