use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{AttendanceStatus, Mark, ParticipantStatus, RosterLine, Score};
use crate::http::limits::BATCH_ROWS;
use crate::http::{check, list_query};

list_query! {
    /// Filters of a roster.
    ParticipantsQuery {
        /// Words of the participant's name or e-mail address, at most 200 characters: each must be the
        /// beginning of a word there; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only participants in this state.
        status: ParticipantStatus,
    }
}

/// A participant of an offering. Institutes see the same members; the list holds no other personal data.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantDto {
    /// Identifier of the participation (UUID), assigned by the service.
    pub id: Uuid,
    /// Number of the participant within the offering, from 1.
    #[schema(minimum = 1, example = 7)]
    pub number: i32,
    /// Full name of the participant.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub full_name: String,
    /// Name of the unit to which the participant belonged when nominated.
    #[schema(max_length = 300, example = "Văn phòng Bộ")]
    pub unit_name: String,
    /// E-mail address of the participant.
    #[schema(max_length = 254, example = "an.nguyen@moit.gov.vn")]
    pub email: String,
    /// State of the participation: `enrolled`, `withdrawn`, `completed` or `not_completed`.
    pub status: ParticipantStatus,
    /// Share of the sessions held in which the participant was present, 0 to 100, as last computed; null
    /// before attendance was first recorded.
    #[schema(minimum = 0, maximum = 100, example = 83.3)]
    pub attendance_percent: Option<f64>,
    /// Number of the participant's valid certificate; null when there is none.
    #[schema(example = "TDT-2026-000001")]
    pub certificate_number: Option<String>,
}

/// Attendance records of an offering.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "record_attendance_size", skip_on_field_errors = false))]
#[schema(example = json!({"items": [{
    "participant_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "session_id": "0199f0c4-5a7e-7000-8000-000000000002", "status": "present"
}]}))]
pub struct RecordAttendance {
    /// Attendance records, 1 to 1,000; one for each participant and session.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<AttendanceRecord>,
}

fn record_attendance_size(body: &RecordAttendance) -> Result<(), ValidationError> {
    check::count("/items", &body.items, 1, BATCH_ROWS)
}

/// Attendance of one participant in one session.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "participant_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "session_id": "0199f0c4-5a7e-7000-8000-000000000002", "status": "present"
}))]
pub struct AttendanceRecord {
    /// Identifier of the participation (UUID).
    pub participant_id: Uuid,
    /// Identifier of a session of the offering (UUID) whose day has come.
    pub session_id: Uuid,
    /// Attendance: `present`, `absent` or `excused` (absent for a good reason; counts as absent in the
    /// percentage).
    pub status: AttendanceStatus,
}

/// Attendance of the participants that a request named.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceDto {
    /// Attendance of each participant that the request named, each once.
    pub participants: Vec<AttendancePercentDto>,
}

/// Attendance of one participant.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendancePercentDto {
    /// Identifier of the participation (UUID).
    pub participant_id: Uuid,
    /// Share of the sessions held in which the participant was present, 0 to 100; null while no session was
    /// held.
    #[schema(minimum = 0, maximum = 100, example = 83.3)]
    pub attendance_percent: Option<f64>,
}

/// Results of tests, essays and projects of an offering.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "record_results_size", skip_on_field_errors = false))]
#[schema(example = json!({"items": [{
    "participant_id": "0199f0c4-5a7e-7000-8000-000000000001", "assessment": "Bài thu hoạch",
    "score": 8.5, "maximum": 10
}]}))]
pub struct RecordResults {
    /// Results, 1 to 1,000; one for each participant and assessment.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<ResultRecord>,
}

fn record_results_size(body: &RecordResults) -> Result<(), ValidationError> {
    check::count("/items", &body.items, 1, BATCH_ROWS)
}

/// Result of one participant in one assessment.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "participant_id": "0199f0c4-5a7e-7000-8000-000000000001", "assessment": "Bài thu hoạch",
    "score": 8.5, "maximum": 10
}))]
pub struct ResultRecord {
    /// Identifier of the participation (UUID).
    pub participant_id: Uuid,
    /// Name of the test, essay or project, 1 to 100 characters.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub assessment: String,
    /// Points reached, 0 to 1,000 and not more than `maximum`.
    #[validate(range(min = 0.0, max = 1000.0))]
    #[schema(minimum = 0, maximum = 1000)]
    pub score: f64,
    /// Largest number of points that can be reached, 1 to 1,000.
    #[validate(range(min = 1.0, max = 1000.0))]
    #[schema(minimum = 1, maximum = 1000)]
    pub maximum: f64,
}

/// Number of results that were recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultsDto {
    /// Number of results that were recorded, those that replaced an earlier one included.
    #[schema(minimum = 1, example = 30)]
    pub recorded: usize,
}

impl From<RosterLine> for ParticipantDto {
    fn from(line: RosterLine) -> Self {
        Self {
            id: line.id,
            number: line.number,
            full_name: line.full_name,
            unit_name: line.unit_name,
            email: line.email,
            status: line.status,
            attendance_percent: line.attendance_percent,
            certificate_number: line.certificate_number,
        }
    }
}

impl From<AttendanceRecord> for Mark {
    fn from(dto: AttendanceRecord) -> Self {
        Self { participant_id: dto.participant_id, session_id: dto.session_id, status: dto.status }
    }
}

impl From<ResultRecord> for Score {
    fn from(dto: ResultRecord) -> Self {
        Self {
            participant_id: dto.participant_id,
            assessment: dto.assessment,
            score: dto.score,
            maximum: dto.maximum,
        }
    }
}
