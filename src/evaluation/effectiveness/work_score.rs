//! Level 4: the official work score (Decree 335/2025/NĐ-CP: 100 points, rated monthly or quarterly).
//!
//! Baseline: the mean of the last two complete periods before the nomination was decided (not before the course, so
//! that the dip or push which led to the nomination is not counted as effect). The first complete period after the
//! course is dropped; follow-up: the mean of the two after it. All four stand under one regime.

use chrono::{Datelike, NaiveDate};

use super::model::Participation;
use crate::db::text_enum;

/// Length of a rated period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PeriodKind {
    Month,
    Quarter,
    Year,
}

text_enum!(PeriodKind {
    Month = "month",
    Quarter = "quarter",
    Year = "year",
});

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
    /// A period is missing.
    Incomplete,
}

/// Rate the work of a person over the windows of a participation (one's own, or that of the participant one was
/// matched to). Quarters go before months.
pub fn scored(ratings: &[Rating], who: &Participation, as_of: NaiveDate) -> Scored {
    let mut result = Scored::Incomplete;
    for kind in [PeriodKind::Quarter, PeriodKind::Month] {
        let before = number(kind, who.index_date);
        let after = number(kind, who.last_day);
        let windows = Windows { before: [before - 2, before - 1], after: [after + 2, after + 3] };
        match windows.read(ratings, kind, as_of) {
            Scored::Incomplete => {}
            pair @ Scored::Pair { .. } => return pair,
            Scored::InstrumentChanged => result = Scored::InstrumentChanged,
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
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Nominated in the middle of the third quarter of 2026, taught at the end of it.
    fn who() -> Participation {
        Participation {
            id: Uuid::nil(),
            offering_id: Uuid::nil(),
            course_id: Uuid::nil(),
            employee_id: Uuid::nil(),
            unit_id: Uuid::nil(),
            for_weakness: false,
            index_date: day("2026-08-15"),
            first_day: day("2026-09-21"),
            last_day: day("2026-09-23"),
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
    fn months_serve_where_there_are_no_quarters() {
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
    }
}
