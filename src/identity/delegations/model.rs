use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::delegations;
use crate::error::{FieldError, Result};

/// Longest time for which a deputy is named at once, days: a year's leave.
const LONGEST_DAYS: i64 = 366;
/// Most delegations for today or later that a head gives.
pub const MOST_GIVEN: i64 = 20;
/// Most delegations for today or later that a deputy is given, by all heads together.
pub const MOST_HELD: i64 = 10;

/// A delegation as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = delegations, check_for_backend(diesel::pg::Pg))]
pub struct Delegation {
    pub id: Uuid,
    pub unit_id: Uuid,
    pub principal_account_id: Uuid,
    pub deputy_account_id: Uuid,
    pub reason: Option<String>,
    pub valid_from: NaiveDate,
    pub valid_to: NaiveDate,
    pub revoked_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What is needed to name a deputy.
#[derive(Debug, Clone)]
pub struct Draft {
    pub unit_id: Uuid,
    pub deputy_employee_id: Uuid,
    pub reason: Option<String>,
    pub valid_from: NaiveDate,
    pub valid_to: NaiveDate,
}

impl Draft {
    /// The days are in order, not all past, and not for ever.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] naming the last day.
    pub fn check(&self, today: NaiveDate) -> Result<()> {
        let days = (self.valid_to - self.valid_from).num_days();
        let fault = if days < 0 {
            FieldError::new("/valid_to", "date_order")
        } else if self.valid_to < today || days > LONGEST_DAYS {
            FieldError::new("/valid_to", "out_of_range")
        } else {
            return Ok(());
        };
        Err(fault.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delegation_has_an_end() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let draft = |from: &str, to: &str| Draft {
            unit_id: Uuid::nil(),
            deputy_employee_id: Uuid::nil(),
            reason: None,
            valid_from: day(from),
            valid_to: day(to),
        };
        let today = day("2026-03-02");
        assert!(draft("2026-03-02", "2026-03-02").check(today).is_ok());
        assert!(draft("2026-02-20", "2026-03-02").check(today).is_ok());
        for (from, to) in
            [("2026-03-03", "2026-03-02"), ("2026-02-01", "2026-03-01"), ("2026-03-02", "2027-03-05")]
        {
            assert!(draft(from, to).check(today).is_err(), "{from} to {to}");
        }
    }
}
