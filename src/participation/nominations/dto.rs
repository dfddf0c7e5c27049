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
        /// Only nominations for this offering (UUID).
        offering_id: Uuid,
        /// Only nominations of this employee (UUID).
        employee_id: Uuid,
        /// Only people who belonged to this unit, or to a unit below it, when they were nominated (UUID).
        unit_id: Uuid,
        /// Only nominations in this state.
        status: NominationStatus,
    }
}

/// Nomination of an employee for an offering, or a request for a seat for oneself.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "employee_id": "0199f0c4-5a7e-7000-8000-000000000001", "offering_id": "0199f0c4-5a7e-7000-8000-000000000002",
    "basis": "position_need", "motive": "obligatory",
    "expected_effect": "Văn bản mật được đăng ký và lưu giữ đúng quy định, không còn sai sót khi kiểm tra."
}))]
pub struct CreateNomination {
    /// Identifier of the employee who is nominated (UUID).
    pub employee_id: Uuid,
    /// Identifier of the offering that the employee is nominated for (UUID).
    pub offering_id: Uuid,
    /// Ground of the nomination: the need of the job position (`position_need`) or a succession list
    /// (`succession`).
    pub basis: NominationBasis,
    /// Reason why this person is nominated: `weakness`, `planned`, `obligatory` or `own_wish`. People who ask
    /// for a seat for themselves send `own_wish`.
    pub motive: NominationMotive,
    /// Identifier of the line of an approved training plan that the nomination counts against (UUID). When
    /// this and `outside_plan_reason` are absent, the service chooses a line with places left. Not allowed
    /// with basis `succession`.
    pub plan_line_id: Option<Uuid>,
    /// Reason for nominating outside the training plan, 1 to 1,000 characters; not allowed with
    /// `plan_line_id`.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub outside_plan_reason: Option<String>,
    /// Identifier of the employee's entry on a succession list (UUID). Required with basis `succession`, not
    /// allowed with `position_need`.
    pub succession_entry_id: Option<Uuid>,
    /// Identifier of the employee who does the person's work during the offering (UUID); absent when nobody
    /// is named.
    pub stand_in_id: Option<Uuid>,
    /// What should change in the person's work, 1 to 2,000 characters, for the people who decide on the
    /// nomination. The expected effects that reports compare with are declared for the offering.
    #[validate(length(min = 1, max = 2000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub expected_effect: String,
    /// Further remarks for the people who decide on the nomination, 1 to 1,000 characters.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
}

/// Reason of a decision on a nomination.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Đơn vị cần người trực trong tuần này."}))]
pub struct NominationReason {
    /// Reason why the nomination is declined, returned or withdrawn, 1 to 1,000 characters.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// A nomination of an employee for an offering. While it is `submitted`, `endorsed` or `approved`, the
/// half-days of the offering are reserved in the person's calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct NominationDto {
    /// Identifier of the nomination (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the offering that the employee is nominated for (UUID).
    pub offering_id: Uuid,
    /// Identifier of the course that the offering belongs to (UUID).
    pub course_id: Uuid,
    /// Identifier of the employee who is nominated (UUID).
    pub employee_id: Uuid,
    /// Identifier of the unit to which the employee belonged when nominated (UUID).
    pub unit_id: Uuid,
    /// Ground of the nomination: the need of the job position (`position_need`) or a succession list
    /// (`succession`).
    pub basis: NominationBasis,
    /// Reason why this person is nominated: `weakness`, `planned`, `obligatory` or `own_wish`.
    pub motive: NominationMotive,
    /// Identifier of the line of a training plan that the nomination counts against (UUID); null when there
    /// is none.
    pub plan_line_id: Option<Uuid>,
    /// Reason for nominating outside the training plan; null when none was given.
    #[schema(max_length = 1000, example = json!(null))]
    pub outside_plan_reason: Option<String>,
    /// Identifier of the employee's entry on a succession list (UUID); null unless the basis is `succession`.
    pub succession_entry_id: Option<Uuid>,
    /// Identifier of the employee who does the person's work during the offering (UUID); null when nobody is
    /// named.
    pub stand_in_id: Option<Uuid>,
    /// What should change in the person's work, in the words of the account that nominated.
    #[schema(max_length = 2000, example = "Văn bản mật được đăng ký và lưu giữ đúng quy định.")]
    pub expected_effect: String,
    /// Further remarks for the people who decide on the nomination; null when there are none.
    #[schema(max_length = 1000, example = json!(null))]
    pub note: Option<String>,
    /// State of the nomination: `submitted`, `endorsed`, `approved`, `waitlisted`, `returned`, `declined` or
    /// `withdrawn`.
    #[schema(example = "endorsed")]
    pub status: NominationStatus,
    /// Reason given when the nomination was returned, declined or withdrawn; null when none was given.
    #[schema(example = json!(null))]
    pub decision_reason: Option<String>,
    /// Result of every check, as of the nomination or of the latest decision for which the checks were
    /// repeated.
    pub checks: Vec<CheckDto>,
    /// Edition of the rules that the checks were made by.
    #[schema(example = "2026-01")]
    pub rule_set: String,
    /// Identifier of the account that made the nomination (UUID).
    pub nominated_by: Uuid,
    /// Moment the nomination was last approved, put on the waiting list, returned, declined or withdrawn (RFC
    /// 3339, UTC); null before.
    pub decided_at: Option<DateTime<Utc>>,
    /// Moment since which the person waits for a seat (RFC 3339, UTC), by which the waiting list is ordered;
    /// null unless `waitlisted`.
    pub waitlisted_at: Option<DateTime<Utc>>,
    /// Version of the nomination, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the nomination was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment the nomination was last changed (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

/// Result of checking a nomination before it is made.
#[derive(Debug, Serialize, ToSchema)]
pub struct NominationCheckDto {
    /// Worst verdict of all checks. With `fail` the nomination would be refused.
    #[schema(example = "fail")]
    pub verdict: CheckVerdict,
    /// Result of every check, always in the same order.
    pub checks: Vec<CheckDto>,
    /// Other offerings of the course in which no check fails, those with fewer warnings first, then the
    /// earlier ones; at most five.
    pub alternatives: Vec<AlternativeDto>,
}

/// Refusal of a request about a nomination (RFC 9457). `checks` and `alternatives` are present with
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
    /// Type of the problem: path of the page of this service that explains it.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name of the type of problem, in the language of the request.
    pub title: String,
    /// HTTP status code of the response.
    pub status: u16,
    /// Explanation of this occurrence, in the language of the request.
    pub detail: String,
    /// Path of the request that was refused.
    pub instance: String,
    /// Correlation identifier of the request; quote it when asking for help.
    pub trace_id: String,
    /// Only with `nomination.refused`: result of every check. Those with the verdict `fail` are the reason of
    /// the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<CheckDto>>,
    /// Only with `nomination.refused`: other offerings of the course in which no check fails, those with
    /// fewer warnings first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<AlternativeDto>>,
    /// Only with `state.wrong`: current state of the nomination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<NominationStatus>,
    /// Only with `state.wrong`: states of the nomination in which the action is allowed.
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
