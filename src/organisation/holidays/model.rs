use chrono::{Datelike, NaiveDate, Weekday};
use diesel::prelude::*;

use crate::db::schema::holidays;

/// A day off, or a weekend day at work.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = holidays, check_for_backend(diesel::pg::Pg))]
pub struct Holiday {
    /// The day.
    pub day: NaiveDate,
    /// What it is.
    pub name: String,
    /// `true` for a Saturday or Sunday worked in exchange for a bridge day.
    pub is_working_day: bool,
}

/// Whether people work on a day: from Monday to Friday without holidays, and on weekend days worked in exchange.
pub fn is_worked(day: NaiveDate, holidays: &[Holiday]) -> bool {
    match holidays.iter().find(|holiday| holiday.day == day) {
        Some(told) => told.is_working_day,
        None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_are_off_and_swapped_saturdays_are_worked() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let told =
            |text: &str, is_working_day| Holiday { day: day(text), name: String::new(), is_working_day };
        let holidays = [told("2026-09-02", false), told("2026-08-22", true)];
        assert!(!is_worked(day("2026-09-02"), &holidays));
        assert!(is_worked(day("2026-08-22"), &holidays), "a Saturday");
        assert!(!is_worked(day("2026-08-23"), &holidays), "a Sunday");
        assert!(is_worked(day("2026-09-03"), &holidays));
    }
}
