use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{Change, Degree, Draft, Lecturer, LecturerRole};
use crate::http::{check, list_query};
use crate::patch::{kept, nullable};

list_query! {
    /// Filters of the lecturer list.
    LecturersQuery {
        /// Words to search for in the name and the e-mail address: each must be the beginning of a word
        /// there; case and accents do not matter; up to 200 characters.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only lecturers of the institute with this identifier (UUID).
        institute_id: Uuid,
        /// Only lecturers who teach exactly this subject, spelled as in `subjects`; up to 200 characters.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        subject: String,
        /// `true`: only lecturers who can be assigned to new sessions; `false`: only the others.
        is_active: bool,
    }
}

/// A subject that the lecturer teaches, 1 to 200 characters.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 200)]
#[expect(dead_code, reason = "for the document: elements of a list have no bounds otherwise")]
struct LecturerSubject(String);

/// A lecturer to add.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"full_name": "Nguyễn Thị Minh Hà", "email": "ha.nguyen@example.edu.vn",
    "degree": "doctorate", "role": "senior_lecturer", "subjects": ["Bảo vệ bí mật nhà nước"]}))]
pub struct CreateLecturer {
    /// Full name of the lecturer, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub full_name: String,
    /// E-mail address of the lecturer, up to 254 characters; may be absent.
    #[validate(email, length(max = 254))]
    #[schema(max_length = 254, format = "email")]
    pub email: Option<String>,
    /// Highest academic degree of the lecturer.
    pub degree: Degree,
    /// Teaching title of the lecturer. `senior_lecturer` requires a doctorate, `principal_lecturer` a
    /// master's degree or higher (Circular 03/2023/TT-BNV, Art. 13).
    pub role: LecturerRole,
    /// Subjects that the lecturer teaches, 1 to 20, each 1 to 200 characters.
    #[validate(length(min = 1, max = 20), custom(function = "check_subjects"))]
    #[schema(value_type = Vec<LecturerSubject>, min_items = 1, max_items = 20)]
    pub subjects: Vec<String>,
}

/// Changes of a lecturer (merge patch): absent members stay as they are, `null` removes a value.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"is_active": false}))]
pub struct PatchLecturer {
    /// Full name of the lecturer, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// E-mail address of the lecturer, up to 254 characters; `null` if there is none.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[validate(email, length(max = 254))]
    #[schema(value_type = Option<String>, max_length = 254, format = "email")]
    pub email: Option<Option<String>>,
    /// Highest academic degree of the lecturer.
    #[schema(value_type = Degree, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub degree: Option<Degree>,
    /// Teaching title of the lecturer. `senior_lecturer` requires a doctorate, `principal_lecturer` a
    /// master's degree or higher (Circular 03/2023/TT-BNV, Art. 13).
    #[schema(value_type = LecturerRole, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub role: Option<LecturerRole>,
    /// Subjects that the lecturer teaches, 1 to 20, each 1 to 200 characters.
    #[validate(length(min = 1, max = 20), custom(function = "check_subjects"))]
    #[schema(value_type = Vec<LecturerSubject>, required = false, min_items = 1, max_items = 20)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<String>>,
    /// Whether the lecturer can be assigned to new sessions.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

fn check_subjects(subjects: &[String]) -> Result<(), ValidationError> {
    check::texts("/subjects", subjects, 200)
}

/// A lecturer of a training institute.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LecturerDto {
    /// Identifier of the lecturer (UUID), assigned by the service.
    pub id: Uuid,
    /// Institute for which the lecturer teaches (UUID).
    pub institute_id: Uuid,
    /// Full name of the lecturer, 1 to 200 characters.
    #[schema(max_length = 200, example = "Nguyễn Thị Minh Hà")]
    pub full_name: String,
    /// E-mail address of the lecturer, up to 254 characters; `null` if there is none.
    #[schema(max_length = 254, example = "ha.nguyen@example.edu.vn")]
    pub email: Option<String>,
    /// Highest academic degree of the lecturer.
    #[schema(example = "doctorate")]
    pub degree: Degree,
    /// Teaching title of the lecturer. `senior_lecturer` requires a doctorate, `principal_lecturer` a
    /// master's degree or higher (Circular 03/2023/TT-BNV, Art. 13).
    #[schema(example = "senior_lecturer")]
    pub role: LecturerRole,
    /// Subjects that the lecturer teaches, 1 to 20, each 1 to 200 characters.
    #[schema(max_items = 20, example = json!(["Bảo vệ bí mật nhà nước"]))]
    pub subjects: Vec<String>,
    /// Whether the lecturer can be assigned to new sessions.
    pub is_active: bool,
    /// Version of the lecturer, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the lecturer was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment the lecturer was last changed (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

impl From<CreateLecturer> for Draft {
    fn from(dto: CreateLecturer) -> Self {
        Self {
            full_name: dto.full_name,
            email: dto.email,
            degree: dto.degree,
            role: dto.role,
            subjects: dto.subjects,
        }
    }
}

impl From<PatchLecturer> for Change {
    fn from(dto: PatchLecturer) -> Self {
        Self {
            full_name: dto.full_name,
            email: dto.email,
            degree: dto.degree,
            role: dto.role,
            subjects: dto.subjects,
            is_active: dto.is_active,
        }
    }
}

impl From<Lecturer> for LecturerDto {
    fn from(lecturer: Lecturer) -> Self {
        Self {
            id: lecturer.id,
            institute_id: lecturer.institute_id,
            full_name: lecturer.full_name,
            email: lecturer.email,
            degree: lecturer.degree,
            role: lecturer.role,
            subjects: lecturer.subjects,
            is_active: lecturer.is_active,
            version: lecturer.version,
            created_at: lecturer.created_at,
            updated_at: lecturer.updated_at,
        }
    }
}
