use actix_web::{get, post};
use chrono::NaiveDate;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    CreateDataRequest, DataRequestDto, DataRequestsQuery, ExtendDataRequest, PersonalDataDto,
    RefuseDataRequest,
};
use super::model::DataRequest;
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, Problem, Reply, Valid, ValidQuery};
use crate::page::Page;

const PATH: &str = "/v1/personal-data-requests";

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list)
        .service(create)
        .service(get)
        .service(acknowledge)
        .service(extend)
        .service(fulfil)
        .service(refuse)
        .service(export);
}

/// List requests concerning personal data
///
/// Newest first: everybody's for who handles or audits them, otherwise those about oneself, also where somebody else
/// recorded them (`asked_by_person`).
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_list", params(DataRequestsQuery),
    security(("oauth2" = [perm::PersonalDataRequestRead])),
    responses((status = 200, description = "A page of requests", body = PageDto<DataRequestDto>)))]
#[get("/v1/personal-data-requests")]
async fn list(
    allow: Allow<perm::PersonalDataRequestRead>,
    query: ValidQuery<DataRequestsQuery>,
) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        status: query.0.status,
        kind: query.0.kind,
        overdue: query.0.overdue,
        employee_id: query.0.employee_id,
    };
    let (today, rows) =
        allow.read(async |tx| Ok((tx.today(), service::list(tx, &filter, &page).await?))).await?;
    let items: Result<Vec<DataRequestDto>> =
        rows.items.into_iter().map(|row| DataRequestDto::new(row, today)).collect();
    allow.reply_page(PATH, &query.0, Page { items: items?, next: rows.next })
}

/// Ask for something concerning personal data
///
/// To view, correct, copy, restrict, object, withdraw consent or erase (Law 91/2025/QH15, Art. 4). An employee asks for
/// the own data; who handles requests records those that came on paper, with the day they came.
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_create",
    request_body = CreateDataRequest, security(("oauth2" = [perm::PersonalDataRequestCreate])),
    params(IdempotencyKey),
    responses((status = 201, description = "The request, with its clocks", body = DataRequestDto)))]
#[post("/v1/personal-data-requests")]
async fn create(
    allow: Allow<perm::PersonalDataRequestCreate>,
    key: IdempotencyKey,
    input: Valid<CreateDataRequest>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let today = tx.today();
            let request = service::create(tx, body.into()).await?;
            let place = format!("{PATH}/{}", request.id);
            Reply::created(place, request.version, &DataRequestDto::new(request, today)?)
        })
        .await
}

/// Read a request concerning personal data
///
/// One request, with its clocks: whether it is overdue is told as of today.
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_get",
    security(("oauth2" = [perm::PersonalDataRequestRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request"), IfNoneMatch),
    responses((status = 200, description = "The request", body = DataRequestDto)))]
#[get("/v1/personal-data-requests/{id}")]
async fn get(allow: Allow<perm::PersonalDataRequestRead>, id: Id) -> Result<Reply> {
    let (today, request) = allow.read(async |tx| Ok((tx.today(), service::get(tx, id.0).await?))).await?;
    reply(request, today)
}

/// Acknowledge a request
///
/// The person was told that it came and how it goes on; from `received`, within two working days (Decree
/// 356/2025/NĐ-CP, Art. 5).
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_acknowledge",
    security(("oauth2" = [perm::PersonalDataRequestHandle])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request"), IdempotencyKey),
    responses((status = 200, description = "The request as it is now", body = DataRequestDto)))]
#[post("/v1/personal-data-requests/{id}/acknowledge")]
async fn acknowledge(
    allow: Allow<perm::PersonalDataRequestHandle>,
    id: Id,
    key: IdempotencyKey,
) -> Result<Reply> {
    allow
        .write_once(&key, "", async |tx| {
            let today = tx.today();
            reply(service::acknowledge(tx, id.0).await?, today)
        })
        .await
}

/// Take more time for a request
///
/// Once, before it is due, with a reason that the person is told; from `acknowledged`. At most 10 days more to view,
/// correct or copy, 15 to restrict, object or withdraw, 20 to erase (Decree 356/2025/NĐ-CP, Art. 5).
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_extend",
    request_body = ExtendDataRequest, security(("oauth2" = [perm::PersonalDataRequestHandle])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request"), IdempotencyKey),
    responses((status = 200, description = "The request as it is now", body = DataRequestDto)))]
#[post("/v1/personal-data-requests/{id}/extend")]
async fn extend(
    allow: Allow<perm::PersonalDataRequestHandle>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<ExtendDataRequest>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let today = tx.today();
            reply(service::extend(tx, id.0, body.days, body.reason).await?, today)
        })
        .await
}

/// Fulfil a request
///
/// Does what was asked for, from `received` or `acknowledged`: to view or to copy opens the export; a correction is
/// applied; a restriction, an objection or a withdrawal limits the processing to what the law assigns (no suggestions,
/// nobody's comparison; nomination, record and ratings go on: Law 91/2025/QH15, Art. 19); an erasure takes the person's
/// identity off everything that stays, once the person has left (Art. 25): certificates keep their numbers and can be
/// verified, reports keep their figures. Not by the person concerned, and where somebody recorded the request for the
/// person, not by who recorded it.
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_fulfil",
    security(("oauth2" = [perm::PersonalDataRequestHandle])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request"), IdempotencyKey),
    responses((status = 200, description = "The request as it is now", body = DataRequestDto)))]
#[post("/v1/personal-data-requests/{id}/fulfil")]
async fn fulfil(allow: Allow<perm::PersonalDataRequestHandle>, id: Id, key: IdempotencyKey) -> Result<Reply> {
    allow
        .write_once(&key, "", async |tx| {
            let today = tx.today();
            reply(service::fulfil(tx, allow.keys(), id.0).await?, today)
        })
        .await
}

/// Refuse a request
///
/// With a reason that the person is told; from `received` or `acknowledged`.
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_refuse",
    request_body = RefuseDataRequest, security(("oauth2" = [perm::PersonalDataRequestHandle])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request"), IdempotencyKey),
    responses((status = 200, description = "The request as it is now", body = DataRequestDto)))]
#[post("/v1/personal-data-requests/{id}/refuse")]
async fn refuse(
    allow: Allow<perm::PersonalDataRequestHandle>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<RefuseDataRequest>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let today = tx.today();
            reply(service::refuse(tx, id.0, body.reason).await?, today)
        })
        .await
}

/// Read everything held about a person
///
/// For a fulfilled request to view or to copy. Each reading is entered in the audit log.
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_export",
    security(("oauth2" = [perm::PersonalDataExport])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request")),
    responses((status = 200, description = "The data", body = PersonalDataDto),
        (status = 409, description = "Not a fulfilled request to view or to copy", body = Problem,
            content_type = "application/problem+json")))]
#[get("/v1/personal-data-requests/{id}/export")]
async fn export(allow: Allow<perm::PersonalDataExport>, id: Id) -> Result<Reply> {
    // A unit of work that commits: the entry of the audit log is part of the reading.
    let export = allow.write(async |tx| service::export(tx, id.0).await).await?;
    Reply::ok(&PersonalDataDto::from(export))
}

fn reply(request: DataRequest, today: NaiveDate) -> Result<Reply> {
    Reply::resource(request.version, &DataRequestDto::new(request, today)?)
}
