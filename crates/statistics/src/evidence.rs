//! How far a course's study design carries a conclusion.

use serde::Serialize;
use utoipa::ToSchema;

use super::thresholds::{
    COMPARED_HALF, FOLLOW_UP_FULL, FOLLOW_UP_MINIMUM, PAIRS_FIRM, PAIRS_SHOWN, RATER_CHANGED,
    WEAKNESS_MAJORITY,
};

/// Evidence grade of a report, from a comparison group down to reactions only.
///
/// On the Maryland Scientific Methods Scale, as the What Works Centre for Local Economic Growth uses it (1 to 5), A is
/// level 5 where scarce seats were drawn by lot and otherwise at most level 3, and B is level 1: no grade below level 5 says
/// that the course was the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[schema(example = "B")]
pub enum Grade {
    /// Rated by supervisors, beside a comparison group that was comparable before the course.
    A,
    /// Rated by supervisors before and after.
    B,
    /// Rated by the trained themselves.
    C,
    /// Reactions only: such a course cannot be called effective.
    D,
}

impl Grade {
    fn one_lower(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::C,
            Self::C | Self::D => Self::D,
        }
    }
}

/// The counts an evidence grade is decided by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EvidenceInput {
    /// Trained people rated by a supervisor before and after.
    pub supervisor_pairs: usize,
    /// Of these, those whose rater changed in between.
    pub rater_changed_pairs: usize,
    /// Of these, those who are compared with an untrained colleague.
    pub compared_pairs: usize,
    /// Untrained people rated by a supervisor before and after.
    pub comparison_pairs: usize,
    /// Trained people who rated themselves before and after.
    pub self_pairs: usize,
    /// Follow-ups delivered.
    pub follow_ups_due: usize,
    /// Follow-ups validly answered.
    pub follow_ups_answered: usize,
    /// Whether those who answered differed from the lost, of the trained or of the comparison group; see
    /// [`attrition_from`](super::attrition_from).
    pub attrition_flagged: bool,
    /// Of the comparison group: follow-ups delivered.
    pub comparison_due: usize,
    /// Of these, answered validly.
    pub comparison_answered: usize,
    /// Whether the baselines of both groups are too far apart to compare them.
    pub baselines_differ: bool,
    /// Whether only lots decided who was trained and who is in the comparison group.
    pub by_lot: bool,
    /// Whether too few supervisors rated one of the groups, or both together.
    pub few_raters: bool,
    /// People nominated with a recorded reason.
    pub nominated: usize,
    /// Of these, those nominated for a weakness.
    pub nominated_for_weakness: usize,
}

/// What a report may conclude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Evidence {
    /// The grade.
    pub grade: Grade,
    /// Whether grade A or B rests on enough pairs to be called firm.
    #[schema(example = false)]
    pub firm: bool,
    /// Whether enough follow-ups came in for a verdict.
    #[schema(example = true)]
    pub verdict_allowed: bool,
}

/// Why the evidence has its grade: one reason for where it starts, and one for each step down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "comparison_group")]
pub enum EvidenceReason {
    /// Starts at A: supervisors rated the trained and a comparison group before and after.
    ComparisonGroup,
    /// Starts at A: supervisors rated the trained and those whom the lot left waiting, before and after; at least 60 % of
    /// both groups, and those who were rated again are like the others.
    DrawnByLot,
    /// Starts at B: supervisors rated the trained before and after.
    SupervisorPairs,
    /// Starts at C: only the trained rated themselves before and after.
    SelfPairsOnly,
    /// Starts at D: nobody, or too few, were rated before and after.
    ReactionsOnly,
    /// One step down: fewer than 60 % of the follow-ups were answered.
    #[serde(rename = "follow_up_below_60")]
    FollowUpBelow60,
    /// One step down: the baselines of those who were rated again differed from those of the lost.
    Attrition,
    /// One step down: most were nominated for a weakness, and no comparison group shows what they would have
    /// regained untaught.
    WeaknessMajority,
    /// One step down: more than 30 % of the pairs were rated by two different people.
    RaterChanged,
    /// One step down: before the course, both groups were more than 0.25 standard deviations apart.
    BaselinesDiffer,
    /// One step down: fewer than half of the trained are compared with anybody, so that the difference says little of the
    /// others.
    #[serde(rename = "compared_below_50")]
    ComparedBelow50,
    /// One step down: fewer than ten supervisors rated the two groups that are compared, or fewer than five one of them.
    FewRaters,
    /// One step down: fewer than 60 % of the comparison group's follow-ups were answered.
    #[serde(rename = "comparison_follow_up_below_60")]
    ComparisonFollowUpBelow60,
}

/// The level of a study on the Maryland Scientific Methods Scale, as the What Works Centre for Local Economic Growth uses it
/// (2016): 5 where a lot decided who was trained, 3 beside a comparison group whose baselines are comparable, 2 beside one
/// whose are not, 1 for before and after only, 0 without either.
pub fn maryland_level(input: &EvidenceInput) -> u8 {
    match (compared(input), input.supervisor_pairs >= PAIRS_SHOWN) {
        (true, _) if is_randomised(input) => 5,
        (true, _) if input.baselines_differ => 2,
        (true, _) => 3,
        (false, true) => 1,
        (false, false) => 0,
    }
}

/// Grades the evidence: where the pairs put it, minus one step for each weakness of the study.
pub fn evidence_grade(input: &EvidenceInput) -> Evidence {
    let (start, _) = start(input);
    let grade = weaknesses(input).iter().fold(start, |grade, _| grade.one_lower());
    Evidence {
        grade,
        firm: grade <= Grade::B && input.supervisor_pairs >= PAIRS_FIRM,
        verdict_allowed: follow_up(input) >= FOLLOW_UP_MINIMUM,
    }
}

/// Says why [`evidence_grade`] came out as it did.
pub fn evidence_reasons(input: &EvidenceInput) -> Vec<EvidenceReason> {
    let (_, reason) = start(input);
    std::iter::once(reason).chain(weaknesses(input)).collect()
}

fn start(input: &EvidenceInput) -> (Grade, EvidenceReason) {
    if is_randomised(input) {
        (Grade::A, EvidenceReason::DrawnByLot)
    } else if compared(input) {
        (Grade::A, EvidenceReason::ComparisonGroup)
    } else if input.supervisor_pairs >= PAIRS_SHOWN {
        (Grade::B, EvidenceReason::SupervisorPairs)
    } else if input.self_pairs >= PAIRS_SHOWN {
        (Grade::C, EvidenceReason::SelfPairsOnly)
    } else {
        (Grade::D, EvidenceReason::ReactionsOnly)
    }
}

fn weaknesses(input: &EvidenceInput) -> Vec<EvidenceReason> {
    let weak = share(input.nominated_for_weakness, input.nominated) > WEAKNESS_MAJORITY;
    let few_compared = share(input.compared_pairs, input.supervisor_pairs) < COMPARED_HALF;
    let rater_changed = share(input.rater_changed_pairs, input.supervisor_pairs) > RATER_CHANGED;
    [
        (follow_up(input) < FOLLOW_UP_FULL, EvidenceReason::FollowUpBelow60),
        (input.attrition_flagged, EvidenceReason::Attrition),
        (weak && !compared(input), EvidenceReason::WeaknessMajority),
        (rater_changed, EvidenceReason::RaterChanged),
        (compared(input) && input.baselines_differ && !is_randomised(input), EvidenceReason::BaselinesDiffer),
        (compared(input) && few_compared, EvidenceReason::ComparedBelow50),
        (compared(input) && input.few_raters, EvidenceReason::FewRaters),
        (compared(input) && comparison_lost(input), EvidenceReason::ComparisonFollowUpBelow60),
    ]
    .into_iter()
    .filter_map(|(applies, reason)| applies.then_some(reason))
    .collect()
}

fn compared(input: &EvidenceInput) -> bool {
    input.supervisor_pairs >= PAIRS_SHOWN && input.comparison_pairs >= PAIRS_SHOWN
}

/// Whether the comparison is between two groups that only chance has parted, and both are whole enough to have stayed so.
pub fn is_randomised(input: &EvidenceInput) -> bool {
    let is_whole = follow_up(input) >= FOLLOW_UP_FULL && !comparison_lost(input) && !input.attrition_flagged;
    input.by_lot && compared(input) && is_whole
}

fn comparison_lost(input: &EvidenceInput) -> bool {
    input.comparison_due > 0 && share(input.comparison_answered, input.comparison_due) < FOLLOW_UP_FULL
}

fn follow_up(input: &EvidenceInput) -> f64 {
    share(input.follow_ups_answered, input.follow_ups_due)
}

/// A share that is 0 of nothing; a correctly rounded quotient equals the literal of the same fraction, so
/// borders such as 12 of 20 against 0.60 are exact.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEST: EvidenceInput = EvidenceInput {
        supervisor_pairs: 20,
        rater_changed_pairs: 6,
        compared_pairs: 20,
        comparison_pairs: 10,
        self_pairs: 20,
        follow_ups_due: 25,
        follow_ups_answered: 20,
        attrition_flagged: false,
        comparison_due: 20,
        comparison_answered: 12,
        baselines_differ: false,
        by_lot: false,
        few_raters: false,
        nominated: 25,
        nominated_for_weakness: 25,
    };

    fn grade(change: impl Fn(&mut EvidenceInput)) -> Grade {
        let mut input = BEST;
        change(&mut input);
        evidence_grade(&input).grade
    }

    #[test]
    fn the_pairs_decide_the_start() {
        assert_eq!(grade(|_| ()), Grade::A);
        let few = |input: &mut EvidenceInput| {
            input.nominated_for_weakness = 0;
            input.comparison_pairs = 9;
        };
        assert_eq!(grade(few), Grade::B);
        assert_eq!(grade(|input| input.supervisor_pairs = 10), Grade::B, "6 of 10 raters changed");
        let own = |pairs| {
            move |input: &mut EvidenceInput| {
                few(input);
                (input.supervisor_pairs, input.rater_changed_pairs, input.self_pairs) = (9, 0, pairs);
            }
        };
        assert_eq!((grade(own(10)), grade(own(9))), (Grade::C, Grade::D));
    }

    #[test]
    fn each_weakness_costs_one_step_and_d_is_the_floor() {
        assert_eq!(grade(|input| input.follow_ups_answered = 15), Grade::A, "15 of 25 are 60 %");
        assert_eq!(grade(|input| input.follow_ups_answered = 14), Grade::B);
        assert_eq!(grade(|input| input.attrition_flagged = true), Grade::B);
        assert_eq!(grade(|input| input.rater_changed_pairs = 7), Grade::B, "7 of 20 are above 30 %");
        assert_eq!(grade(|input| input.baselines_differ = true), Grade::B);
        assert_eq!(grade(|input| input.few_raters = true), Grade::B);
        assert_eq!(grade(|input| input.compared_pairs = 10), Grade::A, "half of them");
        assert_eq!(grade(|input| input.compared_pairs = 9), Grade::B);
        assert_eq!(grade(|input| input.comparison_answered = 11), Grade::B);
        assert_eq!(grade(|input| input.comparison_pairs = 0), Grade::C, "B minus the weak majority");
        let half = |input: &mut EvidenceInput| {
            (input.comparison_pairs, input.nominated, input.nominated_for_weakness) = (0, 24, 12);
        };
        assert_eq!(grade(half), Grade::B, "half is no majority");
        let all = |input: &mut EvidenceInput| {
            (input.comparison_pairs, input.follow_ups_answered) = (0, 1);
            (input.rater_changed_pairs, input.attrition_flagged) = (20, true);
        };
        assert_eq!(grade(all), Grade::D);
    }

    #[test]
    fn the_reasons_explain_the_grade() {
        use EvidenceReason::*;
        assert_eq!(evidence_reasons(&BEST), [ComparisonGroup]);
        let worst = EvidenceInput {
            comparison_pairs: 0,
            follow_ups_answered: 1,
            rater_changed_pairs: 20,
            attrition_flagged: true,
            ..BEST
        };
        assert_eq!(
            evidence_reasons(&worst),
            [SupervisorPairs, FollowUpBelow60, Attrition, WeaknessMajority, RaterChanged]
        );
        assert_eq!(evidence_reasons(&EvidenceInput::default()), [ReactionsOnly, FollowUpBelow60]);
    }

    #[test]
    fn below_forty_percent_there_is_no_verdict() {
        for (answered, due, allowed) in [(10, 25, true), (9, 25, false), (0, 0, false), (25, 25, true)] {
            let input = EvidenceInput { follow_ups_answered: answered, follow_ups_due: due, ..BEST };
            assert_eq!(evidence_grade(&input).verdict_allowed, allowed, "{answered} of {due}");
        }
    }

    #[test]
    fn firm_needs_twenty_pairs_and_a_or_b() {
        let firm = |pairs, comparison, weak| {
            let input = EvidenceInput {
                supervisor_pairs: pairs,
                comparison_pairs: comparison,
                nominated_for_weakness: weak,
                ..BEST
            };
            evidence_grade(&input).firm
        };
        assert!(firm(20, 10, 0) && firm(20, 0, 0));
        assert!(!firm(19, 10, 0) && !firm(20, 0, 25));
    }
}
