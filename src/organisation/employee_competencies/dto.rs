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
        /// Only competencies valid on this day (ISO 8601 date); without it, all that were ever recorded.
        as_of: NaiveDate,
    }
}

/// Evidence that a caller can name: an assessment or an import. Certificates of this service are recorded
/// automatically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnteredSource {
    /// A person competent to do so assessed the employee.
    Assessment,
    /// The HR portal reports the competency.
    Import,
}

/// Data for recording that an employee holds a competency.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"competency_id": "0199f0c4-5a7e-7000-8000-000000000001", "level": 3,
    "source": "assessment", "valid_from": "2026-11-23"}))]
pub struct CreateEmployeeCompetency {
    /// Identifier of the competency (UUID).
    pub competency_id: Uuid,
    /// Level at which the employee holds the competency, 1 (lowest) to 5 (highest).
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub level: i16,
    /// Evidence for the competency: an assessment or an import from the HR portal.
    pub source: EnteredSource,
    /// First day on which the competency is valid (ISO 8601 date).
    pub valid_from: NaiveDate,
    /// First day on which the competency is no longer valid (ISO 8601 date), after `valid_from`; without it,
    /// it stays valid.
    pub valid_to: Option<NaiveDate>,
}

/// A competency that an employee holds or held.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeCompetencyDto {
    /// Identifier of the held competency (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the employee who holds the competency (UUID).
    pub employee_id: Uuid,
    /// Identifier of the competency (UUID).
    pub competency_id: Uuid,
    /// Code of the competency, 1 to 50 characters.
    #[schema(max_length = 50, example = "BMNN")]
    pub competency_code: String,
    /// Name of the competency, 1 to 300 characters.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub competency_name: String,
    /// Level at which the employee holds the competency, 1 (lowest) to 5 (highest).
    #[schema(minimum = 1, maximum = 5, example = 3)]
    pub level: i16,
    /// Evidence for the competency: an assessment, a certificate of this service, or an import from the HR
    /// portal.
    pub source: CompetencySource,
    /// Identifier of the certificate that proves the competency (UUID); `null` if the evidence is no
    /// certificate.
    pub certificate_id: Option<Uuid>,
    /// First day on which the competency is valid (ISO 8601 date).
    pub valid_from: NaiveDate,
    /// First day on which the competency is no longer valid (ISO 8601 date); `null` if no end is set.
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
