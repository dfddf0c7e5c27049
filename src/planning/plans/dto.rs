use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Change, Draft, LineDraft, Plan, PlanLine, PlanStatus};
use crate::http::{check, list_query};
use crate::patch::kept;

list_query! {
    /// Filters of the plan list.
    PlansQuery {
        /// Words to search for in the title: each must be the beginning of a word there; case and accents
        /// do not matter; up to 200 characters.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only the plan of this year.
        year: i32,
        /// Only plans in this state.
        status: PlanStatus,
    }
}

list_query! {
    /// Filters of a plan's lines.
    PlanLinesQuery {
        /// Only lines of the unit with this identifier (UUID).
        unit_id: Uuid,
        /// Only lines for the course with this identifier (UUID).
        course_id: Uuid,
    }
}

/// The training plan of a year, to be created.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"year": 2028, "title": "Kế hoạch đào tạo, bồi dưỡng năm 2028"}))]
pub struct CreatePlan {
    /// Calendar year of the plan, 2020 to 2100; each year has one plan.
    #[validate(range(min = 2020, max = 2100))]
    #[schema(minimum = 2020, maximum = 2100)]
    pub year: i32,
    /// Title of the plan, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
}

/// Changes of a training plan (merge patch): absent members stay as they are.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Kế hoạch đào tạo, bồi dưỡng năm 2027"}))]
pub struct PatchPlan {
    /// Title of the plan, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The decision that approves a training plan.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision_number": "2646/QĐ-BCT"}))]
pub struct ApprovePlan {
    /// Number of the decision that approves the plan: running number, kind of document and issuer, for
    /// example `2646/QĐ-BCT`; up to 50 characters.
    #[validate(length(max = 50), custom(function = "check::decision_number"))]
    #[schema(max_length = 50, pattern = "^[0-9]{1,5}/(QĐ|KH|TTr|BC|CV|TB)-[A-ZĐ0-9-]+$")]
    pub decision_number: String,
}

/// A line to add to a training plan.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "course_id": "0199f0c4-5a7e-7000-8000-000000000002", "quota": 5}))]
pub struct CreatePlanLine {
    /// Unit that may nominate its people (UUID).
    pub unit_id: Uuid,
    /// Course to which people are sent (UUID).
    pub course_id: Uuid,
    /// Largest number of people whom the unit may send to the course under the plan, 1 to 10000.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    pub quota: i32,
}

/// The training plan of a year.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanDto {
    /// Identifier of the plan (UUID), assigned by the service.
    pub id: Uuid,
    /// Calendar year of the plan, 2020 to 2100; each year has one plan.
    #[schema(example = 2027)]
    pub year: i32,
    /// Title of the plan, 1 to 300 characters.
    #[schema(max_length = 300, example = "Kế hoạch đào tạo, bồi dưỡng năm 2027")]
    pub title: String,
    /// Number of the decision that approved the plan, up to 50 characters; `null` until it is approved.
    #[schema(max_length = 50, example = "2646/QĐ-BCT")]
    pub decision_number: Option<String>,
    /// State of the plan: `draft`, `submitted` or `approved`.
    #[schema(example = "approved")]
    pub status: PlanStatus,
    /// Version of the plan, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the plan was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment the plan was last changed (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

/// A line of a training plan: how many people a unit may send to a course in the year.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanLineDto {
    /// Identifier of the line (UUID), assigned by the service; nominations refer to it.
    pub id: Uuid,
    /// Training plan that the line belongs to (UUID).
    pub training_plan_id: Uuid,
    /// Unit that may nominate its people (UUID).
    pub unit_id: Uuid,
    /// Course to which people are sent (UUID).
    pub course_id: Uuid,
    /// Largest number of people whom the unit may send to the course under the plan, 1 to 10000.
    #[schema(example = 5)]
    pub quota: i32,
    /// Moment the line was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
}

impl From<CreatePlan> for Draft {
    fn from(dto: CreatePlan) -> Self {
        Self { year: dto.year, title: dto.title }
    }
}

impl From<PatchPlan> for Change {
    fn from(dto: PatchPlan) -> Self {
        Self { title: dto.title, ..Self::default() }
    }
}

impl From<CreatePlanLine> for LineDraft {
    fn from(dto: CreatePlanLine) -> Self {
        Self { unit_id: dto.unit_id, course_id: dto.course_id, quota: dto.quota }
    }
}

impl From<Plan> for PlanDto {
    fn from(plan: Plan) -> Self {
        Self {
            id: plan.id,
            year: plan.year,
            title: plan.title,
            decision_number: plan.decision_number,
            status: plan.status,
            version: plan.version,
            created_at: plan.created_at,
            updated_at: plan.updated_at,
        }
    }
}

impl From<PlanLine> for PlanLineDto {
    fn from(line: PlanLine) -> Self {
        Self {
            id: line.id,
            training_plan_id: line.training_plan_id,
            unit_id: line.unit_id,
            course_id: line.course_id,
            quota: line.quota,
            created_at: line.created_at,
        }
    }
}
