use actix_web::http::header::{CONTENT_LANGUAGE, VARY};
use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{WorkScorePictureQuery, WorkScoresDto, WorkScoresQuery};
use super::{picture, service};
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(work_scores).service(work_scores_picture);
}

/// Report official work scores before and after courses
///
/// One row for the whole ministry (first; `course` is null), and one for each course in which anybody was
/// trained in a quarter that has scores before it, by code. Up to eight quarters of official scores under
/// Decree 335/2025/NĐ-CP are examined. They are added up anew when a quarter is sealed: when everybody is
/// rated for it, or ninety days after its end if at least half as many people are rated for it as for the
/// quarter before; until then the last report stays. Only people with a score in every quarter count. For
/// each quarter before and after people first completed the course, the row gives the change of their score
/// since the quarter before the course, minus that of people not yet trained in it (group-time effects after
/// Callaway and Sant'Anna 2021, averaged over the groups by their people; standard errors by influence
/// functions; 95 % intervals by Student's t, each for itself). The intervals do not take into account that
/// supervisors rate several people. Changes are counted from the quarter before the course, not from before
/// the decision to send people: when people were nominated after weak quarters, part of a rise would have
/// come anyway.
///
/// `sensitivity` is not a test that is passed or failed. It gives how many times further apart the two groups
/// may have moved after the course than they ever did before it until the effect can no longer be
/// distinguished from zero (relative magnitudes after Rambachan and Roth 2023, by Bonferroni intervals, which
/// are simpler than theirs and as a rule more careful).
///
/// An estimate needs ten trained people and ten to compare them with; people trained in a quarter with fewer
/// than five are left out. For callers who may read everybody's official scores.
#[utoipa::path(tag = "reporting", operation_id = "work_scores_list", params(WorkScoresQuery),
    security(("oauth2" = [perm::WorkScoreRead])),
    responses((status = 200, description = "A page of courses with their work scores",
            body = PageDto<WorkScoresDto>)))]
#[get("/v1/reports/work-scores")]
async fn work_scores(allow: Allow<perm::WorkScoreRead>, query: ValidQuery<WorkScoresQuery>) -> Result<Reply> {
    let query = query.0;
    let page = allow.page(&query)?;
    let rows = allow.read(async |tx| service::work_scores(tx, query.course_id, &page).await).await?;
    allow.reply_page("/v1/reports/work-scores", &query, rows.map(WorkScoresDto::from))
}

/// Draw official work scores before and after a course
///
/// The figures of the report as a picture (SVG), in the language of the request: a point with its interval
/// for each quarter before and after the course, the line of no difference, the quarter before the course,
/// from which all changes are counted, and the quarter of the course. Without `course_id` it shows the whole
/// ministry. The picture's description contains the figures and the sentence, for people who cannot see it.
/// When there are too few people, the picture says so.
#[utoipa::path(tag = "reporting", operation_id = "work_scores_picture", params(WorkScorePictureQuery),
    security(("oauth2" = [perm::WorkScoreRead])),
    responses((status = 200, description = "The picture (SVG)",
            body = String, content_type = "image/svg+xml"),
        (status = 404, description = "The course does not exist",
            body = crate::http::Problem, content_type = "application/problem+json")))]
#[get("/v1/reports/work-scores/picture")]
async fn work_scores_picture(
    allow: Allow<perm::WorkScoreRead>,
    query: ValidQuery<WorkScorePictureQuery>,
) -> Result<HttpResponse> {
    let locale = allow.locale();
    let (course, scores) = allow.read(async |tx| service::one(tx, query.0.course_id).await).await?;
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((CONTENT_LANGUAGE, locale.tag()))
        .insert_header((VARY, "Accept-Language"))
        .body(picture::svg(locale, course.as_ref(), scores.as_ref())))
}
