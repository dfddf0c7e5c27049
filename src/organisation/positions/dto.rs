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
        /// Only the record with exactly this code, at most 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words to find in the code or the name, at most 200 characters: each must be the beginning of a
        /// word there; case and accents are ignored.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only job positions of the group with exactly this code, at most 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        position_group: String,
        /// `true`: only leadership positions; `false`: only other positions.
        is_leadership: bool,
    }
}

/// Data for creating a job position.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "CV-LTS", "name": "Chuyên viên lưu trữ số", "position_group": "van-thu",
    "is_leadership": false, "max_consecutive_absence_days": 3}))]
pub struct CreateJobPosition {
    /// Code by which other systems know the job position, unique, 1 to 50 letters, digits, hyphens, dots or
    /// underscores; it never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Name of the job position, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Code of the group of job positions whose holders can replace each other, 1 to 50 characters.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub position_group: String,
    /// Whether it is a leadership position, whose holder directs others.
    pub is_leadership: bool,
    /// Largest number of consecutive working days the holder may be absent, 1 to 365; without it there is no
    /// limit.
    #[validate(range(min = 1, max = 365))]
    #[schema(minimum = 1, maximum = 365)]
    pub max_consecutive_absence_days: Option<i32>,
}

/// Changes to a job position (JSON merge patch): a member that is not sent keeps its value, `null` removes
/// it.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"max_consecutive_absence_days": 5}))]
pub struct PatchJobPosition {
    /// Name of the job position, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Code of the group of job positions whose holders can replace each other, 1 to 50 characters.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub position_group: Option<String>,
    /// Whether it is a leadership position, whose holder directs others.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub is_leadership: Option<bool>,
    /// Largest number of consecutive working days the holder may be absent, 1 to 365; `null` removes the
    /// limit.
    #[validate(range(min = 1, max = 365))]
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 365)]
    pub max_consecutive_absence_days: Option<Option<i32>>,
}

/// A job position of the ministry.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobPositionDto {
    /// Identifier of the job position (UUID), assigned by the service.
    pub id: Uuid,
    /// Code by which other systems know the job position, unique, 1 to 50 characters.
    #[schema(max_length = 50, example = "CV-VTLT")]
    pub code: String,
    /// Name of the job position, 1 to 300 characters.
    #[schema(max_length = 300, example = "Chuyên viên văn thư, lưu trữ")]
    pub name: String,
    /// Code of the group of job positions whose holders can replace each other, 1 to 50 characters.
    #[schema(max_length = 50, example = "van-thu")]
    pub position_group: String,
    /// Whether it is a leadership position, whose holder directs others.
    pub is_leadership: bool,
    /// Largest number of consecutive working days the holder may be absent, 1 to 365; `null` if there is no
    /// limit.
    #[schema(example = 3)]
    pub max_consecutive_absence_days: Option<i32>,
    /// Version of the job position, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the job position was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the last change of the job position (RFC 3339, UTC).
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
