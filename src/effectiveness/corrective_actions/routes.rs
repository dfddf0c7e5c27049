use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    CorrectiveActionDto, CorrectiveActionsQuery, CreateCorrectiveAction, DisputeCorrectiveAction,
    ReplyToCorrectiveAction, UpholdCorrectiveAction, WithdrawCorrectiveAction,
};
use super::follow_up::Detailed;
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, IfVersion, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list)
        .service(create)
        .service(get)
        .service(reply)
        .service(dispute)
        .service(uphold)
        .service(withdraw)
        .service(close);
}

/// List corrective actions
///
/// Newest first. An institute sees only the corrective actions that it has to reply to.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_list", params(CorrectiveActionsQuery),
    security(("oauth2" = [perm::CorrectiveActionRead])),
    responses((status = 200, description = "A page of corrective actions",
            body = PageDto<CorrectiveActionDto>)))]
#[get("/v1/corrective-actions")]
async fn list(
    allow: Allow<perm::CorrectiveActionRead>,
    query: ValidQuery<CorrectiveActionsQuery>,
) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter =
        Filter { institute_id: query.0.institute_id, course_id: query.0.course_id, status: query.0.status };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/corrective-actions", &query.0, rows.map(CorrectiveActionDto::from))
}

/// Open a corrective action
///
/// Asks the institute that offers a course to reply to a finding.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_create",
    request_body = CreateCorrectiveAction, security(("oauth2" = [perm::CorrectiveActionManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The corrective action", body = CorrectiveActionDto)))]
#[post("/v1/corrective-actions")]
async fn create(
    allow: Allow<perm::CorrectiveActionManage>,
    key: IdempotencyKey,
    input: Valid<CreateCorrectiveAction>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let action = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/corrective-actions/{}", action.action.id),
                action.action.version,
                &CorrectiveActionDto::from(action),
            )
        })
        .await
}

/// Read a corrective action
///
/// The finding with the figure it rests on, the reply of the institute and the measure it takes, and the
/// result of the next offering of the course.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_get",
    security(("oauth2" = [perm::CorrectiveActionRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IfNoneMatch),
    responses((status = 200, description = "The corrective action", body = CorrectiveActionDto)))]
#[get("/v1/corrective-actions/{id}")]
async fn get(allow: Allow<perm::CorrectiveActionRead>, id: Id) -> Result<Reply> {
    resource(allow.read(async |tx| service::get(tx, id.0).await).await?)
}

/// Reply to a corrective action
///
/// For the institute, once, while the action is `open` or `upheld`. The reply says what will be done, by whom
/// and by which day.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_reply",
    request_body = ReplyToCorrectiveAction, security(("oauth2" = [perm::CorrectiveActionReply])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The corrective action after it was replied to",
            body = CorrectiveActionDto)))]
#[post("/v1/corrective-actions/{id}/reply")]
async fn reply(
    allow: Allow<perm::CorrectiveActionReply>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<ReplyToCorrectiveAction>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow.write_once(&key, &digest, async |tx| resource(service::reply(tx, id.0, body.into()).await?)).await
}

/// Dispute a corrective action
///
/// For the institute, once, while the action is `open`. The institute gives the reason why the finding is not
/// correct, and the ministry decides.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_dispute",
    request_body = DisputeCorrectiveAction, security(("oauth2" = [perm::CorrectiveActionReply])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The corrective action after it was disputed",
            body = CorrectiveActionDto)))]
#[post("/v1/corrective-actions/{id}/dispute")]
async fn dispute(
    allow: Allow<perm::CorrectiveActionReply>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<DisputeCorrectiveAction>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow.write_once(&key, &digest, async |tx| resource(service::dispute(tx, id.0, body.reason).await?)).await
}

/// Uphold a corrective action
///
/// The ministry refuses the dispute: the finding stays in force, and the institute has to reply by a new day.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_uphold",
    request_body = UpholdCorrectiveAction, security(("oauth2" = [perm::CorrectiveActionManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The corrective action after it was upheld",
            body = CorrectiveActionDto)))]
#[post("/v1/corrective-actions/{id}/uphold")]
async fn uphold(
    allow: Allow<perm::CorrectiveActionManage>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<UpholdCorrectiveAction>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow.write_once(&key, &digest, async |tx| resource(service::decide(tx, id.0, body.into()).await?)).await
}

/// Withdraw a corrective action
///
/// The ministry accepts the dispute: the finding is withdrawn, and the institute does not have to reply.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_withdraw",
    request_body = WithdrawCorrectiveAction, security(("oauth2" = [perm::CorrectiveActionManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The corrective action after it was withdrawn",
            body = CorrectiveActionDto)))]
#[post("/v1/corrective-actions/{id}/withdraw")]
async fn withdraw(
    allow: Allow<perm::CorrectiveActionManage>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<WithdrawCorrectiveAction>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow.write_once(&key, &digest, async |tx| resource(service::decide(tx, id.0, body.into()).await?)).await
}

/// Close a corrective action
///
/// Allowed once the institute has replied; the ministry accepts the reply.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_close",
    security(("oauth2" = [perm::CorrectiveActionManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The corrective action after it was closed",
            body = CorrectiveActionDto)))]
#[post("/v1/corrective-actions/{id}/close")]
async fn close(allow: Allow<perm::CorrectiveActionManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    allow.write_once(&key, "", async |tx| resource(service::close(tx, id.0).await?)).await
}

/// The next run's figure comes without a new version, so the answer always comes whole.
fn resource(detailed: Detailed) -> Result<Reply> {
    let version = detailed.action.version;
    Reply::resource(version, &CorrectiveActionDto::from(detailed))
}
