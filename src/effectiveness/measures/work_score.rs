//! Level 4: the official work score (Decree 335/2025/NĐ-CP: 100 points, rated monthly or quarterly).
//!
//! Baseline: the mean of the last two complete periods before the nomination was decided (not before the course, so
//! that the dip or push which led to the nomination is not counted as effect). The first complete period after the
//! course is dropped; follow-up: the mean of the two after it. All four are under one regime. Who is rated by months is
//! read by months, also where there are quarters: they are over first, and what is released first then stays.
//!
//! Unlike a form, a score is nobody's answer about one offering: someone who took part in two of them, or was matched
//! to both, has the same scores in both. So each counts once ([`counted_once`]).

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::model::Participation;
pub use crate::organisation::ratings::PeriodKind;

/// One official rating, as it was known.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    pub kind: PeriodKind,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub regime: String,
    /// Points of 100; only some regimes have them.
    pub score: Option<f64>,
}

/// What a person's ratings say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scored {
    /// Means before and after, points of 100, and when the last of the periods after ended.
    Pair { before: f64, after: f64, until: NaiveDate },
    /// Rated on both sides, but under different regimes.
    InstrumentChanged,
    /// Rated on both sides, but one of the scores counts in another offering.
    CountedElsewhere,
    /// A period is missing.
    Incomplete,
}

/// Where somebody's scores would count: in an offering one took part in, or that of a participant one was matched to.
/// Those of an offering that ended first come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// Last day of the offering.
    pub last_day: NaiveDate,
    pub offering_id: Uuid,
    /// The person's own participation, or that of the participant whom the person was matched to.
    pub participant_id: Uuid,
    /// When that was decided.
    pub index_date: NaiveDate,
    /// Whose scores they are.
    pub person_id: Uuid,
}

/// A person's scores in an offering: person and participation.
pub type Counted = HashSet<(Uuid, Uuid)>;

/// Which uses of people's scores count: no score counts in two offerings, only in the one that ended first. Otherwise
/// the scores of people who were sent to two offerings in a quarter would be the same numbers in two published sums, and
/// the two together would show those of the few who were sent to one (differencing in sets).
///
/// `uses` are all there are of each person, so that the answer is the same whenever it is asked.
pub fn counted_once(mut uses: Vec<Use>) -> Counted {
    uses.sort_unstable();
    let mut taken = HashSet::new();
    let mut counted = Counted::new();
    for of in uses {
        let scores = [PeriodKind::Quarter, PeriodKind::Month].into_iter().flat_map(|kind| {
            let windows = Windows::of(kind, of.index_date, of.last_day);
            [windows.before, windows.after].map(|periods| (of.person_id, kind, periods))
        });
        let scores: Vec<_> = scores.collect();
        if scores.iter().all(|score| !taken.contains(score)) {
            taken.extend(scores);
            counted.insert((of.person_id, of.participant_id));
        }
    }
    counted
}

/// Of the uses that count, those of whose periods no other use that counts has any: nothing that becomes known of such a
/// score is known from another offering's figures as well. `kind` says by which kind of period a person is rated.
pub fn counted_alone(uses: &[Use], counted: &Counted, kind: impl Fn(Uuid) -> PeriodKind) -> Counted {
    let periods = |of: &Use| {
        let (kind, person) = (kind(of.person_id), of.person_id);
        let Windows { before, after } = Windows::of(kind, of.index_date, of.last_day);
        [before, after].into_iter().flatten().map(move |period| (person, kind, period))
    };
    let counts = |of: &&Use| counted.contains(&(of.person_id, of.participant_id));
    let mut used: HashMap<_, usize> = HashMap::new();
    for period in uses.iter().filter(counts).flat_map(periods) {
        *used.entry(period).or_default() += 1;
    }
    let alone = |of: &&Use| periods(of).all(|period| used.get(&period) == Some(&1));
    uses.iter().filter(counts).filter(alone).map(|of| (of.person_id, of.participant_id)).collect()
}

/// Rate the work of a person over the windows of a participation (one's own, or that of the participant one was
/// matched to). Months go before quarters.
pub fn scored(ratings: &[Rating], who: &Participation, as_of: NaiveDate) -> Scored {
    let mut result = Scored::Incomplete;
    for kind in [PeriodKind::Month, PeriodKind::Quarter] {
        match Windows::of(kind, who.index_date, who.last_day).read(ratings, kind, as_of) {
            Scored::Incomplete => {}
            Scored::InstrumentChanged => result = Scored::InstrumentChanged,
            found => return found,
        }
    }
    result
}

/// Periods of one kind, numbered without a gap.
fn number(kind: PeriodKind, day: NaiveDate) -> i32 {
    let month = i32::try_from(day.month0()).unwrap_or_default();
    match kind {
        PeriodKind::Month => day.year() * 12 + month,
        PeriodKind::Quarter => day.year() * 4 + month / 3,
        PeriodKind::Year => day.year(),
    }
}

struct Windows {
    before: [i32; 2],
    after: [i32; 2],
}

impl Windows {
    /// Those of an offering that ended on a day, to which somebody was sent by a decision of another.
    fn of(kind: PeriodKind, index_date: NaiveDate, last_day: NaiveDate) -> Self {
        let (before, after) = (number(kind, index_date), number(kind, last_day));
        Self { before: [before - 2, before - 1], after: [after + 2, after + 3] }
    }

    fn read(&self, ratings: &[Rating], kind: PeriodKind, as_of: NaiveDate) -> Scored {
        let over = |as_of: NaiveDate| move |rating: &&Rating| rating.end <= as_of;
        let known: Vec<&Rating> = ratings.iter().filter(over(as_of)).collect();
        let of =
            |period: i32| known.iter().find(|r| r.kind == kind && number(kind, r.start) == period).copied();
        let [Some(a), Some(b)] = self.before.map(of) else {
            return self.regimes_differ(&known, kind);
        };
        let [Some(c), Some(d)] = self.after.map(of) else {
            return Scored::Incomplete;
        };
        if [b, c, d].iter().any(|r| r.regime != a.regime) {
            return Scored::InstrumentChanged;
        }
        match (a.score.zip(b.score), c.score.zip(d.score)) {
            (Some((a, b)), Some((c, late))) => {
                Scored::Pair { before: f64::midpoint(a, b), after: f64::midpoint(c, late), until: d.end }
            }
            _ => Scored::Incomplete,
        }
    }

    /// The baseline may have been rated in other periods: the regime before 2026 rated whole years.
    fn regimes_differ(&self, known: &[&Rating], kind: PeriodKind) -> Scored {
        let [first, last] = self.before;
        let earlier = known.iter().filter(|r| {
            let (from, to) = (number(kind, r.start), number(kind, r.end));
            r.kind != kind && from <= last && to >= first
        });
        let later: Vec<&&Rating> =
            known.iter().filter(|r| r.kind == kind && self.after.contains(&number(kind, r.start))).collect();
        let mut earlier = earlier.peekable();
        let both = earlier.peek().is_some() && later.len() == self.after.len();
        if both && earlier.all(|e| later.iter().all(|l| l.regime != e.regime)) {
            Scored::InstrumentChanged
        } else {
            Scored::Incomplete
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Nominated in the middle of the third quarter of 2026, taught at the end of it.
    fn who() -> Participation {
        Participation {
            index_date: day("2026-08-15"),
            first_day: day("2026-09-21"),
            last_day: day("2026-09-23"),
            ..Participation::default()
        }
    }

    fn quarter(year: i32, quarter: u32, score: f64) -> Rating {
        let start = NaiveDate::from_ymd_opt(year, quarter * 3 - 2, 1).unwrap();
        Rating {
            kind: PeriodKind::Quarter,
            start,
            end: start + chrono::Months::new(3) - chrono::Days::new(1),
            regime: "decree_335_2025".to_owned(),
            score: Some(score),
        }
    }

    /// Four quarters before and after, of which only two and two count.
    fn year_and_a_half() -> Vec<Rating> {
        vec![
            quarter(2026, 1, 70.0),
            quarter(2026, 2, 72.0),
            quarter(2026, 3, 10.0),
            quarter(2026, 4, 20.0),
            quarter(2027, 1, 80.0),
            quarter(2027, 2, 84.0),
        ]
    }

    #[test]
    fn two_periods_before_the_decision_and_two_after_the_absorption() {
        let found = scored(&year_and_a_half(), &who(), day("2027-07-01"));
        let until = day("2027-06-30");
        assert_eq!(found, Scored::Pair { before: 71.0, after: 82.0, until });
    }

    #[test]
    fn every_period_must_be_there_and_over() {
        assert_eq!(scored(&year_and_a_half(), &who(), day("2027-06-29")), Scored::Incomplete);
        for missing in [0, 1, 4, 5] {
            let mut ratings = year_and_a_half();
            ratings.remove(missing);
            assert_eq!(scored(&ratings, &who(), day("2027-07-01")), Scored::Incomplete);
        }
    }

    #[test]
    fn regimes_are_never_mixed() {
        let mut ratings = year_and_a_half();
        ratings[1].regime = "decree_90_2020".to_owned();
        assert_eq!(scored(&ratings, &who(), day("2027-07-01")), Scored::InstrumentChanged);
        let mut yearly = year_and_a_half().split_off(2);
        yearly.push(Rating {
            kind: PeriodKind::Year,
            start: day("2026-01-01"),
            end: day("2026-12-31"),
            regime: "decree_90_2020".to_owned(),
            score: None,
        });
        assert_eq!(scored(&yearly, &who(), day("2027-07-01")), Scored::InstrumentChanged);
    }

    #[test]
    fn months_go_before_quarters() {
        let months =
            [(2026, 6, 70.0), (2026, 7, 74.0), (2026, 11, 80.0), (2026, 12, 81.0)].map(|(y, m, score)| {
                let start = NaiveDate::from_ymd_opt(y, m, 1).unwrap();
                Rating {
                    kind: PeriodKind::Month,
                    start,
                    end: start + chrono::Months::new(1) - chrono::Days::new(1),
                    regime: "decree_335_2025".to_owned(),
                    score: Some(score),
                }
            });
        let found = scored(&months, &who(), day("2027-07-01"));
        assert!(matches!(found, Scored::Pair { before: 72.0, after: 80.5, .. }), "{found:?}");
        let both = [year_and_a_half(), months.to_vec()].concat();
        assert_eq!(scored(&both, &who(), day("2027-07-01")), found);
        let incomplete = [year_and_a_half(), months[..3].to_vec()].concat();
        let found = scored(&incomplete, &who(), day("2027-07-01"));
        assert!(matches!(found, Scored::Pair { before: 71.0, after: 82.0, .. }), "{found:?}");
    }

    fn sent(person: u128, offering: u128, decided: &str, last: &str) -> Use {
        Use {
            last_day: day(last),
            offering_id: Uuid::from_u128(offering),
            participant_id: Uuid::from_u128(100 * offering + person),
            index_date: day(decided),
            person_id: Uuid::from_u128(person),
        }
    }

    fn offerings_of_the_first(uses: &[Use]) -> Vec<u128> {
        let counted = counted_once(uses.to_vec());
        let mut offerings: Vec<u128> =
            counted.iter().filter(|(who, _)| who.as_u128() == 1).map(|(_, of)| of.as_u128() / 100).collect();
        offerings.sort_unstable();
        offerings
    }

    #[test]
    fn a_score_counts_in_the_offering_that_ended_first() {
        let first = sent(1, 8, "2026-08-15", "2026-09-23");
        for (later, counted) in [
            // The same quarters before and after, only before, only after.
            (sent(1, 7, "2026-07-01", "2026-09-30"), vec![8]),
            (sent(1, 7, "2026-07-01", "2026-10-01"), vec![8]),
            (sent(1, 7, "2026-06-30", "2026-09-30"), vec![8]),
            // Before this one are the two quarters after that one.
            (sent(1, 7, "2027-08-01", "2027-08-09"), vec![8]),
            // The quarters overlap, but no mean of two of them is the same.
            (sent(1, 7, "2026-10-01", "2026-12-31"), vec![7, 8]),
        ] {
            assert_eq!(offerings_of_the_first(&[first, later]), counted, "{later:?}");
            assert_eq!(
                offerings_of_the_first(&[later, first]),
                counted,
                "whichever is asked first: {later:?}"
            );
        }
        let other = sent(2, 7, "2026-08-15", "2026-09-23");
        assert_eq!(offerings_of_the_first(&[other, first]), [8], "of another they are other scores");
    }

    #[test]
    fn a_period_of_two_offerings_is_not_of_one_alone() {
        let first = sent(1, 8, "2026-08-15", "2026-09-23");
        let overlapping = sent(1, 7, "2026-10-01", "2026-12-31");
        let other = sent(2, 7, "2026-10-01", "2026-12-31");
        let uses = [first, overlapping, other];
        let counted = counted_once(uses.to_vec());
        assert_eq!(counted.len(), 3);
        let alone = |kind| {
            let found = counted_alone(&uses, &counted, |_| kind);
            let mut people: Vec<u128> = found.iter().map(|(who, _)| who.as_u128()).collect();
            people.sort_unstable();
            people
        };
        assert_eq!(alone(PeriodKind::Quarter), [2]);
        assert_eq!(alone(PeriodKind::Month), [1, 1, 2], "no month of the first's is one of the other's");
    }

    #[test]
    fn what_does_not_count_takes_nothing_from_others() {
        let uses = [
            sent(1, 1, "2026-01-10", "2026-01-20"),
            sent(1, 2, "2026-01-10", "2026-04-20"),
            sent(1, 3, "2026-04-10", "2026-04-21"),
        ];
        assert_eq!(
            offerings_of_the_first(&uses),
            [1, 3],
            "the second would have taken what the third has after it"
        );
    }
}
