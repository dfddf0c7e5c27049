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
        /// Exactly this code.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words of the name or code; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only this unit, with everything below it.
        unit_id: Uuid,
        /// Only holders of this job position.
        job_position_id: Uuid,
        /// Only this legal standing.
        category: EmployeeCategory,
        /// Only this status.
        status: EmployeeStatus,
    }
}

/// Create an employee.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "NV-0147", "full_name": "Nguyễn Văn An", "email": "an.nguyen@moit.gov.vn",
    "phone": "0912 345 678", "unit_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "job_position_id": "0199f0c4-5a7e-7000-8000-000000000002", "category": "civil_servant", "status": "active",
    "birth_date": "1990-05-19", "joined_on": "2015-09-01"}))]
pub struct CreateEmployee {
    /// Code of the HR portal: letters, digits, hyphen, dot, underscore; never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Family name, middle name, given name.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub full_name: String,
    /// Address at work; stored in lower case, belongs to one employee.
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Vietnamese telephone number; stored as E.164.
    #[validate(length(max = 30), custom(function = phone_format))]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// The unit.
    pub unit_id: Uuid,
    /// The job position.
    pub job_position_id: Uuid,
    /// Legal standing.
    pub category: EmployeeCategory,
    /// Whether the person works.
    pub status: EmployeeStatus,
    /// Birthday.
    pub birth_date: Option<NaiveDate>,
    /// First day of service.
    pub joined_on: NaiveDate,
    /// Personal identification number, twelve digits; its century digit and year must fit the birthday.
    #[validate(custom(function = personal_number_format))]
    #[schema(max_length = 12, pattern = "^[0-9]{12}$")]
    pub personal_number: Option<String>,
}

/// Change an employee (merge patch): absent members stay, `null` empties.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "0912 345 679", "status": "on_leave"}))]
pub struct PatchEmployee {
    /// Family name, middle name, given name.
    #[validate(length(min = 1, max = 200))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// Address at work.
    #[validate(email, length(max = 254))]
    #[schema(value_type = String, required = false, format = "email", max_length = 254)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Vietnamese telephone number.
    #[validate(length(max = 30), custom(function = phone_format))]
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Option<Option<String>>,
    /// The unit.
    #[schema(value_type = Uuid, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
    /// The job position.
    #[schema(value_type = Uuid, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub job_position_id: Option<Uuid>,
    /// Legal standing.
    #[schema(value_type = EmployeeCategory, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub category: Option<EmployeeCategory>,
    /// Whether the person works.
    #[schema(value_type = EmployeeStatus, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub status: Option<EmployeeStatus>,
    /// Birthday.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_date: Option<Option<NaiveDate>>,
    /// First day of service.
    #[schema(value_type = NaiveDate, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub joined_on: Option<NaiveDate>,
    /// Personal identification number, twelve digits.
    #[validate(custom(function = personal_number_format))]
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 12, value_type = Option<String>, pattern = "^[0-9]{12}$")]
    pub personal_number: Option<Option<String>>,
    /// `false` lifts a restriction when the person no longer wants it.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub restricted: Option<bool>,
}

/// One employee of a batch: replaces what is stored under the code.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployeeBatchItem {
    /// Code of the HR portal: letters, digits, hyphen, dot, underscore.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Family name, middle name, given name.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub full_name: String,
    /// Address at work.
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Vietnamese telephone number; emptied where absent.
    #[validate(length(max = 30), custom(function = phone_format))]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// Code of the unit.
    #[schema(max_length = 50)]
    pub unit_code: String,
    /// Code of the job position.
    #[schema(max_length = 50)]
    pub job_position_code: String,
    /// Legal standing.
    pub category: EmployeeCategory,
    /// Whether the person works.
    pub status: EmployeeStatus,
    /// Birthday; emptied where absent.
    pub birth_date: Option<NaiveDate>,
    /// First day of service.
    pub joined_on: NaiveDate,
    /// Personal identification number, twelve digits; emptied where absent.
    #[validate(custom(function = personal_number_format))]
    #[schema(max_length = 12, pattern = "^[0-9]{12}$")]
    pub personal_number: Option<String>,
}

/// Create or replace employees, up to 1,000.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "batch_size", skip_on_field_errors = false))]
#[schema(example = json!({"items": [{"code": "NV-0147", "full_name": "Nguyễn Văn An",
    "email": "an.nguyen@moit.gov.vn", "phone": "0912 345 678", "unit_code": "VP-VTLT",
    "job_position_code": "CV-VTLT", "category": "civil_servant", "status": "active", "joined_on": "2015-09-01"}]}))]
pub struct BatchEmployees {
    /// The employees, each code once.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<EmployeeBatchItem>,
}

/// An employee.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeDto {
    /// Id.
    pub id: Uuid,
    /// Code of the HR portal.
    #[schema(max_length = 50, example = "NV-0147")]
    pub code: String,
    /// Family name, middle name, given name.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub full_name: String,
    /// Address at work.
    #[schema(max_length = 254, format = "email", example = "an.nguyen@moit.gov.vn")]
    pub email: String,
    /// Telephone number, masked: country code and last three digits.
    #[schema(max_length = 30, example = "+84******678")]
    pub phone: Option<String>,
    /// The unit.
    pub unit_id: Uuid,
    /// The job position.
    pub job_position_id: Uuid,
    /// Legal standing.
    #[schema(example = "civil_servant")]
    pub category: EmployeeCategory,
    /// Whether the person works.
    pub status: EmployeeStatus,
    /// Birthday.
    #[schema(example = "1990-05-19")]
    pub birth_date: Option<NaiveDate>,
    /// First day of service.
    #[schema(example = "2015-09-01")]
    pub joined_on: NaiveDate,
    /// Personal identification number, masked: first and last three digits.
    #[schema(max_length = 12, example = "001******345")]
    pub personal_number: Option<String>,
    /// Whether the person restricted the processing of the data: no suggestions, never chosen as a comparison.
    #[schema(example = false)]
    pub restricted: bool,
    /// When the person's identity was erased; nothing of it is left here then.
    #[schema(example = json!(null))]
    pub erased_at: Option<DateTime<Utc>>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When the record was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What sensitive data are read for.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IdentityQuery {
    /// What they are read for: entered in the audit log. `own_data` is for oneself only.
    #[param(inline)]
    pub purpose: IdentityPurpose,
}

/// What is masked elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityDto {
    /// The employee.
    pub employee_id: Uuid,
    /// Family name, middle name, given name.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub full_name: String,
    /// Birthday.
    #[schema(example = "1999-05-19")]
    pub birth_date: Option<NaiveDate>,
    /// Telephone number, E.164.
    #[schema(max_length = 30, example = "+84912345678")]
    pub phone: Option<String>,
    /// Personal identification number.
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
