use actix_web::{delete, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AbsenceDto, AbsencesQuery, CreateAbsence};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::half_day::{Half, HalfDay};
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfMatch, IfNoneMatch, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create).service(get).service(delete);
}

/// List absences
///
/// Newest first. `from` and `to` select the absences that fall at least partly between those days; `unit_id`
/// includes all units below the unit.
#[utoipa::path(tag = "organisation", operation_id = "absences_list", params(AbsencesQuery),
    security(("oauth2" = [perm::AbsenceRead])),
    responses((status = 200, description = "A page of absences", body = PageDto<AbsenceDto>)))]
#[get("/v1/absences")]
async fn list(allow: Allow<perm::AbsenceRead>, query: ValidQuery<AbsencesQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        employee_id: query.0.employee_id,
        unit_id: query.0.unit_id,
        from: query.0.from.map(|day| HalfDay::new(day, Half::Morning)),
        to: query.0.to.map(|day| HalfDay::new(day, Half::Afternoon)),
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/absences", &query.0, rows.map(AbsenceDto::from))
}

/// Record an absence
///
/// An absence lasts from one half-day to another, both included. During it, the employee cannot be nominated
/// for a course and does not count as present for the minimum-presence rules of the unit.
#[utoipa::path(tag = "organisation", operation_id = "absences_create", request_body = CreateAbsence,
    security(("oauth2" = [perm::AbsenceManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The absence", body = AbsenceDto)))]
#[post("/v1/absences")]
async fn create(
    allow: Allow<perm::AbsenceManage>,
    key: IdempotencyKey,
    input: Valid<CreateAbsence>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let absence = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/absences/{}", absence.id),
                absence.version,
                &AbsenceDto::from(absence),
            )
        })
        .await
}

/// Read an absence
///
/// Returns one absence.
#[utoipa::path(tag = "organisation", operation_id = "absences_get", security(("oauth2" = [perm::AbsenceRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the absence (UUID)"), IfNoneMatch),
    responses((status = 200, description = "The absence", body = AbsenceDto)))]
#[get("/v1/absences/{id}")]
async fn get(allow: Allow<perm::AbsenceRead>, id: Id) -> Result<Reply> {
    let absence = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(absence.version, &AbsenceDto::from(absence))
}

/// Remove an absence
///
/// For an absence that did not take place. To change an absence, delete it and record it again.
#[utoipa::path(tag = "organisation", operation_id = "absences_delete", security(("oauth2" = [perm::AbsenceManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the absence (UUID)"), IfMatch),
    responses((status = 204, description = "The absence was removed")))]
#[delete("/v1/absences/{id}")]
async fn delete(allow: Allow<perm::AbsenceManage>, id: Id, expected: IfMatch) -> Result<Reply> {
    allow.write(async |tx| service::delete(tx, id.0, &expected.0).await).await?;
    Ok(Reply::no_content())
}
