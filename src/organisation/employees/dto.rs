use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{
    BatchRow, Change, Draft, Employee, EmployeeCategory, EmployeeStatus, IdentityPurpose, is_personal_number,
    mask_personal_number, mask_phone, phone_e164,
};
use crate::http::limits::BATCH_ROWS;
use crate::http::{check, list_query};
use crate::patch::{kept, nullable};

list_query! {
    /// Filters of the employee list.
    EmployeesQuery {
        /// Only the record with exactly this code, at most 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words to find in the code or the name, at most 200 characters: each must be the beginning of a
        /// word there; case and accents are ignored.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only employees of this unit (UUID) and of all units below it.
        unit_id: Uuid,
        /// Only employees who hold this job position (UUID).
        job_position_id: Uuid,
        /// Only employees of this legal category, for example civil servants.
        category: EmployeeCategory,
        /// Only employees with this employment status.
        status: EmployeeStatus,
    }
}

/// Data for creating the record of an employee.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "NV-0147", "full_name": "Nguyễn Văn An", "email": "an.nguyen@moit.gov.vn",
    "phone": "0912 345 678", "unit_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "job_position_id": "0199f0c4-5a7e-7000-8000-000000000002", "category": "civil_servant", "status": "active",
    "birth_date": "1990-05-19", "joined_on": "2015-09-01"}))]
pub struct CreateEmployee {
    /// Code in the HR portal, unique, 1 to 50 letters, digits, hyphens, dots or underscores; it never
    /// changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Full name in Vietnamese order (family, middle, given name), 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub full_name: String,
    /// Official e-mail address, unique, at most 254 characters; stored in lower case.
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Vietnamese telephone number, at most 30 characters; stored in E.164 form.
    #[validate(length(max = 30), custom(function = phone_format))]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// Identifier of the unit in which the employee works (UUID).
    pub unit_id: Uuid,
    /// Identifier of the job position that the employee holds (UUID).
    pub job_position_id: Uuid,
    /// Legal category: cadre, civil servant, public employee or contract worker.
    pub category: EmployeeCategory,
    /// Employment status: active, on long leave, or left.
    pub status: EmployeeStatus,
    /// Date of birth (ISO 8601 date), before `joined_on`.
    pub birth_date: Option<NaiveDate>,
    /// First day of service (ISO 8601 date).
    pub joined_on: NaiveDate,
    /// Personal identification number, twelve digits; the year of birth in it must match `birth_date`.
    #[validate(custom(function = personal_number_format))]
    #[schema(max_length = 12, pattern = "^[0-9]{12}$")]
    pub personal_number: Option<String>,
}

/// Changes to an employee (JSON merge patch): a member that is not sent keeps its value, `null` removes it.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "0912 345 679", "status": "on_leave"}))]
pub struct PatchEmployee {
    /// Full name in Vietnamese order (family, middle, given name), 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// Official e-mail address, unique, at most 254 characters; stored in lower case.
    #[validate(email, length(max = 254))]
    #[schema(value_type = String, required = false, format = "email", max_length = 254)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Vietnamese telephone number, at most 30 characters; stored in E.164 form.
    #[validate(length(max = 30), custom(function = phone_format))]
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Option<Option<String>>,
    /// Identifier of the unit in which the employee works (UUID).
    #[schema(value_type = Uuid, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
    /// Identifier of the job position that the employee holds (UUID).
    #[schema(value_type = Uuid, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub job_position_id: Option<Uuid>,
    /// Legal category: cadre, civil servant, public employee or contract worker.
    #[schema(value_type = EmployeeCategory, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub category: Option<EmployeeCategory>,
    /// Employment status: active, on long leave, or left.
    #[schema(value_type = EmployeeStatus, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub status: Option<EmployeeStatus>,
    /// Date of birth (ISO 8601 date), before `joined_on`.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_date: Option<Option<NaiveDate>>,
    /// First day of service (ISO 8601 date).
    #[schema(value_type = NaiveDate, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub joined_on: Option<NaiveDate>,
    /// Personal identification number, twelve digits; the year of birth in it must match `birth_date`.
    #[validate(custom(function = personal_number_format))]
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 12, value_type = Option<String>, pattern = "^[0-9]{12}$")]
    pub personal_number: Option<Option<String>>,
    /// `true` restricts the processing of the person's data at the person's request, `false` lifts the
    /// restriction.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub restricted: Option<bool>,
}

/// One employee of a batch: replaces the stored record with the same code, or creates one.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployeeBatchItem {
    /// Code in the HR portal, unique, 1 to 50 letters, digits, hyphens, dots or underscores; it never
    /// changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Full name in Vietnamese order (family, middle, given name), 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub full_name: String,
    /// Official e-mail address, unique, at most 254 characters; stored in lower case.
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Vietnamese telephone number, at most 30 characters; stored in E.164 form. Not sent: the stored number
    /// is removed.
    #[validate(length(max = 30), custom(function = phone_format))]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// Code of the unit in which the employee works, at most 50 characters.
    #[schema(max_length = 50)]
    pub unit_code: String,
    /// Code of the job position that the employee holds, at most 50 characters.
    #[schema(max_length = 50)]
    pub job_position_code: String,
    /// Legal category: cadre, civil servant, public employee or contract worker.
    pub category: EmployeeCategory,
    /// Employment status: active, on long leave, or left.
    pub status: EmployeeStatus,
    /// Date of birth (ISO 8601 date), before `joined_on`. Not sent: the stored date is removed.
    pub birth_date: Option<NaiveDate>,
    /// First day of service (ISO 8601 date).
    pub joined_on: NaiveDate,
    /// Personal identification number, twelve digits. Not sent: the stored number is removed.
    #[validate(custom(function = personal_number_format))]
    #[schema(max_length = 12, pattern = "^[0-9]{12}$")]
    pub personal_number: Option<String>,
}

/// A batch of 1 to 1,000 employees to create or replace.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "batch_size", skip_on_field_errors = false))]
#[schema(example = json!({"items": [{"code": "NV-0147", "full_name": "Nguyễn Văn An",
    "email": "an.nguyen@moit.gov.vn", "phone": "0912 345 678", "unit_code": "VP-VTLT",
    "job_position_code": "CV-VTLT", "category": "civil_servant", "status": "active", "joined_on": "2015-09-01"}]}))]
pub struct BatchEmployees {
    /// The employees of the batch, 1 to 1,000; each code at most once.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<EmployeeBatchItem>,
}

/// The record of an employee; telephone and personal numbers are masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeDto {
    /// Identifier of the employee (UUID), assigned by the service.
    pub id: Uuid,
    /// Code in the HR portal, unique, 1 to 50 characters.
    #[schema(max_length = 50, example = "NV-0147")]
    pub code: String,
    /// Full name in Vietnamese order (family, middle, given name), 1 to 200 characters.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub full_name: String,
    /// Official e-mail address, unique, at most 254 characters, in lower case.
    #[schema(max_length = 254, format = "email", example = "an.nguyen@moit.gov.vn")]
    pub email: String,
    /// Masked telephone number: country code and last three digits; `null` if none is recorded.
    #[schema(max_length = 30, example = "+84******678")]
    pub phone: Option<String>,
    /// Identifier of the unit in which the employee works (UUID).
    pub unit_id: Uuid,
    /// Identifier of the job position that the employee holds (UUID).
    pub job_position_id: Uuid,
    /// Legal category: cadre, civil servant, public employee or contract worker.
    #[schema(example = "civil_servant")]
    pub category: EmployeeCategory,
    /// Employment status: active, on long leave, or left.
    pub status: EmployeeStatus,
    /// Date of birth (ISO 8601 date); `null` if none is recorded.
    #[schema(example = "1990-05-19")]
    pub birth_date: Option<NaiveDate>,
    /// First day of service (ISO 8601 date).
    #[schema(example = "2015-09-01")]
    pub joined_on: NaiveDate,
    /// Masked personal identification number: first and last three digits; `null` if none is recorded.
    #[schema(max_length = 12, example = "001******345")]
    pub personal_number: Option<String>,
    /// Whether the processing of the person's data is restricted: not suggested for courses, not used for
    /// comparison.
    #[schema(example = false)]
    pub restricted: bool,
    /// Moment the identifying data were erased from this record (RFC 3339, UTC); `null` if they were not.
    #[schema(example = json!(null))]
    pub erased_at: Option<DateTime<Utc>>,
    /// Version of the employee record, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the employee was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the last change of the employee record (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

/// Query of the unmasked numbers: the purpose of reading them.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IdentityQuery {
    /// Purpose of reading the data, entered in the audit log; `own_data` only for the data of the caller.
    #[param(inline)]
    pub purpose: IdentityPurpose,
}

/// Unmasked identifying data of an employee.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityDto {
    /// Identifier of the employee (UUID).
    pub employee_id: Uuid,
    /// Full name in Vietnamese order (family, middle, given name), 1 to 200 characters.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub full_name: String,
    /// Date of birth (ISO 8601 date); `null` if none is recorded.
    #[schema(example = "1999-05-19")]
    pub birth_date: Option<NaiveDate>,
    /// Telephone number in E.164 form; `null` if none is recorded.
    #[schema(max_length = 30, example = "+84912345678")]
    pub phone: Option<String>,
    /// Personal identification number, twelve digits; `null` if none is recorded.
    #[schema(max_length = 12, example = "001099012345")]
    pub personal_number: Option<String>,
}

fn batch_size(batch: &BatchEmployees) -> Result<(), ValidationError> {
    check::count("/items", &batch.items, 1, BATCH_ROWS)
}

fn phone_format(written: &str) -> Result<(), ValidationError> {
    check::holds(phone_e164(written).is_some(), "phone_format")
}

fn personal_number_format(text: &str) -> Result<(), ValidationError> {
    check::holds(is_personal_number(text), "personal_number_format")
}

fn e164(written: Option<String>) -> Option<String> {
    written.and_then(|w| phone_e164(&w))
}

impl From<CreateEmployee> for Draft {
    fn from(dto: CreateEmployee) -> Self {
        Self {
            code: dto.code,
            full_name: dto.full_name,
            email: dto.email.to_lowercase(),
            phone: e164(dto.phone),
            unit_id: dto.unit_id,
            job_position_id: dto.job_position_id,
            category: dto.category,
            status: dto.status,
            birth_date: dto.birth_date,
            joined_on: dto.joined_on,
            personal_number: dto.personal_number,
        }
    }
}

impl From<EmployeeBatchItem> for BatchRow {
    fn from(dto: EmployeeBatchItem) -> Self {
        Self {
            unit_code: dto.unit_code,
            job_position_code: dto.job_position_code,
            draft: Draft {
                code: dto.code,
                full_name: dto.full_name,
                email: dto.email.to_lowercase(),
                phone: e164(dto.phone),
                unit_id: Uuid::nil(),
                job_position_id: Uuid::nil(),
                category: dto.category,
                status: dto.status,
                birth_date: dto.birth_date,
                joined_on: dto.joined_on,
                personal_number: dto.personal_number,
            },
        }
    }
}

impl From<PatchEmployee> for Change {
    fn from(dto: PatchEmployee) -> Self {
        Self {
            full_name: dto.full_name,
            email: dto.email.map(|e| e.to_lowercase()),
            phone: dto.phone.map(e164),
            unit_id: dto.unit_id,
            job_position_id: dto.job_position_id,
            category: dto.category,
            status: dto.status,
            birth_date: dto.birth_date,
            joined_on: dto.joined_on,
            personal_number: dto.personal_number,
            restricted: dto.restricted,
            ..Self::default()
        }
    }
}

impl From<Employee> for EmployeeDto {
    fn from(employee: Employee) -> Self {
        Self {
            id: employee.id,
            code: employee.code,
            full_name: employee.full_name,
            email: employee.email,
            phone: employee.phone.as_deref().map(mask_phone),
            unit_id: employee.unit_id,
            job_position_id: employee.job_position_id,
            category: employee.category,
            status: employee.status,
            birth_date: employee.birth_date,
            joined_on: employee.joined_on,
            personal_number: employee.personal_number.as_deref().map(mask_personal_number),
            restricted: employee.restricted,
            erased_at: employee.erased_at,
            version: employee.version,
            created_at: employee.created_at,
            updated_at: employee.updated_at,
        }
    }
}

impl From<Employee> for IdentityDto {
    fn from(employee: Employee) -> Self {
        Self {
            employee_id: employee.id,
            full_name: employee.full_name,
            birth_date: employee.birth_date,
            phone: employee.phone,
            personal_number: employee.personal_number,
        }
    }
}
