use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateRequirement, RequirementDto, RequirementsQuery};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create);
}

/// List a position's requirements
///
/// Requirements valid on a day (`as_of`, today if not given), or with `history=true` all past, present and
/// future requirements. Newest first.
#[utoipa::path(tag = "organisation", operation_id = "job_position_requirements_list", params(RequirementsQuery,
        ("id" = uuid::Uuid, Path, description = "Identifier of the job position (UUID)")),
    security(("oauth2" = [perm::PositionRead])),
    responses((status = 200, description = "A page of requirements", body = PageDto<RequirementDto>)))]
#[get("/v1/job-positions/{id}/requirements")]
async fn list(
    allow: Allow<perm::PositionRead>,
    id: Id,
    query: ValidQuery<RequirementsQuery>,
) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let (as_of, history) = (query.0.as_of, query.0.history.unwrap_or_default());
    let rows = allow.read(async |tx| service::list(tx, id.0, as_of, history, &page).await).await?;
    let path = format!("/v1/job-positions/{}/requirements", id.0);
    allow.reply_page(&path, &query.0, rows.map(RequirementDto::from))
}

/// Add a requirement
///
/// An earlier requirement for the same competency that has no end date ends on the first day of the new one.
/// Any other overlap is refused.
#[utoipa::path(tag = "organisation", operation_id = "job_position_requirements_create",
    request_body = CreateRequirement, security(("oauth2" = [perm::PositionManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the job position (UUID)"), IdempotencyKey),
    responses((status = 201, description = "The requirement", body = RequirementDto)))]
#[post("/v1/job-positions/{id}/requirements")]
async fn create(
    allow: Allow<perm::PositionManage>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<CreateRequirement>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let requirement = service::create(tx, id.0, body.into()).await?;
            let location = format!("/v1/job-positions/{}/requirements", id.0);
            Reply::added(location, &RequirementDto::from(requirement))
        })
        .await
}
