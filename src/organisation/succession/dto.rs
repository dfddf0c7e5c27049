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
        /// Only this employee.
        employee_id: Uuid,
        /// Only people of this unit, with everything below it.
        unit_id: Uuid,
        /// Only entries for this post.
        job_position_id: Uuid,
        /// Only entries valid on this day.
        as_of: NaiveDate,
    }
}

/// Put someone on a succession list.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"employee_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "job_position_id": "0199f0c4-5a7e-7000-8000-000000000002", "decision_number": "2646/QĐ-BCT",
    "valid_from": "2026-01-01", "valid_to": "2031-01-01"}))]
pub struct CreateSuccessionEntry {
    /// Who is planned.
    pub employee_id: Uuid,
    /// For which post.
    pub job_position_id: Uuid,
    /// By which decision. The Party numbers its own otherwise (`15-QĐ/BCSĐ`), so the form is not checked.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub decision_number: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    pub valid_to: NaiveDate,
}

/// End an entry earlier, or let it hold longer (merge patch). Anything else is a new entry by a new decision.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_to": "2027-01-01"}))]
pub struct PatchSuccessionEntry {
    /// First day on which it no longer holds.
    #[schema(value_type = NaiveDate, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
}

/// An entry of a succession list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuccessionEntryDto {
    /// Its id.
    pub id: Uuid,
    /// Who is planned.
    pub employee_id: Uuid,
    /// For which post.
    pub job_position_id: Uuid,
    /// By which decision.
    #[schema(max_length = 100, example = "2646/QĐ-BCT")]
    pub decision_number: String,
    /// First day.
    #[schema(example = "2026-01-01")]
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    #[schema(example = "2031-01-01")]
    pub valid_to: NaiveDate,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
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
