use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    ApprovePlan, CreatePlan, CreatePlanLine, PatchPlan, PlanDto, PlanLineDto, PlanLinesQuery, PlansQuery,
};
use super::model::{Action, Plan};
use super::queries::{Filter, LineFilter};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{
    Allow, Id, IdempotencyKey, IfMatch, IfNoneMatch, IfVersion, Patch, Reply, Valid, ValidQuery,
};

/// A line is never changed: it has one version.
const LINE_VERSION: i32 = 1;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list)
        .service(create)
        .service(get)
        .service(update)
        .service(submit)
        .service(approve)
        .service(list_lines)
        .service(create_line)
        .service(get_line);
}

/// List training plans
///
/// Newest first; each year has one plan.
#[utoipa::path(tag = "planning", operation_id = "training_plans_list", params(PlansQuery),
    security(("oauth2" = [perm::PlanRead])),
    responses((status = 200, description = "A page of plans", body = PageDto<PlanDto>)))]
#[get("/v1/training-plans")]
async fn list(allow: Allow<perm::PlanRead>, query: ValidQuery<PlansQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter { q: query.0.q.clone(), year: query.0.year, status: query.0.status };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/training-plans", &query.0, rows.map(PlanDto::from))
}

/// Create a training plan
///
/// Creates the plan of a year as a draft without lines.
#[utoipa::path(tag = "planning", operation_id = "training_plans_create", request_body = CreatePlan,
    security(("oauth2" = [perm::PlanManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The plan", body = PlanDto)))]
#[post("/v1/training-plans")]
async fn create(
    allow: Allow<perm::PlanManage>,
    key: IdempotencyKey,
    input: Valid<CreatePlan>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let plan = service::create(tx, body.into()).await?;
            Reply::created(format!("/v1/training-plans/{}", plan.id), plan.version, &PlanDto::from(plan))
        })
        .await
}

/// Read a training plan
///
/// One plan, with the decision that approved it. Its lines have a list of their own.
#[utoipa::path(tag = "planning", operation_id = "training_plans_get", security(("oauth2" = [perm::PlanRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the plan"), IfNoneMatch),
    responses((status = 200, description = "The plan", body = PlanDto)))]
#[get("/v1/training-plans/{id}")]
async fn get(allow: Allow<perm::PlanRead>, id: Id) -> Result<Reply> {
    reply(allow.read(async |tx| service::get(tx, id.0).await).await?)
}

/// Change a training plan
///
/// Merge patch (RFC 7396). Possible in the state `draft`.
#[utoipa::path(tag = "planning", operation_id = "training_plans_update",
    request_body(content = PatchPlan, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::PlanManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the plan"), IfMatch),
    responses((status = 200, description = "The plan as it is now", body = PlanDto)))]
#[patch("/v1/training-plans/{id}")]
async fn update(
    allow: Allow<perm::PlanManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchPlan>,
) -> Result<Reply> {
    reply(allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?)
}

/// Submit a training plan
///
/// Submits the plan to the leader. Possible in the state `draft`; no lines can be added from now on.
#[utoipa::path(tag = "planning", operation_id = "training_plans_submit", security(("oauth2" = [perm::PlanManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the plan"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The plan as it is now", body = PlanDto)))]
#[post("/v1/training-plans/{id}/submit")]
async fn submit(allow: Allow<perm::PlanManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    allow.write_once(&key, "", async |tx| reply(service::act(tx, id.0, Action::Submit, None).await?)).await
}

/// Approve a training plan
///
/// Approves the plan by a decision of the leader. Possible in the state `submitted`.
#[utoipa::path(tag = "planning", operation_id = "training_plans_approve", request_body = ApprovePlan,
    security(("oauth2" = [perm::PlanDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the plan"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The plan as it is now", body = PlanDto)))]
#[post("/v1/training-plans/{id}/approve")]
async fn approve(
    allow: Allow<perm::PlanDecide>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<ApprovePlan>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            reply(service::act(tx, id.0, Action::Approve, Some(body.decision_number)).await?)
        })
        .await
}

/// List the lines of a training plan
///
/// Newest first. A unit head sees the lines of the head's units and of the units below them; others who may
/// read plans see all lines.
#[utoipa::path(tag = "planning", operation_id = "training_plan_lines_list",
    params(("id" = uuid::Uuid, Path, description = "Id of the plan"), PlanLinesQuery),
    security(("oauth2" = [perm::PlanRead])),
    responses((status = 200, description = "A page of lines", body = PageDto<PlanLineDto>)))]
#[get("/v1/training-plans/{id}/lines")]
async fn list_lines(
    allow: Allow<perm::PlanRead>,
    id: Id,
    query: ValidQuery<PlanLinesQuery>,
) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = LineFilter { unit_id: query.0.unit_id, course_id: query.0.course_id };
    let rows = allow.read(async |tx| service::lines(tx, id.0, &filter, &page).await).await?;
    let path = format!("/v1/training-plans/{}/lines", id.0);
    allow.reply_page(&path, &query.0, rows.map(PlanLineDto::from))
}

/// Add a line to a training plan
///
/// Sets how many people a unit may send to a course. Possible while the plan is in the state `draft`.
#[utoipa::path(tag = "planning", operation_id = "training_plan_lines_create", request_body = CreatePlanLine,
    params(("id" = uuid::Uuid, Path, description = "Id of the plan"), IdempotencyKey),
    security(("oauth2" = [perm::PlanManage])),
    responses((status = 201, description = "The line", body = PlanLineDto, headers(("ETag" = String)))))]
#[post("/v1/training-plans/{id}/lines")]
async fn create_line(
    allow: Allow<perm::PlanManage>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<CreatePlanLine>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let line = service::add_line(tx, id.0, body.into()).await?;
            let place = format!("/v1/training-plan-lines/{}", line.id);
            Reply::created(place, LINE_VERSION, &PlanLineDto::from(line))
        })
        .await
}

/// Read a line of a training plan
///
/// One line of a plan, to which nominations refer.
#[utoipa::path(tag = "planning", operation_id = "training_plan_lines_get",
    security(("oauth2" = [perm::PlanRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the line"), IfNoneMatch),
    responses((status = 200, description = "The line", body = PlanLineDto)))]
#[get("/v1/training-plan-lines/{id}")]
async fn get_line(allow: Allow<perm::PlanRead>, id: Id) -> Result<Reply> {
    let line = allow.read(async |tx| service::find_line_visible(tx, id.0).await).await?;
    Reply::resource(LINE_VERSION, &PlanLineDto::from(line))
}

fn reply(plan: Plan) -> Result<Reply> {
    Reply::resource(plan.version, &PlanDto::from(plan))
}
