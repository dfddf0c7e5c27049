use actix_web::get;
use chrono::Datelike;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{DiscoveryDto, DiscoveryQuery};
use super::model::Request;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(discoveries);
}

/// List which courses of a year stand out, corrected for their number
///
/// One row per course whose offerings ended in the year, by code: the main figure on behaviour three months
/// after, as in the effectiveness report by course for that year; the probability of such a figure without
/// any effect; and the same corrected for the number of courses (Benjamini and Hochberg 1995). On average
/// over many such lists, at most 5 % of the courses that stand out do so by chance. Only for callers who may
/// read the figures of the whole ministry.
#[utoipa::path(tag = "reporting", operation_id = "discoveries_list", params(DiscoveryQuery),
    security(("oauth2" = [perm::DiscoveryRead])),
    responses((status = 200, description = "A page of courses with their figures",
            body = PageDto<DiscoveryDto>)))]
#[get("/v1/reports/discoveries")]
async fn discoveries(allow: Allow<perm::DiscoveryRead>, query: ValidQuery<DiscoveryQuery>) -> Result<Reply> {
    let query = query.0;
    let page = allow.page(&query)?;
    let (courses, family) = allow
        .read(async |tx| {
            let as_of = query.as_of.unwrap_or_else(|| tx.today());
            let request = Request { year: query.year.unwrap_or_else(|| as_of.year()), as_of };
            service::discoveries(tx, &request, &page).await
        })
        .await?;
    let rows = courses.map(|course| DiscoveryDto::of(course, &family));
    allow.reply_page("/v1/reports/discoveries", &query, rows)
}
