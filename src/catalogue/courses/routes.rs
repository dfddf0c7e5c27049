use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CourseDto, CoursesQuery, CreateCourse, PatchCourse, RequestCourseChanges};
use super::model::{Action, Detailed};
use super::queries::Filter;
use super::service;
use crate::access::{Permit, perm};
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
        .service(submit)
        .service(approve)
        .service(request_changes)
        .service(publish)
        .service(retire);
}

/// List courses
///
/// Newest first. An institute sees its own courses in any state; users of the ministry see all courses that
/// are not drafts.
#[utoipa::path(tag = "catalogue", operation_id = "courses_list", params(CoursesQuery),
    security(("oauth2" = [perm::CourseRead])),
    responses((status = 200, description = "A page of courses", body = PageDto<CourseDto>)))]
#[get("/v1/courses")]
async fn list(allow: Allow<perm::CourseRead>, query: ValidQuery<CoursesQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        code: query.0.code.clone(),
        q: query.0.q.clone(),
        content_area: query.0.content_area,
        institute_id: query.0.institute_id,
        status: query.0.status,
        obligation: query.0.obligation,
        competency_id: query.0.competency_id,
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/courses", &query.0, rows.map(CourseDto::from))
}

/// Create a course
///
/// Creates a draft of the caller's institute, which the ministry must approve before it can be published. The
/// code never changes.
#[utoipa::path(tag = "catalogue", operation_id = "courses_create", request_body = CreateCourse,
    security(("oauth2" = [perm::CourseManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The course", body = CourseDto)))]
#[post("/v1/courses")]
async fn create(
    allow: Allow<perm::CourseManage>,
    key: IdempotencyKey,
    input: Valid<CreateCourse>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let course = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/courses/{}", course.course.id),
                course.course.version,
                &CourseDto::from(course),
            )
        })
        .await
}

/// Read a course
///
/// One course, with the competencies that it develops and the job positions that it is for.
#[utoipa::path(tag = "catalogue", operation_id = "courses_get", security(("oauth2" = [perm::CourseRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the course"), IfNoneMatch),
    responses((status = 200, description = "The course", body = CourseDto)))]
#[get("/v1/courses/{id}")]
async fn get(allow: Allow<perm::CourseRead>, id: Id) -> Result<Reply> {
    reply(allow.read(async |tx| service::get(tx, id.0).await).await?)
}

/// Change a course
///
/// Merge patch (RFC 7396). Possible in the states `draft` and `changes_requested`. Lists are replaced as a
/// whole.
#[utoipa::path(tag = "catalogue", operation_id = "courses_update",
    request_body(content = PatchCourse, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::CourseManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the course"), IfMatch),
    responses((status = 200, description = "The course as it is now", body = CourseDto)))]
#[patch("/v1/courses/{id}")]
async fn update(
    allow: Allow<perm::CourseManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchCourse>,
) -> Result<Reply> {
    reply(allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?)
}

/// Submit a course
///
/// Submits the course to the ministry. Possible in the states `draft` and `changes_requested`, for an
/// approved institute.
#[utoipa::path(tag = "catalogue", operation_id = "courses_submit", security(("oauth2" = [perm::CourseManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the course"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The course as it is now", body = CourseDto)))]
#[post("/v1/courses/{id}/submit")]
async fn submit(allow: Allow<perm::CourseManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Submit).await
}

/// Approve a course
///
/// The ministry approves the course. Possible in the state `submitted`.
#[utoipa::path(tag = "catalogue", operation_id = "courses_approve", security(("oauth2" = [perm::CourseDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the course"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The course as it is now", body = CourseDto)))]
#[post("/v1/courses/{id}/approve")]
async fn approve(allow: Allow<perm::CourseDecide>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Approve).await
}

/// Ask for changes to a course
///
/// The ministry names what must change. Possible in the state `submitted`; the institute reads it in
/// `requested_changes`.
#[utoipa::path(tag = "catalogue", operation_id = "courses_request_changes", request_body = RequestCourseChanges,
    security(("oauth2" = [perm::CourseDecide])),
    params(("id" = uuid::Uuid, Path, description = "Id of the course"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The course as it is now", body = CourseDto)))]
#[post("/v1/courses/{id}/request-changes")]
async fn request_changes(
    allow: Allow<perm::CourseDecide>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<RequestCourseChanges>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            reply(service::act(tx, id.0, Action::RequestChanges, Some(body.reason)).await?)
        })
        .await
}

/// Publish a course
///
/// Offerings of the course can be scheduled from now on. Possible in the state `approved`, for an approved
/// institute.
#[utoipa::path(tag = "catalogue", operation_id = "courses_publish", security(("oauth2" = [perm::CourseManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the course"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The course as it is now", body = CourseDto)))]
#[post("/v1/courses/{id}/publish")]
async fn publish(allow: Allow<perm::CourseManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Publish).await
}

/// Retire a course
///
/// No new offerings of the course can be scheduled from now on; those already scheduled continue. Possible in
/// the state `published`.
#[utoipa::path(tag = "catalogue", operation_id = "courses_retire", security(("oauth2" = [perm::CourseManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the course"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The course as it is now", body = CourseDto)))]
#[post("/v1/courses/{id}/retire")]
async fn retire(allow: Allow<perm::CourseManage>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    act(&allow, &key, id, Action::Retire).await
}

async fn act<P: Permit>(allow: &Allow<P>, key: &IdempotencyKey, id: Id, action: Action) -> Result<Reply> {
    allow.write_once(key, "", async |tx| reply(service::act(tx, id.0, action, None).await?)).await
}

fn reply(course: Detailed) -> Result<Reply> {
    Reply::resource(course.course.version, &CourseDto::from(course))
}
