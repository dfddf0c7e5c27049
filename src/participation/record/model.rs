use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::{certificates, courses, institutes, offerings, participants};
use crate::half_day::HalfDay;
use crate::participation::participants::ParticipantStatus;

/// An offering in somebody's record.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = participants, check_for_backend(diesel::pg::Pg))]
pub struct Entry {
    #[diesel(column_name = id)]
    pub participant_id: Uuid,
    pub offering_id: Uuid,
    pub status: ParticipantStatus,
    pub attendance_percent: Option<f64>,
    #[diesel(select_expression = offerings::code)]
    pub offering_code: String,
    #[diesel(select_expression = offerings::first_half_day)]
    pub first_half_day: i32,
    #[diesel(select_expression = offerings::last_half_day)]
    pub last_half_day: i32,
    #[diesel(select_expression = courses::title)]
    pub course_title: String,
    #[diesel(select_expression = courses::periods)]
    pub periods: i32,
    #[diesel(select_expression = institutes::name)]
    pub institute_name: String,
    /// Number of the certificate that is in force.
    #[diesel(select_expression = certificates::number.nullable())]
    pub certificate_number: Option<String>,
}

impl Entry {
    pub fn first_day(&self) -> NaiveDate {
        HalfDay(self.first_half_day).date()
    }

    pub fn last_day(&self) -> NaiveDate {
        HalfDay(self.last_half_day).date()
    }
}

/// What somebody completed in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    pub year: i32,
    pub offerings: i32,
    pub periods: i32,
}

/// A person's record, newest first.
pub struct Record {
    pub employee_id: Uuid,
    pub entries: Vec<Entry>,
    pub years: Vec<Year>,
}

/// Offerings completed and their periods by the year of their last day, newest first.
pub fn years(entries: &[Entry]) -> Vec<Year> {
    let mut years: BTreeMap<i32, (i32, i32)> = BTreeMap::new();
    for entry in entries.iter().filter(|e| e.status == ParticipantStatus::Completed) {
        let (offerings, periods) = years.entry(entry.last_day().year()).or_default();
        *offerings += 1;
        *periods += entry.periods;
    }
    years.into_iter().rev().map(|(year, (offerings, periods))| Year { year, offerings, periods }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::half_day::Half;

    #[test]
    fn only_what_was_completed_counts_in_the_year_it_ended() {
        let entry = |last: &str, status| {
            let last = HalfDay::new(last.parse().unwrap(), Half::Afternoon).0;
            Entry {
                participant_id: Uuid::nil(),
                offering_id: Uuid::nil(),
                status,
                attendance_percent: None,
                offering_code: String::new(),
                first_half_day: last - 3,
                last_half_day: last,
                course_title: String::new(),
                periods: 24,
                institute_name: String::new(),
                certificate_number: None,
            }
        };
        use ParticipantStatus::*;
        let entries = [
            entry("2027-01-01", Completed),
            entry("2026-12-31", Completed),
            entry("2026-06-01", Completed),
            entry("2026-05-01", NotCompleted),
            entry("2025-05-01", Withdrawn),
        ];
        let year = |year, offerings, periods| Year { year, offerings, periods };
        assert_eq!(years(&entries), [year(2027, 1, 24), year(2026, 2, 48)]);
    }
}
