use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::{competencies, position_requirements};
use crate::error::{Error, Result};

/// A requirement as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = position_requirements, check_for_backend(diesel::pg::Pg))]
pub struct Requirement {
    /// Its id.
    pub id: Uuid,
    /// The position.
    pub job_position_id: Uuid,
    /// The competency.
    pub competency_id: Uuid,
    /// Least level, 1 to 5.
    pub level: i16,
    /// Whether the law or the position makes it a must.
    pub is_hard: bool,
    /// Where it is laid down.
    pub legal_basis: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds; open without it.
    pub valid_to: Option<NaiveDate>,
}

/// A requirement with its competency's code and name.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct NamedRequirement {
    #[diesel(embed)]
    pub requirement: Requirement,
    #[diesel(select_expression = competencies::code)]
    pub competency_code: String,
    #[diesel(select_expression = competencies::name)]
    pub competency_name: String,
}

/// What is needed to add a requirement.
#[derive(Debug, Clone)]
pub struct Draft {
    pub competency_id: Uuid,
    pub level: i16,
    pub is_hard: bool,
    pub legal_basis: Option<String>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

impl Draft {
    /// It holds for at least a day.
    pub fn check(&self) -> Result<()> {
        match self.valid_to {
            Some(end) if end <= self.valid_from => Err(Error::field("/valid_to", "date_order")),
            _ => Ok(()),
        }
    }
}
