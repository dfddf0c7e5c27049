use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateLecturer, LecturerDto, LecturersQuery, PatchLecturer};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfMatch, IfNoneMatch, Patch, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create).service(get).service(update);
}

/// List lecturers
///
/// Newest first. Users of the ministry who may read lecturers see all of them; an institute sees its own.
#[utoipa::path(tag = "catalogue", operation_id = "lecturers_list", params(LecturersQuery),
    security(("oauth2" = [perm::LecturerRead])),
    responses((status = 200, description = "A page of lecturers", body = PageDto<LecturerDto>)))]
#[get("/v1/lecturers")]
async fn list(allow: Allow<perm::LecturerRead>, query: ValidQuery<LecturersQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        q: query.0.q.clone(),
        institute_id: query.0.institute_id,
        subject: query.0.subject.clone(),
        is_active: query.0.is_active,
    };
    let rows = allow.read(async |tx| service::list(tx, filter, &page).await).await?;
    allow.reply_page("/v1/lecturers", &query.0, rows.map(LecturerDto::from))
}

/// Add a lecturer
///
/// Adds a lecturer of the caller's institute. Circular 03/2023/TT-BNV, Art. 13, requires a doctorate of a
/// senior lecturer, and a master's degree or higher of a principal lecturer.
#[utoipa::path(tag = "catalogue", operation_id = "lecturers_create", request_body = CreateLecturer,
    security(("oauth2" = [perm::LecturerManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The lecturer", body = LecturerDto)))]
#[post("/v1/lecturers")]
async fn create(
    allow: Allow<perm::LecturerManage>,
    key: IdempotencyKey,
    input: Valid<CreateLecturer>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let lecturer = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/lecturers/{}", lecturer.id),
                lecturer.version,
                &LecturerDto::from(lecturer),
            )
        })
        .await
}

/// Read a lecturer
///
/// One lecturer, with degree, role and subjects.
#[utoipa::path(tag = "catalogue", operation_id = "lecturers_get", security(("oauth2" = [perm::LecturerRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the lecturer"), IfNoneMatch),
    responses((status = 200, description = "The lecturer", body = LecturerDto)))]
#[get("/v1/lecturers/{id}")]
async fn get(allow: Allow<perm::LecturerRead>, id: Id) -> Result<Reply> {
    let lecturer = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(lecturer.version, &LecturerDto::from(lecturer))
}

/// Change a lecturer
///
/// Merge patch (RFC 7396). A lecturer who is no longer active keeps the sessions already assigned and cannot
/// be assigned to new ones.
#[utoipa::path(tag = "catalogue", operation_id = "lecturers_update",
    request_body(content = PatchLecturer, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::LecturerManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the lecturer"), IfMatch),
    responses((status = 200, description = "The lecturer as it is now", body = LecturerDto)))]
#[patch("/v1/lecturers/{id}")]
async fn update(
    allow: Allow<perm::LecturerManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchLecturer>,
) -> Result<Reply> {
    let lecturer =
        allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?;
    Reply::resource(lecturer.version, &LecturerDto::from(lecturer))
}
