//! Second raters beside supervisors: how far two raters of the same people agree, and whether both saw the same change.
//!
//! One supervisor's rating is only moderately reliable (about 0.45 to 0.61; Salgado and Moscoso 2019). Second ratings enter no
//! other figure: [`super::pairs`] looks past them, and what is here is added up beside.
//!
//! Supervisors' ratings of an offering are published as one group (`trained`). Whatever is said here of their ratings of a
//! part of it leaves nobody or at least five people as the rest, or is not said.

use serde::{Deserialize, Serialize};

use super::model::count;
use crate::effectiveness::disclosure::{Nested, is_few};
use statistics::thresholds::{AGREEMENT_SHOWN, PAIRS_SHOWN};
use statistics::{
    AgreementBand, Figure, PairMoments, PairSums, RatingTable, Reason, Respondents, Unit, agreement,
    agreement_figures, paired_from, unclustered_change, units,
};

/// What a second rater saw of somebody whom the supervisor rated before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Second {
    /// The supervisor's rating after, points of 5.
    pub supervisor: f64,
    /// The second rater's rating after, on the same form.
    pub second: f64,
    /// The supervisor's rating before.
    pub supervisor_before: f64,
    /// The same second rater's rating before, on the same form; none where there is none.
    pub second_before: Option<f64>,
}

/// The second ratings of some people added up, in ten-thousandths of a point; of people whom the supervisor rated before and
/// after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondRatings {
    /// Follow-ups of second raters that were delivered and not waived.
    pub asked: usize,
    /// Supervisor (as before) and second rater (as after), of the same people at the follow-up.
    pub both: PairSums,
    /// Those of `both` whose agreement and mean difference may be shown.
    #[serde(default)]
    pub compared: PairSums,
    /// Before and after, as the second raters saw them, of those of `both` whom the same second rater rated twice.
    pub change: PairSums,
    /// Before and after, as the supervisors saw the people of `change`, as far as it may be shown.
    pub supervisors: PairSums,
}

impl SecondRatings {
    /// Add up what was seen of some people.
    pub fn of<'a>(asked: usize, seen: impl Iterator<Item = &'a Second>) -> Self {
        let mut sums = Self { asked, ..Self::default() };
        for who in seen {
            let Some((supervisor, second)) = units(who.supervisor).zip(units(who.second)) else { continue };
            sums.both.add(supervisor, second);
            let before = units(who.supervisor_before).zip(who.second_before.and_then(units));
            if let Some((supervisor_before, second_before)) = before {
                sums.change.add(second_before, second);
                sums.supervisors.add(supervisor_before, supervisor);
            }
        }
        sums.compared = sums.both;
        sums
    }

    /// Whether nobody was asked, so that nothing has to be stored.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Put other people's to these.
    pub fn merge(&mut self, other: &Self) {
        self.asked += other.asked;
        self.both.merge(&other.both);
        self.compared.merge(&other.compared);
        self.change.merge(&other.change);
        self.supervisors.merge(&other.supervisors);
    }

    /// What of an offering may be shown by itself. `trained`: people with a supervisor's pair. `is_split`: whether
    /// another part of them is shown as well; two different parts could be subtracted from each other.
    #[must_use]
    pub(super) fn alone(mut self, trained: i64, is_split: bool) -> Self {
        if Nested::of(self.both.n, trained).leaves_few() {
            self.compared = PairSums::default();
        }
        let supervisors = Nested::of(self.supervisors.n, trained);
        if supervisors.leaves_few() || supervisors.leaves_anybody() && is_split {
            self.supervisors = PairSums::default();
        }
        self
    }

    /// What may count in a total beside the offering itself: of one to four people nothing, not even how many were
    /// asked, so that the total's counts are of the same offerings; and both raters' changes of the same people only.
    #[must_use]
    pub(super) fn for_totals(mut self) -> Self {
        if is_few(self.both.n) {
            return Self::default();
        }
        if is_few(self.change.n) || self.supervisors.n != self.change.n {
            (self.change, self.supervisors) = (PairSums::default(), PairSums::default());
        }
        self
    }

    /// What may be shown.
    pub fn figures(&self) -> SecondRaterFigures {
        let unit = Unit::PointsOf5;
        let from = |pairs: &PairSums| {
            unclustered_change(&paired_from(&PairMoments::from(pairs)), unit, Respondents::Named)
        };
        let shown_of = |pairs: &PairSums, known: &PairSums| {
            let hidden = || Figure::closed(Reason::SmallGroups, unit, 0).needing(PAIRS_SHOWN);
            if is_hidden(pairs, known, PAIRS_SHOWN) { hidden() } else { from(pairs) }
        };
        let (agreement, bands) = self.agreement(unit);
        SecondRaterFigures {
            agreement: agreement.needing(AGREEMENT_SHOWN).invited(self.asked),
            bands,
            difference: shown_of(&self.compared, &self.both),
            change: from(&self.change),
            supervisors_change: shown_of(&self.supervisors, &self.change),
        }
    }

    /// How far both raters agree, and how good that is.
    fn agreement(&self, unit: Unit) -> (Figure, Option<[AgreementBand; 2]>) {
        if is_hidden(&self.compared, &self.both, AGREEMENT_SHOWN) {
            return (Figure::closed(Reason::SmallGroups, Unit::Coefficient, 0), None);
        }
        let found = agreement(&RatingTable::of_pairs(&PairMoments::from(&self.compared)));
        let of_both = agreement_figures(&found, None, unit, Respondents::Named);
        (of_both.absolute, of_both.bands)
    }
}

/// Whether a figure of some people is closed because more are known than may be shown: the rest of an offering would be left
/// by subtraction.
fn is_hidden(shown: &PairSums, known: &PairSums, needed: usize) -> bool {
    shown.n != known.n && count(shown.n) < needed
}

/// Second raters of one subject.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondRaterFigures {
    /// ICC(A,1): would one rater's mark be another's?
    pub agreement: Figure,
    /// How good it is at the least and at the most, by its interval; none while closed.
    pub bands: Option<[AgreementBand; 2]>,
    /// The second raters' marks minus the supervisors', points of 5.
    pub difference: Figure,
    /// The change that second raters saw.
    pub change: Figure,
    /// The change that supervisors saw of the same people.
    pub supervisors_change: Figure,
}

#[cfg(test)]
pub mod examples {
    use super::{Second, SecondRatings};

    /// So many people whom the second rater sees a little lower; of the first `changed` there is a rating before.
    pub fn people(n: usize, changed: usize) -> SecondRatings {
        let seen: Vec<Second> = (0..n)
            .map(|i| {
                let (step, odd) = ((i % 7) as f64 / 5.0, (i % 3) as f64 / 5.0);
                Second {
                    supervisor: 3.0 + step,
                    second: 2.6 + step + odd,
                    supervisor_before: 2.5 + step / 2.0,
                    second_before: (i < changed).then_some(2.4 + step),
                }
            })
            .collect();
        SecondRatings::of(n + 2, seen.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::examples::people;
    use super::*;
    use statistics::Status;

    #[test]
    fn they_are_added_up() {
        let found = people(12, 10);
        assert_eq!((found.asked, found.both.n, found.change.n, found.supervisors.n), (14, 12, 10, 10));
        assert_eq!(found.compared, found.both);
        let two = people(1, 0);
        assert_eq!((two.both.before, two.both.after), (30_000, 26_000), "supervisor, second rater");
    }

    #[test]
    fn thirty_make_an_agreement_and_ten_a_difference() {
        let table = [(9, None, None), (10, None, Some(10)), (29, None, Some(29)), (30, Some(30), Some(30))];
        for (n, agreement, difference) in table {
            let found = people(n, n).figures();
            let shown = |figure: Figure| figure.value().and(figure.n());
            assert_eq!(
                [found.agreement, found.difference, found.change, found.supervisors_change].map(shown),
                [agreement, difference, difference, difference],
                "{n}"
            );
            assert_eq!(found.bands.is_some(), agreement.is_some());
            assert_eq!((found.agreement.n_needed(), found.agreement.n_invited()), (Some(30), Some(n + 2)));
        }
    }

    /// 40 people whose supervisors' ratings are published; a reader who knows those of a part knows those of the rest.
    #[test]
    fn one_to_four_without_a_second_rating_do_not_follow_by_subtraction() {
        for (rated, is_shown) in [(40, true), (39, false), (36, false), (35, true), (20, true)] {
            let found = people(rated, rated).alone(40, false).figures();
            for figure in [found.difference, found.supervisors_change] {
                assert_eq!(figure.value().is_some(), is_shown, "{rated} of 40: {figure:?}");
                assert_eq!(figure.reason() == Some(Reason::SmallGroups), !is_shown);
            }
            let is_agreement = is_shown && rated >= 30;
            assert_eq!(
                (found.agreement.value().is_some(), found.bands.is_some()),
                (is_agreement, is_agreement)
            );
            assert_eq!(found.agreement.reason() == Some(Reason::SmallGroups), !is_shown, "{rated} of 40");
            assert_eq!(found.change.status(), Status::Ok, "of these nothing else is published");
        }
        let some_before = people(40, 38).alone(40, false).figures();
        assert_eq!(some_before.supervisors_change.reason(), Some(Reason::SmallGroups));
        assert_eq!(some_before.difference.status(), Status::Ok);
    }

    #[test]
    fn no_second_part_is_shown_beside_another() {
        let of = |rated| people(rated, rated).alone(40, true).figures().supervisors_change;
        assert_eq!((of(40).status(), of(30).reason()), (Status::Ok, Some(Reason::SmallGroups)));
    }

    #[test]
    fn a_total_holds_no_few_and_both_changes_of_the_same_people() {
        let total = |n, changed, trained| people(n, changed).alone(trained, false).for_totals();
        let sizes = |of: SecondRatings| [of.both.n, of.compared.n, of.change.n, of.supervisors.n];
        assert_eq!(sizes(total(4, 4, 20)), [0; 4]);
        assert_eq!(sizes(total(5, 5, 20)), [5; 4]);
        assert_eq!(sizes(total(12, 4, 20)), [12, 12, 0, 0]);
        assert_eq!(sizes(total(18, 18, 20)), [18, 0, 0, 0], "two are left");
        assert_eq!(sizes(total(12, 12, 12)), [12; 4]);
    }

    /// Of two offerings the one of which two people are left is in the counts and in no figure.
    #[test]
    fn the_agreement_of_a_total_is_of_those_who_may_be_shown() {
        let total = |shown: usize| {
            let mut total = people(shown, 0).alone(i64::try_from(shown).unwrap(), false).for_totals();
            total.merge(&people(38, 0).alone(40, false).for_totals());
            total.figures().agreement
        };
        assert_eq!((total(30).n(), total(30).n_invited()), (Some(30), Some(72)));
        assert_eq!(total(29).reason(), Some(Reason::SmallGroups));
    }

    #[test]
    fn one_to_four_are_not_counted_as_asked_either() {
        let counts = |n| {
            let total = people(n, n).alone(20, false).for_totals();
            (total.asked, total.both.n)
        };
        assert_eq!([4, 5].map(counts), [(0, 0), (7, 5)]);
        assert!(people(4, 4).alone(20, false).for_totals().is_empty());
    }

    #[test]
    fn what_is_stored_is_what_comes_back() {
        let found = people(12, 9);
        let stored = serde_json::to_value(found).unwrap();
        assert_eq!(serde_json::from_value::<SecondRatings>(stored).unwrap(), found);
    }
}
