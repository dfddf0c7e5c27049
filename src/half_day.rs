//! Half-days: the unit in which people are at work, on leave or in class.

use chrono::{Datelike, Duration, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Morning or afternoon, Vietnamese time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// Before noon.
    Morning,
    /// After noon.
    Afternoon,
}

/// A numbered half-day: twice the days since 1970-01-01, plus one in the afternoon. Stored as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HalfDay(pub i32);

impl HalfDay {
    /// The half-day of a date.
    pub fn new(date: NaiveDate, half: Half) -> Self {
        let days = date.signed_duration_since(NaiveDate::default()).num_days();
        let days = i32::try_from(days).unwrap_or(i32::MAX / 4);
        Self(days * 2 + i32::from(half == Half::Afternoon))
    }

    /// Its calendar day.
    pub fn date(self) -> NaiveDate {
        NaiveDate::default() + Duration::days(i64::from(self.0.div_euclid(2)))
    }

    /// Its half.
    pub fn half(self) -> Half {
        if self.0.rem_euclid(2) == 0 { Half::Morning } else { Half::Afternoon }
    }

    /// Whether it falls on Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.date().weekday(), Weekday::Sat | Weekday::Sun)
    }
}

/// Longest run of consecutive working days among half-days that touch them; weekends between working days do not
/// break a run, and do not count.
pub fn longest_run_of_days(half_days: &[HalfDay]) -> usize {
    let mut days: Vec<NaiveDate> = half_days.iter().filter(|h| !h.is_weekend()).map(|h| h.date()).collect();
    days.sort_unstable();
    days.dedup();
    let (mut longest, mut run, mut previous) = (0, 0, None::<NaiveDate>);
    for day in days {
        run = if previous.is_some_and(|p| next_working_day(p) == day) { run + 1 } else { 1 };
        longest = longest.max(run);
        previous = Some(day);
    }
    longest
}

fn next_working_day(day: NaiveDate) -> NaiveDate {
    let step = match day.weekday() {
        Weekday::Fri => 3,
        Weekday::Sat => 2,
        _ => 1,
    };
    day + Duration::days(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).unwrap()
    }

    #[test]
    fn a_weekend_does_not_break_a_run() {
        // Thursday 26 and Friday 27, Monday 30 November 2026.
        let half_days = [day(26), day(27), day(30)].map(|d| HalfDay::new(d, Half::Morning));
        assert_eq!(longest_run_of_days(&half_days), 3);
        let with_hole = [day(23), day(25), day(26)].map(|d| HalfDay::new(d, Half::Afternoon));
        assert_eq!(longest_run_of_days(&with_hole), 2);
        assert_eq!(longest_run_of_days(&[]), 0);
    }

    proptest! {
        #[test]
        fn number_and_date_agree(n in -100_000i32..100_000) {
            let h = HalfDay(n);
            prop_assert_eq!(HalfDay::new(h.date(), h.half()), h);
        }
    }
}
