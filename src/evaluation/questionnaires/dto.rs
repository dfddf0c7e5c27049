use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{Audience, Choice, Draft, Item, ItemKind, Questionnaire, Words};
use super::shipped;
use crate::http::{check, list_query};

list_query! {
    /// Filters of the questionnaire list.
    QuestionnairesQuery {
        /// Only this level of Kirkpatrick's four.
        #[param(minimum = 1, maximum = 4)]
        #[validate(range(min = 1, max = 4))]
        level: i16,
        /// Only forms that these people answer.
        audience: Audience,
        /// Only forms of this course.
        course_id: Uuid,
    }
}

/// Publish a version of a questionnaire.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "item_count", skip_on_field_errors = false))]
#[schema(example = json!({"code": "confidence", "revision": 1, "title": "Mức độ tự tin sau khóa học", "level": 2,
    "audience": "learner", "is_anonymous": false, "items": [
        {"code": "c1", "kind": "scale", "text": {"vi": "Tôi tự làm được việc này.", "en": "I can do this on my own."}},
        {"code": "c2", "kind": "text", "text": {"vi": "Còn vướng điều gì?"}}]}))]
pub struct CreateQuestionnaire {
    /// What its revisions have in common. `behaviour-...` is made of the courses and refused here.
    #[validate(length(min = 1, max = 60), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[A-Za-z0-9._-]+$")]
    pub code: String,
    /// 1, 2, ...; a code and revision are published once.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    pub revision: i32,
    /// Its title.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// Kirkpatrick's level: 1 reaction, 2 learning, 3 behaviour, 4 results.
    #[validate(range(min = 1, max = 4))]
    #[schema(minimum = 1, maximum = 4)]
    pub level: i16,
    /// Who answers it.
    pub audience: Audience,
    /// The course it belongs to; absent where it serves every course.
    pub course_id: Option<Uuid>,
    /// Whether answers are stored without the person and the time.
    pub is_anonymous: bool,
    /// What it asks, in order.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 100)]
    pub items: Vec<NewItem>,
}

/// One item of a form.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "list_counts", skip_on_field_errors = false))]
#[schema(example = json!({"code": "c1", "kind": "scale", "text": {"vi": "Tôi tự làm được việc này."}}))]
pub struct NewItem {
    /// What an answer refers to; unique in the form.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[A-Za-z0-9._-]+$")]
    pub code: String,
    /// What it asks for.
    pub kind: ItemKind,
    /// The item.
    #[validate(nested)]
    pub text: Words,
    /// For a scale: whether a high step is a bad one. Stored as answered, counted as 6 - x.
    #[serde(default)]
    #[schema(default = false)]
    pub reverse: bool,
    /// For a scale: its five steps in words. Without them: never, rarely, sometimes, often, always.
    #[validate(nested)]
    #[schema(min_items = 5, max_items = 5)]
    pub anchors: Option<Vec<Words>>,
    /// For a choice: its options.
    #[validate(nested)]
    #[schema(min_items = 2, max_items = 20)]
    pub options: Option<Vec<Choice>>,
}

/// A published questionnaire.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionnaireDto {
    /// Its id.
    pub id: Uuid,
    /// What its revisions have in common.
    #[schema(example = "reaction")]
    pub code: String,
    /// 1, 2, ...
    #[schema(minimum = 1)]
    pub revision: i32,
    /// Its title.
    #[schema(example = "Phiếu lấy ý kiến học viên khi kết thúc khóa học")]
    pub title: String,
    /// Kirkpatrick's level, 1 to 4.
    #[schema(minimum = 1, maximum = 4)]
    pub level: i16,
    /// Who answers it.
    pub audience: Audience,
    /// The course it belongs to; null where it serves every course.
    #[schema(required)]
    pub course_id: Option<Uuid>,
    /// Whether answers are stored without the person and the time.
    pub is_anonymous: bool,
    /// What it asks, in order.
    pub items: Vec<Item>,
    /// When it was published.
    pub created_at: DateTime<Utc>,
}

fn item_count(dto: &CreateQuestionnaire) -> Result<(), ValidationError> {
    check::count("/items", &dto.items, 1, 100)
}

fn list_counts(item: &NewItem) -> Result<(), ValidationError> {
    if let Some(anchors) = &item.anchors {
        check::count("/anchors", anchors, 5, 5)?;
    }
    item.options.as_deref().map_or(Ok(()), |options| check::count("/options", options, 2, 20))
}

impl From<NewItem> for Item {
    fn from(dto: NewItem) -> Self {
        let steps = || (dto.kind == ItemKind::Scale).then(shipped::frequencies);
        Self {
            anchors: dto.anchors.or_else(steps),
            code: dto.code,
            kind: dto.kind,
            text: dto.text,
            reverse: dto.reverse,
            options: dto.options,
        }
    }
}

impl From<CreateQuestionnaire> for Draft {
    fn from(dto: CreateQuestionnaire) -> Self {
        Self {
            code: dto.code,
            revision: dto.revision,
            title: dto.title,
            level: dto.level,
            audience: dto.audience,
            course_id: dto.course_id,
            is_anonymous: dto.is_anonymous,
            items: dto.items.into_iter().map(Item::from).collect(),
        }
    }
}

impl From<Questionnaire> for QuestionnaireDto {
    fn from(form: Questionnaire) -> Self {
        Self {
            id: form.id,
            code: form.code,
            revision: form.revision,
            title: form.title,
            level: form.level,
            audience: form.audience,
            course_id: form.course_id,
            is_anonymous: form.is_anonymous,
            items: form.items.0,
            created_at: form.created_at,
        }
    }
}
