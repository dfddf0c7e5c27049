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
        /// Only rules for this unit (UUID) and for all units below it.
        unit_id: Uuid,
    }
}

/// Data for creating a minimum-presence rule.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": "0199f0c4-5a7e-7000-8000-000000000001", "position_group": "van-thu",
    "minimum_present": 2}))]
pub struct CreateCoverageRule {
    /// Identifier of the unit that must keep people at work (UUID).
    pub unit_id: Uuid,
    /// Code of the group of job positions that is counted, 1 to 50 characters; without it, everybody in the
    /// unit is counted.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub position_group: Option<String>,
    /// Smallest number of people who must be at work in every half-day, 1 to 10,000.
    #[validate(range(min = 1, max = 10000))]
    #[schema(minimum = 1, maximum = 10000)]
    pub minimum_present: i32,
}

/// Changes to a rule (JSON merge patch): a member that is not sent keeps its value. The unit and the position
/// group of a rule cannot be changed.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"minimum_present": 3}))]
pub struct PatchCoverageRule {
    /// Smallest number of people who must be at work in every half-day, 1 to 10,000.
    #[validate(range(min = 1, max = 10000))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 10000)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub minimum_present: Option<i32>,
}

/// A rule on how many people of a unit must be at work in every half-day.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageRuleDto {
    /// Identifier of the rule (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the unit that must keep people at work (UUID).
    pub unit_id: Uuid,
    /// Code of the group of job positions that is counted; `null` if everybody in the unit is counted.
    #[schema(max_length = 50, example = "van-thu")]
    pub position_group: Option<String>,
    /// Smallest number of people who must be at work in every half-day, 1 to 10,000.
    #[schema(minimum = 1, example = 2)]
    pub minimum_present: i32,
    /// Version of the rule, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the rule was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the last change of the rule (RFC 3339, UTC).
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
