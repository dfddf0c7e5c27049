use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{RetentionRuleDto, RetentionRulesDto};
use super::model::RULES;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, Reply};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list);
}

/// List how long data are kept
///
/// Every signed-in user can read which data are kept, for how long, on which legal basis, and what happens
/// afterwards.
#[utoipa::path(tag = "administration", operation_id = "retention_rules_list",
    security(("oauth2" = [perm::RetentionRead])),
    responses((status = 200, description = "The rules on how long data are kept", body = RetentionRulesDto)))]
#[get("/v1/retention-rules")]
async fn list(allow: Allow<perm::RetentionRead>) -> Result<Reply> {
    let locale = allow.locale();
    Reply::ok(&RetentionRulesDto {
        items: RULES.iter().map(|rule| RetentionRuleDto::new(rule, locale)).collect(),
    })
}
