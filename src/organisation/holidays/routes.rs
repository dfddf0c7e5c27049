use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{BatchHolidays, HolidayDto, HolidaysDto, HolidaysQuery};
use super::service;
use crate::access::{Allow, perm};
use crate::error::Result;
use crate::http::{IdempotencyKey, Reply, Valid, ValidQuery};
use crate::organisation::batch::BatchCounts;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(batch);
}

/// List the holidays of a year
///
/// Public holidays and weekend days worked in exchange for bridge days, in order.
#[utoipa::path(tag = "organisation", operation_id = "holidays_list", params(HolidaysQuery),
    security(("oauth2" = [perm::UnitRead])),
    responses((status = 200, description = "The holidays", body = HolidaysDto)))]
#[get("/v1/holidays")]
async fn list(allow: Allow<perm::UnitRead>, query: ValidQuery<HolidaysQuery>) -> Result<Reply> {
    let (year, rows) = allow.read(async |tx| service::list(tx, query.0.year).await).await?;
    Reply::ok(&HolidaysDto { year, items: rows.into_iter().map(HolidayDto::from).collect() })
}

/// Create or replace holidays in a batch
///
/// By day, up to 366. All or nothing, and safe to repeat.
#[utoipa::path(tag = "organisation", operation_id = "holidays_batch", request_body = BatchHolidays,
    security(("oauth2" = [perm::UnitManage])),
    responses((status = 200, description = "What the batch did", body = BatchCounts)))]
#[post("/v1/holidays/batch")]
async fn batch(
    allow: Allow<perm::UnitManage>,
    key: IdempotencyKey,
    input: Valid<BatchHolidays>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let rows = body.items.into_iter().map(Into::into).collect();
            Reply::ok(&service::upsert(tx, rows).await?)
        })
        .await
}
