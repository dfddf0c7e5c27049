use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Change, Draft, SuccessionEntry};
use crate::http::list_query;
use crate::patch::kept;

list_query! {
    /// Filters of the succession lists.
    SuccessionQuery {
        /// Only entries of this employee (UUID).
        employee_id: Uuid,
        /// Only entries of employees of this unit (UUID) and of all units below it.
        unit_id: Uuid,
        /// Only entries for this job position (UUID).
        job_position_id: Uuid,
        /// Only entries valid on this day (ISO 8601 date); without it, entries of all times.
        as_of: NaiveDate,
    }
}

/// Data for adding an employee to the succession list of a job position.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"employee_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "job_position_id": "0199f0c4-5a7e-7000-8000-000000000002", "decision_number": "2646/QĐ-BCT",
    "valid_from": "2026-01-01", "valid_to": "2031-01-01"}))]
pub struct CreateSuccessionEntry {
    /// Identifier of the employee who is planned as a successor (UUID); the employee must not have left.
    pub employee_id: Uuid,
    /// Identifier of the job position for which the employee is planned (UUID).
    pub job_position_id: Uuid,
    /// Number of the decision on the succession list, 1 to 100 characters. Its form is not checked, because
    /// Party documents are numbered differently (`15-QĐ/BCSĐ`).
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub decision_number: String,
    /// First day on which the entry is valid (ISO 8601 date).
    pub valid_from: NaiveDate,
    /// First day on which the entry is no longer valid (ISO 8601 date), after `valid_from`.
    pub valid_to: NaiveDate,
}

/// A new end date of a succession entry (JSON merge patch). Anything else needs a new entry by a new
/// decision.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_to": "2027-01-01"}))]
pub struct PatchSuccessionEntry {
    /// First day on which the entry is no longer valid (ISO 8601 date), after `valid_from`.
    #[schema(value_type = NaiveDate, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
}

/// An entry of a succession list: an employee who is planned for a job position for a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuccessionEntryDto {
    /// Identifier of the succession entry (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the employee who is planned as a successor (UUID).
    pub employee_id: Uuid,
    /// Identifier of the job position for which the employee is planned (UUID).
    pub job_position_id: Uuid,
    /// Number of the decision on the succession list, 1 to 100 characters.
    #[schema(max_length = 100, example = "2646/QĐ-BCT")]
    pub decision_number: String,
    /// First day on which the entry is valid (ISO 8601 date).
    #[schema(example = "2026-01-01")]
    pub valid_from: NaiveDate,
    /// First day on which the entry is no longer valid (ISO 8601 date), after `valid_from`.
    #[schema(example = "2031-01-01")]
    pub valid_to: NaiveDate,
    /// Version of the succession entry, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the succession entry was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the last change of the succession entry (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

impl From<CreateSuccessionEntry> for Draft {
    fn from(dto: CreateSuccessionEntry) -> Self {
        Self {
            employee_id: dto.employee_id,
            job_position_id: dto.job_position_id,
            decision_number: dto.decision_number,
            valid_from: dto.valid_from,
            valid_to: dto.valid_to,
        }
    }
}

impl From<PatchSuccessionEntry> for Change {
    fn from(dto: PatchSuccessionEntry) -> Self {
        Self { valid_to: dto.valid_to }
    }
}

impl From<SuccessionEntry> for SuccessionEntryDto {
    fn from(entry: SuccessionEntry) -> Self {
        Self {
            id: entry.id,
            employee_id: entry.employee_id,
            job_position_id: entry.job_position_id,
            decision_number: entry.decision_number,
            valid_from: entry.valid_from,
            valid_to: entry.valid_to,
            version: entry.version,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        }
    }
}
