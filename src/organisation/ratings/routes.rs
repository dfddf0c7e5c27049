use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{BatchRatings, RatingCountsDto, RatingDto, RatingsQuery};
use super::model::BatchRow;
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Checked, IdempotencyKey, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(batch);
}

/// List performance ratings
///
/// Current revisions, newest first; with `history=true`, also revisions that a correction replaced.
#[utoipa::path(tag = "organisation", operation_id = "performance_ratings_list", params(RatingsQuery),
    security(("oauth2" = [perm::RatingRead])),
    responses((status = 200, description = "A page of ratings", body = PageDto<RatingDto>)))]
#[get("/v1/performance-ratings")]
async fn list(allow: Allow<perm::RatingRead>, query: ValidQuery<RatingsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        employee_id: query.0.employee_id,
        unit_id: query.0.unit_id,
        period_kind: query.0.period_kind,
        from: query.0.from,
        to: query.0.to,
        history: query.0.history.unwrap_or_default(),
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/performance-ratings", &query.0, rows.map(RatingDto::from))
}

/// Record performance ratings in a batch
///
/// For the HR portal: 1 to 1,000 rows, which refer to the employee by code. Either all rows are stored or
/// none; every error names its row (`/items/3/employee_code`). Sending a batch again is safe: a rating that
/// equals the current one changes nothing, one that differs becomes a new revision.
#[utoipa::path(tag = "organisation", operation_id = "performance_ratings_batch", request_body = BatchRatings,
    security(("oauth2" = [perm::RatingManage])),
    params(IdempotencyKey),
    responses((status = 200, description = "Number of ratings that were new, corrected or unchanged",
        body = RatingCountsDto)))]
#[post("/v1/performance-ratings/batch")]
async fn batch(
    allow: Allow<perm::RatingManage>,
    key: IdempotencyKey,
    input: Checked<BatchRatings>,
) -> Result<Reply> {
    let Checked { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let items = match body {
                Ok(body) => body.items,
                Err(refused) => return service::refuse(tx, refused).await,
            };
            let rows: Vec<BatchRow> = items.into_iter().map(Into::into).collect();
            let counts = service::push(tx, &rows).await?;
            Reply::ok(&RatingCountsDto {
                created: counts.created,
                corrected: counts.corrected,
                unchanged: counts.unchanged,
            })
        })
        .await
}
