use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{ActionStatus, Answer, CorrectiveAction, Draft};
use crate::http::list_query;

list_query! {
    /// Filters of the list of corrective actions.
    CorrectiveActionsQuery {
        /// Only of this institute.
        institute_id: Uuid,
        /// Only about this course.
        course_id: Uuid,
        /// Only in this state.
        status: ActionStatus,
    }
}

/// Open a corrective action: about a course, or about one offering of it.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"course_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "finding": "Hành vi tại nơi làm việc không thay đổi sau 3 tháng; bài tập xa với công việc.",
    "reply_due_on": "2026-12-31"}))]
pub struct CreateCorrectiveAction {
    /// The course it is about; not needed where an offering is given.
    pub course_id: Option<Uuid>,
    /// The run of the course it is about, if only one.
    pub offering_id: Option<Uuid>,
    /// What was found.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub finding: String,
    /// Day by which the institute is to reply.
    pub reply_due_on: NaiveDate,
}

/// Reply to a corrective action. Unless the finding is disputed, the action, its owner and its date are required.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reply": "Nhà trường tiếp thu.", "action": "Thay bài tập bằng hồ sơ thật của các đơn vị.",
    "action_owner": "Khoa Quản lý nhà nước", "action_due_on": "2027-03-31", "disputed": false}))]
pub struct ReplyToCorrectiveAction {
    /// The institute's reply.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub reply: String,
    /// What it does.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub action: Option<String>,
    /// Who is responsible for it.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub action_owner: Option<String>,
    /// Day by which it is done.
    pub action_due_on: Option<NaiveDate>,
    /// Whether the institute disputes the finding.
    #[serde(default)]
    #[schema(default = false)]
    pub disputed: bool,
}

/// What the ministry found in a course, and what the institute does about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectiveActionDto {
    /// Its id.
    pub id: Uuid,
    /// Who has to reply.
    pub institute_id: Uuid,
    /// The course it is about.
    pub course_id: Uuid,
    /// The run of the course it is about; null where it is about the course.
    #[schema(required)]
    pub offering_id: Option<Uuid>,
    /// What was found.
    #[schema(example = "Hành vi tại nơi làm việc không thay đổi sau 3 tháng.")]
    pub finding: String,
    /// How far it has come.
    pub status: ActionStatus,
    /// Day by which the institute is to reply.
    pub reply_due_on: NaiveDate,
    /// The institute's reply.
    #[schema(required)]
    pub reply: Option<String>,
    /// What it does.
    #[schema(required)]
    pub action: Option<String>,
    /// Who is responsible for it.
    #[schema(required)]
    pub action_owner: Option<String>,
    /// Day by which it is done.
    #[schema(required)]
    pub action_due_on: Option<NaiveDate>,
    /// Whether the institute disputes the finding; null until it replies.
    #[schema(required)]
    pub disputed: Option<bool>,
    /// When it replied.
    #[schema(required)]
    pub replied_at: Option<DateTime<Utc>>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<CreateCorrectiveAction> for Draft {
    fn from(dto: CreateCorrectiveAction) -> Self {
        Self {
            course_id: dto.course_id,
            offering_id: dto.offering_id,
            finding: dto.finding,
            reply_due_on: dto.reply_due_on,
        }
    }
}

impl From<ReplyToCorrectiveAction> for Answer {
    fn from(dto: ReplyToCorrectiveAction) -> Self {
        Self {
            reply: dto.reply,
            action: dto.action,
            action_owner: dto.action_owner,
            action_due_on: dto.action_due_on,
            disputed: dto.disputed,
        }
    }
}

impl From<CorrectiveAction> for CorrectiveActionDto {
    fn from(action: CorrectiveAction) -> Self {
        Self {
            id: action.id,
            institute_id: action.institute_id,
            course_id: action.course_id,
            offering_id: action.offering_id,
            finding: action.finding,
            status: action.status,
            reply_due_on: action.reply_due_on,
            reply: action.reply,
            action: action.action,
            action_owner: action.action_owner,
            action_due_on: action.action_due_on,
            disputed: action.disputed,
            replied_at: action.replied_at,
            version: action.version,
            created_at: action.created_at,
            updated_at: action.updated_at,
        }
    }
}
