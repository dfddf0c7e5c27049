use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::succession_entries;
use crate::error::{Error, Result};

/// An entry as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = succession_entries, check_for_backend(diesel::pg::Pg))]
pub struct SuccessionEntry {
    /// Its id.
    pub id: Uuid,
    /// Who is planned.
    pub employee_id: Uuid,
    /// For which post.
    pub job_position_id: Uuid,
    /// By which decision.
    pub decision_number: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    pub valid_to: NaiveDate,
    /// Raised with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is needed to create an entry.
#[derive(Debug, Clone)]
pub struct Draft {
    pub employee_id: Uuid,
    pub job_position_id: Uuid,
    pub decision_number: String,
    pub valid_from: NaiveDate,
    pub valid_to: NaiveDate,
}

/// What changes; absent members stay.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = succession_entries)]
pub struct Change {
    pub valid_to: Option<NaiveDate>,
}

impl SuccessionEntry {
    /// Whether it holds on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && day < self.valid_to
    }
}

/// An entry holds for at least a day.
pub fn check_dates(valid_from: NaiveDate, valid_to: NaiveDate) -> Result<()> {
    if valid_to > valid_from { Ok(()) } else { Err(Error::field("/valid_to", "date_order")) }
}
