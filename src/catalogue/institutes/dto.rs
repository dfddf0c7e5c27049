use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Change, Decision, Draft, Institute, InstituteKind, InstituteStatus};
use crate::http::{check, list_query};
use crate::patch::kept;

list_query! {
    /// Filters of the institute list.
    InstitutesQuery {
        /// Only institutes with exactly this code, up to 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words to search for in the code and the name: each must be the beginning of a word there; case
        /// and accents do not matter; up to 200 characters.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only institutes of this kind.
        kind: InstituteKind,
        /// Only institutes in this state.
        status: InstituteStatus,
    }
}

/// An application of a training institute.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "HVHC", "name": "Học viện Hành chính quốc gia", "kind": "academy",
    "contact_email": "daotao@example.edu.vn", "contact_name": "Phòng Quản lý đào tạo"}))]
pub struct ApplyInstitute {
    /// Code that the institute asks for, 1 to 50 characters; no approved institute may have it, whatever the
    /// case of its letters.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ._-]+$")]
    pub code: String,
    /// Name of the institute, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Kind of institute, for example `academy` or `university`.
    pub kind: InstituteKind,
    /// E-mail address of the institute for official letters, up to 254 characters.
    #[validate(email, length(max = 254))]
    #[schema(max_length = 254, format = "email")]
    pub contact_email: String,
    /// Office or person to contact at the institute, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub contact_name: String,
}

/// Changes of an institute's contact (merge patch): absent members stay as they are.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contact_name": "Phòng Quản lý đào tạo"}))]
pub struct PatchInstitute {
    /// E-mail address of the institute for official letters, up to 254 characters.
    #[validate(email, length(max = 254))]
    #[schema(value_type = String, required = false, max_length = 254, format = "email")]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// Office or person to contact at the institute, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
}

/// The decision that approves an institute.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision_number": "2646/QĐ-BCT"}))]
pub struct ApproveInstitute {
    /// Number of the decision that approves the institute: running number, kind of document and issuer, for
    /// example `2646/QĐ-BCT`; up to 50 characters.
    #[validate(length(max = 50), custom(function = "check::decision_number"))]
    #[schema(max_length = 50, pattern = "^[0-9]{1,5}/(QĐ|KH|TTr|BC|CV|TB)-[A-ZĐ0-9-]+$")]
    pub decision_number: String,
    /// Code given to the institute instead of the one it asked for, 1 to 50 characters; absent to give that
    /// one. Used at the first approval only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: Option<String>,
}

/// A training institute.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct InstituteDto {
    /// Identifier of the institute (UUID), assigned by the service.
    pub id: Uuid,
    /// Code by which other systems know the institute, 1 to 50 characters, unique among approved institutes;
    /// until the approval, the code it asked for.
    #[schema(max_length = 50, example = "HVHC")]
    pub code: String,
    /// Name of the institute, 1 to 300 characters.
    #[schema(max_length = 300, example = "Học viện Hành chính quốc gia")]
    pub name: String,
    /// Kind of institute, for example `academy` or `university`.
    #[schema(example = "academy")]
    pub kind: InstituteKind,
    /// E-mail address of the institute for official letters, up to 254 characters; empty once the contact of
    /// a refused application has been deleted.
    #[schema(max_length = 254, example = "daotao@example.edu.vn")]
    pub contact_email: String,
    /// Office or person to contact at the institute, up to 200 characters; empty once the contact of a
    /// refused application has been deleted.
    #[schema(max_length = 200, example = "Phòng Quản lý đào tạo")]
    pub contact_name: String,
    /// State of the institute: `applied`, `approved`, `suspended`, `closed` or `refused`. Only an approved
    /// institute may organise training.
    #[schema(example = "approved")]
    pub status: InstituteStatus,
    /// Number of the decision that approved the institute last, up to 50 characters; `null` if it was never
    /// approved.
    #[schema(max_length = 50, example = "2646/QĐ-BCT")]
    pub decision_number: Option<String>,
    /// Version of the institute, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the institute registered (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment the institute was last changed (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

/// A registered institute, with the secret by which the applicant can follow the application.
#[derive(Serialize, ToSchema)]
pub struct AppliedInstituteDto {
    /// The institute as it was registered; its `id` is the reference of the application.
    #[serde(flatten)]
    pub institute: InstituteDto,
    /// Secret of the application, up to 100 characters: it shows who made the application and opens the
    /// institute's account after the approval. Only this answer contains it, so keep it.
    #[schema(example = "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d", max_length = 100)]
    pub application_secret: String,
}

/// The reference and the secret of an application whose state is asked for.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"institute_id": "0199f0c4-5a7e-7000-8000-000000000001", "application_secret": "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d"}))]
pub struct AskApplication {
    /// Reference of the application (UUID): the `id` in the answer to the registration.
    pub institute_id: Uuid,
    /// Secret of the application, 1 to 100 characters: the `application_secret` in the answer to the
    /// registration.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub application_secret: String,
}

/// State of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationDto {
    /// Reference of the application (UUID), which is the identifier of the institute.
    pub institute_id: Uuid,
    /// Code that the institute asked for; after the approval, the code that it was given. Up to 50
    /// characters.
    #[schema(example = "HVHC", max_length = 50)]
    pub code: String,
    /// State of the institute: `applied` while it waits for a decision. Once it is `approved`, the secret
    /// opens the institute's account (`POST /v1/institutes/activate`).
    #[schema(example = "applied")]
    pub status: InstituteStatus,
    /// Number of the decision that approved the institute last, up to 50 characters; `null` if it was never
    /// approved.
    #[schema(required, example = json!(null), max_length = 50)]
    pub decision_number: Option<String>,
    /// Moment the institute was last changed (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

impl From<Institute> for ApplicationDto {
    fn from(institute: Institute) -> Self {
        Self {
            institute_id: institute.id,
            code: institute.code,
            status: institute.status,
            decision_number: institute.decision_number,
            updated_at: institute.updated_at,
        }
    }
}

impl ApplyInstitute {
    /// The draft of an application from an address, as its keyed hash.
    pub fn into_draft(self, applicant_hash: Vec<u8>) -> Draft {
        Draft {
            code: self.code,
            name: self.name,
            kind: self.kind,
            contact_email: self.contact_email,
            contact_name: self.contact_name,
            applicant_hash,
        }
    }
}

impl From<ApproveInstitute> for Decision {
    fn from(dto: ApproveInstitute) -> Self {
        Self { number: Some(dto.decision_number), code: dto.code }
    }
}

impl From<PatchInstitute> for Change {
    fn from(dto: PatchInstitute) -> Self {
        Self { contact_email: dto.contact_email, contact_name: dto.contact_name, ..Self::default() }
    }
}

impl From<Institute> for InstituteDto {
    fn from(institute: Institute) -> Self {
        Self {
            id: institute.id,
            code: institute.code,
            name: institute.name,
            kind: institute.kind,
            contact_email: institute.contact_email,
            contact_name: institute.contact_name,
            status: institute.status,
            decision_number: institute.decision_number,
            version: institute.version,
            created_at: institute.created_at,
            updated_at: institute.updated_at,
        }
    }
}
