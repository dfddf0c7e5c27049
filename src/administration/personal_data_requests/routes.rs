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
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, IfVersion, Problem, Reply, Valid, ValidQuery};
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
/// Newest first. Those who handle or audit requests see the requests of everybody; others see the requests
/// about their own data, including those that somebody else recorded (`asked_by_person` is `false`).
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

/// Make a request concerning personal data
///
/// A request to view, correct or copy data, to restrict or object to their processing, to withdraw consent,
/// or to erase them (Law 91/2025/QH15, Art. 4). Employees make requests about their own data; staff who
/// handle requests record those received on paper, with the day on which they were received.
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_create",
    request_body = CreateDataRequest, security(("oauth2" = [perm::PersonalDataRequestCreate])),
    params(IdempotencyKey),
    responses((status = 201, description = "The request, with its deadlines", body = DataRequestDto)))]
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
/// One request, with its deadlines. `overdue` compares them with today.
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
/// Records that the person was informed that the request arrived and how it is handled. Possible in the state
/// `received`, within two working days (Decree 356/2025/NĐ-CP, Art. 5).
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_acknowledge",
    security(("oauth2" = [perm::PersonalDataRequestHandle])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request"), IdempotencyKey, IfVersion),
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

/// Extend the time for a request
///
/// Possible once, in the state `acknowledged` and before the request is due, with a reason that the person
/// can read. At most 10 more days to view, correct or copy, 15 to restrict, object or withdraw consent, 20 to
/// erase (Decree 356/2025/NĐ-CP, Art. 5).
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_extend",
    request_body = ExtendDataRequest, security(("oauth2" = [perm::PersonalDataRequestHandle])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request"), IdempotencyKey, IfVersion),
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
/// Does what the request asks for; possible in the states `received` and `acknowledged`. A request to view or
/// to copy opens the export. A correction is applied. A restriction, an objection or a withdrawal of consent
/// limits the processing to what the law requires: no suggestions and no use in comparisons, while
/// nominations, training records and ratings continue (Law 91/2025/QH15, Art. 19). An erasure removes the
/// person's identity from all data that remain, once the person has left (Art. 25): certificates keep their
/// numbers and can be verified, reports keep their figures. The person concerned cannot fulfil the request,
/// nor can the account that recorded it for the person.
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_fulfil",
    security(("oauth2" = [perm::PersonalDataRequestHandle])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request"), IdempotencyKey, IfVersion),
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
/// Refuses the request with a reason that the person can read. Possible in the states `received` and
/// `acknowledged`.
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_refuse",
    request_body = RefuseDataRequest, security(("oauth2" = [perm::PersonalDataRequestHandle])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request"), IdempotencyKey, IfVersion),
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

/// Read all data held about a person
///
/// Available for a request to view or to copy that has been fulfilled. The audit log records each reading.
#[utoipa::path(tag = "administration", operation_id = "personal_data_requests_export",
    security(("oauth2" = [perm::PersonalDataExport])),
    params(("id" = uuid::Uuid, Path, description = "Id of the request")),
    responses((status = 200, description = "The personal data, by kind of record", body = PersonalDataDto),
        (status = 409, description = "The request is not one to view or to copy, or it is not fulfilled", body = Problem,
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
