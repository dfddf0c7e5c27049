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
        /// Exactly this code.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words of the code or the name; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only this content of training.
        content_area: ContentArea,
    }
}

/// Create a competency.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "TTNT", "name": "Ứng dụng trí tuệ nhân tạo trong công vụ",
    "content_area": "professional_skill", "description": "Mức 3: tự chọn công cụ và kiểm tra kết quả trước khi dùng."}))]
pub struct CreateCompetency {
    /// Code others know it by: letters, digits, hyphen, dot, underscore; never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// The content of training it belongs to.
    pub content_area: ContentArea,
    /// What its levels 1 to 5 mean.
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000)]
    pub description: Option<String>,
}

/// Change a competency (merge patch): absent members stay, `null` empties.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Bảo vệ bí mật nhà nước trong cơ quan"}))]
pub struct PatchCompetency {
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The content of training it belongs to.
    #[schema(value_type = ContentArea, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub content_area: Option<ContentArea>,
    /// What its levels 1 to 5 mean.
    #[validate(length(max = 4000))]
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 4000)]
    pub description: Option<Option<String>>,
}

/// A competency.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompetencyDto {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    #[schema(max_length = 50, example = "BMNN")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub name: String,
    /// The content of training it belongs to.
    #[schema(example = "professional_skill")]
    pub content_area: ContentArea,
    /// What its levels 1 to 5 mean.
    #[schema(max_length = 4000)]
    pub description: Option<String>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
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
