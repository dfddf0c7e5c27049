use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Change, Draft, Institute, InstituteKind, InstituteStatus};
use crate::http::{check, list_query};

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
    /// Code others know it by; never changes.
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
    #[schema(max_length = 254, format = "email")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// Whom to ask for: an office or a person.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    #[serde(skip_serializing_if = "Option::is_none")]
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
    /// Address for official mail.
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

impl From<ApplyInstitute> for Draft {
    fn from(dto: ApplyInstitute) -> Self {
        Self {
            code: dto.code,
            name: dto.name,
            kind: dto.kind,
            contact_email: dto.contact_email,
            contact_name: dto.contact_name,
        }
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
