use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Change, CoverageRule, Draft};
use crate::http::{check, list_query};
use crate::patch::kept;

list_query! {
    /// Filters of the rule list.
    CoverageRulesQuery {
        /// Only rules of this unit, with everything below it.
        unit_id: Uuid,
    }
}

/// Create a minimum-presence rule.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": "0199f0c4-5a7e-7000-8000-000000000001", "position_group": "van-thu",
    "minimum_present": 2}))]
pub struct CreateCoverageRule {
    /// The unit.
    pub unit_id: Uuid,
    /// The position group that is counted; everybody of the unit without it.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub position_group: Option<String>,
    /// How many must be at work in every half-day, 1 to 10,000.
    #[validate(range(min = 1, max = 10000))]
    #[schema(minimum = 1, maximum = 10000)]
    pub minimum_present: i32,
}

/// Change a rule (merge patch): absent members stay. Unit and group are what the rule is about and never change.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"minimum_present": 3}))]
pub struct PatchCoverageRule {
    /// How many must be at work in every half-day, 1 to 10,000.
    #[validate(range(min = 1, max = 10000))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 10000)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub minimum_present: Option<i32>,
}

/// A minimum-presence rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageRuleDto {
    /// Its id.
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The position group that is counted; `null` for everybody of the unit.
    #[schema(max_length = 50, example = "van-thu")]
    pub position_group: Option<String>,
    /// How many must be at work in every half-day.
    #[schema(minimum = 1, example = 2)]
    pub minimum_present: i32,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<CreateCoverageRule> for Draft {
    fn from(dto: CreateCoverageRule) -> Self {
        Self {
            unit_id: dto.unit_id,
            position_group: dto.position_group,
            minimum_present: dto.minimum_present,
        }
    }
}

impl From<PatchCoverageRule> for Change {
    fn from(dto: PatchCoverageRule) -> Self {
        Self { minimum_present: dto.minimum_present }
    }
}

impl From<CoverageRule> for CoverageRuleDto {
    fn from(rule: CoverageRule) -> Self {
        Self {
            id: rule.id,
            unit_id: rule.unit_id,
            position_group: rule.position_group,
            minimum_present: rule.minimum_present,
            version: rule.version,
            created_at: rule.created_at,
            updated_at: rule.updated_at,
        }
    }
}
