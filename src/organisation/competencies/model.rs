use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::competencies;
use crate::db::text_enum;

/// Content of training (Decree 101/2017/NĐ-CP, Art. 16; Decree 171/2025/NĐ-CP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ContentArea {
    /// Political theory (lý luận chính trị).
    PoliticalTheory,
    /// Knowledge of national defence and security (kiến thức quốc phòng và an ninh).
    DefenceSecurity,
    /// Knowledge and skills of state management (kiến thức, kỹ năng quản lý nhà nước).
    StateManagement,
    /// Professional skills of the job position (chuyên môn, nghiệp vụ theo vị trí việc làm).
    ProfessionalSkill,
    /// Science, technology, digital transformation (khoa học, công nghệ, chuyển đổi số).
    ScienceTechnologyDigital,
}

text_enum!(ContentArea);

/// A competency as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = competencies, check_for_backend(diesel::pg::Pg))]
pub struct Competency {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The content of training it belongs to.
    pub content_area: ContentArea,
    /// What its levels mean.
    pub description: Option<String>,
    /// Raised with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is needed to create a competency.
#[derive(Debug, Clone)]
pub struct Draft {
    pub code: String,
    pub name: String,
    pub content_area: ContentArea,
    pub description: Option<String>,
}

/// What changes; absent members stay.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = competencies)]
pub struct Change {
    pub name: Option<String>,
    pub content_area: Option<ContentArea>,
    pub description: Option<Option<String>>,
}
