use actix_web::{delete, get, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{NameSecondRater, SecondRaterDto, SecondRaterProblem};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::Allow;
use crate::http::{Id, IfMatch, IfNoneMatch, Reply, Valid};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get).service(name).service(remove);
}

/// Read who rates a participant's work beside the supervisor
///
/// A second rater answers the supervisor's form in the same windows. These ratings enter no figure on the effect: the
/// effectiveness report shows by them how far two raters agree, and whether both saw the same change. Nobody learns here who
/// rates his or her own work.
#[utoipa::path(tag = "evaluation", operation_id = "second_raters_get",
    security(("oauth2" = [perm::SecondRaterRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the participant"), IfNoneMatch),
    responses((status = 200, description = "Who rates beside the supervisor", body = SecondRaterDto)))]
#[get("/v1/participants/{id}/second-rater")]
async fn get(allow: Allow<perm::SecondRaterRead>, id: Id) -> Result<Reply> {
    let rater = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(rater.version, &SecondRaterDto::from(rater))
}

/// Name who rates a participant's work beside the supervisor
///
/// In place of who was named before; `If-Match: "0"` the first time. Until the end of the baseline's window the rater is
/// asked before and after the course, later only for the ratings still to come. Forms that are not answered go to the new
/// rater; answers stay. The rater is asked no more (`ended`) when he or she leaves, restricts the processing of personal
/// data, becomes the participant's supervisor or takes part in the offering, and when the participant moves to another unit.
/// Nobody chooses the rater of his or her own work, nor does a deputy for the head whose work is rated.
#[utoipa::path(tag = "evaluation", operation_id = "second_raters_name", request_body = NameSecondRater,
    security(("oauth2" = [perm::SecondRaterManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the participant"), IfMatch),
    responses((status = 200, description = "Who rates beside the supervisor now", body = SecondRaterDto),
        (status = 409, description = "Nobody can be named now", body = SecondRaterProblem,
            content_type = "application/problem+json")))]
#[put("/v1/participants/{id}/second-rater")]
async fn name(
    allow: Allow<perm::SecondRaterManage>,
    id: Id,
    expected: IfMatch,
    input: Valid<NameSecondRater>,
) -> Result<Reply> {
    let rater = (input.body.employee_id, input.body.relation);
    let named = allow.write(async |tx| service::name(tx, id.0, &expected.0, rater).await).await?;
    Reply::resource(named.version, &SecondRaterDto::from(named))
}

/// Take back who rates a participant's work beside the supervisor
///
/// Forms that are not answered are not owed any more; answers stay. Nobody decides this for his or her own work.
#[utoipa::path(tag = "evaluation", operation_id = "second_raters_remove",
    security(("oauth2" = [perm::SecondRaterManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the participant"), IfMatch),
    responses((status = 204, description = "Taken back"),
        (status = 409, description = "The participant is the caller, or the head for whom the caller acts",
            body = SecondRaterProblem, content_type = "application/problem+json")))]
#[delete("/v1/participants/{id}/second-rater")]
async fn remove(allow: Allow<perm::SecondRaterManage>, id: Id, expected: IfMatch) -> Result<Reply> {
    allow.write(async |tx| service::remove(tx, id.0, &expected.0).await).await?;
    Ok(Reply::no_content())
}
