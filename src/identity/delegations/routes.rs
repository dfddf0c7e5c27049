use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateDelegation, DelegationDto, DelegationsQuery};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, IfVersion, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create).service(get).service(revoke);
}

/// List delegations
///
/// Delegations for the caller's units, and those that the caller gave or received; administrators, training
/// officers, leaders and auditors see all. Newest first.
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
/// From now on, the deputy can send the delegation's identifier in the header `On-Behalf-Of` and then acts as
/// head of the unit, on the given days and as long as the caller heads the unit. The audit log names both.
/// For a unit, a deputy has one delegation at a time, and in all at most 10 for today or later; a head gives
/// at most 20.
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
/// Returns who acts for whom, for which unit and on which days.
#[utoipa::path(tag = "identity", operation_id = "delegations_get",
    security(("oauth2" = [perm::DelegationRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the delegation (UUID)"), IfNoneMatch),
    responses((status = 200, description = "The delegation", body = DelegationDto)))]
#[get("/v1/delegations/{id}")]
async fn get(allow: Allow<perm::DelegationRead>, id: Id) -> Result<Reply> {
    let d = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(d.version, &DelegationDto::from(d))
}

/// End a delegation
///
/// A head of the unit, the deputy or an administrator can revoke it. This takes effect at once, because every
/// request that names a delegation checks it.
#[utoipa::path(tag = "identity", operation_id = "delegations_revoke",
    security(("oauth2" = [perm::DelegationEnd])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the delegation (UUID)"), IdempotencyKey, IfVersion),
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
