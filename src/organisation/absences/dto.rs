use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Absence, AbsenceKind, Draft};
use crate::half_day::{Half, HalfDay};
use crate::http::list_query;

list_query! {
    /// Filters of the absence list.
    AbsencesQuery {
        /// Only this employee.
        employee_id: Uuid,
        /// Only people of this unit, with everything below it.
        unit_id: Uuid,
        /// Only absences that touch this day or a later one.
        from: NaiveDate,
        /// Only absences that touch this day or an earlier one.
        to: NaiveDate,
    }
}

/// Record an absence.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"employee_id": "0199f0c4-5a7e-7000-8000-000000000001", "kind": "annual_leave",
    "starts_on": "2026-12-01", "starts_half": "afternoon", "ends_on": "2026-12-03", "ends_half": "morning"}))]
pub struct CreateAbsence {
    /// Who is away.
    pub employee_id: Uuid,
    /// Why.
    pub kind: AbsenceKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// First half-day of the first day.
    pub starts_half: Half,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Last half-day of the last day; it belongs to the absence.
    pub ends_half: Half,
    /// A remark; no diagnosis.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

/// An absence.
#[derive(Debug, Serialize, ToSchema)]
pub struct AbsenceDto {
    /// Its id.
    pub id: Uuid,
    /// Who is away.
    pub employee_id: Uuid,
    /// Why.
    pub kind: AbsenceKind,
    /// First day.
    #[schema(example = "2026-12-01")]
    pub starts_on: NaiveDate,
    /// First half-day of the first day.
    #[schema(example = "afternoon")]
    pub starts_half: Half,
    /// Last day.
    #[schema(example = "2026-12-03")]
    pub ends_on: NaiveDate,
    /// Last half-day of the last day; it belongs to the absence.
    #[schema(example = "morning")]
    pub ends_half: Half,
    /// A remark.
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<CreateAbsence> for Draft {
    fn from(dto: CreateAbsence) -> Self {
        Self {
            employee_id: dto.employee_id,
            kind: dto.kind,
            first: HalfDay::new(dto.starts_on, dto.starts_half),
            last: HalfDay::new(dto.ends_on, dto.ends_half),
            note: dto.note,
        }
    }
}

impl From<Absence> for AbsenceDto {
    fn from(absence: Absence) -> Self {
        let (first, last) = (HalfDay(absence.first_half_day), HalfDay(absence.last_half_day));
        Self {
            id: absence.id,
            employee_id: absence.employee_id,
            kind: absence.kind,
            starts_on: first.date(),
            starts_half: first.half(),
            ends_on: last.date(),
            ends_half: last.half(),
            note: absence.note,
            version: absence.version,
            created_at: absence.created_at,
            updated_at: absence.updated_at,
        }
    }
}
