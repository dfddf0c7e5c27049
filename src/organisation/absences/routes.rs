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
/// Newest first; `from` and `to` give the absences that touch those days, `unit_id` includes everything below the unit.
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
/// From half-day to half-day, both included. Who is away cannot be sent to a course meanwhile, and counts as missing
/// where a unit must stay staffed.
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
/// One absence.
#[utoipa::path(tag = "organisation", operation_id = "absences_get", security(("oauth2" = [perm::AbsenceRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the absence"), IfNoneMatch),
    responses((status = 200, description = "The absence", body = AbsenceDto)))]
#[get("/v1/absences/{id}")]
async fn get(allow: Allow<perm::AbsenceRead>, id: Id) -> Result<Reply> {
    let absence = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(absence.version, &AbsenceDto::from(absence))
}

/// Remove an absence
///
/// One that did not come about; a changed one is removed and recorded anew.
#[utoipa::path(tag = "organisation", operation_id = "absences_delete", security(("oauth2" = [perm::AbsenceManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the absence"), IfMatch),
    responses((status = 204, description = "Removed")))]
#[delete("/v1/absences/{id}")]
async fn delete(allow: Allow<perm::AbsenceManage>, id: Id, expected: IfMatch) -> Result<Reply> {
    allow.write(async |tx| service::delete(tx, id.0, &expected.0).await).await?;
    Ok(Reply::no_content())
}
