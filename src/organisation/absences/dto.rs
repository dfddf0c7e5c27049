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
        /// Only absences of this employee (UUID).
        employee_id: Uuid,
        /// Only absences of employees of this unit (UUID) and of all units below it.
        unit_id: Uuid,
        /// Only absences that last until this day or longer (ISO 8601 date, Asia/Ho_Chi_Minh).
        from: NaiveDate,
        /// Only absences that begin on this day or earlier (ISO 8601 date, Asia/Ho_Chi_Minh).
        to: NaiveDate,
    }
}

/// Data for recording an absence of an employee.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"employee_id": "0199f0c4-5a7e-7000-8000-000000000001", "kind": "annual_leave",
    "starts_on": "2026-12-01", "starts_half": "afternoon", "ends_on": "2026-12-03", "ends_half": "morning"}))]
pub struct CreateAbsence {
    /// Identifier of the employee who is absent (UUID).
    pub employee_id: Uuid,
    /// Kind of absence, for example annual leave, sick leave or a business trip.
    pub kind: AbsenceKind,
    /// First day of the absence (ISO 8601 date, Asia/Ho_Chi_Minh).
    pub starts_on: NaiveDate,
    /// Half of the first day with which the absence begins: morning or afternoon.
    pub starts_half: Half,
    /// Last day of the absence (ISO 8601 date, Asia/Ho_Chi_Minh); not before the first day.
    pub ends_on: NaiveDate,
    /// Half of the last day with which the absence ends: morning or afternoon; it still counts as absence.
    pub ends_half: Half,
    /// Remark on the absence, 1 to 500 characters. Do not enter a medical diagnosis.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

/// An absence of an employee, from one half-day to another, both included.
#[derive(Debug, Serialize, ToSchema)]
pub struct AbsenceDto {
    /// Identifier of the absence (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the employee who is absent (UUID).
    pub employee_id: Uuid,
    /// Kind of absence, for example annual leave, sick leave or a business trip.
    pub kind: AbsenceKind,
    /// First day of the absence (ISO 8601 date, Asia/Ho_Chi_Minh).
    #[schema(example = "2026-12-01")]
    pub starts_on: NaiveDate,
    /// Half of the first day with which the absence begins: morning or afternoon.
    #[schema(example = "afternoon")]
    pub starts_half: Half,
    /// Last day of the absence (ISO 8601 date, Asia/Ho_Chi_Minh); not before the first day.
    #[schema(example = "2026-12-03")]
    pub ends_on: NaiveDate,
    /// Half of the last day with which the absence ends: morning or afternoon; it still counts as absence.
    #[schema(example = "morning")]
    pub ends_half: Half,
    /// Remark on the absence, 1 to 500 characters; `null` if there is none.
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// Version of the absence, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the absence was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the last change of the absence (RFC 3339, UTC).
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
