use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{LoginSessionDto, LoginSessionsQuery};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(end);
}

/// List my logins
///
/// Logins of the caller that are open, or that ended or expired in the last 90 days, newest first.
#[utoipa::path(tag = "identity", operation_id = "login_sessions_list", params(LoginSessionsQuery),
    security(("oauth2" = [perm::SelfRead])),
    responses((status = 200, description = "A page of logins", body = PageDto<LoginSessionDto>)))]
#[get("/v1/login-sessions")]
async fn list(allow: Allow<perm::SelfRead>, query: ValidQuery<LoginSessionsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let current = allow.actor().session_id;
    let rows = allow
        .read(async |tx| {
            let now = tx.now;
            Ok(service::list(tx, &page).await?.map(|s| LoginSessionDto::new(s, current, now)))
        })
        .await?;
    allow.reply_page("/v1/login-sessions", &query.0, rows)
}

/// End one of my logins
///
/// The refresh token and the access tokens of the login are no longer valid.
#[utoipa::path(tag = "identity", operation_id = "login_sessions_end", security(("oauth2" = [perm::SelfRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the login (UUID)"), IdempotencyKey),
    responses((status = 200, description = "The login", body = LoginSessionDto)))]
#[post("/v1/login-sessions/{id}/end")]
async fn end(allow: Allow<perm::SelfRead>, key: IdempotencyKey, id: Id) -> Result<Reply> {
    let current = allow.actor().session_id;
    allow
        .write_once(&key, "", async |tx| {
            let now = tx.now;
            let session = service::end_own(tx, id.0).await?;
            Reply::ok(&LoginSessionDto::new(session, current, now))
        })
        .await
}
