use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateDelegation, DelegationDto, DelegationsQuery};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create).service(get).service(revoke);
}

/// List delegations
///
/// Those for the caller's units, and those the caller gave or was given; an administrator sees all. Newest first.
#[utoipa::path(tag = "identity", operation_id = "delegations_list", params(DelegationsQuery),
    security(("oauth2" = [perm::DelegationRead])),
    responses((status = 200, description = "A page of delegations", body = PageDto<DelegationDto>)))]
#[get("/v1/delegations")]
async fn list(allow: Allow<perm::DelegationRead>, query: ValidQuery<DelegationsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let rows = allow.read(async |tx| service::list(tx, query.0.unit_id, &page).await).await?;
    allow.reply_page("/v1/delegations", &query.0, rows.map(DelegationDto::from))
}

/// Name a deputy
///
/// At once, the deputy may send `On-Behalf-Of` with the delegation's id and then acts as the head of the
/// unit, within these days and as long as the caller heads the unit. The audit log names both. A deputy has one delegation
/// for a unit at a time, and at most 10 in all for today or later; a head gives at most 20.
#[utoipa::path(tag = "identity", operation_id = "delegations_create", request_body = CreateDelegation,
    security(("oauth2" = [perm::DelegationManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The delegation", body = DelegationDto)))]
#[post("/v1/delegations")]
async fn create(
    allow: Allow<perm::DelegationManage>,
    key: IdempotencyKey,
    input: Valid<CreateDelegation>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let d = service::create(tx, body.into()).await?;
            Reply::created(format!("/v1/delegations/{}", d.id), d.version, &DelegationDto::from(d))
        })
        .await
}

/// Read a delegation
///
/// Who acts for whom, for which unit, on which days.
#[utoipa::path(tag = "identity", operation_id = "delegations_get",
    security(("oauth2" = [perm::DelegationRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the delegation"), IfNoneMatch),
    responses((status = 200, description = "The delegation", body = DelegationDto)))]
#[get("/v1/delegations/{id}")]
async fn get(allow: Allow<perm::DelegationRead>, id: Id) -> Result<Reply> {
    let d = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(d.version, &DelegationDto::from(d))
}

/// End a delegation
///
/// By a head of the unit, by the deputy, or by an administrator. At once and everywhere: it is looked up for each request
/// that names it.
#[utoipa::path(tag = "identity", operation_id = "delegations_revoke",
    security(("oauth2" = [perm::DelegationEnd])),
    params(("id" = uuid::Uuid, Path, description = "Id of the delegation"), IdempotencyKey),
    responses((status = 200, description = "The delegation", body = DelegationDto)))]
#[post("/v1/delegations/{id}/revoke")]
async fn revoke(allow: Allow<perm::DelegationEnd>, key: IdempotencyKey, id: Id) -> Result<Reply> {
    allow
        .write_once(&key, "", async |tx| {
            let d = service::revoke(tx, id.0).await?;
            Reply::resource(d.version, &DelegationDto::from(d))
        })
        .await
}
