use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Detailed, DrawOutcome, DrawStatus, lot};
use crate::i18n::{Locale, date, text};

/// Announce that seats are drawn by lot.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct AnnounceSeatDraw {
    /// A later run of the same course, open or confirmed, in which those who are not drawn have the first seats. It begins
    /// at least 112 days after the last session of this one.
    pub next_offering_id: Option<Uuid>,
}

/// Scarce seats that are drawn by lot.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatDrawDto {
    /// The offering whose seats are drawn.
    pub offering_id: Uuid,
    /// Where it stands.
    pub status: DrawStatus,
    /// What it means for those who are nominated, by `Accept-Language`.
    #[schema(
        example = "Số người được phê duyệt có thể nhiều hơn 12 chỗ của lớp, nên chỗ học được xếp bằng bốc thăm."
    )]
    pub explanation: String,
    /// Seats of the offering.
    #[schema(minimum = 1, example = 12)]
    pub seats: i32,
    /// People on the waiting list who will be in it; when it was held, those who were.
    #[schema(minimum = 0, example = 24)]
    pub candidates: i64,
    /// How many of them got a seat on the day of the draw; 0 before.
    #[schema(minimum = 0, example = 12)]
    pub drawn: i64,
    /// How many of those drawn have their seat no more, because they or their head withdrew, or an officer declined; the next
    /// lots moved up.
    #[schema(minimum = 0, example = 1)]
    pub gave_back: i64,
    /// Last day to nominate; the draw can be held from the day after.
    #[schema(example = "2026-11-20")]
    pub nominations_close_on: NaiveDate,
    /// Day of the first session; the draw is held before it.
    #[schema(example = "2026-12-01")]
    pub first_day: NaiveDate,
    /// SHA-256 of the seed, in hexadecimal; public from the announcement on, so that the seed cannot be changed.
    #[schema(
        example = "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55",
        pattern = "^[0-9a-f]{64}$"
    )]
    pub seed_digest: String,
    /// 64 hexadecimal digits, random; null until the draw is held.
    #[schema(
        required,
        pattern = "^[0-9a-f]{64}$",
        example = "0000000000000000000000000000000000000000000000000000000000000000"
    )]
    pub seed: Option<String>,
    /// When it was held; null before.
    #[schema(required)]
    pub held_at: Option<DateTime<Utc>>,
    /// The lot of the last who was drawn, in hexadecimal; null before, and where nobody was drawn.
    #[schema(
        required,
        pattern = "^[0-9a-f]{64}$",
        example = "7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a"
    )]
    pub last_lot_drawn: Option<String>,
    /// The run in which those who are not drawn have the first seats; null where none is named.
    #[schema(required)]
    pub next_offering_id: Option<Uuid>,
    /// Those in the draw whose nominations the caller may see, in the order of their lots; none before it is held.
    #[schema(max_items = 10_000)]
    pub entries: Vec<SeatDrawEntryDto>,
    /// Version, as in the ETag.
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
    /// When it was announced.
    pub created_at: DateTime<Utc>,
}

/// Somebody's place in a draw.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatDrawEntryDto {
    /// The nomination.
    pub nomination_id: Uuid,
    /// The person nominated.
    pub employee_id: Uuid,
    /// Place in the order of the lots, from 1.
    #[schema(minimum = 1, example = 3)]
    pub place: i32,
    /// The lot: SHA-256 of `<seed>:<nomination id>`, in hexadecimal.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"
    )]
    pub lot: String,
    /// What it came to on the day of the draw; who moved up later has an approved nomination.
    pub outcome: DrawOutcome,
}

/// Why a draw is refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "/problems/seat_draw.not_possible", "title": "Không thể bốc thăm lúc này", "status": 409,
    "detail": "reason nêu lý do.", "instance": "/v1/offerings/0199f0c4-5a7e-7000-8000-000000000001/seat-draw/hold",
    "trace_id": "0199f0c4-5a7e-7000-8000-000000000001", "reason": "nominations_open"
}))]
pub struct SeatDrawProblem {
    /// Kind of problem: a page of this service.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// This occurrence in words.
    pub detail: String,
    /// Path of the request.
    pub instance: String,
    /// Correlation id: quote it when asking for help.
    pub trace_id: String,
    /// `seat_draw.not_possible`: what is in the way. The offering is not open (`not_open`); a draw was announced before
    /// (`announced`); somebody has a seat (`seats_given`); no day is left between the last day to nominate and the first
    /// session (`no_day_left`); people can still be nominated (`nominations_open`); endorsed nominations wait for a decision
    /// (`undecided`); the first session has come (`started`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "nominations_open")]
    pub reason: Option<String>,
    /// `state.wrong`: the state it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<DrawStatus>,
    /// `state.wrong`: the states that allow the action.
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
