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
/// How scarce seats are drawn by lot, for everybody who may read nominations; of the people in it those whose nominations
/// the caller may see. When it was held, the seed is there: its SHA-256 is the digest that was announced, and the SHA-256
/// of `<seed>:<nomination id>` is each lot. On the day of the draw everybody got a seat who passed the checks and whose lot
/// is not larger than that of the last who was drawn; how many have it no more is said as well.
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
/// For an offering with more people than seats, before anybody has one. From then on everybody approved waits for the
/// draw, and the institute changes neither the seats nor the last day to nominate. Those who are not drawn are rated beside
/// the trained, if they are ten or more, so that the report on the offering compares two groups that only chance has
/// parted. Where a next run is named, they come before others there until its last day to nominate, as far as it has
/// seats. That run begins after the three-month ratings of this one are over.
#[utoipa::path(tag = "participation", operation_id = "seat_draws_announce", request_body = AnnounceSeatDraw,
    security(("oauth2" = [perm::NominationDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey),
    responses((status = 201, description = "The draw", body = SeatDrawDto),
        (status = 409, description = "It cannot be announced now", body = SeatDrawProblem,
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
/// From the day after the last day to nominate, before the first session, when no endorsed nomination waits for a decision.
/// Everybody on the waiting list is in it; seats go to the smallest lots of those who pass the checks, and later ones that
/// come free to the next in this order. Who is approved after it comes last. What nobody endorsed is not in it.
#[utoipa::path(tag = "participation", operation_id = "seat_draws_hold",
    security(("oauth2" = [perm::NominationDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey),
    responses((status = 200, description = "The draw, held", body = SeatDrawDto),
        (status = 409, description = "It cannot be held now, or not in this state", body = SeatDrawProblem,
            content_type = "application/problem+json")))]
#[post("/v1/offerings/{id}/seat-draw/hold")]
async fn hold(allow: Allow<perm::NominationDecide>, key: IdempotencyKey, id: Id) -> Result<Reply> {
    let locale = allow.locale();
    allow.write_once(&key, "", async |tx| reply(service::hold(tx, id.0).await?, locale)).await
}

/// Call the draw off
///
/// Before it is held, and before the first session. The seats go to those who have waited longest, as without a draw;
/// another cannot be announced for the offering.
#[utoipa::path(tag = "participation", operation_id = "seat_draws_call_off",
    security(("oauth2" = [perm::NominationDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey),
    responses((status = 200, description = "The draw, called off", body = SeatDrawDto),
        (status = 409, description = "It cannot be called off now, or not in this state", body = SeatDrawProblem,
            content_type = "application/problem+json")))]
#[post("/v1/offerings/{id}/seat-draw/call-off")]
async fn call_off(allow: Allow<perm::NominationDecide>, key: IdempotencyKey, id: Id) -> Result<Reply> {
    let locale = allow.locale();
    allow.write_once(&key, "", async |tx| reply(service::call_off(tx, id.0).await?, locale)).await
}
