//! How learners rate their own work: before, three months after, and in looking back.

use serde::{Deserialize, Serialize};

use super::behaviour::{Floor, closed};
use super::flow::Flow;
use super::model::count;
use super::own_forms::Learner;
use crate::effectiveness::disclosure::is_few;
use crate::evaluation::evaluations::Phase;
use crate::evaluation::questionnaires::Instrument;
use statistics::{
    Figure, Grade, PairMoments, PairSums, Respondents, ShiftFigures, Unit, response_shift_from, shift_figures,
};

/// The ratings of those of an offering's learners who gave all three, points of 5, added up.
///
/// All three figures are of the same people, so that subtracting one from another shows nobody's rating, and the shift
/// is exactly what both changes differ by. Adding two is putting their people together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SelfRating {
    /// Counts: the baseline is the rating before, the follow-up that after three months.
    pub flow: Flow,
    /// Before, and after three months.
    pub prospective: PairSums,
    /// Looking back at the time before, and after three months.
    pub retrospective: PairSums,
    /// Looking back at the time before, and what was said then.
    pub shift: PairSums,
}

/// Self-ratings of one subject: context of grade C, in points of 5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelfRatingFigures {
    /// After three months minus before, as it was measured.
    pub change: Figure,
    /// After three months minus before as it looks now.
    pub looking_back: Figure,
    /// Before minus before as it looks now: by how much people judge their former selves lower.
    pub shift: Figure,
    /// Whether the shift's interval excludes nought; none while it is not shown.
    pub yardstick_changed: Option<bool>,
}

impl SelfRating {
    /// Add up the ratings of an offering's learners.
    pub fn of(learners: &[Learner]) -> Self {
        let mut sums = Self::default();
        learners.iter().for_each(|who| sums.add(who));
        sums.flow.offerings = usize::from(sums.shift.n > 0);
        sums
    }

    fn add(&mut self, who: &Learner) {
        let own = Instrument::SelfBehaviour;
        self.flow.participants += 1;
        self.flow.baseline_answered += usize::from(who.scored(own, Phase::Baseline).next().is_some());
        self.flow.follow_up_due += usize::from(who.was_asked(own, Phase::ThreeMonths));
        self.flow.follow_up_answered += usize::from(who.scored(own, Phase::ThreeMonths).next().is_some());
        if let Some([before, then, after]) = all_three(who) {
            self.prospective += PairSums::of(&[(before, after)]);
            self.retrospective += PairSums::of(&[(then, after)]);
            self.shift += PairSums::of(&[(then, before)]);
        }
    }

    /// Put other learners to these.
    pub fn merge(&mut self, other: &Self) {
        self.flow.merge(&other.flow);
        self.prospective.merge(&other.prospective);
        self.retrospective.merge(&other.retrospective);
        self.shift.merge(&other.shift);
    }

    /// What of an offering may count in a total beside the offering itself.
    #[must_use]
    pub fn for_totals(&self) -> Self {
        if is_few(self.shift.n) {
            Self { flow: self.flow.withholding(self.shift.n), ..Self::default() }
        } else {
            self.clone()
        }
    }

    /// What may be shown: behind the gates of behaviour. No level is: changes are what this is about.
    pub fn figures(&self, floor: Floor) -> SelfRatingFigures {
        let asked = |figure: Figure| figure.invited(self.flow.follow_up_due);
        if let Some((reason, n)) = closed(&self.flow, count(self.shift.n), floor) {
            let shut = Figure::closed(reason, Unit::PointsOf5, n).needing(floor.pairs()).graded(Grade::C);
            let [change, looking_back, shift] = [asked(shut); 3];
            return SelfRatingFigures { change, looking_back, shift, yardstick_changed: None };
        }
        let found = response_shift_from(
            &PairMoments::from(&self.prospective),
            &PairMoments::from(&self.retrospective),
            &PairMoments::from(&self.shift),
        );
        let ShiftFigures { prospective, retrospective, shift, yardstick_changed } =
            shift_figures(&found, Unit::PointsOf5, Respondents::Named);
        SelfRatingFigures {
            change: asked(prospective),
            looking_back: asked(retrospective),
            shift: asked(shift),
            yardstick_changed,
        }
    }
}

/// The ratings of somebody who gave all three by the same items.
fn all_three(who: &Learner) -> Option<[f64; 3]> {
    let own = |phase| who.scored(Instrument::SelfBehaviour, phase);
    own(Phase::Baseline).find_map(|(form, before)| {
        let (_, after) = own(Phase::ThreeMonths).find(|(later, _)| later.asks == form.asks)?;
        let mut back = who.scored(Instrument::ThenTest, Phase::Close);
        let (_, then) = back.find(|(back, _)| back.asks == form.asks)?;
        Some([before, then, after])
    })
}

#[cfg(test)]
mod tests {
    use super::super::own_forms::examples::{form, learner};
    use super::*;
    use statistics::{Reason, Status};

    fn judging(ratings: &[[f64; 3]]) -> Vec<Learner> {
        let of = |[before, then, after]: &[f64; 3]| {
            learner(&[
                form(Instrument::SelfBehaviour, Phase::Baseline, 1, *before),
                form(Instrument::ThenTest, Phase::Close, 1, *then),
                form(Instrument::SelfBehaviour, Phase::ThreeMonths, 1, *after),
            ])
        };
        ratings.iter().map(of).collect()
    }

    /// They rate themselves as before, but find that they had been a point worse, more or less.
    fn humbled(n: usize) -> Vec<[f64; 3]> {
        (0..n).map(|i| if i % 2 == 0 { [3.8, 3.0, 4.0] } else { [4.0, 2.8, 4.0] }).collect()
    }

    #[test]
    fn a_changed_yardstick_is_told() {
        let found = SelfRating::of(&judging(&humbled(10))).figures(Floor::Standard);
        let value = |figure: Figure| figure.value().map(|value| (value * 1e9).round() / 1e9);
        assert_eq!(
            [found.change, found.looking_back, found.shift].map(value),
            [Some(0.1), Some(1.1), Some(1.0)],
            "the shift is what both changes differ by"
        );
        assert_eq!(found.yardstick_changed, Some(true));
        for figure in [found.change, found.looking_back, found.shift] {
            assert_eq!((figure.evidence_grade(), figure.n_invited()), (Some(Grade::C), Some(10)));
        }
        let steady: Vec<[f64; 3]> =
            (0..10).map(|i| if i % 2 == 0 { [3.0, 3.2, 4.0] } else { [3.2, 3.0, 3.8] }).collect();
        let found = SelfRating::of(&judging(&steady)).figures(Floor::Standard);
        assert_eq!((found.shift.value(), found.yardstick_changed), (Some(0.0), Some(false)));
    }

    #[test]
    fn nine_are_not_shown_and_four_stand_in_no_total() {
        let few = SelfRating::of(&judging(&humbled(9))).figures(Floor::Standard);
        assert_eq!((few.shift.reason(), few.shift.n()), (Some(Reason::FewerThanNeeded), Some(9)));
        assert_eq!((few.yardstick_changed, few.change.status()), (None, Status::InsufficientData));
        for (n, kept, withheld) in [(4, 0, 4), (5, 5, 0)] {
            let found = SelfRating::of(&judging(&humbled(n))).for_totals();
            let sums = [found.prospective.n, found.retrospective.n, found.shift.n];
            assert_eq!((sums, found.flow.withheld), ([kept; 3], withheld));
        }
        let of_one_class = SelfRating::of(&judging(&humbled(40))).figures(Floor::Lecturer);
        assert_eq!(of_one_class.change.reason(), Some(Reason::FewerThanNeeded), "one class is not three");
    }

    #[test]
    fn only_who_gave_all_three_by_the_same_items_counts() {
        let with = |change: fn(&mut Learner)| {
            let mut learners = judging(&humbled(2));
            change(&mut learners[0]);
            let found = SelfRating::of(&learners);
            [found.prospective.n, found.retrospective.n, found.shift.n]
        };
        assert_eq!(with(|_| ()), [2; 3]);
        assert_eq!(with(|who| who.forms[1].answer = None), [1; 3], "no look back");
        assert_eq!(with(|who| drop(who.forms.remove(2))), [1; 3], "not yet asked again");
        assert_eq!(with(|who| who.forms[1].asks = uuid::Uuid::from_u128(2)), [1; 3], "rewritten");
    }

    #[test]
    fn what_is_stored_is_what_comes_back() {
        let found = SelfRating::of(&judging(&humbled(7)));
        let stored = serde_json::to_value(&found).unwrap();
        assert_eq!(serde_json::from_value::<SelfRating>(stored).unwrap(), found);
    }
}
