use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateSuccessionEntry, PatchSuccessionEntry, SuccessionEntryDto, SuccessionQuery};
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

/// List succession entries
///
/// Newest first; `unit_id` includes all units below the unit, and `as_of` selects the entries valid on a day.
#[utoipa::path(tag = "organisation", operation_id = "succession_entries_list", params(SuccessionQuery),
    security(("oauth2" = [perm::SuccessionRead])),
    responses((status = 200, description = "A page of succession entries",
        body = PageDto<SuccessionEntryDto>)))]
#[get("/v1/succession-lists")]
async fn list(allow: Allow<perm::SuccessionRead>, query: ValidQuery<SuccessionQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        employee_id: query.0.employee_id,
        unit_id: query.0.unit_id,
        job_position_id: query.0.job_position_id,
        as_of: query.0.as_of,
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/succession-lists", &query.0, rows.map(SuccessionEntryDto::from))
}

/// Add a person to a succession list
///
/// The entry is for one job position, by one decision, for a limited time. At any time, a person has at most
/// one entry for a job position.
#[utoipa::path(tag = "organisation", operation_id = "succession_entries_create", request_body = CreateSuccessionEntry,
    security(("oauth2" = [perm::SuccessionManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The succession entry", body = SuccessionEntryDto)))]
#[post("/v1/succession-lists")]
async fn create(
    allow: Allow<perm::SuccessionManage>,
    key: IdempotencyKey,
    input: Valid<CreateSuccessionEntry>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let entry = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/succession-lists/{}", entry.id),
                entry.version,
                &SuccessionEntryDto::from(entry),
            )
        })
        .await
}

/// Read a succession entry
///
/// Returns one entry.
#[utoipa::path(tag = "organisation", operation_id = "succession_entries_get",
    security(("oauth2" = [perm::SuccessionRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the succession entry (UUID)"), IfNoneMatch),
    responses((status = 200, description = "The succession entry", body = SuccessionEntryDto)))]
#[get("/v1/succession-lists/{id}")]
async fn get(allow: Allow<perm::SuccessionRead>, id: Id) -> Result<Reply> {
    let entry = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(entry.version, &SuccessionEntryDto::from(entry))
}

/// Change a succession entry
///
/// JSON merge patch (RFC 7396): only the end date can be changed.
#[utoipa::path(tag = "organisation", operation_id = "succession_entries_update",
    request_body(content = PatchSuccessionEntry, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::SuccessionManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the succession entry (UUID)"), IfMatch),
    responses((status = 200, description = "The succession entry after the change",
        body = SuccessionEntryDto)))]
#[patch("/v1/succession-lists/{id}")]
async fn update(
    allow: Allow<perm::SuccessionManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchSuccessionEntry>,
) -> Result<Reply> {
    let entry = allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?;
    Reply::resource(entry.version, &SuccessionEntryDto::from(entry))
}
