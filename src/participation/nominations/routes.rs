use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::checks::worst;
use super::dto::{
    CreateNomination, NominationCheckDto, NominationDto, NominationProblem, NominationReason,
    NominationsQuery,
};
use super::explain::{AlternativeDto, CheckDto};
use super::model::{Draft, Nomination};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, IfVersion, Reply, Valid, ValidQuery};
use crate::i18n::Locale;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list)
        .service(create)
        .service(check)
        .service(get)
        .service(endorse)
        .service(approve)
        .service(decline)
        .service(send_back)
        .service(withdraw);
}

fn dto(nomination: Nomination, locale: Locale) -> Result<NominationDto> {
    let checks = service::stored_checks(&nomination.checks)?;
    Ok(NominationDto::new(nomination, &checks, locale))
}

fn reply(nomination: Nomination, locale: Locale) -> Result<Reply> {
    Reply::resource(nomination.version, &dto(nomination, locale)?)
}

/// List nominations
///
/// Newest first. A unit head sees the nominations of people who belonged to the unit or a unit below it when
/// nominated, and an employee his or her own.
#[utoipa::path(tag = "participation", operation_id = "nominations_list", params(NominationsQuery),
    security(("oauth2" = [perm::NominationRead])),
    responses((status = 200, description = "A page of nominations", body = PageDto<NominationDto>)))]
#[get("/v1/nominations")]
async fn list(allow: Allow<perm::NominationRead>, query: ValidQuery<NominationsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        offering_id: query.0.offering_id,
        employee_id: query.0.employee_id,
        unit_id: query.0.unit_id,
        status: query.0.status,
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    let rows = crate::page::Page {
        next: rows.next,
        items: rows.items.into_iter().map(|n| dto(n, allow.locale())).collect::<Result<_>>()?,
    };
    allow.reply_page("/v1/nominations", &query.0, rows)
}

/// Nominate an employee for an offering
///
/// Every check is made while the presence of the unit's people is locked, so that two nominations at the same
/// instant cannot leave the unit short of people. A nomination by a unit head or a training officer is
/// `endorsed` at once. A request for oneself (`motive` `own_wish`), also by a unit head, by a training
/// officer or for the unit head whose deputy the caller is, is `submitted` to a unit head above. When a check
/// fails, the answer is 409 `nomination.refused` with every check and with alternatives.
#[utoipa::path(tag = "participation", operation_id = "nominations_create", request_body = CreateNomination,
    security(("oauth2" = [perm::NominationCreate])),
    params(IdempotencyKey),
    responses((status = 201, description = "The nomination", body = NominationDto),
        (status = 409, description = "A check fails, or the employee is nominated for the offering already",
            body = NominationProblem, content_type = "application/problem+json")))]
#[post("/v1/nominations")]
async fn create(
    allow: Allow<perm::NominationCreate>,
    key: IdempotencyKey,
    input: Valid<CreateNomination>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    let locale = allow.locale();
    allow
        .write_once(&key, &digest, async |tx| {
            let created = service::create(tx, body.into()).await;
            let nomination = created.map_err(|refused| refused.in_words(locale))?;
            let location = format!("/v1/nominations/{}", nomination.id);
            Reply::created(location, nomination.version, &dto(nomination, locale)?)
        })
        .await
}

/// Check a nomination before making it
///
/// The answer gives every check with its verdict and the facts behind it, and other offerings of the same
/// course that would be suitable. Nothing is stored.
#[utoipa::path(tag = "participation", operation_id = "nominations_check", request_body = CreateNomination,
    security(("oauth2" = [perm::NominationCreate])),
    responses((status = 200, description = "Result of every check, and alternatives",
            body = NominationCheckDto)))]
#[post("/v1/nominations/check")]
async fn check(allow: Allow<perm::NominationCreate>, input: Valid<CreateNomination>) -> Result<Reply> {
    let draft = Draft::from(input.body);
    let locale = allow.locale();
    let assessment = allow.read(async |tx| service::check(tx, &draft).await).await?;
    Reply::ok(&NominationCheckDto {
        verdict: worst(&assessment.checks),
        checks: CheckDto::all(&assessment.checks, locale),
        alternatives: AlternativeDto::all(&assessment.alternatives, locale),
    })
}

/// Read a nomination
///
/// One nomination with the checks on which it was decided.
#[utoipa::path(tag = "participation", operation_id = "nominations_get",
    security(("oauth2" = [perm::NominationRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the nomination"), IfNoneMatch),
    responses((status = 200, description = "The nomination", body = NominationDto)))]
#[get("/v1/nominations/{id}")]
async fn get(allow: Allow<perm::NominationRead>, id: Id) -> Result<Reply> {
    let nomination = allow.read(async |tx| service::get(tx, id.0).await).await?;
    reply(nomination, allow.locale())
}

/// Endorse a nomination
///
/// The unit head supports the request of an employee: the state changes from `submitted` to `endorsed`.
/// Neither the person nominated nor a deputy of that person may endorse (Law 36/2018/QH14, Art. 23).
#[utoipa::path(tag = "participation", operation_id = "nominations_endorse",
    security(("oauth2" = [perm::NominationEndorse])),
    params(("id" = uuid::Uuid, Path, description = "Id of the nomination"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The nomination after the change", body = NominationDto),
        (status = 409, description = "The state of the nomination does not allow it",
            body = NominationProblem,
            content_type = "application/problem+json")))]
#[post("/v1/nominations/{id}/endorse")]
async fn endorse(allow: Allow<perm::NominationEndorse>, key: IdempotencyKey, id: Id) -> Result<Reply> {
    let locale = allow.locale();
    allow.write_once(&key, "", async |tx| reply(service::endorse(tx, id.0).await?, locale)).await
}

/// Approve a nomination
///
/// The person nominated may not approve (Law 36/2018/QH14, Art. 23); the account that nominated somebody else
/// may. The checks are made again and stored with the decision. When a seat is free, the person becomes a
/// participant (`approved`). Otherwise the nomination waits (`waitlisted`) and moves up without another
/// request when a seat comes free. When the seats are drawn by lot, everybody waits for the draw, and people
/// approved after it come last. Allowed from `endorsed`, and from `waitlisted` when the offering has been
/// given more seats.
#[utoipa::path(tag = "participation", operation_id = "nominations_approve",
    security(("oauth2" = [perm::NominationDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the nomination"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The nomination after the change", body = NominationDto),
        (status = 409, description = "A check fails now, or the state of the nomination does not allow it",
            body = NominationProblem,
            content_type = "application/problem+json")))]
#[post("/v1/nominations/{id}/approve")]
async fn approve(allow: Allow<perm::NominationDecide>, key: IdempotencyKey, id: Id) -> Result<Reply> {
    let locale = allow.locale();
    allow
        .write_once(&key, "", async |tx| {
            let approved = service::approve(tx, id.0).await;
            reply(approved.map_err(|refused| refused.in_words(locale))?, locale)
        })
        .await
}

/// Decline a nomination
///
/// A reason is required, and the offering must not have started. A seat that comes free goes to the first
/// person on the waiting list who still passes the checks. Allowed from `submitted`, `endorsed`, `approved`
/// and `waitlisted`.
#[utoipa::path(tag = "participation", operation_id = "nominations_decline", request_body = NominationReason,
    security(("oauth2" = [perm::NominationDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the nomination"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The nomination after the change", body = NominationDto),
        (status = 409, description = "The nomination's state does not allow it, or the offering has started",
            body = NominationProblem,
            content_type = "application/problem+json")))]
#[post("/v1/nominations/{id}/decline")]
async fn decline(
    allow: Allow<perm::NominationDecide>,
    key: IdempotencyKey,
    id: Id,
    input: Valid<NominationReason>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    let locale = allow.locale();
    allow
        .write_once(&key, &digest, async |tx| reply(service::decline(tx, id.0, body.reason).await?, locale))
        .await
}

/// Return a nomination
///
/// The unit head returns the nomination with a reason, and the half-days that it reserved are free again. To
/// try again, withdraw the nomination and make a new one. Allowed from `submitted` and `endorsed`.
#[utoipa::path(tag = "participation", operation_id = "nominations_return", request_body = NominationReason,
    security(("oauth2" = [perm::NominationEndorse])),
    params(("id" = uuid::Uuid, Path, description = "Id of the nomination"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The nomination after the change", body = NominationDto),
        (status = 409, description = "The state of the nomination does not allow it",
            body = NominationProblem,
            content_type = "application/problem+json")))]
#[post("/v1/nominations/{id}/return")]
async fn send_back(
    allow: Allow<perm::NominationEndorse>,
    key: IdempotencyKey,
    id: Id,
    input: Valid<NominationReason>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    let locale = allow.locale();
    allow
        .write_once(&key, &digest, async |tx| reply(service::send_back(tx, id.0, body.reason).await?, locale))
        .await
}

/// Withdraw a nomination
///
/// By the employee, the unit head or a training officer, before the offering starts. A seat that comes free
/// goes to the first person on the waiting list who still passes the checks. Allowed from every state except
/// `declined` and `withdrawn`.
#[utoipa::path(tag = "participation", operation_id = "nominations_withdraw", request_body = NominationReason,
    security(("oauth2" = [perm::NominationCreate])),
    params(("id" = uuid::Uuid, Path, description = "Id of the nomination"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The nomination after the change", body = NominationDto),
        (status = 409, description = "The nomination's state does not allow it, or the offering has started",
            body = NominationProblem,
            content_type = "application/problem+json")))]
#[post("/v1/nominations/{id}/withdraw")]
async fn withdraw(
    allow: Allow<perm::NominationCreate>,
    key: IdempotencyKey,
    id: Id,
    input: Valid<NominationReason>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    let locale = allow.locale();
    allow
        .write_once(&key, &digest, async |tx| {
            reply(service::withdraw(tx, id.0, Some(body.reason)).await?, locale)
        })
        .await
}
