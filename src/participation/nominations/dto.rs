use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::checks::{Check, CheckVerdict};
use super::explain::{AlternativeDto, CheckDto};
use super::model::{Draft, Nomination, NominationBasis, NominationMotive, NominationStatus};
use crate::http::list_query;
use crate::i18n::Locale;

list_query! {
    /// Filters of the nomination list.
    NominationsQuery {
        /// Only this offering.
        offering_id: Uuid,
        /// Only this employee.
        employee_id: Uuid,
        /// Only people who were in this unit, or below it, when nominated.
        unit_id: Uuid,
        /// Only this state.
        status: NominationStatus,
    }
}

/// Nominate someone, or ask for a seat for oneself.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "employee_id": "0199f0c4-5a7e-7000-8000-000000000001", "offering_id": "0199f0c4-5a7e-7000-8000-000000000002",
    "basis": "position_need", "motive": "obligatory",
    "expected_effect": "Văn bản mật được đăng ký và lưu giữ đúng quy định, không còn sai sót khi kiểm tra."
}))]
pub struct CreateNomination {
    /// Who is to be sent.
    pub employee_id: Uuid,
    /// To which offering.
    pub offering_id: Uuid,
    /// Why someone is sent: the need of the position, or succession.
    pub basis: NominationBasis,
    /// Why this person; who asks for oneself says `own_wish`.
    pub motive: NominationMotive,
    /// The line of an approved plan that it counts against. Without one and without a reason, a line with places left
    /// is found by itself. Not with basis `succession`.
    pub plan_line_id: Option<Uuid>,
    /// Why although it is not planned.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub outside_plan_reason: Option<String>,
    /// The place on a succession list; exactly with basis `succession`.
    pub succession_entry_id: Option<Uuid>,
    /// Who stands in meanwhile.
    pub stand_in_id: Option<Uuid>,
    /// What should change at work, in words for whoever decides; what reports compare with is declared of the offering.
    #[validate(length(min = 1, max = 2000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub expected_effect: String,
    /// Anything else that whoever decides should know.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
}

/// A decision that must be explained.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Đơn vị cần người trực trong tuần này."}))]
pub struct NominationReason {
    /// Why.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// A nomination. While `submitted`, `endorsed` or `approved` it holds the person's half-days.
#[derive(Debug, Serialize, ToSchema)]
pub struct NominationDto {
    /// Its id.
    pub id: Uuid,
    /// The offering.
    pub offering_id: Uuid,
    /// Its course.
    pub course_id: Uuid,
    /// Who is to be sent.
    pub employee_id: Uuid,
    /// The person's unit when nominated.
    pub unit_id: Uuid,
    /// Why someone is sent.
    pub basis: NominationBasis,
    /// Why this person.
    pub motive: NominationMotive,
    /// The plan line it counts against.
    pub plan_line_id: Option<Uuid>,
    /// Why although it is not planned.
    #[schema(max_length = 1000, example = json!(null))]
    pub outside_plan_reason: Option<String>,
    /// The place on a succession list.
    pub succession_entry_id: Option<Uuid>,
    /// Who stands in meanwhile.
    pub stand_in_id: Option<Uuid>,
    /// What should change at work.
    #[schema(max_length = 2000, example = "Văn bản mật được đăng ký và lưu giữ đúng quy định.")]
    pub expected_effect: String,
    /// Anything else.
    #[schema(max_length = 1000, example = json!(null))]
    pub note: Option<String>,
    /// Where it stands.
    #[schema(example = "endorsed")]
    pub status: NominationStatus,
    /// Reason of a return, a refusal or a withdrawal.
    #[schema(example = json!(null))]
    pub decision_reason: Option<String>,
    /// Every check as it stood when last made: at the nomination, or at the decision.
    pub checks: Vec<CheckDto>,
    /// The version of the rules that the checks were made by.
    #[schema(example = "2026-01")]
    pub rule_set: String,
    /// Account that nominated.
    pub nominated_by: Uuid,
    /// When it was last decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Since when it waits for a seat; the order of the waiting list.
    pub waitlisted_at: Option<DateTime<Utc>>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What the checks say of a nomination that nobody has made yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct NominationCheckDto {
    /// The worst verdict: `fail` would refuse.
    #[schema(example = "fail")]
    pub verdict: CheckVerdict,
    /// Every check.
    pub checks: Vec<CheckDto>,
    /// Other offerings of the course that fit, the best first; at most five.
    pub alternatives: Vec<AlternativeDto>,
}

/// Why a request about a nomination is refused (RFC 9457). `checks` and `alternatives` come with
/// `nomination.refused`, `state` and `allowed_states` with `state.wrong`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "/problems/nomination.refused", "title": "Không thể cử đi đào tạo, bồi dưỡng", "status": 409,
    "detail": "Lý do được nêu ở các điều kiện không đạt; alternatives nêu các lớp phù hợp để thay thế.",
    "instance": "/v1/nominations", "trace_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "checks": [{
        "code": "coverage", "verdict": "fail", "message": "Đơn vị sẽ thiếu người: sáng 03/03/2026.",
        "facts": {"half_days": [{"date": "2026-03-03", "half": "morning", "present": 1, "minimum": 2}]},
        "source": "Quy định số người tối thiểu phải có mặt của đơn vị"
    }],
    "alternatives": [{
        "offering_id": "0199f0c4-5a7e-7000-8000-000000000002", "offering_code": "BMNN-2026-02", "mode": "online",
        "first_day": "2026-03-10", "last_day": "2026-03-17", "half_days": 6, "seats_left": 12, "warnings": [],
        "reason": "Mọi điều kiện đều đạt: 6 buổi từ 10/03/2026 đến 17/03/2026, còn 12 chỗ."
    }]
}))]
pub struct NominationProblem {
    /// Kind of problem: a page of this service.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// This occurrence in words.
    pub detail: String,
    /// Path of the request.
    pub instance: String,
    /// Correlation id: quote it when asking for help.
    pub trace_id: String,
    /// `nomination.refused`: every check; those that fail refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<CheckDto>>,
    /// `nomination.refused`: other offerings of the course that fit, the best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<AlternativeDto>>,
    /// `state.wrong`: the state it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<NominationStatus>,
    /// `state.wrong`: the states that allow the action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_states: Option<Vec<NominationStatus>>,
}

impl From<CreateNomination> for Draft {
    fn from(dto: CreateNomination) -> Self {
        Self {
            employee_id: dto.employee_id,
            offering_id: dto.offering_id,
            basis: dto.basis,
            motive: dto.motive,
            plan_line_id: dto.plan_line_id,
            outside_plan_reason: dto.outside_plan_reason,
            succession_entry_id: dto.succession_entry_id,
            stand_in_id: dto.stand_in_id,
            expected_effect: dto.expected_effect,
            note: dto.note,
        }
    }
}

impl NominationDto {
    /// A nomination with its checks in a language.
    pub fn new(n: Nomination, checks: &[Check], locale: Locale) -> Self {
        Self {
            id: n.id,
            offering_id: n.offering_id,
            course_id: n.course_id,
            employee_id: n.employee_id,
            unit_id: n.unit_id,
            basis: n.basis,
            motive: n.motive,
            plan_line_id: n.plan_line_id,
            outside_plan_reason: n.outside_plan_reason,
            succession_entry_id: n.succession_entry_id,
            stand_in_id: n.stand_in_id,
            expected_effect: n.expected_effect,
            note: n.note,
            status: n.status,
            decision_reason: n.decision_reason,
            checks: CheckDto::all(checks, locale),
            rule_set: n.rule_set,
            nominated_by: n.nominated_by,
            decided_at: n.decided_at,
            waitlisted_at: n.waitlisted_at,
            version: n.version,
            created_at: n.created_at,
            updated_at: n.updated_at,
        }
    }
}
