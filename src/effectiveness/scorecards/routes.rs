use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ScorecardDto, ScorecardQuery};
use super::model::Request;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(scorecards);
}

/// Compare the training institutes
///
/// One row per institute: the change of behaviour at work after its courses, as measured and drawn towards
/// the mean of all institutes the more, the less data the institute has (empirical Bayes after DerSimonian
/// and Laird, at equal baselines); the learners' reaction; the share of participants who completed; the
/// figures by year; and the corrective actions. Sorted by name, and by expected place only when the
/// institutes differ by more than chance (Cochran's Q) and each is measured with a reliability of 0.70 or
/// more. An institute sees only its row, compared with all.
#[utoipa::path(tag = "reporting", operation_id = "scorecards_list", params(ScorecardQuery),
    security(("oauth2" = [perm::ReportRead])),
    responses((status = 200, description = "A page of scorecards", body = PageDto<ScorecardDto>),
        (status = 404, description = "No institute with an ended offering that the caller may read",
            body = crate::http::Problem,
            content_type = "application/problem+json")))]
#[get("/v1/reports/scorecards")]
async fn scorecards(allow: Allow<perm::ReportRead>, query: ValidQuery<ScorecardQuery>) -> Result<Reply> {
    let query = query.0;
    let page = allow.page(&query)?;
    let (request, (cards, list)) = allow
        .read(async |tx| {
            let request = Request { as_of: query.as_of.unwrap_or_else(|| tx.today()), id: query.id };
            Ok((request, service::scorecards(tx, &request, &page).await?))
        })
        .await?;
    let rows = cards.map(|card| ScorecardDto::of(card, &list, &request));
    allow.reply_page("/v1/reports/scorecards", &query, rows)
}
