//! The people of an offering (or of one of its units) added up.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::pairs::{Observed, Pair, State};
use super::rows::Rows;
use super::work_score::Scored;
use crate::evaluation::statistics::thresholds::{CEILING, PRIVACY_FLOOR};
use crate::evaluation::statistics::{self, PairSums, Raters, few_share_between, units};

/// How many there were at each step, trained people unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Flow {
    /// Took part and did not withdraw.
    pub participants: usize,
    /// Rated before the course.
    pub baseline_answered: usize,
    /// Follow-ups delivered and not waived.
    pub follow_up_due: usize,
    /// Follow-ups validly answered.
    pub follow_up_answered: usize,
    /// Follow-ups waived: left, retired, moved.
    pub lost: usize,
    /// Of the pairs, those rated by two different people.
    pub rater_changed: usize,
    /// Measured before and after, but with different instruments.
    pub instrument_changed: usize,
    /// Of the official scores, those that count in another offering.
    #[serde(default)]
    pub counted_elsewhere: usize,
    /// Rated themselves before and after.
    pub self_pairs: usize,
    /// Nominated for a weakness.
    pub for_weakness: usize,
    /// Baselines at the ceiling of the official score.
    pub at_ceiling: usize,
    /// Offerings with at least one pair.
    pub offerings: usize,
    /// Pairs left out of a total, because it would give a group of one to four people away.
    pub withheld: usize,
    /// Pairs of offerings whose window is still open.
    pub awaiting: usize,
}

/// Everything a report needs of some people at one measure; adding two of them is putting their people together.
///
/// Scores are whole ten-thousandths of a point, so that sums are exact and the same in whichever order people come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    /// Counts.
    pub flow: Flow,
    /// Before and after, of the trained.
    pub trained: PairSums,
    /// Of these, those by the same rater.
    pub same_rater: PairSums,
    /// Baselines of those who were not rated again.
    pub lost: statistics::Sums,
    /// Who rated the trained, offering by offering.
    #[serde(default, rename = "rated_by")]
    pub raters: Vec<Raters<Uuid>>,
    /// The trained and the colleagues matched to them, offering by offering: an offering without such colleagues is
    /// compared with nobody.
    #[serde(default)]
    pub compared: Vec<Compared>,
    /// Until when follow-ups come in.
    pub due_on: Option<NaiveDate>,
    /// Counts of offerings whose window is still open: nothing is concluded from them, or what is released would change
    /// from day to day.
    #[serde(default)]
    pub open: Flow,
}

/// The two groups of one offering (or of a unit's quarter) that are compared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Before and after, of the trained who have a match.
    pub trained: PairSums,
    /// Before and after, of the colleagues matched to them.
    pub comparison: PairSums,
    /// Baselines of the colleagues who were not rated again.
    pub comparison_lost: statistics::Sums,
    /// Colleagues rated before about whom a follow-up was delivered and not waived.
    #[serde(default)]
    pub comparison_due: usize,
    /// Of `trained`, those rated by two different people.
    #[serde(default)]
    pub rater_changed: usize,
    /// Of `trained`, those whose official score was at the ceiling before.
    #[serde(default)]
    pub at_ceiling: usize,
    /// Who rated the trained, and who the colleagues.
    pub raters: [Raters<Uuid>; 2],
    /// Those of `trained` by the same rater, as far as they may be shown.
    #[serde(default)]
    pub same_rater: PairSums,
    /// Baselines of the trained who were not rated again.
    #[serde(default)]
    pub lost: statistics::Sums,
}

impl Sums {
    /// Add up what was seen of the behaviour of some people of one offering, and their pairs.
    pub fn of_behaviour(people: &[&Observed], rows: &Rows) -> Self {
        let count = |test: fn(&Observed) -> bool| people.iter().filter(|who| test(who)).count();
        let mut sums = Self {
            flow: Flow {
                participants: people.len(),
                baseline_answered: count(|who| who.baseline.is_some()),
                follow_up_due: count(|who| matches!(who.state, State::Unanswered | State::Answered)),
                follow_up_answered: count(|who| who.state == State::Answered),
                lost: count(|who| who.state == State::Excused),
                rater_changed: rows.trained.iter().filter(|row| row.rater_changed).count(),
                instrument_changed: count(|who| who.instrument_changed),
                self_pairs: count(|who| who.has_self_pair),
                for_weakness: count(|who| who.for_weakness),
                ..Flow::default()
            },
            trained: rows.trained(),
            same_rater: rows.same_rater(),
            lost: rows.lost(),
            due_on: people.iter().filter_map(|who| who.due_on).max(),
            ..Self::default()
        };
        let (mut all, mut matched, mut colleagues) =
            (Raters::default(), Raters::default(), Raters::default());
        for who in people {
            if let Some(pair) = &who.pair {
                enter(&mut all, pair);
                if who.has_match() {
                    enter(&mut matched, pair);
                }
            }
            who.comparison.iter().for_each(|pair| enter(&mut colleagues, pair));
        }
        let lost = people.iter().flat_map(|who| who.comparison_lost.iter().copied());
        let comparison_lost = statistics::Sums::of(&lost.collect::<Vec<_>>());
        sums.raters.push(all);
        let due = people.iter().map(|who| who.comparison_due).sum();
        sums.compare(rows, (comparison_lost, due), [matched, colleagues]);
        sums.flow.offerings = usize::from(sums.trained.n > 0);
        sums
    }

    /// Add up the official scores of some people of one offering, as `rows` has them and the colleagues matched to them.
    /// An official score is nobody's opinion, so everybody counts for oneself.
    pub fn of_scores<'a>(people: impl ExactSizeIterator<Item = &'a Scored>, rows: &Rows) -> Self {
        let mut sums = Self { trained: rows.trained(), ..Self::default() };
        sums.flow.participants = people.len();
        for score in people {
            match score {
                Scored::Pair { before, .. } => sums.flow.at_ceiling += usize::from(*before >= CEILING),
                Scored::InstrumentChanged => sums.flow.instrument_changed += 1,
                Scored::CountedElsewhere => sums.flow.counted_elsewhere += 1,
                Scored::Incomplete => {}
            }
        }
        sums.compare(rows, (statistics::Sums::default(), 0), [Raters::default(), Raters::default()]);
        sums.flow.offerings = usize::from(sums.trained.n > 0);
        sums
    }

    /// Add those who have a match and their colleagues: baselines of the colleagues who were lost and how many follow-ups of
    /// colleagues were due, and who rated both groups.
    fn compare(
        &mut self,
        rows: &Rows,
        (comparison_lost, comparison_due): (statistics::Sums, usize),
        raters: [Raters<Uuid>; 2],
    ) {
        let comparison = rows.comparison();
        let matched = || rows.trained.iter().filter(|row| row.has_match);
        if comparison.n > 0 {
            self.compared.push(Compared {
                trained: rows.matched(),
                comparison,
                comparison_lost,
                comparison_due,
                rater_changed: matched().filter(|row| row.rater_changed).count(),
                at_ceiling: matched()
                    .filter(|row| units(CEILING).is_some_and(|top| row.before >= top))
                    .count(),
                raters,
                ..Compared::default()
            });
        }
    }

    /// Put other people's sums to these.
    pub fn merge(&mut self, other: &Self) {
        self.flow.merge(&other.flow);
        self.trained.merge(&other.trained);
        self.same_rater.merge(&other.same_rater);
        self.lost.merge(&other.lost);
        self.raters.extend_from_slice(&other.raters);
        self.compared.extend_from_slice(&other.compared);
        self.due_on = self.due_on.max(other.due_on);
        self.open.merge(&other.open);
    }

    /// How many there are at each step, with those whose window is still open.
    pub fn whole_flow(&self) -> Flow {
        let mut flow = self.flow;
        flow.merge(&self.open);
        flow
    }

    /// The trained who are compared with anybody.
    pub fn matched(&self) -> PairSums {
        self.compared.iter().map(|of| of.trained).sum()
    }

    /// The colleagues they are compared with.
    pub fn comparison(&self) -> PairSums {
        self.compared.iter().map(|of| of.comparison).sum()
    }

    /// The people of a comparison as if those who were not rated again had not changed.
    #[must_use]
    pub fn with_lost_unchanged(&self) -> Self {
        let unchanged =
            |of: &Compared| Compared { trained: of.trained.with_lost_unchanged(&of.lost), ..of.clone() };
        Self {
            flow: self.flow,
            trained: self.trained.with_lost_unchanged(&self.lost),
            compared: self.compared.iter().map(unchanged).collect(),
            ..Self::default()
        }
    }

    /// The people rated by the same rater, beside the colleagues of their offerings.
    #[must_use]
    pub fn by_same_rater(&self) -> Self {
        let same = |of: &Compared| Compared { trained: of.same_rater, ..of.clone() };
        let compared = self.compared.iter().filter(|of| of.same_rater.n > 0).map(same).collect();
        Self { flow: self.flow, trained: self.same_rater, compared, ..Self::default() }
    }

    /// What of an offering may stand in a total beside the offering itself: whoever subtracts offerings from a total
    /// is left with none or at least five people (differencing in sets).
    #[must_use]
    pub fn for_totals(&self) -> Self {
        if is_small(self.trained.n) { self.withheld() } else { self.clone().alone() }
    }

    /// The counts, and nothing that was measured.
    #[must_use]
    pub fn withheld(&self) -> Self {
        Self { flow: self.flow.withholding(self.trained.n), due_on: self.due_on, ..Self::default() }
    }

    /// What of an offering may be shown by itself: all pairs minus those by the same rater are the pairs whose rater
    /// changed, so the latter are none or at least five; and so are those who share a rater, or everybody counts as one
    /// witness (of so few the interval is hardly narrower for it).
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.settle_comparison();
        if self.raters.iter().any(Raters::few_share) {
            self.raters = vec![Raters::by_people(self.trained.changes())];
        }
        let few = |raters: &[Raters<Uuid>; 2]| {
            let [trained, comparison] = raters;
            trained.few_share() || comparison.few_share() || few_share_between(trained, comparison)
        };
        for of in &mut self.compared {
            if few(&of.raters) {
                of.raters = [of.trained, of.comparison].map(|group| Raters::by_people(group.changes()));
            }
        }
        let all_same = self.same_rater == self.trained;
        let few = is_small(self.trained.n - self.same_rater.n) || is_small(self.same_rater.n);
        if few || self.is_split() && !all_same {
            self.same_rater = PairSums::default();
        }
        for of in &mut self.compared {
            of.same_rater = if all_same { of.trained } else { self.same_rater };
            of.lost = self.lost;
        }
        self
    }

    /// Decide who of an offering is compared with its colleagues: those who have a match; where one to four have none,
    /// all, or subtraction would leave these few. A group of one to four is compared with nobody.
    pub(super) fn settled(mut self) -> Self {
        self.settle_comparison();
        self
    }

    fn settle_comparison(&mut self) {
        let everybody = (self.trained, self.raters.first().cloned().unwrap_or_default());
        let (all, rated_by) = &everybody;
        let flow = self.flow;
        self.compared.retain_mut(|of| {
            if is_small(all.n - of.trained.n) {
                (of.trained, of.raters[0]) = (*all, rated_by.clone());
                (of.rater_changed, of.at_ceiling) = (flow.rater_changed, flow.at_ceiling);
            }
            let sizes = [of.trained.n, of.comparison.n];
            sizes.iter().all(|n| *n > 0 && !is_small(*n))
        });
    }

    /// Whether some of the trained of an offering stand in its difference and others do not, for want of a match.
    pub(super) fn is_split(&self) -> bool {
        let matched = self.matched().n;
        matched > 0 && matched != self.trained.n
    }

    /// What of a unit's quarter may be shown. Its parts are put together: of its people in an offering there are one or
    /// two, each beside the colleague matched to that person. Pairs by the same rater stand only where there are no
    /// others.
    #[must_use]
    pub fn of_unit(&self) -> Self {
        let mut kept = self.clone();
        let mut all = Raters::default();
        self.raters.iter().for_each(|raters| all.merge(raters));
        kept.raters = vec![if all.few_share() { Raters::by_people(self.trained.changes()) } else { all }];
        let mut together = Compared::default();
        self.compared.iter().for_each(|of| together.merge(of));
        kept.compared = vec![together];
        let same = kept.same_rater == kept.trained;
        kept = kept.alone();
        if !same {
            kept.same_rater = PairSums::default();
            kept.compared.iter_mut().for_each(|of| of.same_rater = PairSums::default());
        }
        kept
    }

    /// The trained without whom they are compared with.
    #[must_use]
    pub fn without_comparison(mut self) -> Self {
        self.compared.clear();
        self
    }

    /// Only those of the trained who are compared with anybody; the others are counted as withheld.
    #[must_use]
    pub fn compared_only(mut self) -> Self {
        let matched = self.matched();
        if matched.n < self.trained.n {
            self.flow = self.flow.leaving_out(self.trained.n - matched.n);
            self.flow.rater_changed = self.compared.iter().map(|of| of.rater_changed).sum();
            self.flow.at_ceiling = self.compared.iter().map(|of| of.at_ceiling).sum();
            self.raters = self.compared.iter().map(|of| of.raters[0].clone()).collect();
            let all_same = self.same_rater == self.trained;
            self.same_rater = if all_same { matched } else { PairSums::default() };
            self.trained = matched;
        }
        self
    }

    /// Only how many there are: what is known of an offering whose window is still open.
    #[must_use]
    pub fn counted(&self) -> Self {
        let flow = Flow { awaiting: count(self.trained.n), ..Flow::default() };
        let open = Flow { offerings: 0, ..self.flow };
        Self { flow, open, due_on: self.due_on, ..Self::default() }
    }
}

impl Compared {
    /// Put the people of another offering of a unit to these.
    fn merge(&mut self, other: &Self) {
        self.trained.merge(&other.trained);
        self.comparison.merge(&other.comparison);
        self.comparison_lost.merge(&other.comparison_lost);
        self.comparison_due += other.comparison_due;
        self.rater_changed += other.rater_changed;
        self.at_ceiling += other.at_ceiling;
        self.same_rater.merge(&other.same_rater);
        self.lost.merge(&other.lost);
        self.raters.iter_mut().zip(&other.raters).for_each(|(own, others)| own.merge(others));
    }
}

impl Flow {
    /// The counts when so many pairs are left out: nothing of what was measured.
    #[must_use]
    pub fn withholding(self, pairs: i64) -> Self {
        Self { offerings: 0, rater_changed: 0, at_ceiling: 0, ..self.leaving_out(pairs) }
    }

    /// The counts when so many pairs are left out beside others.
    fn leaving_out(self, pairs: i64) -> Self {
        Self { withheld: self.withheld + count(pairs), ..self }
    }

    /// Put other people's counts to these.
    pub fn merge(&mut self, other: &Self) {
        self.participants += other.participants;
        self.baseline_answered += other.baseline_answered;
        self.follow_up_due += other.follow_up_due;
        self.follow_up_answered += other.follow_up_answered;
        self.lost += other.lost;
        self.rater_changed += other.rater_changed;
        self.instrument_changed += other.instrument_changed;
        self.counted_elsewhere += other.counted_elsewhere;
        self.self_pairs += other.self_pairs;
        self.for_weakness += other.for_weakness;
        self.at_ceiling += other.at_ceiling;
        self.offerings += other.offerings;
        self.withheld += other.withheld;
        self.awaiting += other.awaiting;
    }
}

/// A number of people.
pub fn count(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

/// Whether a group is too small to be shown, or to be left by subtraction.
pub fn is_small(n: i64) -> bool {
    n > 0 && count(n) < PRIVACY_FLOOR
}

/// Enter a pair under its rater.
fn enter(raters: &mut Raters<Uuid>, pair: &Pair) {
    if let Some((before, after)) = units(pair.before).zip(units(pair.after)) {
        raters.add(pair.rater, after - before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(before: f64, after: Option<f64>, rater: u128, rater_changed: bool) -> Observed {
        let pair = after.map(|after| Pair {
            before,
            after,
            rater: Uuid::from_u128(rater),
            rater_changed,
            followed_up_on: NaiveDate::default(),
        });
        let state = if pair.is_some() { State::Answered } else { State::Unanswered };
        Observed { baseline: Some(before), state, pair, ..Observed::default() }
    }

    fn sums(people: &[Observed]) -> Sums {
        let people: Vec<&Observed> = people.iter().collect();
        Sums::of_behaviour(&people, &Rows::of_behaviour(&people))
    }

    #[test]
    fn people_are_counted_where_they_belong() {
        let found = sums(&[
            person(3.0, Some(3.5), 1, false),
            person(3.2, Some(3.4), 1, true),
            person(2.8, None, 1, false),
        ]);
        assert_eq!((found.trained.n, found.same_rater.n, found.lost.n), (2, 1, 1));
        assert_eq!(
            (found.flow.rater_changed, found.flow.follow_up_due, found.flow.follow_up_answered),
            (1, 3, 2)
        );
    }

    #[test]
    fn putting_offerings_together_is_putting_people_together() {
        let people: Vec<Observed> =
            (0..9).map(|i| person(2.0 + f64::from(i) / 5.0, Some(3.0), 1 + i as u128, i == 4)).collect();
        let (left, right) = people.split_at(4);
        let mut merged = sums(left);
        merged.merge(&sums(right));
        let mut whole = sums(&people);
        whole.flow.offerings = 2;
        // Raters stay with their offerings, so that one of two offerings can be told from two.
        let raters = merged.raters.iter().fold(Raters::default(), |mut all, raters| {
            all.merge(raters);
            all
        });
        assert_eq!((merged.raters.len(), &raters), (2, &whole.raters[0]));
        merged.raters = vec![raters];
        assert_eq!(merged, whole);
    }

    #[test]
    fn a_small_offering_stands_in_no_total() {
        let of = |n: usize| sums(&vec![person(3.0, Some(3.5), 1, false); n]);
        for (n, kept, withheld) in [(0, 0, 0), (1, 0, 1), (4, 0, 4), (5, 5, 0)] {
            let found = of(n).for_totals();
            assert_eq!((found.trained.n, found.flow.withheld), (kept, withheld), "{n}");
            assert_eq!(found.flow.participants, n, "that there are people is no secret");
        }
    }

    #[test]
    fn one_changed_rater_cannot_be_told_by_subtraction() {
        let with_changed = |changed: usize| {
            let mut people = vec![person(3.0, Some(3.5), 1, false); 8];
            people.extend(vec![person(3.0, Some(5.0), 2, true); changed]);
            sums(&people).for_totals()
        };
        assert_eq!(with_changed(0).same_rater.n, 8);
        assert_eq!((with_changed(1).same_rater.n, with_changed(1).trained.n), (0, 9));
        assert_eq!(with_changed(5).same_rater.n, 8);
    }

    #[test]
    fn few_who_share_a_rater_are_not_told_from_the_others() {
        let with = |others: usize| {
            let mut people: Vec<Observed> =
                (1..=10).map(|rater| person(3.0, Some(3.5), rater, false)).collect();
            people.extend(vec![person(3.0, Some(4.0), 1, false); others]);
            sums(&people).for_totals().raters[0].by.len()
        };
        assert_eq!([0, 1, 3, 4].map(with), [10, 0, 0, 10], "from five on they are a group");
    }

    #[test]
    fn what_is_stored_is_what_comes_back() {
        let found = sums(&[person(3.0, Some(3.5), 1, false), person(2.8, None, 1, false)]);
        let stored = serde_json::to_value(&found).unwrap();
        assert_eq!(serde_json::from_value::<Sums>(stored).unwrap(), found);
    }
}
