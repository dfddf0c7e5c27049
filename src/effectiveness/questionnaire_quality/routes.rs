use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{QuestionnaireQualityDto, QuestionnaireQualityQuery};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::evaluation::questionnaires::Filter;
use crate::http::page::PageDto;
use crate::http::{Allow, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(questionnaire_quality);
}

/// Report how good the questionnaires are
///
/// One row per published version, newest first: whether its items measure one thing (Cronbach's alpha with
/// the interval of Feldt, and what it suffices for), the standard error of one person's score, each item
/// compared with the others, items with a ceiling or floor effect, items that are left out, forms that are
/// invalid, and how far learners' ratings of themselves agree with those of their supervisors (ICC of McGraw
/// and Wong). Only forms of released offerings are counted. Figures change at the start of a quarter, by
/// thirty forms or more at a time. Reliabilities and agreements need thirty forms or people.
#[utoipa::path(tag = "reporting", operation_id = "questionnaire_quality_list", params(QuestionnaireQualityQuery),
    security(("oauth2" = [perm::QuestionnaireQualityRead])),
    responses((status = 200, description = "A page of questionnaires with their quality",
        body = PageDto<QuestionnaireQualityDto>),
        (status = 404, description = "The questionnaire does not exist", body = crate::http::Problem,
            content_type = "application/problem+json")))]
#[get("/v1/reports/questionnaire-quality")]
async fn questionnaire_quality(
    allow: Allow<perm::QuestionnaireQualityRead>,
    query: ValidQuery<QuestionnaireQualityQuery>,
) -> Result<Reply> {
    let query = query.0;
    let page = allow.page(&query)?;
    let filter = Filter {
        id: query.id,
        instrument: query.instrument,
        course_id: query.course_id,
        ..Filter::default()
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/reports/questionnaire-quality", &query, rows.map(QuestionnaireQualityDto::from))
}
