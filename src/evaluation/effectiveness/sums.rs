//! The people of an offering (or of one of its units) added up.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::pairs::{Observed, Pair, State};
use super::rows::Rows;
use super::work_score::Scored;
use crate::evaluation::statistics::thresholds::{CEILING, PRIVACY_FLOOR};
use crate::evaluation::statistics::{self, ClusterSums, PairSums, RatedPeople};

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
    /// Before and after, of the comparison group.
    pub comparison: PairSums,
    /// Baselines of those who were not rated again.
    pub lost: statistics::Sums,
    /// Changes under each rater.
    pub raters: ClusterSums,
    /// Until when follow-ups come in.
    pub due_on: Option<NaiveDate>,
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
            comparison: rows.comparison(),
            lost: rows.lost(),
            due_on: people.iter().filter_map(|who| who.due_on).max(),
            ..Self::default()
        };
        let mut raters: BTreeMap<Uuid, [PairSums; 2]> = BTreeMap::new();
        for who in people {
            who.pair.iter().for_each(|pair| tally(&mut raters, pair, 0));
            who.comparison.iter().for_each(|pair| tally(&mut raters, pair, 1));
        }
        for [trained, comparison] in raters.into_values() {
            sums.raters.add(RatedPeople::of(&trained), RatedPeople::of(&comparison));
        }
        sums.flow.offerings = usize::from(sums.trained.n > 0);
        sums
    }

    /// Add up the official scores of some people of one offering, as `rows` has them and the colleagues matched to them.
    pub fn of_scores(people: &[&Scored], rows: &Rows) -> Self {
        let mut sums = Self { trained: rows.trained(), comparison: rows.comparison(), ..Self::default() };
        sums.flow.participants = people.len();
        for score in people {
            match score {
                Scored::Pair { before, .. } => sums.flow.at_ceiling += usize::from(*before >= CEILING),
                Scored::InstrumentChanged => sums.flow.instrument_changed += 1,
                Scored::CountedElsewhere => sums.flow.counted_elsewhere += 1,
                Scored::Incomplete => {}
            }
        }
        sums.flow.offerings = usize::from(sums.trained.n > 0);
        sums
    }

    /// Put other people's sums to these.
    pub fn merge(&mut self, other: &Self) {
        self.flow.merge(&other.flow);
        self.trained.merge(&other.trained);
        self.same_rater.merge(&other.same_rater);
        self.comparison.merge(&other.comparison);
        self.lost.merge(&other.lost);
        self.raters.merge(&other.raters);
        self.due_on = self.due_on.max(other.due_on);
    }

    /// What of an offering may stand in a total beside the offering itself: whoever subtracts offerings from a total
    /// is left with none or at least five people (differencing in sets).
    #[must_use]
    pub fn for_totals(&self) -> Self {
        self.clone().within(self.trained.n, self.comparison.n).alone()
    }

    /// What may be told of these people as part of an offering of so many pairs, trained and comparison.
    #[must_use]
    pub fn within(self, trained: i64, comparison: i64) -> Self {
        if is_small(trained) {
            self.withheld()
        } else if is_small(comparison) {
            self.without_comparison()
        } else {
            self
        }
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
        if self.raters.tell_few() {
            self.raters = ClusterSums::by_people(&self.trained, &self.comparison);
        }
        if is_small(self.trained.n - self.same_rater.n) || is_small(self.same_rater.n) {
            self.same_rater = PairSums::default();
        }
        self
    }

    /// What of a unit's quarter may be shown: nothing where its pairs, and no comparison where its comparison group,
    /// would be told by subtraction; pairs by the same rater only where there are no others.
    #[must_use]
    pub fn of_unit(&self, hides_trained: bool, hides_comparison: bool) -> Self {
        if hides_trained {
            return self.withheld();
        }
        let mut kept = self.clone();
        if hides_comparison {
            kept = kept.without_comparison();
        }
        if kept.same_rater != kept.trained {
            kept.same_rater = PairSums::default();
        }
        kept
    }

    fn without_comparison(self) -> Self {
        let trained = self.raters.trained;
        let raters = ClusterSums { clusters: trained.clusters, trained, ..ClusterSums::default() };
        Self { comparison: PairSums::default(), raters, ..self }
    }

    /// Only how many there are: what is known of an offering whose window is still open.
    #[must_use]
    pub fn counted(&self) -> Self {
        let flow = Flow { awaiting: count(self.trained.n), offerings: 0, ..self.flow };
        Self { flow, due_on: self.due_on, ..Self::default() }
    }
}

impl Flow {
    /// The counts when so many pairs are left out: nothing of what was measured.
    #[must_use]
    pub fn withholding(self, pairs: i64) -> Self {
        let withheld = self.withheld + count(pairs);
        Self { withheld, offerings: 0, rater_changed: 0, at_ceiling: 0, ..self }
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

/// Count a change under its rater: of the trained (0) or of the comparison group (1).
fn tally(raters: &mut BTreeMap<Uuid, [PairSums; 2]>, pair: &Pair, group: usize) {
    if let Some(sums) = raters.entry(pair.rater).or_default().get_mut(group) {
        *sums += PairSums::of(&[(pair.before, pair.after)]);
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
            sums(&people).for_totals().raters.clusters
        };
        assert_eq!([0, 1, 3, 4].map(with), [10, 11, 13, 10], "from five on they are a group");
    }

    #[test]
    fn what_is_stored_is_what_comes_back() {
        let found = sums(&[person(3.0, Some(3.5), 1, false), person(2.8, None, 1, false)]);
        let stored = serde_json::to_value(&found).unwrap();
        assert_eq!(serde_json::from_value::<Sums>(stored).unwrap(), found);
    }
}
