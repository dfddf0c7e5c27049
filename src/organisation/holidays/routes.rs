use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{BatchHolidays, HolidayDto, HolidaysDto, HolidaysQuery};
use super::model::Holiday;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, IdempotencyKey, Reply, Valid, ValidQuery};
use crate::organisation::batch::BatchCounts;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(set).service(batch);
}

/// List the holidays of a year
///
/// Public holidays and weekend days worked in exchange for a day off, in ascending order of date.
#[utoipa::path(tag = "organisation", operation_id = "holidays_list", params(HolidaysQuery),
    security(("oauth2" = [perm::HolidayRead])),
    responses((status = 200, description = "The holidays and exchanged working days of the year", body = HolidaysDto)))]
#[get("/v1/holidays")]
async fn list(allow: Allow<perm::HolidayRead>, query: ValidQuery<HolidaysQuery>) -> Result<Reply> {
    let (year, rows) = allow.read(async |tx| service::list(tx, query.0.year).await).await?;
    Reply::ok(&HolidaysDto { year, items: rows.into_iter().map(HolidayDto::from).collect() })
}

/// Set a holiday
///
/// Creates the day or replaces the stored one; sending it again is safe. To call off a holiday, send the day
/// with `is_working_day: true`.
#[utoipa::path(tag = "organisation", operation_id = "holidays_set", request_body = HolidayDto,
    security(("oauth2" = [perm::HolidayManage])),
    params(IdempotencyKey),
    responses((status = 200, description = "The day after the change", body = HolidayDto)))]
#[post("/v1/holidays")]
async fn set(
    allow: Allow<perm::HolidayManage>,
    key: IdempotencyKey,
    input: Valid<HolidayDto>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let day = Holiday::from(body);
            service::upsert(tx, vec![day.clone()]).await?;
            Reply::ok(&HolidayDto::from(day))
        })
        .await
}

/// Create or replace holidays in a batch
///
/// 1 to 366 days, identified by date. Either all are stored or none; sending a batch again is safe.
#[utoipa::path(tag = "organisation", operation_id = "holidays_batch", request_body = BatchHolidays,
    security(("oauth2" = [perm::HolidayManage])),
    params(IdempotencyKey),
    responses((status = 200, description = "Number of rows that were new, changed or unchanged",
        body = BatchCounts)))]
#[post("/v1/holidays/batch")]
async fn batch(
    allow: Allow<perm::HolidayManage>,
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
