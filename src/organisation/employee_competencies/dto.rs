use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{CompetencySource, NamedCompetency, NewCompetency};
use crate::http::list_query;

list_query! {
    /// Which competencies of an employee.
    EmployeeCompetenciesQuery {
        /// Only those valid on this day; without it all that were ever shown.
        as_of: NaiveDate,
    }
}

/// Sources that are entered by hand; certificates enter themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnteredSource {
    /// Somebody competent assessed it.
    Assessment,
    /// The HR portal says so.
    Import,
}

/// Record that an employee holds a competency.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"competency_id": "0199f0c4-5a7e-7000-8000-000000000001", "level": 3,
    "source": "assessment", "valid_from": "2026-11-23"}))]
pub struct CreateEmployeeCompetency {
    /// The competency.
    pub competency_id: Uuid,
    /// Level, 1 to 5.
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub level: i16,
    /// Where the proof comes from.
    pub source: EnteredSource,
    /// First day it holds.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds; open without it.
    pub valid_to: Option<NaiveDate>,
}

/// A competency that an employee holds or held.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeCompetencyDto {
    /// Its id.
    pub id: Uuid,
    /// The employee.
    pub employee_id: Uuid,
    /// The competency.
    pub competency_id: Uuid,
    /// The competency's code.
    #[schema(max_length = 50, example = "BMNN")]
    pub competency_code: String,
    /// The competency's name.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub competency_name: String,
    /// Level, 1 to 5.
    #[schema(minimum = 1, maximum = 5, example = 3)]
    pub level: i16,
    /// Where the proof comes from.
    pub source: CompetencySource,
    /// The certificate, if it is the proof.
    pub certificate_id: Option<Uuid>,
    /// First day it holds.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds; `null` while open.
    #[schema(example = json!(null))]
    pub valid_to: Option<NaiveDate>,
}

impl CreateEmployeeCompetency {
    /// What an employee now holds.
    pub fn of(self, employee_id: Uuid) -> NewCompetency {
        NewCompetency {
            employee_id,
            competency_id: self.competency_id,
            level: self.level,
            source: match self.source {
                EnteredSource::Assessment => CompetencySource::Assessment,
                EnteredSource::Import => CompetencySource::Import,
            },
            certificate_id: None,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        }
    }
}

impl From<NamedCompetency> for EmployeeCompetencyDto {
    fn from(named: NamedCompetency) -> Self {
        let held = named.held;
        Self {
            id: held.id,
            employee_id: held.employee_id,
            competency_id: held.competency_id,
            competency_code: named.competency_code,
            competency_name: named.competency_name,
            level: held.level,
            source: held.source,
            certificate_id: held.certificate_id,
            valid_from: held.valid_from,
            valid_to: held.valid_to,
        }
    }
}
