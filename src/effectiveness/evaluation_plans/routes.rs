use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::EvaluationPlanDto;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, Id, Reply};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get);
}

/// Read what the evaluation of an offering could show
///
/// For use before an offering is approved: the difference between the trained and comparable untrained
/// colleagues, three months after, that the evaluation would probably detect with the people at hand, and
/// what would make a smaller difference detectable. It is the smallest difference whose 95 % interval lies
/// above 0 with a probability of 80 %, by the noncentral t distribution. The computation assumes that
/// everybody is rated before and after, by supervisors who judge independently of each other; the difference
/// is larger when ratings are missing or a supervisor rates many people.
///
/// On the day of the first session the service writes down, once, by what the evaluation will be judged; from
/// then on `registration` gives it with its digest.
#[utoipa::path(tag = "evaluation", operation_id = "evaluation_plans_get", security(("oauth2" = [perm::OfferingRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 200, description = "The evaluation plan, and the registration if there is one",
            body = EvaluationPlanDto)))]
#[get("/v1/offerings/{id}/evaluation-plan")]
async fn get(allow: Allow<perm::OfferingRead>, id: Id) -> Result<Reply> {
    let (plan, registration) = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::ok(&EvaluationPlanDto::of(plan, registration)?)
}
