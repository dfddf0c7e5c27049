//! The people of an offering (or of one of its units) added up.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::compared::Compared;
use super::flow::Flow;
use super::model::count;
use super::on_form::{OnForm, by_form};
use super::pairs::{Observed, Pair, State};
use super::rows::Rows;
use super::second::SecondRatings;
use super::work_score::Scored;
use crate::effectiveness::disclosure::{Nested, is_enough, is_few};
use statistics::thresholds::CEILING;
use statistics::{self, PairSums, Raters, few_share_between, units};

/// Everything a report needs of some people at one measure; adding two of them is putting their people together.
///
/// Scores are whole ten-thousandths of a point, so that sums are exact and the same in whichever order people come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OfferingSums {
    /// Counts.
    pub flow: Flow,
    /// Before and after, of the trained.
    pub trained: PairSums,
    /// Of these, those by the same rater.
    pub same_rater: PairSums,
    /// Baselines of those who were not rated again.
    pub lost: statistics::ScoreSums,
    /// Who rated the trained, offering by offering.
    #[serde(default, rename = "rated_by")]
    pub raters: Vec<Raters<Uuid>>,
    /// The trained and the colleagues matched to them, offering by offering: an offering without such colleagues is
    /// compared with nobody.
    #[serde(default)]
    pub compared: Vec<Compared>,
    /// Behaviour before, by questionnaire; nothing where it was added up before the service kept it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub forms: BTreeMap<Uuid, OnForm>,
    /// Until when follow-ups come in.
    pub due_on: Option<NaiveDate>,
    /// Counts of offerings whose window is still open: nothing is concluded from them, or what is released would change
    /// from day to day.
    #[serde(default)]
    pub open: Flow,
    /// What others beside the supervisors saw of the trained. No other figure rests on it.
    #[serde(default, skip_serializing_if = "SecondRatings::is_empty")]
    pub second: SecondRatings,
}

impl OfferingSums {
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
            forms: by_form(people),
            due_on: people.iter().filter_map(|who| who.due_on).max(),
            second: SecondRatings::of(
                count(|who| who.second_asked),
                people.iter().filter_map(|who| who.second.as_ref()),
            ),
            ..Self::default()
        };
        let (mut all, mut matched, mut colleagues) =
            (Raters::default(), Raters::default(), Raters::default());
        for who in people {
            if let Some(pair) = &who.pair {
                enter(&mut all, pair);
                if who.is_compared() {
                    enter(&mut matched, pair);
                }
            }
            who.comparison.iter().for_each(|pair| enter(&mut colleagues, pair));
        }
        let lost = people.iter().flat_map(|who| who.comparison_lost.iter().copied());
        let comparison_lost = statistics::ScoreSums::of(&lost.collect::<Vec<_>>());
        sums.raters.push(all);
        let due = people.iter().map(|who| who.comparison_due).sum();
        sums.compare(rows, (comparison_lost, due), [matched, colleagues]);
        let by_lot = people.iter().all(|who| who.by_lot);
        sums.compared.iter_mut().for_each(|of| of.by_lot = by_lot);
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
        sums.compare(rows, (statistics::ScoreSums::default(), 0), [Raters::default(), Raters::default()]);
        sums.flow.offerings = usize::from(sums.trained.n > 0);
        sums
    }

    /// Add those who have a match and their colleagues: baselines of the colleagues who were lost and how many follow-ups of
    /// colleagues were due, and who rated both groups.
    fn compare(
        &mut self,
        rows: &Rows,
        (comparison_lost, comparison_due): (statistics::ScoreSums, usize),
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
        other.forms.iter().for_each(|(form, of)| self.forms.entry(*form).or_default().merge(of));
        self.due_on = self.due_on.max(other.due_on);
        self.open.merge(&other.open);
        self.second.merge(&other.second);
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

    /// Whether only lots decided who was trained and who is in the comparison group, of everybody here.
    pub fn is_by_lot(&self) -> bool {
        let all_stand = self.matched().n == self.trained.n;
        !self.compared.is_empty() && all_stand && self.compared.iter().all(|of| of.by_lot)
    }

    /// Make one group of the people of one offering who come from several units.
    pub(super) fn join_compared(&mut self) {
        let mut together = Compared::default();
        for of in self.compared.drain(..) {
            together.merge(&of);
        }
        if together.comparison.n > 0 {
            self.compared.push(together);
        }
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

    /// What of an offering may count in a total beside the offering itself: a reader who subtracts offerings from a
    /// total is left with none or at least five people (differencing in sets).
    #[must_use]
    pub fn for_totals(&self) -> Self {
        if is_few(self.trained.n) {
            return self.withheld();
        }
        let alone = self.clone().alone();
        Self { second: alone.second.for_totals(), ..alone }
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
        let is_withheld = Nested::of(self.same_rater.n, self.trained.n).is_withheld();
        if is_withheld || self.is_split() && !all_same {
            self.same_rater = PairSums::default();
        }
        for of in &mut self.compared {
            of.same_rater = if all_same { of.trained } else { self.same_rater };
            of.lost = self.lost;
        }
        let shows_some = self.same_rater.n > 0 && !all_same;
        self.second = self.second.alone(self.trained.n, self.is_split() || shows_some);
        self
    }

    /// Decide who of an offering is compared with its colleagues: those who have a match; where one to four have none,
    /// all, or subtraction would leave these few. A group of one to four is compared with nobody.
    pub(in crate::effectiveness) fn settled(mut self) -> Self {
        self.settle_comparison();
        self
    }

    fn settle_comparison(&mut self) {
        let (all, flow, rated_by) = (self.trained, self.flow, self.raters.first());
        self.compared.retain_mut(|of| {
            if Nested::of(of.trained.n, all.n).leaves_few() {
                (of.trained, of.raters[0]) = (all, rated_by.cloned().unwrap_or_default());
                (of.rater_changed, of.at_ceiling) = (flow.rater_changed, flow.at_ceiling);
            }
            [of.trained.n, of.comparison.n].into_iter().all(is_enough)
        });
    }

    /// Whether some of the trained of an offering count in its difference and others do not, for want of a match.
    pub(super) fn is_split(&self) -> bool {
        let matched = self.matched().n;
        matched > 0 && matched != self.trained.n
    }

    /// What of a unit's quarter may be shown. Its parts are put together: of its people in an offering there are one or
    /// two, each beside the colleague matched to that person. Pairs by the same rater are kept only where there are no
    /// others.
    #[must_use]
    pub fn of_unit(&self) -> Self {
        let mut kept = Self { second: SecondRatings::default(), ..self.clone() };
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

/// Enter a pair under its rater.
fn enter(raters: &mut Raters<Uuid>, pair: &Pair) {
    if let Some((before, after)) = units(pair.before).zip(units(pair.after)) {
        raters.add(pair.rater, after - before);
    }
}

#[cfg(test)]
mod tests;
