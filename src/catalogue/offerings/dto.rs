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
        /// Only the offering with exactly this code, up to 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Only offerings of the course with exactly this code, up to 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        course_code: String,
        /// Words to search for in the code and place of the offering and the code and title of its course:
        /// each must be the beginning of a word there; case and accents do not matter; up to 200 characters.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only offerings of the course with this identifier (UUID).
        course_id: Uuid,
        /// Only offerings of the institute with this identifier (UUID).
        institute_id: Uuid,
        /// Only offerings with this form of teaching.
        mode: Mode,
        /// Only offerings in this state.
        status: OfferingStatus,
        /// Only offerings whose last session is on this day or later (ISO 8601 date).
        from: NaiveDate,
        /// Only offerings whose first session is on this day or earlier (ISO 8601 date).
        to: NaiveDate,
    }
}

/// A session of an offering: the teaching in one half-day.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"date": "2026-12-01", "half": "morning", "periods": 4,
    "topic": "Xác định độ mật", "lecturer_id": "0199f0c4-5a7e-7000-8000-000000000003"}))]
pub struct CreateSession {
    /// Day of the session (ISO 8601 date); it must be a working day.
    pub date: NaiveDate,
    /// Half of the day in which the session takes place: `morning` or `afternoon`.
    pub half: Half,
    /// Length of the session in periods (tiết), 1 to 6.
    #[validate(range(min = 1, max = 6))]
    #[schema(minimum = 1, maximum = 6)]
    pub periods: i32,
    /// Topic of the session, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub topic: String,
    /// Lecturer who teaches the session (UUID): an active lecturer of the institute who teaches nothing else
    /// in that half-day.
    pub lecturer_id: Uuid,
}

/// An offering to create: a course with its dates.
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
    /// Code by which other systems know the offering, unique, 1 to 50 characters; it never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ._-]+$")]
    pub code: String,
    /// Course that is taught (UUID); it must be a published course of the caller's institute.
    pub course_id: Uuid,
    /// Form of teaching: `in_person`, `online`, `blended` or `distance`.
    pub mode: Mode,
    /// Whether participants leave their work for the course (`full_time`) or learn beside it (`part_time`).
    pub attendance: Attendance,
    /// Place of the sessions, 1 to 300 characters; required where `mode` is `in_person` or `blended`.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub location: Option<String>,
    /// Largest number of participants, 1 to 2000.
    #[validate(range(min = 1, max = 2000))]
    #[schema(minimum = 1, maximum = 2000)]
    pub seats: i32,
    /// Last day on which people can be nominated (ISO 8601 date), not after the day of the first session.
    pub nominations_close_on: NaiveDate,
    /// Sessions of the offering, 1 to 200, at most one in a half-day; their periods add up to the periods of
    /// the course.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 200)]
    pub sessions: Vec<CreateSession>,
}

/// Changes of an offering (merge patch): absent members stay as they are, `null` removes a value, sessions
/// are replaced as a whole.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "patch_lists", skip_on_field_errors = false))]
#[schema(example = json!({"seats": 40, "nominations_close_on": "2026-11-25"}))]
pub struct PatchOffering {
    /// Place of the sessions, 1 to 300 characters; may not be `null` where `mode` is `in_person` or
    /// `blended`.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    pub location: Option<Option<String>>,
    /// Largest number of participants, 1 to 2000, not below `seats_taken`. It cannot change while a draw of
    /// the seats is announced.
    #[validate(range(min = 1, max = 2000))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 2000)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub seats: Option<i32>,
    /// Last day on which people can be nominated (ISO 8601 date), not after the day of the first session. It
    /// cannot change while a draw of the seats is announced.
    #[schema(value_type = NaiveDate, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub nominations_close_on: Option<NaiveDate>,
    /// All sessions of the offering, 1 to 200; they can be replaced only while the offering is a draft.
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

/// A session of an offering: the teaching in one half-day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SessionDto {
    /// Identifier of the session (UUID), assigned by the service.
    pub id: Uuid,
    /// Day of the session (ISO 8601 date, Asia/Ho_Chi_Minh).
    #[schema(example = "2026-12-01")]
    pub date: NaiveDate,
    /// Half of the day in which the session takes place: `morning` or `afternoon`.
    #[schema(example = "morning")]
    pub half: Half,
    /// Length of the session in periods (tiết), 1 to 6.
    #[schema(example = 4)]
    pub periods: i32,
    /// Topic of the session, 1 to 300 characters.
    #[schema(max_length = 300, example = "Xác định độ mật")]
    pub topic: String,
    /// Lecturer who teaches the session (UUID).
    pub lecturer_id: Uuid,
    /// Full name of the lecturer, up to 200 characters.
    #[schema(max_length = 200, example = "Nguyễn Thị Minh Hà")]
    pub lecturer_name: String,
}

/// An offering: a course that is held at certain times, with its sessions.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OfferingDto {
    /// Identifier of the offering (UUID), assigned by the service.
    pub id: Uuid,
    /// Code by which other systems know the offering, unique, 1 to 50 characters.
    #[schema(max_length = 50, example = "BMNN-24-2026-12")]
    pub code: String,
    /// Course that the offering teaches (UUID).
    pub course_id: Uuid,
    /// Institute that organises the offering (UUID).
    pub institute_id: Uuid,
    /// Form of teaching: `in_person`, `online`, `blended` or `distance`.
    #[schema(example = "in_person")]
    pub mode: Mode,
    /// Whether participants leave their work for the course (`full_time`) or learn beside it (`part_time`).
    #[schema(example = "full_time")]
    pub attendance: Attendance,
    /// Place of the sessions, up to 300 characters; `null` if participants need not come to a place.
    #[schema(max_length = 300, example = "54 Hai Bà Trưng, Hà Nội")]
    pub location: Option<String>,
    /// Largest number of participants, 1 to 2000.
    #[schema(example = 30)]
    pub seats: i32,
    /// Number of participants who have not withdrawn, 0 or more.
    #[schema(example = 12)]
    pub seats_taken: i64,
    /// Whether scarce seats are given by a random draw, announced or already held; `GET
    /// /v1/offerings/{id}/seat-draw` describes it.
    #[schema(example = false)]
    pub seats_by_lot: bool,
    /// Last day on which people can be nominated (ISO 8601 date).
    #[schema(example = "2026-11-20")]
    pub nominations_close_on: NaiveDate,
    /// State of the offering: `draft`, `open`, `confirmed`, `closed` or `cancelled`.
    #[schema(example = "open")]
    pub status: OfferingStatus,
    /// Day of the first session (ISO 8601 date).
    #[schema(example = "2026-12-01")]
    pub first_day: NaiveDate,
    /// Day of the last session (ISO 8601 date).
    #[schema(example = "2026-12-03")]
    pub last_day: NaiveDate,
    /// Number of half-days that a participant is away from work: one for each session.
    #[schema(example = 6)]
    pub half_days_away: usize,
    /// Number of different days with at least one session.
    #[schema(example = 3)]
    pub days: usize,
    /// Sessions of the offering in order of time, 1 to 200.
    #[schema(max_items = 200)]
    pub sessions: Vec<SessionDto>,
    /// Version of the offering, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the offering was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment the offering was last changed (RFC 3339, UTC).
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
