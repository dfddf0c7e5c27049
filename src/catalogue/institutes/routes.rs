use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    ApplicationDto, AppliedInstituteDto, ApplyInstitute, ApproveInstitute, AskApplication, InstituteDto,
    InstitutesQuery, PatchInstitute,
};
use super::model::{Action, Institute};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{
    Allow, Id, IdempotencyKey, IfMatch, IfNoneMatch, IfVersion, Patch, Public, Reply, Valid, ValidQuery,
};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(apply)
        .service(application_status)
        .service(list)
        .service(get)
        .service(update)
        .service(approve)
        .service(refuse)
        .service(suspend)
        .service(close);
}

/// Register an institute
///
/// An institute registers itself, without an account. Until the ministry approves it, it cannot organise
/// training and its code is not reserved. The answer contains a secret, shown only once, with which the
/// applicant can ask for the state of the application and later open the institute's account. At most five
/// applications from one address, and 200 in all, can wait for a decision.
#[utoipa::path(tag = "catalogue", operation_id = "institutes_apply", request_body = ApplyInstitute, security(),
    responses((status = 201, description = "The institute, and the secret of the application", body = AppliedInstituteDto)))]
#[post("/v1/institutes/apply")]
async fn apply(public: Public, input: Valid<ApplyInstitute>) -> Result<Reply> {
    let applicant = public.gate().keys().pseudonym("institute-applicant", &public.address()).to_vec();
    let draft = input.body.into_draft(applicant);
    let (institute, application_secret) = public.write(async |tx| service::apply(tx, draft).await).await?;
    let (location, version) = (format!("/v1/institutes/{}", institute.id), institute.version);
    Reply::created(
        location,
        version,
        &AppliedInstituteDto { institute: institute.into(), application_secret },
    )
}

/// Ask for the state of an application
///
/// For the applicant, with the `id` and the `application_secret` from the answer to the registration. The
/// secret ends when the account is opened; from then on, the account itself reads the state of the institute.
#[utoipa::path(tag = "catalogue", operation_id = "institutes_application_status", request_body = AskApplication,
    security(), responses((status = 200, description = "The state of the application", body = ApplicationDto)))]
#[post("/v1/institutes/application-status")]
async fn application_status(public: Public, input: Valid<AskApplication>) -> Result<Reply> {
    let AskApplication { institute_id, application_secret } = input.body;
    let asked =
        public.write(async |tx| service::of_applicant(tx, institute_id, &application_secret).await).await?;
    Reply::ok(&ApplicationDto::from(asked))
}

/// List institutes
///
/// Newest first. Users of the ministry see all institutes; an institute sees itself only.
#[utoipa::path(tag = "catalogue", operation_id = "institutes_list", params(InstitutesQuery),
    security(("oauth2" = [perm::InstituteRead])),
    responses((status = 200, description = "A page of institutes", body = PageDto<InstituteDto>)))]
#[get("/v1/institutes")]
async fn list(allow: Allow<perm::InstituteRead>, query: ValidQuery<InstitutesQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        code: query.0.code.clone(),
        q: query.0.q.clone(),
        kind: query.0.kind,
        status: query.0.status,
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/institutes", &query.0, rows.map(InstituteDto::from))
}

/// Read an institute
///
/// One institute, with the decision that approved it.
#[utoipa::path(tag = "catalogue", operation_id = "institutes_get", security(("oauth2" = [perm::InstituteRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the institute"), IfNoneMatch),
    responses((status = 200, description = "The institute", body = InstituteDto)))]
#[get("/v1/institutes/{id}")]
async fn get(allow: Allow<perm::InstituteRead>, id: Id) -> Result<Reply> {
    reply(allow.read(async |tx| service::find_visible(tx, id.0).await).await?)
}

/// Change an institute's contact
///
/// Merge patch (RFC 7396). Only the institute itself can change its contact.
#[utoipa::path(tag = "catalogue", operation_id = "institutes_update",
    request_body(content = PatchInstitute, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::InstituteManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the institute"), IfMatch),
    responses((status = 200, description = "The institute as it is now", body = InstituteDto)))]
#[patch("/v1/institutes/{id}")]
async fn update(
    allow: Allow<perm::InstituteManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchInstitute>,
) -> Result<Reply> {
    reply(allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?)
}

/// Approve an institute
///
/// Approves the institute by a decision of the ministry. Possible in the states `applied` and `suspended`.
/// From now on the institute may organise training and no other institute can have its code: the one that it
/// asked for, or another one given at the first approval. The applicant can then open the institute's
/// account.
#[utoipa::path(tag = "catalogue", operation_id = "institutes_approve", request_body = ApproveInstitute,
    security(("oauth2" = [perm::InstituteDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the institute"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The institute as it is now", body = InstituteDto)))]
#[post("/v1/institutes/{id}/approve")]
async fn approve(
    allow: Allow<perm::InstituteDecide>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<ApproveInstitute>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            reply(service::act(tx, id.0, Action::Approve, Some(body.into())).await?)
        })
        .await
}

/// Refuse an application
///
/// Refuses the application for good. Possible in the state `applied`. The applicant sees it with the secret
/// of the application; the contact is deleted after 90 days.
#[utoipa::path(tag = "catalogue", operation_id = "institutes_refuse",
    security(("oauth2" = [perm::InstituteDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the institute"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The institute as it is now", body = InstituteDto)))]
#[post("/v1/institutes/{id}/refuse")]
async fn refuse(allow: Allow<perm::InstituteDecide>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Refuse).await
}

/// Suspend an institute
///
/// The institute may not organise anything new until it is approved again. Possible in the state `approved`.
#[utoipa::path(tag = "catalogue", operation_id = "institutes_suspend",
    security(("oauth2" = [perm::InstituteDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the institute"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The institute as it is now", body = InstituteDto)))]
#[post("/v1/institutes/{id}/suspend")]
async fn suspend(allow: Allow<perm::InstituteDecide>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Suspend).await
}

/// Close an institute
///
/// Closes the institute for good: it has ended, or the application was withdrawn. Possible in the states
/// `applied`, `approved` and `suspended`.
#[utoipa::path(tag = "catalogue", operation_id = "institutes_close",
    security(("oauth2" = [perm::InstituteDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the institute"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The institute as it is now", body = InstituteDto)))]
#[post("/v1/institutes/{id}/close")]
async fn close(allow: Allow<perm::InstituteDecide>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Close).await
}

async fn act(
    allow: &Allow<perm::InstituteDecide>,
    key: &IdempotencyKey,
    id: Id,
    action: Action,
) -> Result<Reply> {
    allow.write_once(key, "", async |tx| reply(service::act(tx, id.0, action, None).await?)).await
}

fn reply(institute: Institute) -> Result<Reply> {
    Reply::resource(institute.version, &InstituteDto::from(institute))
}
