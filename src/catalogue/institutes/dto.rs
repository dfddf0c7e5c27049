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
        /// Exactly this code.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words of the code or the name; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only this kind.
        kind: InstituteKind,
        /// Only in this state.
        status: InstituteStatus,
    }
}

/// Register an institute.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "HVHC", "name": "Học viện Hành chính quốc gia", "kind": "academy",
    "contact_email": "daotao@example.edu.vn", "contact_name": "Phòng Quản lý đào tạo"}))]
pub struct ApplyInstitute {
    /// Code that others are to know it by: no approved institute has it, in whatever case it is written.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ._-]+$")]
    pub code: String,
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Its kind.
    pub kind: InstituteKind,
    /// Address for official mail.
    #[validate(email, length(max = 254))]
    #[schema(max_length = 254, format = "email")]
    pub contact_email: String,
    /// Whom to ask for: an office or a person.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub contact_name: String,
}

/// Change an institute's contact (merge patch): absent members stay.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contact_name": "Phòng Quản lý đào tạo"}))]
pub struct PatchInstitute {
    /// Address for official mail.
    #[validate(email, length(max = 254))]
    #[schema(value_type = String, required = false, max_length = 254, format = "email")]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// Whom to ask for: an office or a person.
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
    /// Number of the decision: running number, kind of document, issuer.
    #[validate(length(max = 50), custom(function = "check::decision_number"))]
    #[schema(max_length = 50, pattern = "^[0-9]{1,5}/(QĐ|KH|TTr|BC|CV|TB)-[A-ZĐ0-9-]+$")]
    pub decision_number: String,
    /// The code that the institute gets, instead of the one that it asked for; only for the first approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: Option<String>,
}

/// A training institute.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct InstituteDto {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    #[schema(max_length = 50, example = "HVHC")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 300, example = "Học viện Hành chính quốc gia")]
    pub name: String,
    /// Its kind.
    #[schema(example = "academy")]
    pub kind: InstituteKind,
    /// Address for official mail; empty once a refused application was forgotten.
    #[schema(max_length = 254, example = "daotao@example.edu.vn")]
    pub contact_email: String,
    /// Whom to ask for.
    #[schema(max_length = 200, example = "Phòng Quản lý đào tạo")]
    pub contact_name: String,
    /// Where it stands; only an approved institute may organise.
    #[schema(example = "approved")]
    pub status: InstituteStatus,
    /// Decision that approved it; `null` before.
    #[schema(max_length = 50, example = "2646/QĐ-BCT")]
    pub decision_number: Option<String>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it registered.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// An application, with what the applicant follows it by.
#[derive(Serialize, ToSchema)]
pub struct AppliedInstituteDto {
    /// The institute. Its id is the reference of the application.
    #[serde(flatten)]
    pub institute: InstituteDto,
    /// Shows who made the application, and opens the institute's account once it is approved. Shown in this answer only:
    /// keep it.
    #[schema(example = "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d", max_length = 100)]
    pub application_secret: String,
}

/// Ask what became of an application.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"institute_id": "0199f0c4-5a7e-7000-8000-000000000001", "application_secret": "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d"}))]
pub struct AskApplication {
    /// The application's reference: `id` of the answer to it.
    pub institute_id: Uuid,
    /// The application's secret.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub application_secret: String,
}

/// What became of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationDto {
    /// Its reference.
    pub institute_id: Uuid,
    /// The code that was asked for; once approved, the one that was given.
    #[schema(example = "HVHC", max_length = 50)]
    pub code: String,
    /// Where it stands. Once it is `approved`, the secret opens the institute's account (`POST /v1/institutes/activate`).
    #[schema(example = "applied")]
    pub status: InstituteStatus,
    /// Decision that approved it.
    #[schema(required, example = json!(null), max_length = 50)]
    pub decision_number: Option<String>,
    /// When it was last changed.
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
