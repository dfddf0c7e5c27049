use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AnnounceSeatDraw, SeatDrawDto, SeatDrawProblem};
use super::model::Detailed;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, Reply, Valid};
use crate::i18n::Locale;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get).service(announce).service(hold).service(call_off);
}

fn reply(detailed: Detailed, locale: Locale) -> Result<Reply> {
    Reply::resource(detailed.draw.version, &SeatDrawDto::new(detailed, locale))
}

/// Read the draw of an offering's seats
///
/// The draw decides who gets the seats of an offering with more people than seats. Callers who may read
/// nominations see it, with the people whose nominations they may see. After the draw the seed is public: its
/// SHA-256 is the digest that was announced, and the SHA-256 of `<seed>:<nomination id>` is the lot of a
/// nomination. On the day of the draw everybody got a seat who passed the checks and whose lot is not larger
/// than `last_lot_drawn`; `gave_back` counts those who no longer have it.
#[utoipa::path(tag = "participation", operation_id = "seat_draws_get",
    security(("oauth2" = [perm::NominationRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IfNoneMatch),
    responses((status = 200, description = "The draw", body = SeatDrawDto)))]
#[get("/v1/offerings/{id}/seat-draw")]
async fn get(allow: Allow<perm::NominationRead>, id: Id) -> Result<Reply> {
    let detailed = allow.read(async |tx| service::get(tx, id.0).await).await?;
    reply(detailed, allow.locale())
}

/// Announce that an offering's seats are drawn by lot
///
/// Allowed for an open offering in which nobody has a seat yet. From then on everybody who is approved waits
/// for the draw, and the institute can change neither the number of seats nor the last day to nominate. If
/// ten or more people are not drawn, they are rated at the same times as the trained, so that the report on
/// the offering compares two groups that differ only by chance. When a next offering is named, they come
/// before others there until its last day to nominate, as far as it has seats; it begins after the
/// three-month ratings of this offering are over.
#[utoipa::path(tag = "participation", operation_id = "seat_draws_announce", request_body = AnnounceSeatDraw,
    security(("oauth2" = [perm::NominationDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey),
    responses((status = 201, description = "The draw", body = SeatDrawDto),
        (status = 409, description = "A draw cannot be announced now", body = SeatDrawProblem,
            content_type = "application/problem+json")))]
#[post("/v1/offerings/{id}/seat-draw")]
async fn announce(
    allow: Allow<perm::NominationDecide>,
    key: IdempotencyKey,
    id: Id,
    input: Valid<AnnounceSeatDraw>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    let locale = allow.locale();
    allow
        .write_once(&key, &digest, async |tx| {
            let detailed = service::announce(tx, id.0, body.next_offering_id).await?;
            let location = format!("/v1/offerings/{}/seat-draw", id.0);
            Reply::created(location, detailed.draw.version, &SeatDrawDto::new(detailed, locale))
        })
        .await
}

/// Hold the draw
///
/// Allowed from the day after the last day to nominate until the day before the first session, when no
/// endorsed nomination waits for a decision. Everybody on the waiting list takes part. The seats go to the
/// smallest lots of those who pass the checks, and seats that come free later to the next lots. People
/// approved after the draw come last. Nominations that were not endorsed do not take part.
#[utoipa::path(tag = "participation", operation_id = "seat_draws_hold",
    security(("oauth2" = [perm::NominationDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey),
    responses((status = 200, description = "The draw with its outcome", body = SeatDrawDto),
        (status = 409, description = "The draw cannot be held now, or its state does not allow it",
            body = SeatDrawProblem,
            content_type = "application/problem+json")))]
#[post("/v1/offerings/{id}/seat-draw/hold")]
async fn hold(allow: Allow<perm::NominationDecide>, key: IdempotencyKey, id: Id) -> Result<Reply> {
    let locale = allow.locale();
    allow.write_once(&key, "", async |tx| reply(service::hold(tx, id.0).await?, locale)).await
}

/// Call the draw off
///
/// Allowed before the draw is held and before the first session. The seats then go to those who have waited
/// longest, as without a draw. Another draw cannot be announced for the offering.
#[utoipa::path(tag = "participation", operation_id = "seat_draws_call_off",
    security(("oauth2" = [perm::NominationDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey),
    responses((status = 200, description = "The draw after it was called off", body = SeatDrawDto),
        (status = 409, description = "The draw cannot be called off now, or its state does not allow it",
            body = SeatDrawProblem,
            content_type = "application/problem+json")))]
#[post("/v1/offerings/{id}/seat-draw/call-off")]
async fn call_off(allow: Allow<perm::NominationDecide>, key: IdempotencyKey, id: Id) -> Result<Reply> {
    let locale = allow.locale();
    allow.write_once(&key, "", async |tx| reply(service::call_off(tx, id.0).await?, locale)).await
}
