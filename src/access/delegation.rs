//! What a unit head lets a deputy do.

use chrono::NaiveDate;
use uuid::Uuid;

/// A unit head lets a deputy act for a unit and everything below it, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its id: the value of the header `On-Behalf-Of`.
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Who lets the deputy act.
    pub principal: Principal,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
}

impl Delegation {
    /// Whether a day is one of its days.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        (self.valid_from..=self.valid_to).contains(&day)
    }
}

/// Someone who let another act for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The delegation under which it is done.
    pub delegation_id: Uuid,
    /// Their account.
    pub account_id: Uuid,
    /// Its name, for the audit log.
    pub name: String,
    /// The person behind it.
    pub employee_id: Option<Uuid>,
    /// The person who acts as deputy.
    pub deputy_id: Option<Uuid>,
}
