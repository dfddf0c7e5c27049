use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::EffectivenessQuery;
use super::model::Request;
use super::service;
use super::summary::EffectivenessRow;
use crate::access::perm;
use crate::error::{Error, Result};
use crate::http::page::PageDto;
use crate::http::{Allow, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(effectiveness);
    super::rows::routes::routes(cfg);
}

/// Report whether work got better
///
/// Behaviour at work before and after (the headline), the official work score, the learners' tests and their reaction,
/// what stood in the way of using what was learned, and what the units say that sent people, side by side and never
/// averaged; as context how learners rate themselves. Per course, offering, lecturer, institute or unit. Where ten
/// untrained colleagues were measured as well, the headline is the change of the trained minus theirs. Each figure says how
/// sure it is, or in words why it is not there. Sorted by code (lecturers by name): there is no ranking. Only what was known at the end of `as_of`
/// counts, so a report of a past day can be made again. Unit heads see their own units and the figures published of
/// everything else; institutes see themselves and never units.
///
/// `detail=summary` gives the compact form, for lists of many courses.
///
/// Intervals: t (a change), Welch (a difference), both 95 %. Effect sizes: g_av with the exact factor of Hedges for a
/// change, its interval after Algina and Keselman; d_ppc2 of Morris for a difference.
#[utoipa::path(tag = "reporting", operation_id = "effectiveness_list", params(EffectivenessQuery),
    security(("oauth2" = [perm::ReportRead])),
    responses((status = 200, description = "A page of reports", body = PageDto<EffectivenessRow>),
        (status = 404, description = "No such subject within reach", body = crate::http::Problem,
            content_type = "application/problem+json")))]
#[get("/v1/reports/effectiveness")]
async fn effectiveness(
    allow: Allow<perm::ReportRead>,
    query: ValidQuery<EffectivenessQuery>,
) -> Result<Reply> {
    let query = query.0;
    let by = query.by.ok_or_else(|| Error::field("?by", "required"))?;
    let (page, detail) = (allow.page(&query)?, query.detail.unwrap_or_default());
    let locale = allow.locale();
    let reports = allow
        .read(async |tx| {
            let request = Request {
                by,
                as_of: query.as_of.unwrap_or_else(|| tx.today()),
                from: query.from,
                to: query.to,
                id: query.id,
                follow_up: query.phase.unwrap_or_default(),
                locale,
            };
            service::effectiveness(tx, &request, &page).await
        })
        .await?;
    allow.reply_page(
        "/v1/reports/effectiveness",
        &query,
        reports.map(|report| EffectivenessRow::of(report.into(), detail)),
    )
}
