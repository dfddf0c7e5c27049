use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Detailed, DrawOutcome, DrawStatus, lot};
use crate::i18n::{Locale, date, text};

/// Announcement that the seats of an offering are drawn by lot.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct AnnounceSeatDraw {
    /// Identifier of a later offering of the same course (UUID), `open` or `confirmed`, in which the people
    /// who are not drawn have the first claim to the seats. It begins at least 112 days after the last
    /// session of this one. Absent when there is none.
    pub next_offering_id: Option<Uuid>,
}

/// Draw by lot that decides who gets the seats of an offering with more people than seats.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatDrawDto {
    /// Identifier of the offering whose seats are drawn (UUID).
    pub offering_id: Uuid,
    /// State of the draw: `announced`, `held` or `called_off`.
    pub status: DrawStatus,
    /// Explanation of the draw for the people who are nominated, in the language of the request
    /// (`Accept-Language`).
    #[schema(
        example = "Số người được phê duyệt có thể nhiều hơn 12 chỗ của lớp, nên chỗ học được xếp bằng bốc thăm."
    )]
    pub explanation: String,
    /// Number of seats of the offering.
    #[schema(minimum = 1, example = 12)]
    pub seats: i32,
    /// Number of people in the draw: before it is held, those on the waiting list; afterwards, those who were
    /// in it.
    #[schema(minimum = 0, example = 24)]
    pub candidates: i64,
    /// Number of people who got a seat on the day of the draw; 0 before it is held.
    #[schema(minimum = 0, example = 12)]
    pub drawn: i64,
    /// Number of people who got a seat in the draw and no longer have it, because the nomination was
    /// withdrawn or declined. Their seats go to the next lots.
    #[schema(minimum = 0, example = 1)]
    pub gave_back: i64,
    /// Last day on which people can be nominated (ISO 8601 date); the draw can be held from the next day on.
    #[schema(example = "2026-11-20")]
    pub nominations_close_on: NaiveDate,
    /// Day of the first session of the offering (ISO 8601 date); the draw must be held before it.
    #[schema(example = "2026-12-01")]
    pub first_day: NaiveDate,
    /// SHA-256 of the seed, 64 hexadecimal digits, published with the announcement: it proves that the seed
    /// was not changed afterwards.
    #[schema(
        example = "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55",
        pattern = "^[0-9a-f]{64}$"
    )]
    pub seed_digest: String,
    /// Random seed from which the lots are computed, 64 hexadecimal digits; null until the draw is held.
    #[schema(
        required,
        pattern = "^[0-9a-f]{64}$",
        example = "0000000000000000000000000000000000000000000000000000000000000000"
    )]
    pub seed: Option<String>,
    /// Moment the draw was held (RFC 3339, UTC); null before.
    #[schema(required)]
    pub held_at: Option<DateTime<Utc>>,
    /// Largest lot that got a seat on the day of the draw, 64 hexadecimal digits; null before the draw and
    /// when nobody was drawn.
    #[schema(
        required,
        pattern = "^[0-9a-f]{64}$",
        example = "7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a"
    )]
    pub last_lot_drawn: Option<String>,
    /// Identifier of the later offering in which the people who were not drawn have the first claim to the
    /// seats (UUID); null when none is named.
    #[schema(required)]
    pub next_offering_id: Option<Uuid>,
    /// People in the draw whose nominations the caller may see, in the order of their lots; empty before the
    /// draw is held.
    #[schema(max_items = 10_000)]
    pub entries: Vec<SeatDrawEntryDto>,
    /// Version of the draw, raised with every change; the ETag contains it.
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
    /// Moment the draw was announced (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
}

/// Place and outcome of one person in a draw.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatDrawEntryDto {
    /// Identifier of the person's nomination (UUID).
    pub nomination_id: Uuid,
    /// Identifier of the employee who is nominated (UUID).
    pub employee_id: Uuid,
    /// Place of the person in the order of the lots, from 1 (the smallest lot).
    #[schema(minimum = 1, example = 3)]
    pub place: i32,
    /// Lot of the nomination: SHA-256 of `<seed>:<nomination id>`, 64 hexadecimal digits.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"
    )]
    pub lot: String,
    /// Outcome on the day of the draw: `drawn`, `waiting` or `passed_over`. It does not change when the
    /// person gets a seat later; the nomination is then `approved`.
    pub outcome: DrawOutcome,
}

/// Refusal of a request about a draw (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "/problems/seat_draw.not_possible", "title": "Không thể bốc thăm lúc này", "status": 409,
    "detail": "reason nêu lý do.", "instance": "/v1/offerings/0199f0c4-5a7e-7000-8000-000000000001/seat-draw/hold",
    "trace_id": "0199f0c4-5a7e-7000-8000-000000000001", "reason": "nominations_open"
}))]
pub struct SeatDrawProblem {
    /// Type of the problem: path of the page of this service that explains it.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name of the type of problem, in the language of the request.
    pub title: String,
    /// HTTP status code of the response.
    pub status: u16,
    /// Explanation of this occurrence, in the language of the request.
    pub detail: String,
    /// Path of the request that was refused.
    pub instance: String,
    /// Correlation identifier of the request; quote it when asking for help.
    pub trace_id: String,
    /// Only with `seat_draw.not_possible`: why the draw is not possible. The offering is not open
    /// (`not_open`); a draw was announced for it before (`announced`); somebody has a seat already
    /// (`seats_given`); no day is left between the last day to nominate and the first session
    /// (`no_day_left`); people can still be nominated (`nominations_open`); endorsed nominations wait for a
    /// decision (`undecided`); the day of the first session has come (`started`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "nominations_open")]
    pub reason: Option<String>,
    /// Only with `state.wrong`: current state of the draw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<DrawStatus>,
    /// Only with `state.wrong`: states of the draw in which the action is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_states: Option<Vec<DrawStatus>>,
}

impl SeatDrawDto {
    /// A draw in a language; its seed only when it was held.
    pub fn new(detailed: Detailed, locale: Locale) -> Self {
        let explanation = explanation(&detailed, locale);
        let Detailed { draw, offering, totals, entries } = detailed;
        let entry = |entry: super::model::Entry| SeatDrawEntryDto {
            lot: lot(&draw.seed, entry.nomination_id),
            nomination_id: entry.nomination_id,
            employee_id: entry.employee_id,
            place: entry.place,
            outcome: entry.outcome,
        };
        Self {
            entries: entries.into_iter().map(entry).collect(),
            last_lot_drawn: totals.last_drawn.map(|nomination| lot(&draw.seed, nomination)),
            seed: (draw.status == DrawStatus::Held).then_some(draw.seed),
            offering_id: draw.offering_id,
            status: draw.status,
            seed_digest: draw.seed_digest,
            held_at: draw.held_at,
            next_offering_id: draw.next_offering_id,
            version: draw.version,
            created_at: draw.created_at,
            explanation,
            seats: offering.seats,
            candidates: totals.candidates,
            drawn: totals.drawn,
            gave_back: totals.gave_back,
            nominations_close_on: offering.nominations_close_on,
            first_day: offering.first_day(),
        }
    }
}

fn explanation(detailed: &Detailed, locale: Locale) -> String {
    let draw = &detailed.draw;
    let args = [
        ("seats", detailed.offering.seats.to_string()),
        ("candidates", detailed.totals.candidates.to_string()),
        ("drawn", detailed.totals.drawn.to_string()),
        ("closes_on", date(locale, detailed.offering.nominations_close_on)),
    ];
    let words = |key: &str| text(locale, &format!("seat-draw-{key}"), &args);
    let first = words(match draw.status {
        DrawStatus::Announced => "announced",
        DrawStatus::Held => "held",
        DrawStatus::CalledOff => return words("called-off"),
    });
    let waiting = words(if draw.next_offering_id.is_some() { "waiting-next" } else { "waiting" });
    format!("{first} {waiting} {}", words("rated"))
}
