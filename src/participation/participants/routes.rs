use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    AttendanceDto, AttendancePercentDto, ParticipantDto, ParticipantsQuery, RecordAttendance, RecordResults,
    ResultsDto,
};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(attendance).service(results);
}

/// List the participants of an offering
///
/// In the order of enrolment. An institute sees the participants of its offerings, a unit head those who
/// belonged to the unit or a unit below it when nominated, and an employee only his or her own entry.
#[utoipa::path(tag = "participation", operation_id = "participants_list",
    security(("oauth2" = [perm::RosterRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), ParticipantsQuery),
    responses((status = 200, description = "A page of participants", body = PageDto<ParticipantDto>)))]
#[get("/v1/offerings/{id}/participants")]
async fn list(allow: Allow<perm::RosterRead>, id: Id, query: ValidQuery<ParticipantsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter { q: query.0.q.clone(), status: query.0.status };
    let rows = allow.read(async |tx| service::list(tx, id.0, &filter, &page).await).await?;
    let path = format!("/v1/offerings/{}/participants", id.0);
    allow.reply_page(&path, &query.0, rows.map(ParticipantDto::from))
}

/// Record attendance
///
/// The request may be repeated: a record replaces the earlier one of the same participant and session. Only
/// sessions whose day has come and participants without a certificate are accepted; otherwise the answer is
/// 409 `attendance.outside`, which names everything that was not accepted. In the percentage `excused` counts
/// as absent, and so does a missing record of a session that was held.
#[utoipa::path(tag = "participation", operation_id = "attendance_record", request_body = RecordAttendance,
    security(("oauth2" = [perm::RosterManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey),
    responses((status = 200, description = "Attendance of the participants named in the request",
            body = AttendanceDto)))]
#[post("/v1/offerings/{id}/attendance")]
async fn attendance(
    allow: Allow<perm::RosterManage>,
    key: IdempotencyKey,
    id: Id,
    input: Valid<RecordAttendance>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    let marks = body.items.into_iter().map(Into::into).collect();
    allow
        .write_once(&key, &digest, async |tx| {
            let percentages = service::record_attendance(tx, id.0, marks).await?;
            let participants = percentages
                .into_iter()
                .map(|(participant_id, attendance_percent)| AttendancePercentDto {
                    participant_id,
                    attendance_percent,
                })
                .collect();
            Reply::ok(&AttendanceDto { participants })
        })
        .await
}

/// Record results
///
/// The request may be repeated: a result replaces the earlier one of the same participant and assessment.
/// When a person does not take part or holds a certificate already, the answer is 409 `attendance.outside`,
/// which names these people.
#[utoipa::path(tag = "participation", operation_id = "results_record", request_body = RecordResults,
    security(("oauth2" = [perm::RosterManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey),
    responses((status = 200, description = "Number of results recorded", body = ResultsDto)))]
#[post("/v1/offerings/{id}/results")]
async fn results(
    allow: Allow<perm::RosterManage>,
    key: IdempotencyKey,
    id: Id,
    input: Valid<RecordResults>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    let scores = body.items.into_iter().map(Into::into).collect();
    allow
        .write_once(&key, &digest, async |tx| {
            let recorded = service::record_results(tx, id.0, scores).await?;
            Reply::ok(&ResultsDto { recorded })
        })
        .await
}
