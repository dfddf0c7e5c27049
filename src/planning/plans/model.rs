use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::{training_plan_lines, training_plans};
use crate::db::text_enum;
use crate::error::Result;
use crate::transition::Transition;

/// State of a training plan: `draft` (being written), `submitted` (waits for the leader), `approved` (in
/// force, by a decision).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum PlanStatus {
    /// Being written.
    Draft,
    /// Waits for the decision of the leader.
    Submitted,
    /// In force, by a decision.
    Approved,
}

text_enum!(PlanStatus);

/// What is done with a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Change its title or add a line.
    Edit,
    Submit,
    Approve,
}

impl Action {
    /// The transition table: the states that allow an action, and the state it leads to.
    const fn transition(self) -> Transition<PlanStatus> {
        use PlanStatus::*;
        match self {
            Action::Edit => Transition::stay(&[Draft]),
            Action::Submit => Transition::to(&[Draft], Submitted),
            Action::Approve => Transition::to(&[Submitted], Approved),
        }
    }

    /// Name of the event that announces it.
    pub const fn event(self) -> &'static str {
        match self {
            Action::Edit => "training_plan.updated",
            Action::Submit => "training_plan.submitted",
            Action::Approve => "training_plan.approved",
        }
    }
}

impl PlanStatus {
    /// The state after an action.
    pub(super) fn step(self, action: Action) -> Result<Self> {
        action.transition().step(self, Self::name)
    }
}

/// A plan as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = training_plans, check_for_backend(diesel::pg::Pg))]
pub struct Plan {
    pub id: Uuid,
    pub year: i32,
    pub title: String,
    pub decision_number: Option<String>,
    pub status: PlanStatus,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A line of a plan: how many a unit may send to a course, and the plan it belongs to.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = training_plan_lines, check_for_backend(diesel::pg::Pg))]
pub struct PlanLine {
    /// Its id.
    pub id: Uuid,
    /// The plan.
    pub training_plan_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The course.
    pub course_id: Uuid,
    /// Most people of the unit.
    pub quota: i32,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// Year of the plan.
    #[diesel(select_expression = training_plans::year)]
    pub year: i32,
    /// State of the plan.
    #[diesel(select_expression = training_plans::status)]
    pub plan_status: PlanStatus,
}

/// What is needed to start a plan.
#[derive(Debug, Clone)]
pub struct Draft {
    pub year: i32,
    pub title: String,
}

/// What is needed to add a line.
#[derive(Debug, Clone)]
pub struct LineDraft {
    pub unit_id: Uuid,
    pub course_id: Uuid,
    pub quota: i32,
}

/// What changes; absent members stay.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = training_plans)]
pub struct Change {
    pub title: Option<String>,
    pub decision_number: Option<String>,
    pub status: Option<PlanStatus>,
}

#[cfg(test)]
mod tests {
    use super::PlanStatus::*;
    use super::*;

    #[test]
    fn every_state_and_action() {
        for (from, expected) in [
            (Draft, [Some(Draft), Some(Submitted), None]),
            (Submitted, [None, None, Some(Approved)]),
            (Approved, [None, None, None]),
        ] {
            let reached =
                [Action::Edit, Action::Submit, Action::Approve].map(|action| from.step(action).ok());
            assert_eq!(reached, expected, "from {}", from.name());
        }
    }
}
