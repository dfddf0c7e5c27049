use chrono::NaiveDate;
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
