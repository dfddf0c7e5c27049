use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::model::{Candidate, Certificate, CertificateCondition, CertificateStatus, Issue};
use crate::http::list_query;
use crate::i18n::{Locale, decimal, text};

list_query! {
    /// Filters of the certificate list.
    CertificatesQuery {
        /// Only the certificate with exactly this number, for example `TDT-2026-000001`; at most 50
        /// characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        number: String,
        /// Only certificates of participants in this offering (UUID).
        offering_id: Uuid,
        /// Only certificates of this employee (UUID).
        employee_id: Uuid,
        /// Only certificates in this state: `issued` or `revoked`.
        status: CertificateStatus,
    }
}

/// What verification asks for besides the number.
#[derive(Debug, Clone, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VerificationQuery {
    /// Check code printed beside the number (`7F3A-91C0-44DE`), at most 50 characters; case, spaces and
    /// hyphens do not matter.
    #[param(max_length = 50)]
    #[validate(length(max = 50))]
    pub code: String,
}

/// Participants to whom certificates are to be issued.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct IssueCertificates {
    /// Identifiers of the participants to consider, 1 to 1,000 (UUIDs). When absent, every participant who is
    /// `enrolled` or `not_completed` is considered. A participant whose certificate was revoked gets another
    /// one only when named here.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub participant_ids: Option<Vec<Uuid>>,
}

/// Revocation of a certificate.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Cấp nhầm người."}))]
pub struct RevokeCertificate {
    /// Reason why the certificate is revoked (Circular 03/2023/TT-BNV, Art. 8), 1 to 1,000 characters.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// A certificate of a completed course, as printed.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateDto {
    /// Identifier of the certificate (UUID), assigned by the service.
    pub id: Uuid,
    /// Number of the certificate: code of the institute, year of issue and running number.
    #[schema(example = "TDT-2026-000001")]
    pub number: String,
    /// Check code printed beside the number, 12 hexadecimal digits: anyone who knows both can verify the
    /// certificate.
    #[schema(example = "7F3A91C044DE")]
    pub check_code: String,
    /// Identifier of the participation that the certificate was issued for (UUID).
    pub participant_id: Uuid,
    /// Identifier of the offering that the holder took part in (UUID).
    pub offering_id: Uuid,
    /// Identifier of the training institute that issued the certificate (UUID).
    pub institute_id: Uuid,
    /// Full name of the holder at the time of issue.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub holder_name: String,
    /// Title of the course at the time of issue.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub course_title: String,
    /// Length of the course in lesson periods.
    #[schema(minimum = 1, example = 24)]
    pub periods: i32,
    /// Day on which the certificate was issued (ISO 8601 date, Vietnamese time).
    pub issued_on: NaiveDate,
    /// State of the certificate: `issued` (valid) or `revoked`.
    #[schema(example = "issued")]
    pub status: CertificateStatus,
    /// Reason why the certificate was revoked; null unless it is `revoked`.
    #[schema(example = json!(null))]
    pub revoked_reason: Option<String>,
    /// Version of the certificate, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the certificate was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment the certificate was last changed (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

/// Result of issuing the certificates of an offering.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssueDto {
    /// Certificates that were issued now, in the order of their numbers.
    pub issued: Vec<CertificateDto>,
    /// Participants who got no certificate, each with the conditions that are not met.
    pub not_issued: Vec<NotIssuedDto>,
}

/// A participant who got no certificate, and the conditions that are not met.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotIssuedDto {
    /// Identifier of the participation (UUID).
    pub participant_id: Uuid,
    /// Number of the participant within the offering, from 1.
    #[schema(minimum = 1, example = 7)]
    pub number: i32,
    /// Every condition of the certificate that the participant does not meet.
    pub unmet: Vec<UnmetConditionDto>,
}

/// A condition of the certificate that is not met (Circular 03/2023/TT-BNV, Art. 6).
#[derive(Debug, Serialize, ToSchema)]
pub struct UnmetConditionDto {
    /// Code of the condition that is not met.
    #[schema(example = "attendance")]
    pub condition: CertificateCondition,
    /// The condition and what is lacking in words, in the language of the request (`Accept-Language`).
    #[schema(example = "Dự 66,7% số buổi đã học; yêu cầu 80%.")]
    pub message: String,
}

/// Entry of the register about a certificate, for anyone who knows its number and check code.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerificationDto {
    /// Number of the certificate.
    #[schema(example = "TDT-2026-000001")]
    pub number: String,
    /// Whether the certificate is valid: it was issued and has not been revoked.
    #[schema(example = true)]
    pub valid: bool,
    /// State of the certificate: `issued` (valid) or `revoked`.
    #[schema(example = "issued")]
    pub status: CertificateStatus,
    /// Full name of the holder, as printed on the certificate.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub holder_name: String,
    /// Whether the holder's personal data were erased at the holder's request. The certificate stays in
    /// force.
    #[schema(example = false)]
    pub holder_erased: bool,
    /// Title of the course, as printed on the certificate.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub course_title: String,
    /// Length of the course in lesson periods.
    #[schema(minimum = 1, example = 24)]
    pub periods: i32,
    /// Name of the training institute that issued the certificate.
    #[schema(max_length = 300, example = "Trường Đào tạo, Bồi dưỡng cán bộ Công Thương Trung ương")]
    pub institute_name: String,
    /// Day on which the certificate was issued (ISO 8601 date, Vietnamese time).
    pub issued_on: NaiveDate,
}

impl From<Certificate> for CertificateDto {
    fn from(c: Certificate) -> Self {
        Self {
            id: c.id,
            number: c.number,
            check_code: c.check_code,
            participant_id: c.participant_id,
            offering_id: c.offering_id,
            institute_id: c.institute_id,
            holder_name: c.holder_name,
            course_title: c.course_title,
            periods: c.periods,
            issued_on: c.issued_on,
            status: c.status,
            revoked_reason: c.revoked_reason,
            version: c.version,
            created_at: c.created_at,
            updated_at: c.updated_at,
        }
    }
}

impl IssueDto {
    /// What came of issuing, in a language.
    pub fn new(issue: Issue, locale: Locale) -> Self {
        let minimum = issue.minimum_attendance_percent;
        let not_issued = issue
            .not_issued
            .into_iter()
            .map(|(candidate, unmet)| NotIssuedDto {
                participant_id: candidate.participant_id,
                number: candidate.number,
                unmet: unmet
                    .into_iter()
                    .map(|condition| UnmetConditionDto {
                        condition,
                        message: words(condition, &candidate, minimum, locale),
                    })
                    .collect(),
            })
            .collect();
        Self { issued: issue.issued.into_iter().map(Into::into).collect(), not_issued }
    }
}

fn words(condition: CertificateCondition, candidate: &Candidate, minimum: i32, locale: Locale) -> String {
    let key = format!("condition-{}", condition.name()).replace('_', "-");
    let actual = candidate.attendance_percent.unwrap_or_default();
    let args = [("actual", decimal(locale, actual, 1)), ("required", minimum.to_string())];
    text(locale, &key, &args)
}

impl From<(Certificate, String, bool)> for VerificationDto {
    fn from((c, institute_name, holder_erased): (Certificate, String, bool)) -> Self {
        Self {
            holder_erased,
            valid: c.status == CertificateStatus::Issued,
            number: c.number,
            status: c.status,
            holder_name: c.holder_name,
            course_title: c.course_title,
            periods: c.periods,
            institute_name,
            issued_on: c.issued_on,
        }
    }
}
