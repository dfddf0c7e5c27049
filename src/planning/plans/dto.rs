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
        /// Words of the title; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only of this year.
        year: i32,
        /// Only in this state.
        status: PlanStatus,
    }
}

list_query! {
    /// Filters of a plan's lines.
    PlanLinesQuery {
        /// Only of this unit.
        unit_id: Uuid,
        /// Only for this course.
        course_id: Uuid,
    }
}

/// Start the plan of a year.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"year": 2028, "title": "Kế hoạch đào tạo, bồi dưỡng năm 2028"}))]
pub struct CreatePlan {
    /// Its year; there is one plan a year.
    #[validate(range(min = 2020, max = 2100))]
    #[schema(minimum = 2020, maximum = 2100)]
    pub year: i32,
    /// Its title.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
}

/// Change a plan (merge patch): absent members stay.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Kế hoạch đào tạo, bồi dưỡng năm 2027"}))]
pub struct PatchPlan {
    /// Its title.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The decision that puts a plan into force.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision_number": "2646/QĐ-BCT"}))]
pub struct ApprovePlan {
    /// Number of the decision: running number, kind of document, issuer.
    #[validate(length(max = 50), custom(function = "check::decision_number"))]
    #[schema(max_length = 50, pattern = "^[0-9]{1,5}/(QĐ|KH|TTr|BC|CV|TB)-[A-ZĐ0-9-]+$")]
    pub decision_number: String,
}

/// Add a line to a plan.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "course_id": "0199f0c4-5a7e-7000-8000-000000000002", "quota": 5}))]
pub struct CreatePlanLine {
    /// The unit that sends.
    pub unit_id: Uuid,
    /// The course.
    pub course_id: Uuid,
    /// Most people of the unit.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    pub quota: i32,
}

/// The training plan of a year.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanDto {
    /// Its id.
    pub id: Uuid,
    /// Its year.
    #[schema(example = 2027)]
    pub year: i32,
    /// Its title.
    #[schema(max_length = 300, example = "Kế hoạch đào tạo, bồi dưỡng năm 2027")]
    pub title: String,
    /// Decision that put it into force; `null` before.
    #[schema(max_length = 50, example = "2646/QĐ-BCT")]
    pub decision_number: Option<String>,
    /// Where it stands.
    #[schema(example = "approved")]
    pub status: PlanStatus,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was started.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A line of a plan: how many a unit may send to a course.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanLineDto {
    /// Its id: what a nomination cites.
    pub id: Uuid,
    /// The plan.
    pub training_plan_id: Uuid,
    /// The unit that sends.
    pub unit_id: Uuid,
    /// The course.
    pub course_id: Uuid,
    /// Most people of the unit.
    #[schema(example = 5)]
    pub quota: i32,
    /// When it was added.
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
