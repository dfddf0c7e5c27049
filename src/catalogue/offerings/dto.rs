use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{Attendance, Change, Detailed, Draft, Edit, Mode, OfferingStatus, Session, SessionDraft};
use crate::half_day::{Half, HalfDay};
use crate::http::{check, list_query};
use crate::patch::{kept, nullable};

/// Most sessions of an offering.
const MAXIMUM_SESSIONS: usize = 200;

list_query! {
    /// Filters of the offering list.
    OfferingsQuery {
        /// Exactly this code.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Only of the course with this code.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        course_code: String,
        /// Words of its code or place, or of the code or title of its course; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only of this course.
        course_id: Uuid,
        /// Only of this institute.
        institute_id: Uuid,
        /// Only taught this way.
        mode: Mode,
        /// Only in this state.
        status: OfferingStatus,
        /// Only those that end on this day or later.
        from: NaiveDate,
        /// Only those that start on this day or earlier.
        to: NaiveDate,
    }
}

/// A session to hold.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"date": "2026-12-01", "half": "morning", "periods": 4,
    "topic": "Xác định độ mật", "lecturer_id": "0199f0c4-5a7e-7000-8000-000000000003"}))]
pub struct CreateSession {
    /// Its day: a working day.
    pub date: NaiveDate,
    /// Morning or afternoon.
    pub half: Half,
    /// Length in periods (tiết).
    #[validate(range(min = 1, max = 6))]
    #[schema(minimum = 1, maximum = 6)]
    pub periods: i32,
    /// What is taught.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub topic: String,
    /// Who teaches: an active lecturer of the institute.
    pub lecturer_id: Uuid,
}

/// Schedule a course.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "create_lists", skip_on_field_errors = false))]
#[schema(example = json!({
    "code": "BMNN-24-2026-12", "course_id": "0199f0c4-5a7e-7000-8000-000000000001", "mode": "in_person",
    "attendance": "full_time", "location": "54 Hai Bà Trưng, Hà Nội", "seats": 30, "nominations_close_on": "2026-11-25",
    "sessions": [
        {"date": "2026-12-01", "half": "morning", "periods": 4, "topic": "Xác định độ mật",
            "lecturer_id": "0199f0c4-5a7e-7000-8000-000000000003"},
        {"date": "2026-12-01", "half": "afternoon", "periods": 4, "topic": "Soạn thảo và giao nhận",
            "lecturer_id": "0199f0c4-5a7e-7000-8000-000000000003"}
    ]
}))]
pub struct CreateOffering {
    /// Code others know it by; never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ._-]+$")]
    pub code: String,
    /// The course, which must be published.
    pub course_id: Uuid,
    /// How it is taught.
    pub mode: Mode,
    /// How much of a participant's working time it takes.
    pub attendance: Attendance,
    /// Where; required in person and blended.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub location: Option<String>,
    /// Most participants.
    #[validate(range(min = 1, max = 2000))]
    #[schema(minimum = 1, maximum = 2000)]
    pub seats: i32,
    /// Last day to nominate, at the latest the day of the first session.
    pub nominations_close_on: NaiveDate,
    /// Its sessions, one in a half-day; together they have exactly the periods of the course.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 200)]
    pub sessions: Vec<CreateSession>,
}

/// Change an offering (merge patch): absent members stay, `null` empties, sessions are replaced whole.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "patch_lists", skip_on_field_errors = false))]
#[schema(example = json!({"seats": 40, "nominations_close_on": "2026-11-25"}))]
pub struct PatchOffering {
    /// Where; required in person and blended.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    pub location: Option<Option<String>>,
    /// Most participants; not under the seats taken.
    #[validate(range(min = 1, max = 2000))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 2000)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub seats: Option<i32>,
    /// Last day to nominate, at the latest the day of the first session.
    #[schema(value_type = NaiveDate, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub nominations_close_on: Option<NaiveDate>,
    /// Its sessions; only while it is a draft.
    #[validate(nested)]
    #[schema(value_type = Vec<CreateSession>, required = false, min_items = 1, max_items = 200)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub sessions: Option<Vec<CreateSession>>,
}

fn create_lists(dto: &CreateOffering) -> Result<(), ValidationError> {
    check::count("/sessions", &dto.sessions, 1, MAXIMUM_SESSIONS)
}

fn patch_lists(dto: &PatchOffering) -> Result<(), ValidationError> {
    dto.sessions.as_deref().map_or(Ok(()), |s| check::count("/sessions", s, 1, MAXIMUM_SESSIONS))
}

/// One half-day of an offering.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SessionDto {
    /// Its id.
    pub id: Uuid,
    /// Its day.
    #[schema(example = "2026-12-01")]
    pub date: NaiveDate,
    /// Morning or afternoon.
    #[schema(example = "morning")]
    pub half: Half,
    /// Length in periods (tiết).
    #[schema(example = 4)]
    pub periods: i32,
    /// What is taught.
    #[schema(max_length = 300, example = "Xác định độ mật")]
    pub topic: String,
    /// Who teaches.
    pub lecturer_id: Uuid,
    /// Their name.
    #[schema(max_length = 200, example = "Nguyễn Thị Minh Hà")]
    pub lecturer_name: String,
}

/// A scheduled run of a course.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OfferingDto {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    #[schema(max_length = 50, example = "BMNN-24-2026-12")]
    pub code: String,
    /// The course it teaches.
    pub course_id: Uuid,
    /// The institute that organises it.
    pub institute_id: Uuid,
    /// How it is taught.
    #[schema(example = "in_person")]
    pub mode: Mode,
    /// How much of a participant's working time it takes.
    #[schema(example = "full_time")]
    pub attendance: Attendance,
    /// Where.
    #[schema(max_length = 300, example = "54 Hai Bà Trưng, Hà Nội")]
    pub location: Option<String>,
    /// Most participants.
    #[schema(example = 30)]
    pub seats: i32,
    /// Participants who have not withdrawn.
    #[schema(example = 12)]
    pub seats_taken: i64,
    /// Whether seats are drawn by lot; `/v1/offerings/{id}/seat-draw` says how.
    #[schema(example = false)]
    pub seats_by_lot: bool,
    /// Last day to nominate.
    #[schema(example = "2026-11-20")]
    pub nominations_close_on: NaiveDate,
    /// Where it stands.
    #[schema(example = "open")]
    pub status: OfferingStatus,
    /// Day of the first session.
    #[schema(example = "2026-12-01")]
    pub first_day: NaiveDate,
    /// Day of the last session.
    #[schema(example = "2026-12-03")]
    pub last_day: NaiveDate,
    /// Half-days that a participant is away from work.
    #[schema(example = 6)]
    pub half_days_away: usize,
    /// Days with a session.
    #[schema(example = 3)]
    pub days: usize,
    /// Its sessions, in order of time.
    #[schema(max_items = 200)]
    pub sessions: Vec<SessionDto>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<CreateSession> for SessionDraft {
    fn from(dto: CreateSession) -> Self {
        Self {
            half_day: HalfDay::new(dto.date, dto.half),
            periods: dto.periods,
            topic: dto.topic,
            lecturer_id: dto.lecturer_id,
        }
    }
}

fn drafts(sessions: Vec<CreateSession>) -> Vec<SessionDraft> {
    sessions.into_iter().map(SessionDraft::from).collect()
}

impl From<CreateOffering> for Draft {
    fn from(dto: CreateOffering) -> Self {
        Self {
            code: dto.code,
            course_id: dto.course_id,
            mode: dto.mode,
            attendance: dto.attendance,
            location: dto.location,
            seats: dto.seats,
            nominations_close_on: dto.nominations_close_on,
            sessions: drafts(dto.sessions),
        }
    }
}

impl From<PatchOffering> for Edit {
    fn from(dto: PatchOffering) -> Self {
        let row = Change {
            location: dto.location,
            seats: dto.seats,
            nominations_close_on: dto.nominations_close_on,
            ..Change::default()
        };
        Self { row, sessions: dto.sessions.map(drafts) }
    }
}

impl From<(Session, String)> for SessionDto {
    fn from((session, lecturer_name): (Session, String)) -> Self {
        let half_day = HalfDay(session.half_day);
        Self {
            id: session.id,
            date: half_day.date(),
            half: half_day.half(),
            periods: session.periods,
            topic: session.topic,
            lecturer_id: session.lecturer_id,
            lecturer_name,
        }
    }
}

impl From<Detailed> for OfferingDto {
    fn from(detailed: Detailed) -> Self {
        let (first_day, last_day) = (detailed.offering.first_day(), detailed.offering.last_day());
        let offering = detailed.offering;
        let sessions: Vec<SessionDto> = detailed.sessions.into_iter().map(SessionDto::from).collect();
        let mut days: Vec<NaiveDate> = sessions.iter().map(|s| s.date).collect();
        days.dedup();
        Self {
            id: offering.id,
            code: offering.code,
            course_id: offering.course_id,
            institute_id: offering.institute_id,
            mode: offering.mode,
            attendance: offering.attendance,
            location: offering.location,
            seats: offering.seats,
            seats_taken: detailed.seats_taken,
            seats_by_lot: detailed.seats_by_lot,
            nominations_close_on: offering.nominations_close_on,
            status: offering.status,
            first_day,
            last_day,
            half_days_away: sessions.len(),
            days: days.len(),
            sessions,
            version: offering.version,
            created_at: offering.created_at,
            updated_at: offering.updated_at,
        }
    }
}
