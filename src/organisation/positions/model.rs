use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::job_positions;

/// A job position as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = job_positions, check_for_backend(diesel::pg::Pg))]
pub struct JobPosition {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Positions of one group can stand in for each other: coverage and comparison groups count by it.
    pub position_group: String,
    /// Whether it leads others.
    pub is_leadership: bool,
    /// Most working days in a row its holder may be away; `None` without a limit.
    pub max_consecutive_absence_days: Option<i32>,
    /// Raised with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is needed to create a job position.
#[derive(Debug, Clone)]
pub struct Draft {
    pub code: String,
    pub name: String,
    pub position_group: String,
    pub is_leadership: bool,
    pub max_consecutive_absence_days: Option<i32>,
}

/// What changes; absent members stay.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = job_positions)]
pub struct Change {
    pub name: Option<String>,
    pub position_group: Option<String>,
    pub is_leadership: Option<bool>,
    pub max_consecutive_absence_days: Option<Option<i32>>,
}
