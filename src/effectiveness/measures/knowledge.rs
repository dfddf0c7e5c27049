//! Level 2: what learners knew before the course and after it, by tests.

use serde::{Deserialize, Serialize};

use super::behaviour::{Floor, closed};
use super::flow::Flow;
use super::model::count;
use super::own_forms::{Learner, Scored};
use crate::effectiveness::disclosure::is_few;
use crate::evaluation::evaluations::Phase;
use crate::evaluation::questionnaires::Instrument;
use statistics::{
    Figure, PairMoments, PairSums, PairedFigures, Respondents, Unit, hake_figure, paired_figures, paired_from,
};

/// The tests of an offering's learners, added up; adding two is putting their learners together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Knowledge {
    /// Counts: the baseline is the test before, the follow-up the one after.
    pub flow: Flow,
    /// Right answers before and after, percent.
    pub tests: PairSums,
    /// Of the pairs, those with the same test both times: some of the answers may be remembered.
    pub same_test: usize,
}

/// Level 2 of one subject.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnowledgeFigures {
    /// Mean before, percent.
    pub before: Figure,
    /// Mean after, percent.
    pub after: Figure,
    /// After minus before, percentage points, with a t interval.
    pub change: Figure,
    /// The change in standard deviations, g_av.
    pub effect_size: Figure,
    /// The group's gain of Hake: of what was not known before, the share that is known after.
    pub gain: Figure,
    /// Whether anybody in it was given the same test both times.
    pub same_test_twice: bool,
}

impl Knowledge {
    /// Add up the tests of an offering's learners.
    pub fn of(learners: &[Learner]) -> Self {
        let mut sums = Self::default();
        learners.iter().for_each(|who| sums.add(who));
        sums.flow.offerings = usize::from(sums.tests.n > 0);
        sums
    }

    fn add(&mut self, who: &Learner) {
        let test = |phase| who.scored(Instrument::Knowledge, phase).next();
        let (before, after) = (test(Phase::Baseline), test(Phase::Close));
        self.flow.participants += 1;
        self.flow.baseline_answered += usize::from(before.is_some());
        self.flow.follow_up_due += usize::from(who.was_asked(Instrument::Knowledge, Phase::Close));
        self.flow.follow_up_answered += usize::from(after.is_some());
        if let Some((before, after)) = before.zip(after) {
            self.tests += PairSums::of(&[(before.1, after.1)]);
            self.same_test += usize::from(is_same(before, after));
        }
    }

    /// Put other learners to these.
    pub fn merge(&mut self, other: &Self) {
        self.flow.merge(&other.flow);
        self.tests.merge(&other.tests);
        self.same_test += other.same_test;
    }

    /// What of an offering may count in a total beside the offering itself.
    #[must_use]
    pub fn for_totals(&self) -> Self {
        if is_few(self.tests.n) {
            Self { flow: self.flow.withholding(self.tests.n), ..Self::default() }
        } else {
            self.clone()
        }
    }

    /// What may be shown: behind the gates of behaviour.
    pub fn figures(&self, floor: Floor) -> KnowledgeFigures {
        let same_test_twice = self.same_test > 0;
        if let Some((reason, n)) = closed(&self.flow, count(self.tests.n), floor) {
            let shut = |unit| Figure::closed(reason, unit, n).needing(floor.pairs());
            return KnowledgeFigures {
                before: shut(Unit::Percent),
                after: shut(Unit::Percent),
                change: shut(Unit::PercentagePoints).invited(self.flow.follow_up_due),
                effect_size: shut(Unit::Standardised),
                gain: shut(Unit::Coefficient),
                same_test_twice,
            };
        }
        let moments = PairMoments::from(&self.tests);
        let figures = |unit| paired_figures(&paired_from(&moments), unit, Respondents::Named);
        let PairedFigures { before, after, .. } = figures(Unit::Percent);
        let PairedFigures { change, effect_size, .. } = figures(Unit::PercentagePoints);
        KnowledgeFigures {
            before,
            after,
            change: change.invited(self.flow.follow_up_due),
            effect_size,
            gain: hake_figure(&moments, Respondents::Named),
            same_test_twice,
        }
    }
}

/// Whether both are one test: parallel tests have codes of their own and other questions.
fn is_same((before, _): Scored<'_>, (after, _): Scored<'_>) -> bool {
    before.code == after.code || before.asks == after.asks
}

#[cfg(test)]
mod tests {
    use super::super::own_forms::examples::{form, learner};
    use super::*;
    use statistics::{Reason, Status};

    /// Learners with these scores before and after, by parallel tests.
    fn tested(scores: &[(f64, f64)]) -> Vec<Learner> {
        let test = |phase, asks, score| form(Instrument::Knowledge, phase, asks, score);
        let of = |(before, after): &(f64, f64)| {
            learner(&[test(Phase::Baseline, 1, *before), test(Phase::Close, 2, *after)])
        };
        scores.iter().map(of).collect()
    }

    fn rising(n: usize) -> Vec<(f64, f64)> {
        (0..n).map(|i| if i % 2 == 0 { (30.0, 60.0) } else { (50.0, 90.0) }).collect()
    }

    #[test]
    fn ten_tested_twice_are_shown_in_percent_and_points() {
        let found = Knowledge::of(&tested(&rising(10))).figures(Floor::Standard);
        assert_eq!((found.before.value(), found.before.unit()), (Some(40.0), Unit::Percent));
        assert_eq!((found.after.value(), found.after.unit()), (Some(75.0), Unit::Percent));
        assert_eq!((found.change.value(), found.change.unit()), (Some(35.0), Unit::PercentagePoints));
        assert_eq!((found.change.n(), found.change.n_invited()), (Some(10), Some(10)));
        assert!(found.gain.value().is_some_and(|gain| (gain - 35.0 / 60.0).abs() < 1e-12));
        assert!(found.change.ci95().is_some_and(|[low, high]| low < 35.0 && 35.0 < high));
        assert!(!found.same_test_twice);
    }

    #[test]
    fn nine_are_not_and_lecturers_need_thirty_of_three_classes() {
        let found = Knowledge::of(&tested(&rising(9))).figures(Floor::Standard);
        for figure in [found.before, found.after, found.change, found.effect_size, found.gain] {
            assert_eq!(figure.reason(), Some(Reason::FewerThanNeeded));
            assert_eq!((figure.value(), figure.n(), figure.n_needed()), (None, Some(9), Some(10)));
        }
        let of_classes = |classes: usize| {
            let mut all = Knowledge::default();
            (0..classes).for_each(|_| all.merge(&Knowledge::of(&tested(&rising(30 / classes)))));
            all.figures(Floor::Lecturer).change.status()
        };
        assert_eq!((of_classes(2), of_classes(3)), (Status::InsufficientData, Status::Ok));
    }

    #[test]
    fn a_small_class_stands_in_no_total() {
        for (n, kept, withheld) in [(0, 0, 0), (1, 0, 1), (4, 0, 4), (5, 5, 0)] {
            let found = Knowledge::of(&tested(&rising(n))).for_totals();
            assert_eq!((found.tests.n, found.flow.withheld, found.flow.participants), (kept, withheld, n));
        }
        let mut small = Knowledge::default();
        (0..3).for_each(|_| small.merge(&Knowledge::of(&tested(&rising(4))).for_totals()));
        assert_eq!(small.figures(Floor::Standard).change.reason(), Some(Reason::SmallGroups));
    }

    #[test]
    fn who_knew_everything_could_gain_nothing() {
        let found = Knowledge::of(&tested(&[(100.0, 100.0); 10])).figures(Floor::Standard);
        assert_eq!(found.gain.reason(), Some(Reason::AlreadyAtMaximum));
        assert_eq!(found.change.reason(), Some(Reason::ZeroVarianceOfChange));
        assert_eq!(found.before.value(), Some(100.0));
    }

    #[test]
    fn one_test_without_the_other_is_no_pair() {
        let mut learners = tested(&rising(3));
        learners[0].forms.remove(0);
        learners[1].forms[1].answer = None;
        let found = Knowledge::of(&learners);
        let flow = found.flow;
        assert_eq!((found.tests.n, flow.participants, flow.baseline_answered), (1, 3, 2));
        assert_eq!((flow.follow_up_due, flow.follow_up_answered), (3, 2));
    }

    #[test]
    fn the_same_test_twice_is_told() {
        let same_code = |form: &mut super::super::own_forms::OwnForm| form.code = "form-1".to_owned();
        let same_questions =
            |form: &mut super::super::own_forms::OwnForm| form.asks = uuid::Uuid::from_u128(1);
        for change in [same_code, same_questions] {
            let mut learners = tested(&rising(10));
            change(&mut learners[3].forms[1]);
            let found = Knowledge::of(&learners);
            assert_eq!((found.same_test, found.figures(Floor::Standard).same_test_twice), (1, true));
        }
    }

    #[test]
    fn what_is_stored_is_what_comes_back() {
        let found = Knowledge::of(&tested(&rising(7)));
        let stored = serde_json::to_value(&found).unwrap();
        assert_eq!(serde_json::from_value::<Knowledge>(stored).unwrap(), found);
    }
}
