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
        /// Words of the name or the e-mail address; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only this state.
        status: ParticipantStatus,
    }
}

/// A participant, as the institute sees them too: nothing else of the person is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantDto {
    /// Id of the participation.
    pub id: Uuid,
    /// Number within the offering.
    #[schema(minimum = 1, example = 7)]
    pub number: i32,
    /// Full name.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub full_name: String,
    /// Unit when nominated.
    #[schema(max_length = 300, example = "Văn phòng Bộ")]
    pub unit_name: String,
    /// E-mail address.
    #[schema(max_length = 254, example = "an.nguyen@moit.gov.vn")]
    pub email: String,
    /// Where they stand.
    pub status: ParticipantStatus,
    /// Share of the sessions held in which they were present, 0 to 100, as last recorded.
    #[schema(minimum = 0, maximum = 100, example = 83.3)]
    pub attendance_percent: Option<f64>,
    /// Number of the valid certificate.
    #[schema(example = "TDT-2026-000001")]
    pub certificate_number: Option<String>,
}

/// Attendance of an offering's sessions.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "record_attendance_size", skip_on_field_errors = false))]
#[schema(example = json!({"items": [{
    "participant_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "session_id": "0199f0c4-5a7e-7000-8000-000000000002", "status": "present"
}]}))]
pub struct RecordAttendance {
    /// One record for each participant and session; at most 1,000.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<AttendanceRecord>,
}

fn record_attendance_size(body: &RecordAttendance) -> Result<(), ValidationError> {
    check::count("/items", &body.items, 1, BATCH_ROWS)
}

/// Whether a participant was in a session.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "participant_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "session_id": "0199f0c4-5a7e-7000-8000-000000000002", "status": "present"
}))]
pub struct AttendanceRecord {
    /// The participant.
    pub participant_id: Uuid,
    /// The session, whose day has come.
    pub session_id: Uuid,
    /// Present, absent or excused (which counts as absent).
    pub status: AttendanceStatus,
}

/// Attendance of those that a batch named.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceDto {
    /// Each participant once.
    pub participants: Vec<AttendancePercentDto>,
}

/// Attendance of one participant.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendancePercentDto {
    /// The participant.
    pub participant_id: Uuid,
    /// Share of the sessions held in which they were present, 0 to 100.
    #[schema(minimum = 0, maximum = 100, example = 83.3)]
    pub attendance_percent: Option<f64>,
}

/// Results of tests, essays and projects.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "record_results_size", skip_on_field_errors = false))]
#[schema(example = json!({"items": [{
    "participant_id": "0199f0c4-5a7e-7000-8000-000000000001", "assessment": "Bài thu hoạch",
    "score": 8.5, "maximum": 10
}]}))]
pub struct RecordResults {
    /// One result for each participant and assessment; at most 1,000.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<ResultRecord>,
}

fn record_results_size(body: &RecordResults) -> Result<(), ValidationError> {
    check::count("/items", &body.items, 1, BATCH_ROWS)
}

/// What a participant reached in an assessment.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "participant_id": "0199f0c4-5a7e-7000-8000-000000000001", "assessment": "Bài thu hoạch",
    "score": 8.5, "maximum": 10
}))]
pub struct ResultRecord {
    /// The participant.
    pub participant_id: Uuid,
    /// Name of the assessment.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub assessment: String,
    /// Points reached, not more than the maximum.
    #[validate(range(min = 0.0, max = 1000.0))]
    #[schema(minimum = 0, maximum = 1000)]
    pub score: f64,
    /// Points that can be reached.
    #[validate(range(min = 1.0, max = 1000.0))]
    #[schema(minimum = 1, maximum = 1000)]
    pub maximum: f64,
}

/// How much was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultsDto {
    /// Results written.
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
