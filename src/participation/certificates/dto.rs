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
        /// Exactly this number.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        number: String,
        /// Only this offering.
        offering_id: Uuid,
        /// Only this employee.
        employee_id: Uuid,
        /// Only this state.
        status: CertificateStatus,
    }
}

/// What verification asks for besides the number.
#[derive(Debug, Clone, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VerificationQuery {
    /// Check code, printed beside the number (`7F3A-91C0-44DE`); case, spaces and hyphens do not matter.
    #[param(max_length = 50)]
    #[validate(length(max = 50))]
    pub code: String,
}

/// Whom to issue certificates to.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct IssueCertificates {
    /// Only these participants; without it everybody who has none. Who lost a certificate gets another only by name.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub participant_ids: Option<Vec<Uuid>>,
}

/// Why a certificate is revoked.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Cấp nhầm người."}))]
pub struct RevokeCertificate {
    /// Why (Circular 03/2023/TT-BNV, Art. 8).
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// A certificate, as printed.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateDto {
    /// Its id.
    pub id: Uuid,
    /// Its number: institute, year, running number.
    #[schema(example = "TDT-2026-000001")]
    pub number: String,
    /// Check code, printed beside the number: with both, anyone can verify it.
    #[schema(example = "7F3A91C044DE")]
    pub check_code: String,
    /// The participation it rests on.
    pub participant_id: Uuid,
    /// The offering.
    pub offering_id: Uuid,
    /// Who issued it.
    pub institute_id: Uuid,
    /// The holder's name when issued.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub holder_name: String,
    /// The course's title when issued.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub course_title: String,
    /// Lesson periods of the course.
    #[schema(minimum = 1, example = 24)]
    pub periods: i32,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// Whether it is valid.
    #[schema(example = "issued")]
    pub status: CertificateStatus,
    /// Why it was revoked.
    #[schema(example = json!(null))]
    pub revoked_reason: Option<String>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What came of issuing.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssueDto {
    /// New certificates, in the order of their numbers.
    pub issued: Vec<CertificateDto>,
    /// Participants who got none, and why.
    pub not_issued: Vec<NotIssuedDto>,
}

/// A participant who got no certificate.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotIssuedDto {
    /// The participant.
    pub participant_id: Uuid,
    /// Number within the offering.
    #[schema(minimum = 1, example = 7)]
    pub number: i32,
    /// Every condition that is not met.
    pub unmet: Vec<UnmetConditionDto>,
}

/// A condition of the certificate that is not met (Circular 03/2023/TT-BNV, Art. 6).
#[derive(Debug, Serialize, ToSchema)]
pub struct UnmetConditionDto {
    /// Which.
    #[schema(example = "attendance")]
    pub condition: CertificateCondition,
    /// In words, by `Accept-Language`.
    #[schema(example = "Dự 66,7% số buổi đã học; yêu cầu 80%.")]
    pub message: String,
}

/// Whether a certificate is what it looks like.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerificationDto {
    /// Its number.
    #[schema(example = "TDT-2026-000001")]
    pub number: String,
    /// Whether it is valid today.
    #[schema(example = true)]
    pub valid: bool,
    /// `issued`, or `revoked`.
    #[schema(example = "issued")]
    pub status: CertificateStatus,
    /// Whose it is.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub holder_name: String,
    /// Whether the holder's identity was erased at the holder's request: the certificate stays what it is.
    #[schema(example = false)]
    pub holder_erased: bool,
    /// The course.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub course_title: String,
    /// Lesson periods of the course.
    #[schema(minimum = 1, example = 24)]
    pub periods: i32,
    /// Who issued it.
    #[schema(max_length = 300, example = "Trường Đào tạo, Bồi dưỡng cán bộ Công Thương Trung ương")]
    pub institute_name: String,
    /// When it was issued.
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
