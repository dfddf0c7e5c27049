use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::CommentsDto;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, Id, Reply};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(read);
}

/// Read what learners wrote about an offering
///
/// The free texts of the anonymous forms at the end of the offering, by question, from ten forms on and once
/// the forms can no longer be answered (eight days after the last session, later when a leave has postponed a
/// form). The order depends on the words alone: it shows neither who wrote first nor which comments are on
/// one form. There are no dates and no numbers of forms. For training officers, auditors and the institute
/// that held the offering.
#[utoipa::path(tag = "reporting", operation_id = "comments_read", security(("oauth2" = [perm::CommentRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 200, description = "The comments, or the reason why they are hidden",
            body = CommentsDto)))]
#[get("/v1/offerings/{id}/comments")]
async fn read(allow: Allow<perm::CommentRead>, id: Id) -> Result<Reply> {
    let comments = allow.read(async |tx| service::read(tx, id.0).await).await?;
    Reply::ok(&CommentsDto::from(comments))
}
