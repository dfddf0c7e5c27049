use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Change, Competency, ContentArea, Draft};
use crate::http::{check, list_query};
use crate::patch::{kept, nullable};

list_query! {
    /// Filters of the competency list.
    CompetenciesQuery {
        /// Only the record with exactly this code, at most 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words to find in the code or the name, at most 200 characters: each must be the beginning of a
        /// word there; case and accents are ignored.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only competencies of this content of training.
        content_area: ContentArea,
    }
}

/// Data for creating a competency.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "TTNT", "name": "Ứng dụng trí tuệ nhân tạo trong công vụ",
    "content_area": "professional_skill", "description": "Mức 3: tự chọn công cụ và kiểm tra kết quả trước khi dùng."}))]
pub struct CreateCompetency {
    /// Code by which other systems know the competency, unique, 1 to 50 letters, digits, hyphens, dots or
    /// underscores; it never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Name of the competency, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Content of training to which the competency belongs.
    pub content_area: ContentArea,
    /// Text that explains what the levels 1 to 5 of the competency mean, at most 4,000 characters.
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000)]
    pub description: Option<String>,
}

/// Changes to a competency (JSON merge patch): a member that is not sent keeps its value, `null` removes it.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Bảo vệ bí mật nhà nước trong cơ quan"}))]
pub struct PatchCompetency {
    /// Name of the competency, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Content of training to which the competency belongs.
    #[schema(value_type = ContentArea, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub content_area: Option<ContentArea>,
    /// Text that explains what the levels 1 to 5 of the competency mean, at most 4,000 characters.
    #[validate(length(max = 4000))]
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 4000)]
    pub description: Option<Option<String>>,
}

/// A competency that job positions require and courses teach.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompetencyDto {
    /// Identifier of the competency (UUID), assigned by the service.
    pub id: Uuid,
    /// Code by which other systems know the competency, unique, 1 to 50 characters.
    #[schema(max_length = 50, example = "BMNN")]
    pub code: String,
    /// Name of the competency, 1 to 300 characters.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub name: String,
    /// Content of training to which the competency belongs.
    #[schema(example = "professional_skill")]
    pub content_area: ContentArea,
    /// What the levels 1 to 5 of the competency mean, at most 4,000 characters; `null` if not described.
    #[schema(max_length = 4000)]
    pub description: Option<String>,
    /// Version of the competency, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the competency was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the last change of the competency (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

impl From<CreateCompetency> for Draft {
    fn from(dto: CreateCompetency) -> Self {
        Self { code: dto.code, name: dto.name, content_area: dto.content_area, description: dto.description }
    }
}

impl From<PatchCompetency> for Change {
    fn from(dto: PatchCompetency) -> Self {
        Self { name: dto.name, content_area: dto.content_area, description: dto.description }
    }
}

impl From<Competency> for CompetencyDto {
    fn from(competency: Competency) -> Self {
        Self {
            id: competency.id,
            code: competency.code,
            name: competency.name,
            content_area: competency.content_area,
            description: competency.description,
            version: competency.version,
            created_at: competency.created_at,
            updated_at: competency.updated_at,
        }
    }
}
