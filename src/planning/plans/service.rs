use serde_json::json;
use uuid::Uuid;

use super::model::{Action, Change, Draft, LineDraft, Plan, PlanLine};
use super::queries::{self, Filter, LineFilter};
use crate::catalogue::courses;
use crate::db::Tx;
use crate::error::{ReferenceExt, Result};
use crate::organisation::units;
use crate::page::{Page, PageRequest};
use crate::patch::unchanged;
use crate::version::Expected;

/// One page of plans.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Plan>> {
    queries::list(tx, filter, page).await
}

/// One plan.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Plan> {
    queries::get(tx, id).await
}

/// Start the plan of a year.
///
/// # Errors
/// [`crate::error::Rule::PlanExists`].
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Plan> {
    let plan = queries::insert(tx, draft).await?;
    tx.emit("training_plan.created", plan.id, &event_data(&plan));
    Ok(plan)
}

/// Change a plan that was not submitted yet.
///
/// # Errors
/// [`crate::error::Error::Stale`]; [`crate::error::Rule::WrongState`].
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<Plan> {
    let plan = queries::get_for_change(tx, id).await?;
    expected.check(plan.version)?;
    plan.status.step(Action::Edit)?;
    if unchanged!(&change, plan, Change { title } and no { decision_number, status }) {
        return Ok(plan);
    }
    let plan = queries::update(tx, &plan, change).await?;
    tx.emit(Action::Edit.event(), id, &event_data(&plan));
    Ok(plan)
}

/// Submit a plan, or approve it by a decision.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] where the transition table has no such step.
pub async fn act(tx: &mut Tx<'_>, id: Uuid, action: Action, decision_number: Option<String>) -> Result<Plan> {
    let plan = queries::get_for_change(tx, id).await?;
    tx.matches(plan.version)?;
    let change = Change { status: Some(plan.status.step(action)?), decision_number, ..Change::default() };
    let plan = queries::update(tx, &plan, change).await?;
    tx.emit(action.event(), id, &event_data(&plan));
    Ok(plan)
}

/// One page of a plan's lines, as far as the caller's units reach.
///
/// # Errors
/// As [`get`].
pub async fn lines(
    tx: &mut Tx<'_>,
    plan_id: Uuid,
    filter: &LineFilter,
    page: &PageRequest,
) -> Result<Page<PlanLine>> {
    queries::get(tx, plan_id).await?;
    queries::lines(tx, plan_id, filter, page).await
}

/// One line of a plan, with the plan's state.
///
/// # Errors
/// Not found outside the caller's reach: a unit head has the lines of their units and of all below, an employee those
/// of their unit and of all above it.
pub async fn find_line_visible(tx: &mut Tx<'_>, line_id: Uuid) -> Result<PlanLine> {
    queries::get_line(tx, line_id).await
}

/// Add a line to a plan that was not submitted yet.
///
/// # Errors
/// [`crate::error::Rule::WrongState`]; [`crate::error::Rule::PlanLineExists`]; an unknown unit or course.
pub async fn add_line(tx: &mut Tx<'_>, plan_id: Uuid, draft: LineDraft) -> Result<PlanLine> {
    let plan = queries::get_for_change(tx, plan_id).await?;
    plan.status.step(Action::Edit)?;
    units::find_visible(tx, draft.unit_id).await.referenced_at("/unit_id")?;
    courses::find_visible(tx, draft.course_id).await.referenced_at("/course_id")?;
    let line = queries::insert_line(tx, plan_id, draft).await?;
    let data = json!({
        "training_plan_id": plan_id, "unit_id": line.unit_id, "course_id": line.course_id, "quota": line.quota
    });
    tx.emit("training_plan_line.created", line.id, &data);
    Ok(line)
}

fn event_data(plan: &Plan) -> serde_json::Value {
    json!({"year": plan.year, "status": plan.status, "decision_number": plan.decision_number})
}
