use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Entry, Record, Year};
use crate::participation::participants::ParticipantStatus;

/// Training record of an employee.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordDto {
    /// Identifier of the employee (UUID).
    pub employee_id: Uuid,
    /// Offerings in which the person takes or took part, newest first; those from which the person withdrew
    /// are included, cancelled offerings are not.
    pub items: Vec<RecordItemDto>,
    /// Totals of the offerings completed in each calendar year, newest first; years without any are left out.
    pub years: Vec<RecordYearDto>,
}

/// An offering in the training record of an employee.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordItemDto {
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// Code of the offering.
    #[schema(max_length = 50, example = "BMNN-24-2026-01")]
    pub offering_code: String,
    /// Identifier of the person's participation in the offering (UUID).
    pub participant_id: Uuid,
    /// Title of the course.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub course_title: String,
    /// Name of the training institute that holds the offering.
    #[schema(max_length = 300, example = "Trường Đào tạo, bồi dưỡng cán bộ Công Thương")]
    pub institute_name: String,
    /// Day of the first session of the offering (ISO 8601 date).
    pub first_day: NaiveDate,
    /// Day of the last session of the offering (ISO 8601 date).
    pub last_day: NaiveDate,
    /// Length of the course in lesson periods.
    #[schema(minimum = 1, example = 24)]
    pub periods: i32,
    /// State of the participation: `enrolled`, `withdrawn`, `completed` or `not_completed`.
    #[schema(example = "completed")]
    pub status: ParticipantStatus,
    /// Share of the sessions held in which the participant was present, 0 to 100, as last computed; null
    /// before attendance was first recorded.
    #[schema(required, minimum = 0, maximum = 100, example = 87.5)]
    pub attendance_percent: Option<f64>,
    /// Number of the participant's valid certificate; null when there is none.
    #[schema(required, example = "TBCT-2026-000001")]
    pub certificate_number: Option<String>,
}

/// Totals of the offerings that a person completed in a calendar year.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordYearDto {
    /// Calendar year in which the last session of the offerings was held.
    #[schema(example = 2026)]
    pub year: i32,
    /// Number of offerings completed in the year.
    #[schema(minimum = 1, example = 2)]
    pub offerings: i32,
    /// Total length of the courses completed in the year, in lesson periods.
    #[schema(minimum = 1, example = 48)]
    pub periods: i32,
}

impl From<Record> for RecordDto {
    fn from(record: Record) -> Self {
        Self {
            employee_id: record.employee_id,
            items: record.entries.into_iter().map(RecordItemDto::from).collect(),
            years: record.years.into_iter().map(RecordYearDto::from).collect(),
        }
    }
}

impl From<Entry> for RecordItemDto {
    fn from(entry: Entry) -> Self {
        Self {
            offering_id: entry.offering_id,
            participant_id: entry.participant_id,
            first_day: entry.first_day(),
            last_day: entry.last_day(),
            offering_code: entry.offering_code,
            course_title: entry.course_title,
            institute_name: entry.institute_name,
            periods: entry.periods,
            status: entry.status,
            attendance_percent: entry.attendance_percent,
            certificate_number: entry.certificate_number,
        }
    }
}

impl From<Year> for RecordYearDto {
    fn from(year: Year) -> Self {
        Self { year: year.year, offerings: year.offerings, periods: year.periods }
    }
}
