use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateJobPosition, JobPositionDto, JobPositionsQuery, PatchJobPosition};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfMatch, IfNoneMatch, Patch, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create).service(get).service(update);
}

/// List job positions
///
/// Newest first; filtered by code, words, position group or leadership.
#[utoipa::path(tag = "organisation", operation_id = "job_positions_list", params(JobPositionsQuery),
    security(("oauth2" = [perm::PositionRead])),
    responses((status = 200, description = "A page of job positions", body = PageDto<JobPositionDto>)))]
#[get("/v1/job-positions")]
async fn list(allow: Allow<perm::PositionRead>, query: ValidQuery<JobPositionsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        code: query.0.code.clone(),
        q: query.0.q.clone(),
        position_group: query.0.position_group.clone(),
        is_leadership: query.0.is_leadership,
    };
    let rows = allow.read(async |tx| service::list(tx, filter, &page).await).await?;
    allow.reply_page("/v1/job-positions", &query.0, rows.map(JobPositionDto::from))
}

/// Create a job position
///
/// The code never changes; imports refer to the job position by it. Add its competency requirements with
/// `POST /v1/job-positions/{id}/requirements`.
#[utoipa::path(tag = "organisation", operation_id = "job_positions_create", request_body = CreateJobPosition,
    security(("oauth2" = [perm::PositionManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The job position", body = JobPositionDto)))]
#[post("/v1/job-positions")]
async fn create(
    allow: Allow<perm::PositionManage>,
    key: IdempotencyKey,
    input: Valid<CreateJobPosition>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let position = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/job-positions/{}", position.id),
                position.version,
                &JobPositionDto::from(position),
            )
        })
        .await
}

/// Read a job position
///
/// Returns one job position with the longest absence it allows.
#[utoipa::path(tag = "organisation", operation_id = "job_positions_get",
    security(("oauth2" = [perm::PositionRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the job position (UUID)"), IfNoneMatch),
    responses((status = 200, description = "The job position", body = JobPositionDto)))]
#[get("/v1/job-positions/{id}")]
async fn get(allow: Allow<perm::PositionRead>, id: Id) -> Result<Reply> {
    let position = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(position.version, &JobPositionDto::from(position))
}

/// Change a job position
///
/// JSON merge patch (RFC 7396). To change a requirement of the position, add a new requirement that replaces
/// it.
#[utoipa::path(tag = "organisation", operation_id = "job_positions_update",
    request_body(content = PatchJobPosition, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::PositionManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the job position (UUID)"), IfMatch),
    responses((status = 200, description = "The job position after the change", body = JobPositionDto)))]
#[patch("/v1/job-positions/{id}")]
async fn update(
    allow: Allow<perm::PositionManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchJobPosition>,
) -> Result<Reply> {
    let position =
        allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?;
    Reply::resource(position.version, &JobPositionDto::from(position))
}
