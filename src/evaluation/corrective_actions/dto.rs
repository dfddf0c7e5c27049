use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::loops::{Detailed, Followed};
use super::model::{ActionStatus, Answer, Cause, Decision, Draft};
use crate::evaluation::statistics::Figure;
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

/// Reply to a corrective action: what will be done, by whom and until when.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reply": "Nhà trường tiếp thu.", "action": "Thay bài tập bằng hồ sơ thật của các đơn vị.",
    "action_owner": "Khoa Quản lý nhà nước", "action_due_on": "2027-03-31"}))]
pub struct ReplyToCorrectiveAction {
    /// The institute's reply.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub reply: String,
    /// What it does.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub action: String,
    /// Who is responsible for it.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub action_owner: String,
    /// Day by which it is done.
    pub action_due_on: NaiveDate,
}

/// Dispute the finding of a corrective action.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Phiếu được phát trước khi khóa học kết thúc; đề nghị xem lại."}))]
pub struct DisputeCorrectiveAction {
    /// Why.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
}

/// Uphold a finding that is disputed.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Phiếu được phát sau buổi học cuối, đúng lịch.", "reply_due_on": "2027-01-31"}))]
pub struct UpholdCorrectiveAction {
    /// Why.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
    /// Day by which the institute is to reply now.
    pub reply_due_on: NaiveDate,
}

/// Take back a finding that is disputed.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Lớp bị gián đoạn vì bão; kết quả không phản ánh chất lượng khóa học."}))]
pub struct WithdrawCorrectiveAction {
    /// Why.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
}

/// What was found in a course, and what the institute does about it.
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
    /// Why it was opened: by the ministry's hand, or by the service for what was released of the offering.
    pub reason: Cause,
    /// The figure it was opened for, as the report on the offering shows it; null for a finding of the ministry. Of a
    /// `reaction_under_limit` the learners' mean, of a `behaviour_worse` the change of behaviour.
    #[schema(required)]
    pub measured: Option<Figure>,
    /// What that figure had to reach, points of 5 (of a change, its whole interval lies below); null for a finding of
    /// the ministry.
    #[schema(required, example = 3.0)]
    pub limit: Option<f64>,
    /// What the next run of the course by the same institute came to; null until its figure is released.
    #[schema(required)]
    pub followed_by: Option<FollowedByDto>,
    /// What was found.
    #[schema(max_length = 4000, example = "Hành vi tại nơi làm việc không thay đổi sau 3 tháng.")]
    pub finding: String,
    /// How far it has come.
    pub status: ActionStatus,
    /// Day by which the institute is to reply.
    pub reply_due_on: NaiveDate,
    /// The institute's reply.
    #[schema(max_length = 4000, required)]
    pub reply: Option<String>,
    /// What it does.
    #[schema(max_length = 4000, required)]
    pub action: Option<String>,
    /// Who is responsible for it.
    #[schema(max_length = 200, required)]
    pub action_owner: Option<String>,
    /// Day by which it is done.
    #[schema(required)]
    pub action_due_on: Option<NaiveDate>,
    /// When it replied.
    #[schema(required)]
    pub replied_at: Option<DateTime<Utc>>,
    /// Why the institute disputes the finding; null where it does not.
    #[schema(required)]
    pub dispute: Option<String>,
    /// When it disputed it.
    #[schema(required)]
    pub disputed_at: Option<DateTime<Utc>>,
    /// What the ministry said to the dispute.
    #[schema(required)]
    pub decision_reason: Option<String>,
    /// When it decided.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What the next run of a course came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedByDto {
    /// The next run.
    pub offering_id: Uuid,
    /// Its figure.
    pub value: Figure,
    /// Its figure minus the one the action was opened for. The interval is made of those of both (Zou & Donner 2008).
    pub change: Figure,
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
        }
    }
}

impl From<UpholdCorrectiveAction> for Decision {
    fn from(dto: UpholdCorrectiveAction) -> Self {
        Self::Uphold { reason: dto.reason, reply_due_on: dto.reply_due_on }
    }
}

impl From<WithdrawCorrectiveAction> for Decision {
    fn from(dto: WithdrawCorrectiveAction) -> Self {
        Self::Withdraw { reason: dto.reason }
    }
}

impl From<Detailed> for CorrectiveActionDto {
    fn from(detailed: Detailed) -> Self {
        let Detailed { action, measured, followed_by } = detailed;
        Self {
            id: action.id,
            institute_id: action.institute_id,
            course_id: action.course_id,
            offering_id: action.offering_id,
            reason: action.cause,
            measured,
            limit: action.limit_value,
            followed_by: followed_by.map(FollowedByDto::from),
            finding: action.finding,
            status: action.status,
            reply_due_on: action.reply_due_on,
            reply: action.reply,
            action: action.action,
            action_owner: action.action_owner,
            action_due_on: action.action_due_on,
            replied_at: action.replied_at,
            dispute: action.dispute,
            disputed_at: action.disputed_at,
            decision_reason: action.decision_reason,
            decided_at: action.decided_at,
            version: action.version,
            created_at: action.created_at,
            updated_at: action.updated_at,
        }
    }
}

impl From<Followed> for FollowedByDto {
    fn from(followed: Followed) -> Self {
        Self { offering_id: followed.offering_id, value: followed.value, change: followed.change }
    }
}
