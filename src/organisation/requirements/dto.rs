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
        /// Requirements valid on this day; today unless given.
        as_of: NaiveDate,
        /// `true`: all that ever were or will be, whatever the day.
        history: bool,
    }
}

/// Add a requirement to a job position.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"competency_id": "0199f0c4-5a7e-7000-8000-000000000001", "level": 3, "is_hard": true,
    "legal_basis": "Luật Bảo vệ bí mật nhà nước 2018", "valid_from": "2027-01-01"}))]
pub struct CreateRequirement {
    /// The competency.
    pub competency_id: Uuid,
    /// Least level, 1 to 5.
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub level: i16,
    /// Whether the law or the position makes it a must.
    pub is_hard: bool,
    /// Where it is laid down.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub legal_basis: Option<String>,
    /// First day it holds. An open requirement for the same competency that began earlier ends here.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds; open without it.
    pub valid_to: Option<NaiveDate>,
}

/// A requirement of a job position.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequirementDto {
    /// Its id.
    pub id: Uuid,
    /// The position.
    pub job_position_id: Uuid,
    /// The competency.
    pub competency_id: Uuid,
    /// The competency's code.
    #[schema(max_length = 50, example = "BMNN")]
    pub competency_code: String,
    /// The competency's name.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub competency_name: String,
    /// Least level, 1 to 5.
    #[schema(minimum = 1, maximum = 5, example = 3)]
    pub level: i16,
    /// Whether the law or the position makes it a must.
    pub is_hard: bool,
    /// Where it is laid down.
    #[schema(max_length = 500)]
    pub legal_basis: Option<String>,
    /// First day it holds.
    #[schema(example = "2027-01-01")]
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds; `null` while open.
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
