use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    CertificateDto, CertificatesQuery, IssueCertificates, IssueDto, RevokeCertificate, VerificationDto,
    VerificationQuery,
};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, IfVersion, Key, Public, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(get).service(issue).service(revoke).service(verify);
}

/// List certificates
///
/// Newest first. An institute sees the certificates that it issued, a unit head those of people who belonged
/// to the unit or a unit below it when nominated, and an employee his or her own.
#[utoipa::path(tag = "participation", operation_id = "certificates_list", params(CertificatesQuery),
    security(("oauth2" = [perm::CertificateRead])),
    responses((status = 200, description = "A page of certificates", body = PageDto<CertificateDto>)))]
#[get("/v1/certificates")]
async fn list(allow: Allow<perm::CertificateRead>, query: ValidQuery<CertificatesQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        number: query.0.number.clone(),
        offering_id: query.0.offering_id,
        employee_id: query.0.employee_id,
        status: query.0.status,
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/certificates", &query.0, rows.map(CertificateDto::from))
}

/// Read a certificate
///
/// One certificate with the data that are printed on it.
#[utoipa::path(tag = "participation", operation_id = "certificates_get",
    security(("oauth2" = [perm::CertificateRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the certificate"), IfNoneMatch),
    responses((status = 200, description = "The certificate", body = CertificateDto)))]
#[get("/v1/certificates/{id}")]
async fn get(allow: Allow<perm::CertificateRead>, id: Id) -> Result<Reply> {
    let certificate = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(certificate.version, &CertificateDto::from(certificate))
}

/// Issue the certificates of an offering
///
/// From the day of the last session on, certificates are issued to all participants who meet the conditions
/// of Circular 03/2023/TT-BNV, Art. 6: the attendance that the course requires, at least one result, and
/// every result at half of its maximum or more. The answer names the conditions that the other participants
/// do not meet. The request may be repeated: participants who have a certificate are skipped. Numbers run
/// without gaps per institute and year.
#[utoipa::path(tag = "participation", operation_id = "certificates_issue", request_body = IssueCertificates,
    security(("oauth2" = [perm::CertificateManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IdempotencyKey),
    responses((status = 200, description = "The issued certificates, and the conditions others do not meet",
            body = IssueDto)))]
#[post("/v1/offerings/{id}/certificates")]
async fn issue(
    allow: Allow<perm::CertificateManage>,
    key: IdempotencyKey,
    id: Id,
    input: Valid<IssueCertificates>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    let locale = allow.locale();
    allow
        .write_once(&key, &digest, async |tx| {
            let issue = service::issue(tx, id.0, body.participant_ids).await?;
            Reply::ok(&IssueDto::new(issue, locale))
        })
        .await
}

/// Revoke a certificate
///
/// A reason is required (Circular 03/2023/TT-BNV, Art. 8). The competencies that the certificate proved are
/// removed from its holder.
#[utoipa::path(tag = "participation", operation_id = "certificates_revoke", request_body = RevokeCertificate,
    security(("oauth2" = [perm::CertificateManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the certificate"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The revoked certificate", body = CertificateDto)))]
#[post("/v1/certificates/{id}/revoke")]
async fn revoke(
    allow: Allow<perm::CertificateManage>,
    key: IdempotencyKey,
    id: Id,
    input: Valid<RevokeCertificate>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let certificate = service::revoke(tx, id.0, body.reason).await?;
            Reply::resource(certificate.version, &CertificateDto::from(certificate))
        })
        .await
}

/// Verify a certificate
///
/// For anyone who has been shown a certificate: with the number and the check code printed on it, the answer
/// says who holds it and whether it is valid. Certificate numbers are consecutive, so without the check code
/// the service does not even reveal whether a number exists.
#[utoipa::path(tag = "participation", operation_id = "certificates_verify", security(),
    params(("number" = String, Path, description = "Number of the certificate, like `TDT-2026-000001`",
        max_length = 100),
        VerificationQuery),
    responses((status = 200, description = "The entry of the register about the certificate",
            body = VerificationDto)))]
#[get("/v1/certificates/{number}/verification")]
async fn verify(public: Public, number: Key, query: ValidQuery<VerificationQuery>) -> Result<Reply> {
    let found = public.read(async |tx| service::verify(tx, &number.0, &query.0.code).await).await?;
    Reply::ok(&VerificationDto::from(found))
}
