use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Entry, Record, Year};
use crate::participation::participants::ParticipantStatus;

/// The training record of a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordDto {
    /// The person.
    pub employee_id: Uuid,
    /// Offerings the person takes or took part in, newest first; withdrawn ones too.
    pub items: Vec<RecordItemDto>,
    /// What was completed in each year, newest first; years without anything are left out.
    pub years: Vec<RecordYearDto>,
}

/// An offering in a training record.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordItemDto {
    /// The offering.
    pub offering_id: Uuid,
    /// Its code.
    #[schema(max_length = 50, example = "BMNN-24-2026-01")]
    pub offering_code: String,
    /// The person as its participant.
    pub participant_id: Uuid,
    /// Title of its course.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub course_title: String,
    /// Institute that teaches it.
    #[schema(max_length = 300, example = "Trường Đào tạo, bồi dưỡng cán bộ Công Thương")]
    pub institute_name: String,
    /// Day of its first session.
    pub first_day: NaiveDate,
    /// Day of its last session.
    pub last_day: NaiveDate,
    /// Length of the course in periods.
    #[schema(minimum = 1, example = 24)]
    pub periods: i32,
    /// Where the person stands.
    #[schema(example = "completed")]
    pub status: ParticipantStatus,
    /// Share of the sessions held so far, percent, as of the last report; `null` before the first report.
    #[schema(required, minimum = 0, maximum = 100, example = 87.5)]
    pub attendance_percent: Option<f64>,
    /// Number of the certificate in force.
    #[schema(required, example = "TBCT-2026-000001")]
    pub certificate_number: Option<String>,
}

/// What a person completed in a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordYearDto {
    /// Calendar year of the last day.
    #[schema(example = 2026)]
    pub year: i32,
    /// Offerings completed.
    #[schema(minimum = 1, example = 2)]
    pub offerings: i32,
    /// Their length in periods.
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
