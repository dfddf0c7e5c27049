use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Draft, NamedRequirement};
use crate::http::list_query;

list_query! {
    /// Which requirements of a position.
    RequirementsQuery {
        /// Only requirements valid on this day (ISO 8601 date); today if not given. Ignored with
        /// `history=true`.
        as_of: NaiveDate,
        /// `true` lists all past, present and future requirements, whatever `as_of` is.
        history: bool,
    }
}

/// Data for adding a competency requirement to a job position.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"competency_id": "0199f0c4-5a7e-7000-8000-000000000001", "level": 3, "is_hard": true,
    "legal_basis": "Luật Bảo vệ bí mật nhà nước 2018", "valid_from": "2027-01-01"}))]
pub struct CreateRequirement {
    /// Identifier of the required competency (UUID).
    pub competency_id: Uuid,
    /// Lowest level of the competency that the job position requires, 1 to 5.
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub level: i16,
    /// Whether the competency is mandatory, by law or for the position.
    pub is_hard: bool,
    /// Legal provision or document on which the requirement is based, 1 to 500 characters.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub legal_basis: Option<String>,
    /// First day on which the requirement is valid (ISO 8601 date). A requirement for the same competency
    /// that began earlier and has no end ends on this day.
    pub valid_from: NaiveDate,
    /// First day on which the requirement is no longer valid (ISO 8601 date), after `valid_from`; without it,
    /// it stays valid.
    pub valid_to: Option<NaiveDate>,
}

/// A competency that a job position requires at a level, valid for a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequirementDto {
    /// Identifier of the requirement (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the job position that has the requirement (UUID).
    pub job_position_id: Uuid,
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
    pub level: i16,
    /// Whether the competency is mandatory, by law or for the position.
    pub is_hard: bool,
    /// Legal provision or document on which the requirement is based; `null` if none is recorded.
    #[schema(max_length = 500)]
    pub legal_basis: Option<String>,
    /// First day on which the requirement is valid (ISO 8601 date).
    #[schema(example = "2027-01-01")]
    pub valid_from: NaiveDate,
    /// First day on which the requirement is no longer valid (ISO 8601 date); `null` if no end is set.
    #[schema(example = json!(null))]
    pub valid_to: Option<NaiveDate>,
}

impl From<CreateRequirement> for Draft {
    fn from(dto: CreateRequirement) -> Self {
        Self {
            competency_id: dto.competency_id,
            level: dto.level,
            is_hard: dto.is_hard,
            legal_basis: dto.legal_basis,
            valid_from: dto.valid_from,
            valid_to: dto.valid_to,
        }
    }
}

impl From<NamedRequirement> for RequirementDto {
    fn from(named: NamedRequirement) -> Self {
        let requirement = named.requirement;
        Self {
            id: requirement.id,
            job_position_id: requirement.job_position_id,
            competency_id: requirement.competency_id,
            competency_code: named.competency_code,
            competency_name: named.competency_name,
            level: requirement.level,
            is_hard: requirement.is_hard,
            legal_basis: requirement.legal_basis,
            valid_from: requirement.valid_from,
            valid_to: requirement.valid_to,
        }
    }
}
