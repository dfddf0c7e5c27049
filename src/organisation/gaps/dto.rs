use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::model::Gap;
use crate::http::list_query;
use crate::organisation::employees::Employee;

/// The day on which gaps are judged.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GapsQuery {
    /// Day on which requirements and competencies are compared (ISO 8601 date); today if not given.
    pub as_of: Option<NaiveDate>,
}

list_query! {
    /// The day on which a unit's gaps are judged.
    UnitGapsQuery {
        /// Day on which requirements and competencies are compared (ISO 8601 date); today if not given.
        as_of: NaiveDate,
    }
}

/// A requirement of the job position that no valid competency of the employee meets.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapDto {
    /// Identifier of the requirement of the job position (UUID).
    pub requirement_id: Uuid,
    /// Identifier of the required competency (UUID).
    pub competency_id: Uuid,
    /// Code of the required competency, 1 to 50 characters.
    #[schema(max_length = 50, example = "BMNN")]
    pub competency_code: String,
    /// Name of the required competency, 1 to 300 characters.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub competency_name: String,
    /// Lowest level of the competency that the job position requires, 1 to 5.
    #[schema(minimum = 1, maximum = 5, example = 3)]
    pub required_level: i16,
    /// Highest valid level of the competency that the employee holds, 1 to 5; `null` if there is none.
    #[schema(minimum = 1, maximum = 5, example = 2)]
    pub held_level: Option<i16>,
    /// Whether the competency is mandatory, by law or for the position.
    pub is_hard: bool,
    /// Legal provision or document on which the requirement is based; `null` if none is recorded.
    pub legal_basis: Option<String>,
    /// First day on which the requirement is valid (ISO 8601 date).
    #[schema(example = "2026-01-01")]
    pub valid_from: NaiveDate,
}

/// The competency gaps of an employee on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeGapsDto {
    /// Identifier of the employee (UUID).
    pub employee_id: Uuid,
    /// Day on which requirements and competencies were compared (ISO 8601 date).
    pub as_of: NaiveDate,
    /// The gaps: mandatory competencies first, then by competency code; empty if every requirement is met.
    pub items: Vec<GapDto>,
}

/// An employee of the unit with the employee's competency gaps.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitGapDto {
    /// The employee who has the gaps.
    pub employee: GapEmployeeDto,
    /// The gaps, at least one: mandatory competencies first, then by competency code.
    #[schema(min_items = 1)]
    pub gaps: Vec<GapDto>,
}

/// An employee who has competency gaps.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapEmployeeDto {
    /// Identifier of the employee (UUID), assigned by the service.
    pub id: Uuid,
    /// Code in the HR portal, unique, 1 to 50 characters.
    #[schema(example = "NV-0147")]
    pub code: String,
    /// Full name in Vietnamese order (family, middle, given name), 1 to 200 characters.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub full_name: String,
    /// Identifier of the unit in which the employee works (UUID).
    pub unit_id: Uuid,
    /// Identifier of the job position that the employee holds (UUID).
    pub job_position_id: Uuid,
}

impl From<Gap> for GapDto {
    fn from(gap: Gap) -> Self {
        let competency = gap.competency;
        Self {
            requirement_id: gap.requirement_id,
            competency_id: competency.competency_id,
            competency_code: competency.competency_code,
            competency_name: competency.competency_name,
            required_level: competency.required_level,
            held_level: competency.held_level,
            is_hard: gap.is_hard,
            legal_basis: gap.legal_basis,
            valid_from: gap.valid_from,
        }
    }
}

impl From<(Employee, Vec<Gap>)> for UnitGapDto {
    fn from((employee, gaps): (Employee, Vec<Gap>)) -> Self {
        Self {
            employee: GapEmployeeDto {
                id: employee.id,
                code: employee.code,
                full_name: employee.full_name,
                unit_id: employee.unit_id,
                job_position_id: employee.job_position_id,
            },
            gaps: gaps.into_iter().map(GapDto::from).collect(),
        }
    }
}
