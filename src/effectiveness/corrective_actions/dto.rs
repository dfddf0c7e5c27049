use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::follow_up::{Detailed, Followed};
use super::model::{ActionStatus, Answer, Cause, Decision, Draft};
use crate::http::list_query;
use statistics::Figure;

list_query! {
    /// Filters of the list of corrective actions.
    CorrectiveActionsQuery {
        /// Only corrective actions of this institute (UUID).
        institute_id: Uuid,
        /// Only corrective actions about this course (UUID).
        course_id: Uuid,
        /// Only corrective actions in this state.
        status: ActionStatus,
    }
}

/// A corrective action to open, about a course or about one offering of it.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"course_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "finding": "Hành vi tại nơi làm việc không thay đổi sau 3 tháng; bài tập xa với công việc.",
    "reply_due_on": "2026-12-31"}))]
pub struct CreateCorrectiveAction {
    /// Identifier of the course (UUID); required unless an offering is given.
    pub course_id: Option<Uuid>,
    /// Identifier of the offering (UUID) when the finding is about one offering only.
    pub offering_id: Option<Uuid>,
    /// Finding that the institute is to reply to, 1 to 4,000 characters.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub finding: String,
    /// Last day for the institute's reply (ISO 8601 date), today or later.
    pub reply_due_on: NaiveDate,
}

/// Reply of an institute: what will be done, by whom and by which day.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reply": "Nhà trường tiếp thu.", "action": "Thay bài tập bằng hồ sơ thật của các đơn vị.",
    "action_owner": "Khoa Quản lý nhà nước", "action_due_on": "2027-03-31"}))]
pub struct ReplyToCorrectiveAction {
    /// Reply of the institute to the finding, 1 to 4,000 characters.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub reply: String,
    /// Measure that the institute takes, 1 to 4,000 characters.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub action: String,
    /// Name of the person or office responsible for the measure, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub action_owner: String,
    /// Day by which the measure is to be completed (ISO 8601 date), today or later.
    pub action_due_on: NaiveDate,
}

/// Dispute of the finding of a corrective action.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Phiếu được phát trước khi khóa học kết thúc; đề nghị xem lại."}))]
pub struct DisputeCorrectiveAction {
    /// Reason why the institute disputes the finding, 1 to 4,000 characters.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
}

/// Decision that a disputed finding stays in force.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Phiếu được phát sau buổi học cuối, đúng lịch.", "reply_due_on": "2027-01-31"}))]
pub struct UpholdCorrectiveAction {
    /// Reason why the finding stays in force, 1 to 4,000 characters.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
    /// New last day for the institute's reply (ISO 8601 date), today or later.
    pub reply_due_on: NaiveDate,
}

/// Decision that a disputed finding is withdrawn.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Lớp bị gián đoạn vì bão; kết quả không phản ánh chất lượng khóa học."}))]
pub struct WithdrawCorrectiveAction {
    /// Reason why the finding is withdrawn, 1 to 4,000 characters.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
}

/// A corrective action: a finding about a course, and the reply of the institute.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectiveActionDto {
    /// Identifier of the corrective action (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the training institute that has to reply (UUID).
    pub institute_id: Uuid,
    /// Identifier of the course that the finding is about (UUID).
    pub course_id: Uuid,
    /// Identifier of the offering that the finding is about (UUID); null when it is about the whole course.
    #[schema(required)]
    pub offering_id: Option<Uuid>,
    /// Why the action was opened: by the ministry (`finding`), or by the service because of released figures
    /// of the offering (`reaction_under_limit`, `behaviour_worse`).
    pub reason: Cause,
    /// Figure for which the action was opened, as in the report on the offering: the learners' mean for
    /// `reaction_under_limit`, the change of behaviour for `behaviour_worse`; null for a finding of the
    /// ministry.
    #[schema(required)]
    pub measured: Option<Figure>,
    /// Value that the figure had to reach, points of 5 (for a change, the whole interval lies below it); null
    /// for a finding of the ministry.
    #[schema(required, example = 3.0)]
    pub limit: Option<f64>,
    /// Result of the next offering of the course by the same institute; null until its figure is released,
    /// and for a finding of the ministry.
    #[schema(required)]
    pub followed_by: Option<FollowedByDto>,
    /// Finding that the institute is to reply to.
    #[schema(max_length = 4000, example = "Hành vi tại nơi làm việc không thay đổi sau 3 tháng.")]
    pub finding: String,
    /// State of the action: `open`, `disputed`, `upheld`, `replied`, `closed` or `withdrawn`.
    pub status: ActionStatus,
    /// Last day for the institute's reply (ISO 8601 date).
    pub reply_due_on: NaiveDate,
    /// Reply of the institute to the finding; null before it replies.
    #[schema(max_length = 4000, required)]
    pub reply: Option<String>,
    /// Measure that the institute takes; null before it replies.
    #[schema(max_length = 4000, required)]
    pub action: Option<String>,
    /// Name of the person or office responsible for the measure; null before the institute replies.
    #[schema(max_length = 200, required)]
    pub action_owner: Option<String>,
    /// Day by which the measure is to be completed (ISO 8601 date); null before the institute replies.
    #[schema(required)]
    pub action_due_on: Option<NaiveDate>,
    /// Moment the institute replied (RFC 3339, UTC); null before.
    #[schema(required)]
    pub replied_at: Option<DateTime<Utc>>,
    /// Reason why the institute disputes the finding; null when it does not.
    #[schema(required)]
    pub dispute: Option<String>,
    /// Moment the institute disputed the finding (RFC 3339, UTC); null when it does not.
    #[schema(required)]
    pub disputed_at: Option<DateTime<Utc>>,
    /// Reason of the ministry's decision about the dispute; null before it decides.
    #[schema(required)]
    pub decision_reason: Option<String>,
    /// Moment the ministry decided about the dispute (RFC 3339, UTC); null before.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// Version of the corrective action, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the corrective action was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment the corrective action was last changed (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

/// Result of the next offering of the course by the same institute.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedByDto {
    /// Identifier of the next offering (UUID).
    pub offering_id: Uuid,
    /// The same figure for the next offering.
    pub value: Figure,
    /// Figure of the next offering minus the figure for which the action was opened; its interval is computed
    /// from the intervals of both (Zou & Donner 2008).
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
