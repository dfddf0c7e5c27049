use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Change, Draft, JobPosition};
use crate::http::{check, list_query};
use crate::patch::{kept, nullable};

list_query! {
    /// Filters of the job position list.
    JobPositionsQuery {
        /// Exactly this code.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words of the code or the name; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only positions of this group.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        position_group: String,
        /// Only positions that lead others, or only those that do not.
        is_leadership: bool,
    }
}

/// Create a job position.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "CV-LTS", "name": "Chuyên viên lưu trữ số", "position_group": "van-thu",
    "is_leadership": false, "max_consecutive_absence_days": 3}))]
pub struct CreateJobPosition {
    /// Code others know it by: letters, digits, hyphen, dot, underscore; never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Code of the group whose positions can stand in for each other.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub position_group: String,
    /// Whether it leads others.
    pub is_leadership: bool,
    /// Most working days in a row its holder may be away, 1 to 365; without it there is no limit.
    #[validate(range(min = 1, max = 365))]
    #[schema(minimum = 1, maximum = 365)]
    pub max_consecutive_absence_days: Option<i32>,
}

/// Change a job position (merge patch): absent members stay, `null` empties.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"max_consecutive_absence_days": 5}))]
pub struct PatchJobPosition {
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Code of the group whose positions can stand in for each other.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub position_group: Option<String>,
    /// Whether it leads others.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub is_leadership: Option<bool>,
    /// Most working days in a row its holder may be away, 1 to 365.
    #[validate(range(min = 1, max = 365))]
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 365)]
    pub max_consecutive_absence_days: Option<Option<i32>>,
}

/// A job position.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobPositionDto {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    #[schema(max_length = 50, example = "CV-VTLT")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 300, example = "Chuyên viên văn thư, lưu trữ")]
    pub name: String,
    /// Code of the group whose positions can stand in for each other.
    #[schema(max_length = 50, example = "van-thu")]
    pub position_group: String,
    /// Whether it leads others.
    pub is_leadership: bool,
    /// Most working days in a row its holder may be away; `null` without a limit.
    #[schema(example = 3)]
    pub max_consecutive_absence_days: Option<i32>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<CreateJobPosition> for Draft {
    fn from(dto: CreateJobPosition) -> Self {
        Self {
            code: dto.code,
            name: dto.name,
            position_group: dto.position_group,
            is_leadership: dto.is_leadership,
            max_consecutive_absence_days: dto.max_consecutive_absence_days,
        }
    }
}

impl From<PatchJobPosition> for Change {
    fn from(dto: PatchJobPosition) -> Self {
        Self {
            name: dto.name,
            position_group: dto.position_group,
            is_leadership: dto.is_leadership,
            max_consecutive_absence_days: dto.max_consecutive_absence_days,
        }
    }
}

impl From<JobPosition> for JobPositionDto {
    fn from(position: JobPosition) -> Self {
        Self {
            id: position.id,
            code: position.code,
            name: position.name,
            position_group: position.position_group,
            is_leadership: position.is_leadership,
            max_consecutive_absence_days: position.max_consecutive_absence_days,
            version: position.version,
            created_at: position.created_at,
            updated_at: position.updated_at,
        }
    }
}
