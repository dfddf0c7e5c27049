use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::offerings::Offering;
use crate::db::schema::{seat_draw_entries, seat_draws};
use crate::db::text_enum;
use crate::digest::sha256;
use crate::error::{Error, Result, Rule};
use crate::transition::Transition;

/// Days after the last session on which the three-month ratings are over: until then those who wait stay untrained.
pub const COMPARED_DAYS: i32 = 111;

/// State of a draw: everybody who is approved waits for it (`announced`), the seats are given out (`held`),
/// or there is no draw after all (`called_off`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[schema(example = "announced")]
pub enum DrawStatus {
    /// Everybody who is approved waits for it.
    Announced,
    /// The draw was held, and the seats are given out.
    Held,
    /// There is no draw after all: seats went to those who waited longest.
    CalledOff,
}

text_enum!(DrawStatus);

/// Outcome of a draw for one person: a seat (`drawn`), no seat, so that the person waits and is rated for
/// comparison (`waiting`), or a condition of the nomination not met on the day of the draw (`passed_over`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[schema(example = "drawn")]
pub enum DrawOutcome {
    /// The person got a seat.
    Drawn,
    /// The person got no seat: he or she waits, and is rated for comparison.
    Waiting,
    /// A condition of the nomination was not met on the day of the draw, or no longer after the seats before.
    PassedOver,
}

text_enum!(DrawOutcome);

/// What is done to a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Give out the seats.
    Hold,
    /// Let it be.
    CallOff,
}

impl Action {
    /// The transition table: the states that allow an action, and the state it leads to.
    const fn transition(self) -> Transition<DrawStatus> {
        use DrawStatus::*;
        match self {
            Action::Hold => Transition::to(&[Announced], Held),
            Action::CallOff => Transition::to(&[Announced], CalledOff),
        }
    }
}

impl DrawStatus {
    /// The state after an action.
    ///
    /// # Errors
    /// [`Rule::WrongState`] unless the draw is announced.
    pub fn step(self, action: Action) -> Result<Self> {
        action.transition().step(self, Self::name)
    }
}

/// A draw as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = seat_draws, check_for_backend(diesel::pg::Pg))]
pub struct SeatDraw {
    /// The offering whose seats are drawn.
    pub offering_id: Uuid,
    /// Its status.
    pub status: DrawStatus,
    /// 64 hexadecimal digits; public when it is held.
    pub seed: String,
    /// The digest of the seed, public at once.
    pub seed_digest: String,
    /// The run in which those who are not drawn have the first seats.
    pub next_offering_id: Option<Uuid>,
    /// When it was held.
    pub held_at: Option<DateTime<Utc>>,
    /// Raised with every change.
    pub version: i32,
    /// When it was announced.
    pub created_at: DateTime<Utc>,
}

/// Somebody's place in a draw that was held.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = seat_draw_entries, check_for_backend(diesel::pg::Pg))]
pub struct Entry {
    /// Whose nomination.
    pub nomination_id: Uuid,
    /// Who was nominated.
    pub employee_id: Uuid,
    /// In the order of the lots, from 1.
    pub place: i32,
    /// What it came to.
    pub outcome: DrawOutcome,
}

/// What a draw came to, in numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// How many wait for it, or were in it.
    pub candidates: i64,
    /// How many of them got a seat.
    pub drawn: i64,
    /// How many of these have it no more.
    pub gave_back: i64,
    /// The nomination of the last who was drawn.
    pub last_drawn: Option<Uuid>,
}

/// A draw with what the caller may see of it.
#[derive(Debug, Clone)]
pub struct Detailed {
    pub draw: SeatDraw,
    pub offering: Offering,
    pub totals: Totals,
    /// Those in the draw whose nominations the caller may see, in the order of their lots.
    pub entries: Vec<Entry>,
}

/// The lot of a nomination: SHA-256 of `<seed>:<nomination id>`, in hexadecimal. The smallest is drawn first.
pub fn lot(seed: &str, nomination_id: Uuid) -> String {
    sha256(&format!("{seed}:{nomination_id}"))
}

/// Why a draw cannot be announced or held now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The offering is not open for nominations.
    NotOpen,
    /// A draw was announced for it before.
    Announced,
    /// Somebody has a seat already.
    SeatsGiven,
    /// No day is left between the last day to nominate and the first session.
    NoDayLeft,
    /// People can still be nominated.
    NominationsOpen,
    /// Nominations still wait for a decision.
    Undecided,
    /// The first session has come.
    Started,
}

impl From<Obstacle> for Error {
    fn from(reason: Obstacle) -> Self {
        #[derive(Serialize)]
        struct Members {
            reason: Obstacle,
        }
        Error::refused(Rule::SeatDrawNotPossible, &Members { reason })
    }
}

/// Whether a day is left for the draw: after the last day to nominate, and before the first session.
///
/// # Errors
/// [`Obstacle::NoDayLeft`].
pub fn check_day_left(today: NaiveDate, close: NaiveDate, first: NaiveDate) -> Result<()> {
    let earliest = today.max(close + Days::new(1));
    if earliest < first { Ok(()) } else { Err(Obstacle::NoDayLeft.into()) }
}

/// Whether today is a day for the draw.
///
/// # Errors
/// [`Obstacle::NominationsOpen`], [`Obstacle::Started`].
pub fn check_day(today: NaiveDate, close: NaiveDate, first: NaiveDate) -> Result<()> {
    match () {
        () if today <= close => Err(Obstacle::NominationsOpen.into()),
        () if today >= first => Err(Obstacle::Started.into()),
        () => Ok(()),
    }
}

/// First day on which the next run may begin, so that those who wait are still untrained when their work is rated for the
/// last time in the main measurement.
pub fn next_run_from(last_day: NaiveDate) -> NaiveDate {
    last_day + Duration::days(i64::from(COMPARED_DAYS) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_lot_can_be_computed_by_anybody_who_has_the_seed() {
        let seed = "0".repeat(64);
        // printf '%s' "$seed" | sha256sum
        assert_eq!(sha256(&seed), "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55");
        let nomination = Uuid::from_u128(1);
        assert_eq!(lot(&seed, nomination), sha256(&format!("{seed}:00000000-0000-0000-0000-000000000001")));
    }

    #[test]
    fn a_draw_is_held_or_called_off_once() {
        use DrawStatus::{Announced, CalledOff, Held};
        for (from, hold, call_off) in
            [(Announced, Some(Held), Some(CalledOff)), (Held, None, None), (CalledOff, None, None)]
        {
            assert_eq!(from.step(Action::Hold).ok(), hold);
            assert_eq!(from.step(Action::CallOff).ok(), call_off);
        }
    }

    #[test]
    fn it_is_held_between_the_last_day_to_nominate_and_the_first_session() {
        let (close, first) = (day("2026-03-05"), day("2026-03-10"));
        let may = |today: &str| check_day(day(today), close, first).is_ok();
        assert!(!may("2026-03-05") && may("2026-03-06") && may("2026-03-09") && !may("2026-03-10"));
        let left = |today: &str, close: &str| check_day_left(day(today), day(close), first).is_ok();
        assert!(left("2026-03-02", "2026-03-08") && !left("2026-03-02", "2026-03-09"));
        assert!(left("2026-03-09", "2026-03-05") && !left("2026-03-10", "2026-03-05"));
    }
}
