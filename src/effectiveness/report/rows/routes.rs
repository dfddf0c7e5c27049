use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::model::Request;
use super::dto::{EffectivenessRowsDto, EffectivenessRowsQuery};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, Reply, ValidQuery};
use crate::i18n::Locale;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(rows);
}

/// Export the rows behind a report
///
/// Every pair of ratings that the figures of a report on effectiveness rest on, as it was frozen on its offering's day of
/// release: whole ten-thousandths of a point, in rising order, without person, unit or rater. With them anyone computes the
/// report anew (an institute all but official scores and the intervals that count raters); `tests/recompute/effectiveness.py` of the source does, and needs nothing but Python. `input_hash` is that of
/// the report.
///
/// Nothing comes out that the report does not show: no row below its floor (`status` then says why), none of an offering with
/// fewer than five pairs, none of a comparison group without a figure, and of those lost to an offering
/// the ratings before from five on only. Raters come as sums over at least ten of them, and not for institutes. Units have no rows: together with those of the offerings they would tell who is who. For training
/// officers and auditors; an institute gets those of its own figures, without official scores.
#[utoipa::path(tag = "reporting", operation_id = "effectiveness_rows", params(EffectivenessRowsQuery),
    security(("oauth2" = [perm::ReportExport])),
    responses((status = 200, description = "The rows", body = EffectivenessRowsDto),
        (status = 404, description = "No such subject within reach", body = crate::http::Problem,
            content_type = "application/problem+json")))]
#[get("/v1/reports/effectiveness/rows")]
async fn rows(allow: Allow<perm::ReportExport>, query: ValidQuery<EffectivenessRowsQuery>) -> Result<Reply> {
    let query = query.0;
    let rows = allow
        .read(async |tx| {
            let request = Request {
                by: query.by.into(),
                as_of: query.as_of.unwrap_or_else(|| tx.today()),
                from: None,
                to: None,
                id: Some(query.id),
                follow_up: query.phase.unwrap_or_default(),
                // Nothing that has rows is named by a word of the service.
                locale: Locale::default(),
            };
            service::rows(tx, &request).await
        })
        .await?;
    Reply::ok(&EffectivenessRowsDto::from(rows))
}
