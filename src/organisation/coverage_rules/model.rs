use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::coverage_rules;

/// A rule as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = coverage_rules, check_for_backend(diesel::pg::Pg))]
pub struct CoverageRule {
    /// Its id.
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The position group it counts; `None` for everybody.
    pub position_group: Option<String>,
    /// How many must be at work.
    pub minimum_present: i32,
    /// Raised with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is needed to create a rule.
#[derive(Debug, Clone)]
pub struct Draft {
    pub unit_id: Uuid,
    pub position_group: Option<String>,
    pub minimum_present: i32,
}

/// What changes; absent members stay.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = coverage_rules)]
pub struct Change {
    pub minimum_present: Option<i32>,
}
