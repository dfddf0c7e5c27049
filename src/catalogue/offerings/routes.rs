use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateOffering, OfferingDto, OfferingsQuery, PatchOffering};
use super::model::{Action, Detailed};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{
    Allow, Id, IdempotencyKey, IfMatch, IfNoneMatch, IfVersion, Patch, Reply, Valid, ValidQuery,
};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list)
        .service(create)
        .service(get)
        .service(update)
        .service(open)
        .service(confirm)
        .service(close)
        .service(cancel);
}

/// List offerings
///
/// Newest first. An institute sees its own offerings in any state; users of the ministry see all offerings
/// that are not drafts. With `from` and `to`, only offerings that overlap these days.
#[utoipa::path(tag = "catalogue", operation_id = "offerings_list", params(OfferingsQuery),
    security(("oauth2" = [perm::OfferingRead])),
    responses((status = 200, description = "A page of offerings", body = PageDto<OfferingDto>)))]
#[get("/v1/offerings")]
async fn list(allow: Allow<perm::OfferingRead>, query: ValidQuery<OfferingsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        code: query.0.code.clone(),
        course_code: query.0.course_code.clone(),
        q: query.0.q.clone(),
        course_id: query.0.course_id,
        institute_id: query.0.institute_id,
        mode: query.0.mode,
        status: query.0.status,
        from: query.0.from,
        to: query.0.to,
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/offerings", &query.0, rows.map(OfferingDto::from))
}

/// Create an offering of a course
///
/// Creates a draft of the caller's institute, for a published course. The sessions have exactly as many
/// periods as the course and take place on working days. A lecturer can teach only one session in a half-day;
/// otherwise the request is refused and `busy` lists the sessions in conflict.
#[utoipa::path(tag = "catalogue", operation_id = "offerings_create", request_body = CreateOffering,
    security(("oauth2" = [perm::OfferingManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The offering", body = OfferingDto)))]
#[post("/v1/offerings")]
async fn create(
    allow: Allow<perm::OfferingManage>,
    key: IdempotencyKey,
    input: Valid<CreateOffering>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let offering = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/offerings/{}", offering.offering.id),
                offering.offering.version,
                &OfferingDto::from(offering),
            )
        })
        .await
}

/// Read an offering
///
/// One offering, with its sessions. When a seat is taken, the ETag changes but not the version at its
/// beginning, so that an earlier ETag can still be sent in `If-Match`.
#[utoipa::path(tag = "catalogue", operation_id = "offerings_get", security(("oauth2" = [perm::OfferingRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IfNoneMatch),
    responses((status = 200, description = "The offering", body = OfferingDto)))]
#[get("/v1/offerings/{id}")]
async fn get(allow: Allow<perm::OfferingRead>, id: Id) -> Result<Reply> {
    reply(allow.read(async |tx| service::get(tx, id.0).await).await?)
}

/// Change an offering
///
/// Merge patch (RFC 7396). Possible in the states `draft` and `open`; the sessions can be replaced only in
/// the state `draft`.
#[utoipa::path(tag = "catalogue", operation_id = "offerings_update",
    request_body(content = PatchOffering, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::OfferingManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IfMatch),
    responses((status = 200, description = "The offering as it is now", body = OfferingDto)))]
#[patch("/v1/offerings/{id}")]
async fn update(
    allow: Allow<perm::OfferingManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchOffering>,
) -> Result<Reply> {
    reply(allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?)
}

/// Open an offering
///
/// People can be nominated from now on. Possible in the state `draft`.
#[utoipa::path(tag = "catalogue", operation_id = "offerings_open", security(("oauth2" = [perm::OfferingManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The offering as it is now", body = OfferingDto)))]
#[post("/v1/offerings/{id}/open")]
async fn open(allow: Allow<perm::OfferingManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Open).await
}

/// Confirm an offering
///
/// The offering will take place. Possible in the state `open`.
#[utoipa::path(tag = "catalogue", operation_id = "offerings_confirm", security(("oauth2" = [perm::OfferingManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The offering as it is now", body = OfferingDto)))]
#[post("/v1/offerings/{id}/confirm")]
async fn confirm(allow: Allow<perm::OfferingManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Confirm).await
}

/// Close an offering
///
/// The offering took place. Possible in the state `confirmed`, on the day of the last session or later.
#[utoipa::path(tag = "catalogue", operation_id = "offerings_close", security(("oauth2" = [perm::OfferingManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The offering as it is now", body = OfferingDto)))]
#[post("/v1/offerings/{id}/close")]
async fn close(allow: Allow<perm::OfferingManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Close).await
}

/// Cancel an offering
///
/// The offering will not take place. Possible in the states `draft`, `open` and `confirmed`. Its lecturers
/// can teach other sessions at these times, and the event `offering.cancelled` informs the units that
/// nominated somebody.
#[utoipa::path(tag = "catalogue", operation_id = "offerings_cancel", security(("oauth2" = [perm::OfferingManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The offering as it is now", body = OfferingDto)))]
#[post("/v1/offerings/{id}/cancel")]
async fn cancel(allow: Allow<perm::OfferingManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Cancel).await
}

async fn act(
    allow: &Allow<perm::OfferingManage>,
    key: &IdempotencyKey,
    id: Id,
    action: Action,
) -> Result<Reply> {
    allow.write_once(key, "", async |tx| reply(service::act(tx, id.0, action).await?)).await
}

fn reply(offering: Detailed) -> Result<Reply> {
    Reply::resource(offering.offering.version, &OfferingDto::from(offering))
}
