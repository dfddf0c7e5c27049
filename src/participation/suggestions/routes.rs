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
/// Open offerings that close a gap of the person, with every check of a nomination: whether it fits the unit's
/// staffing and the person's time, or why not. Those that fit come first, then those with fewer warnings, more gaps
/// closed and an earlier start; at most twenty.
#[utoipa::path(tag = "participation", operation_id = "suggestions_list", security(("oauth2" = [perm::GapRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the employee")),
    responses((status = 200, description = "The suggestions", body = SuggestionsDto)))]
#[get("/v1/employees/{id}/suggestions")]
async fn list(allow: Allow<perm::GapRead>, id: Id) -> Result<Reply> {
    let suggestions = allow.read(async |tx| service::list(tx, id.0).await).await?;
    let items = suggestions.into_iter().map(|s| SuggestionDto::new(s, allow.locale())).collect();
    Reply::ok(&SuggestionsDto { items })
}
