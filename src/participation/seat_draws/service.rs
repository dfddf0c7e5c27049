use base16ct::lower::encode_string as hex;
use serde_json::json;
use uuid::Uuid;

use super::model::{
    Action, Detailed, DrawOutcome, DrawStatus, Entry, Obstacle, SeatDraw, check_day, check_day_left, lot,
    next_run_from,
};
use super::queries;
use crate::catalogue::offerings::{self, Offering, OfferingStatus, lock_seats};
use crate::clock::random_bytes;
use crate::db::Tx;
use crate::digest::sha256;
use crate::error::{Error, FieldError, ReferenceExt, Result};
use crate::participation::nominations::seats::{self, Free};
use crate::participation::nominations::{Nomination, NominationStatus};

/// The draw of an offering.
///
/// # Errors
/// Not found when the offering lies outside the caller's reach, or no draw was announced for it.
pub async fn get(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Detailed> {
    let offering = offerings::find_visible(tx, offering_id).await?;
    let draw = queries::get(tx, offering_id).await?;
    detailed(tx, offering, draw).await
}

/// Announce that the seats of an offering are drawn by lot.
///
/// # Errors
/// Not found outside the caller's reach; [`crate::error::Rule::SeatDrawNotPossible`]; a next run that is none, or that
/// begins too early.
pub async fn announce(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    next_offering_id: Option<Uuid>,
) -> Result<Detailed> {
    let offering = locked(tx, offering_id).await?;
    if offering.status != OfferingStatus::Open {
        return Err(Obstacle::NotOpen.into());
    }
    check_day_left(tx.today(), offering.nominations_close_on, offering.first_day())?;
    if seats::taken(tx, offering_id).await? > 0 {
        return Err(Obstacle::SeatsGiven.into());
    }
    if let Some(next) = next_offering_id {
        check_next(tx, &offering, next).await?;
    }
    let seed = hex(&random_bytes()?);
    let announced = queries::insert(tx, offering_id, (&seed, &sha256(&seed)), next_offering_id).await?;
    let draw = announced.ok_or(Obstacle::Announced)?;
    tell(tx, "seat_draw.announced", &draw);
    detailed(tx, offering, draw).await
}

async fn check_next(tx: &mut Tx<'_>, offering: &Offering, next: Uuid) -> Result<()> {
    let pointer = "/next_offering_id";
    let run = offerings::find_visible(tx, next).await.referenced_at(pointer)?;
    let is_run =
        run.course_id == offering.course_id && run.id != offering.id && run.status.takes_nominations();
    if !is_run {
        return Err(Error::unknown_reference(pointer));
    }
    let earliest = next_run_from(offering.last_day());
    if run.first_day() < earliest {
        return Err(FieldError::new(pointer, "starts_too_early").with("limit", earliest).into());
    }
    Ok(())
}

/// Hold a draw: everybody who waits and passes the checks is in it, and the seats go to the smallest lots.
///
/// # Errors
/// Not found outside the caller's reach; [`Error::Stale`]; [`crate::error::Rule::WrongState`];
/// [`crate::error::Rule::SeatDrawNotPossible`].
pub async fn hold(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Detailed> {
    let (offering, draw) = announced(tx, offering_id).await?;
    let status = draw.status.step(Action::Hold)?;
    check_day(tx.today(), offering.nominations_close_on, offering.first_day())?;
    if !offering.status.takes_nominations() {
        return Err(Obstacle::NotOpen.into());
    }
    if queries::count_nominations(tx, offering_id, NominationStatus::Endorsed).await? > 0 {
        return Err(Obstacle::Undecided.into());
    }
    let mut waiting = seats::waiting(tx, offering_id).await?;
    waiting.sort_by_cached_key(|nomination| lot(&draw.seed, nomination.id));
    let draw = queries::update(tx, &draw, status).await?;
    let entries = give_out(tx, offering_id, waiting).await?;
    queries::insert_entries(tx, offering_id, &entries).await?;
    tell(tx, "seat_draw.held", &draw);
    detailed(tx, offering, draw).await
}

/// Give the seats to people in the order of their lots. Everybody is checked when it is his or her turn, after the last seat
/// as well: what a colleague's seat means for a unit then keeps people from a seat and from standing for comparison alike.
async fn give_out(tx: &mut Tx<'_>, offering_id: Uuid, in_order: Vec<Nomination>) -> Result<Vec<Entry>> {
    seats::lock_units(tx, &in_order, None).await?;
    let mut free = Free::of(tx, offering_id).await?;
    let mut entries = Vec::with_capacity(in_order.len());
    for (place, nomination) in (1..).zip(&in_order) {
        let Nomination { id, employee_id, .. } = *nomination;
        let outcome = match seats::passing(tx, nomination).await? {
            None => DrawOutcome::PassedOver,
            Some(_) if !free.is_for(employee_id) => DrawOutcome::Waiting,
            Some(checks) => {
                seats::seat(tx, nomination, &checks).await?;
                free.give(employee_id);
                DrawOutcome::Drawn
            }
        };
        entries.push(Entry { nomination_id: id, employee_id, place, outcome });
    }
    Ok(entries)
}

/// Call a draw off: the seats go to those who have waited longest.
///
/// # Errors
/// Not found outside the caller's reach; [`Error::Stale`]; [`crate::error::Rule::WrongState`];
/// [`crate::error::Rule::SeatDrawNotPossible`] from the first session on.
pub async fn call_off(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Detailed> {
    let (offering, draw) = announced(tx, offering_id).await?;
    let status = draw.status.step(Action::CallOff)?;
    if tx.today() >= offering.first_day() {
        return Err(Obstacle::Started.into());
    }
    let draw = queries::update(tx, &draw, status).await?;
    tell(tx, "seat_draw.called_off", &draw);
    seats::move_up(tx, offering_id).await?;
    detailed(tx, offering, draw).await
}

/// An offering, once everybody else is done with its seats.
async fn locked(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Offering> {
    offerings::find_visible(tx, offering_id).await?;
    lock_seats(tx, offering_id).await?;
    offerings::find_visible(tx, offering_id).await
}

/// An offering and its draw, once everybody else is done with the seats.
async fn announced(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<(Offering, SeatDraw)> {
    let offering = locked(tx, offering_id).await?;
    let draw = queries::get(tx, offering_id).await?;
    tx.matches(draw.version)?;
    Ok((offering, draw))
}

async fn detailed(tx: &mut Tx<'_>, offering: Offering, draw: SeatDraw) -> Result<Detailed> {
    let mut totals = queries::totals(tx, offering.id).await?;
    if draw.status == DrawStatus::Announced {
        totals.candidates = queries::count_nominations(tx, offering.id, NominationStatus::Waitlisted).await?;
    }
    Ok(Detailed { entries: queries::entries(tx, offering.id).await?, offering, totals, draw })
}

fn tell(tx: &mut Tx<'_>, event: &'static str, draw: &SeatDraw) {
    let data = json!({
        "offering_id": draw.offering_id, "status": draw.status, "seed_digest": &draw.seed_digest,
        "next_offering_id": draw.next_offering_id
    });
    tx.emit(event, draw.offering_id, &data);
}
