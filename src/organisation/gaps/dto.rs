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
    /// Requirements and competencies valid on this day; today unless given.
    pub as_of: Option<NaiveDate>,
}

list_query! {
    /// The day on which a unit's gaps are judged.
    UnitGapsQuery {
        /// Requirements and competencies valid on this day; today unless given.
        as_of: NaiveDate,
    }
}

/// A requirement that nothing the employee holds meets.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapDto {
    /// The requirement.
    pub requirement_id: Uuid,
    /// The competency.
    pub competency_id: Uuid,
    /// The competency's code.
    #[schema(max_length = 50, example = "BMNN")]
    pub competency_code: String,
    /// The competency's name.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub competency_name: String,
    /// Level required, 1 to 5.
    #[schema(minimum = 1, maximum = 5, example = 3)]
    pub required_level: i16,
    /// Highest valid level held; `null` for none.
    #[schema(minimum = 1, maximum = 5, example = 2)]
    pub held_level: Option<i16>,
    /// Whether the law or the position makes it a must.
    pub is_hard: bool,
    /// Where it is laid down.
    pub legal_basis: Option<String>,
    /// Since when it is required.
    #[schema(example = "2026-01-01")]
    pub valid_from: NaiveDate,
}

/// The gaps of an employee.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeGapsDto {
    /// The employee.
    pub employee_id: Uuid,
    /// The day on which they were judged.
    pub as_of: NaiveDate,
    /// The gaps: musts first, then by code of the competency. Empty when every requirement is met.
    pub items: Vec<GapDto>,
}

/// Someone with gaps.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitGapDto {
    /// The employee.
    pub employee: GapEmployeeDto,
    /// The gaps: musts first, then by code of the competency; at least one.
    #[schema(min_items = 1)]
    pub gaps: Vec<GapDto>,
}

/// Who has a gap.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapEmployeeDto {
    /// Id.
    pub id: Uuid,
    /// Code of the HR portal.
    #[schema(example = "NV-0147")]
    pub code: String,
    /// Family name, middle name, given name.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub full_name: String,
    /// The unit.
    pub unit_id: Uuid,
    /// The job position.
    pub job_position_id: Uuid,
}

impl From<Gap> for GapDto {
    fn from(gap: Gap) -> Self {
        Self {
            requirement_id: gap.requirement_id,
            competency_id: gap.competency_id,
            competency_code: gap.competency_code,
            competency_name: gap.competency_name,
            required_level: gap.required_level,
            held_level: gap.held_level,
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
