use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    CorrectiveActionDto, CorrectiveActionsQuery, CreateCorrectiveAction, DisputeCorrectiveAction,
    ReplyToCorrectiveAction, UpholdCorrectiveAction, WithdrawCorrectiveAction,
};
use super::loops::Detailed;
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, Reply, Valid, ValidQuery};

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
/// Newest first; an institute sees its own.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_list", params(CorrectiveActionsQuery),
    security(("oauth2" = [perm::CorrectiveActionRead])),
    responses((status = 200, description = "A page of corrective actions", body = PageDto<CorrectiveActionDto>)))]
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
/// The finding with the figure it rests on, the institute's reply and what it does, and what the next run of the course
/// came to.
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
/// For the institute, once, while it is open or upheld: say what will be done, by whom and until when.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_reply",
    request_body = ReplyToCorrectiveAction, security(("oauth2" = [perm::CorrectiveActionReply])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey),
    responses((status = 200, description = "The corrective action, replied to", body = CorrectiveActionDto)))]
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
/// For the institute, once, while it is open: say why the finding does not hold. The ministry decides.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_dispute",
    request_body = DisputeCorrectiveAction, security(("oauth2" = [perm::CorrectiveActionReply])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey),
    responses((status = 200, description = "The corrective action, disputed", body = CorrectiveActionDto)))]
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
/// The dispute is refused: the finding stands, and the institute has to reply by a new day.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_uphold",
    request_body = UpholdCorrectiveAction, security(("oauth2" = [perm::CorrectiveActionManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey),
    responses((status = 200, description = "The corrective action, upheld", body = CorrectiveActionDto)))]
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
/// The dispute is accepted: the finding is taken back, and nothing more is asked of the institute.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_withdraw",
    request_body = WithdrawCorrectiveAction, security(("oauth2" = [perm::CorrectiveActionManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey),
    responses((status = 200, description = "The corrective action, withdrawn", body = CorrectiveActionDto)))]
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
/// Once the institute has replied.
#[utoipa::path(tag = "evaluation", operation_id = "corrective_actions_close",
    security(("oauth2" = [perm::CorrectiveActionManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the corrective action"), IdempotencyKey),
    responses((status = 200, description = "The corrective action, closed", body = CorrectiveActionDto)))]
#[post("/v1/corrective-actions/{id}/close")]
async fn close(allow: Allow<perm::CorrectiveActionManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    allow.write_once(&key, "", async |tx| resource(service::close(tx, id.0).await?)).await
}

/// The next run's figure comes without a new version, so the answer always comes whole.
fn resource(detailed: Detailed) -> Result<Reply> {
    let version = detailed.action.version;
    Reply::resource(version, &CorrectiveActionDto::from(detailed))
}
