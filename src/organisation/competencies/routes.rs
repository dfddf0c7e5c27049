use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CompetenciesQuery, CompetencyDto, CreateCompetency, PatchCompetency};
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

/// List competencies
///
/// Newest first; filtered by code, words or content of training.
#[utoipa::path(tag = "organisation", operation_id = "competencies_list", params(CompetenciesQuery),
    security(("oauth2" = [perm::CompetencyRead])),
    responses((status = 200, description = "A page of competencies", body = PageDto<CompetencyDto>)))]
#[get("/v1/competencies")]
async fn list(allow: Allow<perm::CompetencyRead>, query: ValidQuery<CompetenciesQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter =
        Filter { code: query.0.code.clone(), q: query.0.q.clone(), content_area: query.0.content_area };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/competencies", &query.0, rows.map(CompetencyDto::from))
}

/// Create a competency
///
/// The code never changes; imports refer to the competency by it.
#[utoipa::path(tag = "organisation", operation_id = "competencies_create", request_body = CreateCompetency,
    security(("oauth2" = [perm::CompetencyManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The competency", body = CompetencyDto)))]
#[post("/v1/competencies")]
async fn create(
    allow: Allow<perm::CompetencyManage>,
    key: IdempotencyKey,
    input: Valid<CreateCompetency>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let competency = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/competencies/{}", competency.id),
                competency.version,
                &CompetencyDto::from(competency),
            )
        })
        .await
}

/// Read a competency
///
/// Returns one competency with the meaning of its levels.
#[utoipa::path(tag = "organisation", operation_id = "competencies_get",
    security(("oauth2" = [perm::CompetencyRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the competency (UUID)"), IfNoneMatch),
    responses((status = 200, description = "The competency", body = CompetencyDto)))]
#[get("/v1/competencies/{id}")]
async fn get(allow: Allow<perm::CompetencyRead>, id: Id) -> Result<Reply> {
    let competency = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(competency.version, &CompetencyDto::from(competency))
}

/// Change a competency
///
/// JSON merge patch (RFC 7396): members that are not sent keep their values.
#[utoipa::path(tag = "organisation", operation_id = "competencies_update",
    request_body(content = PatchCompetency, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::CompetencyManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the competency (UUID)"), IfMatch),
    responses((status = 200, description = "The competency after the change", body = CompetencyDto)))]
#[patch("/v1/competencies/{id}")]
async fn update(
    allow: Allow<perm::CompetencyManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchCompetency>,
) -> Result<Reply> {
    let competency =
        allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?;
    Reply::resource(competency.version, &CompetencyDto::from(competency))
}
