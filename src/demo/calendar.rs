//! Days of the demo ministry: working days, holidays, months. All of them count from the day it is built.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use super::rows::Holiday;
use crate::half_day::{Half, HalfDay};

/// Public holidays of the same date every year.
const EVERY_YEAR: [(u32, u32, &str); 5] = [
    (1, 1, "Tết Dương lịch"),
    (4, 30, "Ngày Chiến thắng"),
    (5, 1, "Ngày Quốc tế Lao động"),
    (9, 1, "Quốc khánh (nghỉ liền kề)"),
    (9, 2, "Quốc khánh"),
];

/// Days off of the lunar calendar: first day, how many, name. They move, so the HR department enters them each year;
/// later years than these have only the solar ones.
const LUNAR: [(i32, u32, u32, u64, &str); 8] = [
    (2025, 1, 27, 5, "Tết Nguyên đán Ất Tỵ"),
    (2025, 4, 7, 1, "Giỗ Tổ Hùng Vương"),
    (2026, 2, 16, 5, "Tết Nguyên đán Bính Ngọ"),
    (2026, 4, 27, 1, "Giỗ Tổ Hùng Vương (nghỉ bù)"),
    (2027, 2, 4, 6, "Tết Nguyên đán Đinh Mùi"),
    (2027, 4, 16, 1, "Giỗ Tổ Hùng Vương"),
    (2028, 1, 25, 5, "Tết Nguyên đán Mậu Thân"),
    (2028, 4, 4, 1, "Giỗ Tổ Hùng Vương"),
];

/// The calendar around the day the ministry is built.
pub struct Calendar {
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    pub holidays: Vec<Holiday>,
}

impl Calendar {
    pub fn new(now: DateTime<Utc>, today: NaiveDate) -> Self {
        let years = today.year() - 2..=today.year() + 1;
        let mut holidays: Vec<Holiday> = years
            .clone()
            .flat_map(|year| EVERY_YEAR.map(|(month, day, name)| holiday(year, month, day, 0, name)))
            .chain(LUNAR.iter().filter(|(year, ..)| years.contains(year)).flat_map(
                |(year, month, day, count, name)| (0..*count).map(|i| holiday(*year, *month, *day, i, name)),
            ))
            .flatten()
            .collect();
        holidays.sort_by_key(|h| h.day);
        holidays.dedup_by_key(|h| h.day);
        Self { now, today, holidays }
    }

    /// The day so many days from today (before it, when negative).
    pub fn day(&self, from_today: i64) -> NaiveDate {
        plus(self.today, from_today)
    }

    pub fn works(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
            && self.holidays.binary_search_by_key(&day, |h| h.day).is_err()
    }

    /// Working days from a day on, that day included where it is one.
    pub fn working_days(&self, from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        from.iter_days().filter(|day| self.works(*day))
    }

    /// The first Monday from a day on whose week has no holiday.
    pub fn whole_week(&self, from: NaiveDate) -> NaiveDate {
        from.iter_days()
            .filter(|day| day.weekday() == Weekday::Mon)
            .find(|monday| (0..5).all(|i| self.works(plus(*monday, i))))
            .unwrap_or(from)
    }

    /// First and last days of the last complete months, oldest first.
    pub fn months(&self, count: i32) -> Vec<(NaiveDate, NaiveDate)> {
        let running = self.today.year() * 12 + self.today.month0() as i32;
        (running - count..running)
            .filter_map(|month| Some((month_start(month)?, month_start(month + 1)?.pred_opt()?)))
            .collect()
    }

    /// Nine o'clock in Hanoi of a day, but never later than now.
    pub fn morning(&self, day: NaiveDate) -> DateTime<Utc> {
        day.and_hms_opt(2, 0, 0).map_or(self.now, |at| at.and_utc()).min(self.now)
    }
}

fn holiday(year: i32, month: u32, day: u32, later: u64, name: &str) -> Option<Holiday> {
    let day = NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(later))?;
    Some(Holiday { day, name: name.to_owned(), is_working_day: false })
}

fn month_start(number: i32) -> Option<NaiveDate> {
    let month = u32::try_from(number.rem_euclid(12)).ok()? + 1;
    NaiveDate::from_ymd_opt(number.div_euclid(12), month, 1)
}

/// A day so many days later (earlier, when negative).
pub fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    day + chrono::Duration::days(days)
}

/// The number of a half-day, as it is stored.
pub fn half_day(day: NaiveDate, half: Half) -> i32 {
    HalfDay::new(day, half).0
}

/// The day a stored half-day falls on.
pub fn date_of(half_day: i32) -> NaiveDate {
    HalfDay(half_day).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: &str) -> Calendar {
        let today: NaiveDate = day.parse().unwrap();
        Calendar::new(today.and_hms_opt(3, 0, 0).unwrap().and_utc(), today)
    }

    #[test]
    fn months_are_complete_ones() {
        let days: Vec<String> = on("2026-02-28").months(2).iter().map(|(a, b)| format!("{a}..{b}")).collect();
        assert_eq!(days, ["2025-12-01..2025-12-31", "2026-01-01..2026-01-31"]);
        assert_eq!(on("2026-03-01").months(1)[0].0.to_string(), "2026-02-01");
    }

    #[test]
    fn no_course_is_held_at_tet() {
        let calendar = on("2026-02-09");
        let monday = calendar.whole_week(calendar.day(1));
        assert_eq!(monday.to_string(), "2026-02-23");
    }
}
