use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{SuggestionDto, SuggestionsDto};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, Id, Reply};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list);
}

/// Suggest offerings to an employee
///
/// Open offerings of courses that close a competency gap of the person, at most twenty. Each comes with every
/// check of a nomination, which shows whether the offering suits the unit's staffing and the person's time.
/// Offerings in which no check fails come first, then those with fewer warnings, with more gaps closed and
/// with an earlier start.
#[utoipa::path(tag = "participation", operation_id = "suggestions_list", security(("oauth2" = [perm::GapRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the employee")),
    responses((status = 200, description = "The suggested offerings", body = SuggestionsDto)))]
#[get("/v1/employees/{id}/suggestions")]
async fn list(allow: Allow<perm::GapRead>, id: Id) -> Result<Reply> {
    let suggestions = allow.read(async |tx| service::list(tx, id.0).await).await?;
    let items = suggestions.into_iter().map(|s| SuggestionDto::new(s, allow.locale())).collect();
    Reply::ok(&SuggestionsDto { items })
}
