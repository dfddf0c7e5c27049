use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::{competencies, employee_competencies};
use crate::db::text_enum;
use crate::error::{Error, Result};

/// Evidence for a competency: an assessment, a certificate of this service, or an import from the HR portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum CompetencySource {
    /// A person competent to do so assessed the employee.
    Assessment,
    /// This service issued a certificate.
    Certificate,
    /// The HR portal reports the competency.
    Import,
}

text_enum!(CompetencySource);

/// A held competency as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = employee_competencies, check_for_backend(diesel::pg::Pg))]
pub struct HeldCompetency {
    pub id: Uuid,
    pub employee_id: Uuid,
    pub competency_id: Uuid,
    pub level: i16,
    pub source: CompetencySource,
    pub certificate_id: Option<Uuid>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

/// A held competency with its code and name.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct NamedCompetency {
    #[diesel(embed)]
    pub held: HeldCompetency,
    #[diesel(select_expression = competencies::code)]
    pub competency_code: String,
    #[diesel(select_expression = competencies::name)]
    pub competency_name: String,
}

/// A competency that an employee now holds.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = employee_competencies)]
pub struct NewCompetency {
    /// Who.
    pub employee_id: Uuid,
    /// What.
    pub competency_id: Uuid,
    /// Level, 1 to 5.
    pub level: i16,
    /// Where the proof comes from.
    pub source: CompetencySource,
    /// The certificate, if it is the proof.
    pub certificate_id: Option<Uuid>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds; open without it.
    pub valid_to: Option<NaiveDate>,
}

impl NewCompetency {
    /// It holds for at least a day.
    pub fn check(&self) -> Result<()> {
        match self.valid_to {
            Some(end) if end <= self.valid_from => Err(Error::field("/valid_to", "date_order")),
            _ => Ok(()),
        }
    }
}
