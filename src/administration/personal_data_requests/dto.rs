use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::export::Export;
use super::model::{DataRequest, DataRequestKind, DataRequestStatus, Draft};
use crate::error::Result;
use crate::http::{check, list_query};
use crate::organisation::employees::{
    Corrections, is_personal_number, mask_personal_number, mask_phone, phone_e164,
};

list_query! {
    /// Filters of the list of requests.
    DataRequestsQuery {
        /// Only requests in this state.
        status: DataRequestStatus,
        /// Only requests of this kind.
        kind: DataRequestKind,
        /// `true`: only open requests of which a deadline has passed; `false`: only the others.
        overdue: bool,
        /// Only requests about the data of the employee with this identifier (UUID).
        employee_id: Uuid,
    }
}

/// A request concerning one's personal data, or the record of a request received on paper.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"employee_id": "0199f0c4-5a7e-7000-8000-000000000001", "kind": "correction", "details": "Ngày sinh ghi sai.", "corrections": {"birth_date": "1990-05-19"}}))]
pub struct CreateDataRequest {
    /// Employee whose data the request is about (UUID); the caller if absent. Only staff who handle requests
    /// may name somebody else.
    pub employee_id: Option<Uuid>,
    /// Kind of request, for example `view`, `correction` or `erasure`.
    pub kind: DataRequestKind,
    /// Explanation in the words of the person concerned, 1 to 2000 characters; may be absent.
    #[validate(length(min = 1, max = 2000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub details: Option<String>,
    /// Corrections that are requested; required where `kind` is `correction`, refused otherwise.
    #[validate(nested)]
    pub corrections: Option<CorrectionsDto>,
    /// Day on which the request was received (ISO 8601 date), not in the future; today if absent. Only staff
    /// who handle requests may give an earlier day.
    pub received_on: Option<NaiveDate>,
}

/// Corrections that a person requests, at least one; absent members need no correction.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionsDto {
    /// Correct full name, written family name, middle name, given name; 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub full_name: Option<String>,
    /// Correct official e-mail address, up to 254 characters.
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: Option<String>,
    /// Correct Vietnamese telephone number, up to 30 characters.
    #[validate(length(max = 30), custom(function = phone_format))]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// Correct date of birth (ISO 8601 date).
    pub birth_date: Option<NaiveDate>,
    /// Correct personal identification number (số định danh cá nhân), 12 digits.
    #[validate(custom(function = personal_number_format))]
    #[schema(max_length = 12, pattern = "^[0-9]{12}$")]
    pub personal_number: Option<String>,
}

/// An extension of the time for a request, possible once.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"days": 10, "reason": "Hồ sơ giấy còn ở kho lưu trữ."}))]
pub struct ExtendDataRequest {
    /// Days to add, 1 to 20 and no more than the law gives for the kind of request at first: 10, 15 or 20.
    #[validate(range(min = 1, max = 20))]
    #[schema(minimum = 1, maximum = 20)]
    pub days: u64,
    /// Reason for the extension, 1 to 1000 characters; the person concerned can read it.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// The refusal of a request.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Dữ liệu còn cần cho quan hệ công tác (Luật 91/2025/QH15, Điều 25)."}))]
pub struct RefuseDataRequest {
    /// Reason for the refusal, 1 to 1000 characters; the person concerned can read it.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// A request of a person concerning the personal data held about that person.
#[derive(Debug, Serialize, ToSchema)]
pub struct DataRequestDto {
    /// Identifier of the request (UUID), assigned by the service.
    pub id: Uuid,
    /// Employee whose data the request is about (UUID).
    pub employee_id: Uuid,
    /// `true` if the person concerned made the request, `false` if somebody else recorded it for the person,
    /// who can read it in both cases.
    pub asked_by_person: bool,
    /// Account that recorded the request (UUID).
    pub recorded_by: Uuid,
    /// Kind of request, for example `view`, `correction` or `erasure`.
    #[schema(example = "correction")]
    pub kind: DataRequestKind,
    /// Explanation in the words of the person concerned, up to 2000 characters; `null` if none was given.
    #[schema(max_length = 2000, example = "Ngày sinh ghi sai.")]
    pub details: Option<String>,
    /// Corrections that are requested; `null` unless `kind` is `correction`.
    pub corrections: Option<AskedCorrectionsDto>,
    /// State of the request: `received`, `acknowledged`, `fulfilled` or `refused`.
    #[schema(example = "acknowledged")]
    pub status: DataRequestStatus,
    /// Day on which the request was received (ISO 8601 date, Asia/Ho_Chi_Minh).
    #[schema(example = "2026-01-02")]
    pub received_on: NaiveDate,
    /// Last day to acknowledge the request (ISO 8601 date): the second working day after `received_on`.
    #[schema(example = "2026-01-06")]
    pub acknowledge_by: NaiveDate,
    /// Day on which the request was acknowledged (ISO 8601 date); `null` if it has not been.
    #[schema(example = "2026-01-05")]
    pub acknowledged_on: Option<NaiveDate>,
    /// Last day to fulfil the request (ISO 8601 date): 10, 15 or 20 days after `received_on`, depending on
    /// `kind`, and the days of an extension.
    #[schema(example = "2026-01-12")]
    pub due_on: NaiveDate,
    /// Day on which the time was extended (ISO 8601 date); `null` if it has not been.
    #[schema(example = json!(null))]
    pub extended_on: Option<NaiveDate>,
    /// Reason for the extension; `null` if there was none.
    #[schema(example = json!(null))]
    pub extension_reason: Option<String>,
    /// Day on which the request was fulfilled or refused (ISO 8601 date); `null` while it is open.
    #[schema(example = json!(null))]
    pub decided_on: Option<NaiveDate>,
    /// Reason for the refusal; `null` unless the request was refused.
    #[schema(example = json!(null))]
    pub refusal_reason: Option<String>,
    /// Whether the request is open today although `due_on` has passed, or although `acknowledge_by` has
    /// passed without an acknowledgement.
    #[schema(example = false)]
    pub overdue: bool,
    /// Version of the request, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the request was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment the request was last changed (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

/// Corrections that a person requests, with telephone and identification numbers masked; `null` members need
/// no correction.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedCorrectionsDto {
    /// Full name requested, written family name, middle name, given name; `null` if unchanged.
    #[schema(max_length = 200, example = json!(null))]
    pub full_name: Option<String>,
    /// Official e-mail address requested; `null` if unchanged.
    #[schema(max_length = 254, example = json!(null))]
    pub email: Option<String>,
    /// Telephone number requested, masked; `null` if unchanged.
    #[schema(max_length = 30, example = "+84******678")]
    pub phone: Option<String>,
    /// Date of birth requested (ISO 8601 date); `null` if unchanged.
    #[schema(example = "1990-05-19")]
    pub birth_date: Option<NaiveDate>,
    /// Personal identification number requested, masked; `null` if unchanged.
    #[schema(max_length = 12, example = "001******345")]
    pub personal_number: Option<String>,
}

/// All personal data held about a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalDataDto {
    /// Fulfilled request that gives access to the data (UUID).
    pub request_id: Uuid,
    /// Employee whose data these are (UUID).
    pub employee_id: Uuid,
    /// Moment the data were collected (RFC 3339, UTC).
    pub made_at: DateTime<Utc>,
    /// The records by their kind: `employee`, `account` (without its secret), `logins`, `delegations`,
    /// `competencies`, `absences`, `ratings`, `nominations`, `participation` (with attendance and results),
    /// `certificates`, `succession`, `evaluations_of_work` (answers about the person, without the name of the
    /// person who gave them), `evaluations_owed` (forms for the person to answer, with the answers given;
    /// anonymous answers cannot be attributed to anybody), `requests`, `log` (what was done with the person's
    /// record, and at which moment). A kind may have no records.
    #[schema(value_type = BTreeMap<String, Vec<Object>>, example = json!({"employee": [{"full_name": "Nguyễn Văn An"}], "absences": []}))]
    pub data: BTreeMap<&'static str, Vec<Value>>,
}

fn phone_format(written: &str) -> Result<(), ValidationError> {
    check::holds(phone_e164(written).is_some(), "phone_format")
}

fn personal_number_format(text: &str) -> Result<(), ValidationError> {
    check::holds(is_personal_number(text), "personal_number_format")
}

impl From<CorrectionsDto> for Corrections {
    fn from(dto: CorrectionsDto) -> Self {
        Self {
            full_name: dto.full_name,
            email: dto.email.map(|e| e.to_lowercase()),
            phone: dto.phone.and_then(|p| phone_e164(&p)),
            birth_date: dto.birth_date,
            personal_number: dto.personal_number,
        }
    }
}

impl From<CreateDataRequest> for Draft {
    fn from(dto: CreateDataRequest) -> Self {
        Self {
            employee_id: dto.employee_id,
            kind: dto.kind,
            details: dto.details,
            corrections: dto.corrections.map(Into::into),
            received_on: dto.received_on,
        }
    }
}

impl From<Corrections> for AskedCorrectionsDto {
    fn from(asked: Corrections) -> Self {
        Self {
            full_name: asked.full_name,
            email: asked.email,
            phone: asked.phone.as_deref().map(mask_phone),
            birth_date: asked.birth_date,
            personal_number: asked.personal_number.as_deref().map(mask_personal_number),
        }
    }
}

impl DataRequestDto {
    /// A request as it stands on a day.
    ///
    /// # Errors
    /// [`crate::error::Error::Internal`] when what is stored is not what this service writes.
    pub fn new(request: DataRequest, today: NaiveDate) -> Result<Self> {
        let asked = if request.corrections.is_some() { Some(request.corrections()?.into()) } else { None };
        Ok(Self {
            overdue: request.is_overdue(today),
            id: request.id,
            asked_by_person: request.asked_by_person,
            recorded_by: request.recorded_by,
            employee_id: request.employee_id,
            kind: request.kind,
            details: request.details,
            corrections: asked,
            status: request.status,
            received_on: request.received_on,
            acknowledge_by: request.acknowledge_by,
            acknowledged_on: request.acknowledged_on,
            due_on: request.due_on,
            extended_on: request.extended_on,
            extension_reason: request.extension_reason,
            decided_on: request.decided_on,
            refusal_reason: request.refusal_reason,
            version: request.version,
            created_at: request.created_at,
            updated_at: request.updated_at,
        })
    }
}

impl From<Export> for PersonalDataDto {
    fn from(export: Export) -> Self {
        Self {
            request_id: export.request_id,
            employee_id: export.employee_id,
            made_at: export.made_at,
            data: export.data,
        }
    }
}
