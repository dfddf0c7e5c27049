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
        /// Only in this state.
        status: DataRequestStatus,
        /// Only of this kind.
        kind: DataRequestKind,
        /// Only those whose clock has run out (`true`), or has not (`false`).
        overdue: bool,
        /// Only of this employee.
        employee_id: Uuid,
    }
}

/// Ask for something concerning one's data, or record what came on paper.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"employee_id": "0199f0c4-5a7e-7000-8000-000000000001", "kind": "correction", "details": "Ngày sinh ghi sai.", "corrections": {"birth_date": "1990-05-19"}}))]
pub struct CreateDataRequest {
    /// Whose data; one's own unless told.
    pub employee_id: Option<Uuid>,
    /// What is asked for.
    pub kind: DataRequestKind,
    /// In the person's words.
    #[validate(length(min = 1, max = 2000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub details: Option<String>,
    /// What to correct, for a correction.
    #[validate(nested)]
    pub corrections: Option<CorrectionsDto>,
    /// When it came, for who records a request that came earlier; today unless told.
    pub received_on: Option<NaiveDate>,
}

/// What a person wants corrected; absent members are right as they are.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionsDto {
    /// Family name, middle name, given name.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub full_name: Option<String>,
    /// Address at work.
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: Option<String>,
    /// Vietnamese telephone number.
    #[validate(length(max = 30), custom(function = phone_format))]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// Birthday.
    pub birth_date: Option<NaiveDate>,
    /// Personal identification number, twelve digits.
    #[validate(custom(function = personal_number_format))]
    #[schema(max_length = 12, pattern = "^[0-9]{12}$")]
    pub personal_number: Option<String>,
}

/// Give oneself more time, once.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"days": 10, "reason": "Hồ sơ giấy còn ở kho lưu trữ."}))]
pub struct ExtendDataRequest {
    /// Days more: at most as many as the law gave at first.
    #[validate(range(min = 1, max = 20))]
    #[schema(minimum = 1, maximum = 20)]
    pub days: u64,
    /// Why: the person is told.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Refuse a request.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Dữ liệu còn cần cho quan hệ công tác (Luật 91/2025/QH15, Điều 25)."}))]
pub struct RefuseDataRequest {
    /// Why: the person is told.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// A request of a person concerning the own data.
#[derive(Debug, Serialize, ToSchema)]
pub struct DataRequestDto {
    /// Its id.
    pub id: Uuid,
    /// Whose data.
    pub employee_id: Uuid,
    /// Whether the person asked, or somebody recorded it for the person, who sees it here like every other.
    pub asked_by_person: bool,
    /// Account that recorded it.
    pub recorded_by: Uuid,
    /// What is asked for.
    #[schema(example = "correction")]
    pub kind: DataRequestKind,
    /// In the person's words.
    #[schema(max_length = 2000, example = "Ngày sinh ghi sai.")]
    pub details: Option<String>,
    /// What to correct.
    pub corrections: Option<AskedCorrectionsDto>,
    /// Where it stands.
    #[schema(example = "acknowledged")]
    pub status: DataRequestStatus,
    /// When it came.
    #[schema(example = "2026-01-02")]
    pub received_on: NaiveDate,
    /// Last day to acknowledge it: two working days.
    #[schema(example = "2026-01-06")]
    pub acknowledge_by: NaiveDate,
    /// When it was acknowledged.
    #[schema(example = "2026-01-05")]
    pub acknowledged_on: Option<NaiveDate>,
    /// Last day to fulfil it: 10, 15 or 20 days by its kind, and the extension.
    #[schema(example = "2026-01-12")]
    pub due_on: NaiveDate,
    /// When it was extended.
    #[schema(example = json!(null))]
    pub extended_on: Option<NaiveDate>,
    /// Why.
    #[schema(example = json!(null))]
    pub extension_reason: Option<String>,
    /// When it was fulfilled or refused.
    #[schema(example = json!(null))]
    pub decided_on: Option<NaiveDate>,
    /// Why it was refused.
    #[schema(example = json!(null))]
    pub refusal_reason: Option<String>,
    /// Whether one of its clocks has run out.
    #[schema(example = false)]
    pub overdue: bool,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a person wants corrected; numbers masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedCorrectionsDto {
    /// Family name, middle name, given name.
    #[schema(max_length = 200, example = json!(null))]
    pub full_name: Option<String>,
    /// Address at work.
    #[schema(max_length = 254, example = json!(null))]
    pub email: Option<String>,
    /// Telephone number, masked.
    #[schema(max_length = 30, example = "+84******678")]
    pub phone: Option<String>,
    /// Birthday.
    #[schema(example = "1990-05-19")]
    pub birth_date: Option<NaiveDate>,
    /// Personal identification number, masked.
    #[schema(max_length = 12, example = "001******345")]
    pub personal_number: Option<String>,
}

/// Everything that is held about a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalDataDto {
    /// The request that it answers.
    pub request_id: Uuid,
    /// Whose data.
    pub employee_id: Uuid,
    /// When it was put together.
    pub made_at: DateTime<Utc>,
    /// The records by their kind: `employee`, `account` (without its secret), `logins`, `delegations`,
    /// `competencies`, `absences`, `ratings`, `nominations`, `participation` (with attendance and results), `certificates`, `succession`, `evaluations_of_work`
    /// (answers about the person, without who gave them), `evaluations_owed` (with one's own answers; anonymous ones
    /// cannot be found again), `requests`, `log` (who did what with the record). A kind may be empty.
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
