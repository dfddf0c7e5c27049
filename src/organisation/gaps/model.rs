use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

/// A requirement of an employee's position that nothing the employee holds meets.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Gap {
    /// The requirement.
    pub requirement_id: Uuid,
    /// The competency.
    pub competency_id: Uuid,
    /// Its code.
    pub competency_code: String,
    /// Its name.
    pub competency_name: String,
    /// Level required, 1 to 5.
    pub required_level: i16,
    /// Highest valid level held; `None` for none.
    pub held_level: Option<i16>,
    /// Whether the law or the position makes it a must.
    pub is_hard: bool,
    /// Where it is laid down.
    pub legal_basis: Option<String>,
    /// Since when it is required.
    pub valid_from: NaiveDate,
}
