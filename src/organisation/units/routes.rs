use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{BatchUnits, CreateUnit, PatchUnit, UnitDto, UnitTreeDto, UnitTreeItemDto, UnitsQuery};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{
    Allow, Checked, Id, IdempotencyKey, IfMatch, IfNoneMatch, Patch, Reply, Valid, ValidQuery,
};
use crate::organisation::batch::BatchCounts;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create).service(batch).service(get).service(tree).service(update);
}

/// List units
///
/// Newest first; `parent_id` selects the units directly below a unit.
#[utoipa::path(tag = "organisation", operation_id = "units_list", params(UnitsQuery),
    security(("oauth2" = [perm::UnitRead])),
    responses((status = 200, description = "A page of units", body = PageDto<UnitDto>)))]
#[get("/v1/units")]
async fn list(allow: Allow<perm::UnitRead>, query: ValidQuery<UnitsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        code: query.0.code.clone(),
        q: query.0.q.clone(),
        parent_id: query.0.parent_id,
        kind: query.0.kind,
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/units", &query.0, rows.map(|unit| UnitDto::seen_by(allow.actor(), unit)))
}

/// Create a unit
///
/// The code never changes; imports refer to the unit by it.
#[utoipa::path(tag = "organisation", operation_id = "units_create", request_body = CreateUnit,
    security(("oauth2" = [perm::UnitManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The unit", body = UnitDto)))]
#[post("/v1/units")]
async fn create(
    allow: Allow<perm::UnitManage>,
    key: IdempotencyKey,
    input: Valid<CreateUnit>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let unit = service::create(tx, body.into()).await?;
            Reply::created(format!("/v1/units/{}", unit.id), unit.version, &UnitDto::from(unit))
        })
        .await
}

/// Create or replace units in a batch
///
/// For the HR portal: 1 to 1,000 rows, which refer to the unit, the unit above it and its head by code; each
/// unit comes after the unit above it. Either all rows are stored or none; every error names its row
/// (`/items/3/parent_code`). Sending a batch again is safe: rows that equal the stored record change nothing.
#[utoipa::path(tag = "organisation", operation_id = "units_batch", request_body = BatchUnits,
    security(("oauth2" = [perm::UnitManage])),
    params(IdempotencyKey),
    responses((status = 200, description = "Number of rows that were new, changed or unchanged",
        body = BatchCounts)))]
#[post("/v1/units/batch")]
async fn batch(
    allow: Allow<perm::UnitManage>,
    key: IdempotencyKey,
    input: Checked<BatchUnits>,
) -> Result<Reply> {
    let Checked { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let items = match body {
                Ok(body) => body.items,
                Err(refused) => return service::refuse(tx, refused).await,
            };
            Reply::ok(&service::upsert(tx, items.into_iter().map(Into::into).collect()).await?)
        })
        .await
}

/// Read a unit
///
/// Returns one unit with its head.
#[utoipa::path(tag = "organisation", operation_id = "units_get", security(("oauth2" = [perm::UnitRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the unit (UUID)"), IfNoneMatch),
    responses((status = 200, description = "The unit", body = UnitDto)))]
#[get("/v1/units/{id}")]
async fn get(allow: Allow<perm::UnitRead>, id: Id) -> Result<Reply> {
    let unit = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(unit.version, &UnitDto::seen_by(allow.actor(), unit))
}

/// Read a unit's tree
///
/// Returns the unit and all units below it; each comes after the unit above it.
#[utoipa::path(tag = "organisation", operation_id = "units_tree", security(("oauth2" = [perm::UnitRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the unit at the top of the tree (UUID)")),
    responses((status = 200, description = "The unit and all units below it", body = UnitTreeDto)))]
#[get("/v1/units/{id}/tree")]
async fn tree(allow: Allow<perm::UnitRead>, id: Id) -> Result<Reply> {
    let rows = allow.read(async |tx| service::tree(tx, id.0).await).await?;
    let seen = |unit| UnitDto::seen_by(allow.actor(), unit);
    let items = rows.into_iter().map(|(depth, unit)| UnitTreeItemDto { depth, unit: seen(unit) }).collect();
    Reply::ok(&UnitTreeDto { items })
}

/// Change a unit
///
/// JSON merge patch (RFC 7396). Moving a unit moves all units below it.
#[utoipa::path(tag = "organisation", operation_id = "units_update",
    request_body(content = PatchUnit, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::UnitManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the unit (UUID)"), IfMatch),
    responses((status = 200, description = "The unit after the change", body = UnitDto)))]
#[patch("/v1/units/{id}")]
async fn update(
    allow: Allow<perm::UnitManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchUnit>,
) -> Result<Reply> {
    let unit = allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?;
    Reply::resource(unit.version, &UnitDto::from(unit))
}
