use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{SecurityEventDto, SecurityEventsQuery};
use super::model::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list);
}

/// List security events
///
/// Wrong passwords, slowed sign-ins, invalid tokens, refusals because a permission is missing or an object
/// may not be seen, and too many requests. They are counted for each minute, listed newest first, and kept
/// for 180 days. The counts of other replicas of the service arrive within a second or two.
#[utoipa::path(tag = "administration", operation_id = "security_events_list", params(SecurityEventsQuery),
    security(("oauth2" = [perm::SecurityEventRead])),
    responses((status = 200, description = "A page of security events", body = PageDto<SecurityEventDto>)))]
#[get("/v1/security-events")]
async fn list(
    allow: Allow<perm::SecurityEventRead>,
    query: ValidQuery<SecurityEventsQuery>,
) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    // What this replica has counted is seen at once.
    allow.gate().write_security_events().await?;
    let rows = allow.read(async |tx| service::list(tx, Filter::from(&query.0), &page).await).await?;
    allow.reply_page("/v1/security-events", &query.0, rows.map(SecurityEventDto::from))
}
