use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{COMPARED_DAYS, DrawOutcome, DrawStatus, Entry, SeatDraw, Totals};
use crate::db::Tx;
use crate::db::schema::{nominations, seat_draw_entries, seat_draws};
use crate::error::{Error, Result};
use crate::participation::nominations::{NominationStatus, visible};

/// SQL: whether a run (the name of a row of offerings) begins before the three-month ratings of another are over. Who sits in
/// it is no longer untrained when rated.
pub fn begins_before_rating(run: &str, rated: &str) -> String {
    format!("{run}.first_half_day / 2 <= {rated}.last_half_day / 2 + {COMPARED_DAYS}")
}

/// The draw of an offering.
pub async fn get(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<SeatDraw> {
    seat_draws::table
        .find(offering_id)
        .select(SeatDraw::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("seat_draw"))
}

/// Announce one, unless there is one.
pub async fn insert(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    (seed, seed_digest): (&str, &str),
    next_offering_id: Option<Uuid>,
) -> Result<Option<SeatDraw>> {
    use seat_draws as t;
    let now = tx.now;
    Ok(diesel::insert_into(t::table)
        .values((
            t::offering_id.eq(offering_id),
            t::status.eq(DrawStatus::Announced),
            t::seed.eq(seed),
            t::seed_digest.eq(seed_digest),
            t::next_offering_id.eq(next_offering_id),
            t::created_at.eq(now),
            t::updated_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .returning(SeatDraw::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?)
}

/// Bring a draw that was read into another state.
pub async fn update(tx: &mut Tx<'_>, draw: &SeatDraw, status: DrawStatus) -> Result<SeatDraw> {
    use seat_draws as t;
    let now = tx.now;
    diesel::update(t::table.find(draw.offering_id).filter(t::version.eq(draw.version)))
        .set((
            t::status.eq(status),
            t::held_at.eq((status == DrawStatus::Held).then_some(now)),
            t::version.eq(draw.version + 1),
            t::updated_at.eq(now),
        ))
        .returning(SeatDraw::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?
        .ok_or(Error::Stale)
}

/// Keep what a draw came to.
pub async fn insert_entries(tx: &mut Tx<'_>, offering_id: Uuid, entries: &[Entry]) -> Result<()> {
    use seat_draw_entries as t;
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                t::nomination_id.eq(entry.nomination_id),
                t::offering_id.eq(offering_id),
                t::employee_id.eq(entry.employee_id),
                t::place.eq(entry.place),
                t::outcome.eq(entry.outcome),
            )
        })
        .collect();
    diesel::insert_into(t::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}

/// Nominations of an offering in a state.
pub async fn count_nominations(tx: &mut Tx<'_>, offering_id: Uuid, status: NominationStatus) -> Result<i64> {
    Ok(nominations::table
        .filter(nominations::offering_id.eq(offering_id))
        .filter(nominations::status.eq(status))
        .select(count_star())
        .first(tx.conn())
        .await?)
}

/// What a draw came to, in numbers.
pub async fn totals(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Totals> {
    use seat_draw_entries as t;
    let rows: Vec<(Uuid, DrawOutcome, NominationStatus)> = t::table
        .inner_join(nominations::table)
        .filter(t::offering_id.eq(offering_id))
        .order(t::place)
        .select((t::nomination_id, t::outcome, nominations::status))
        .load(tx.conn())
        .await?;
    let drawn = || rows.iter().filter(|(_, outcome, _)| *outcome == DrawOutcome::Drawn);
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(Totals {
        candidates: number(rows.len()),
        drawn: number(drawn().count()),
        gave_back: number(drawn().filter(|(.., status)| *status != NominationStatus::Approved).count()),
        last_drawn: drawn().next_back().map(|(nomination, ..)| *nomination),
    })
}

/// The entries of a draw whose nominations the caller may see, in the order of their lots.
pub async fn entries(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Vec<Entry>> {
    use seat_draw_entries as t;
    let seen = visible(tx).filter(nominations::offering_id.eq(offering_id)).select(nominations::id);
    Ok(t::table
        .filter(t::offering_id.eq(offering_id))
        .filter(t::nomination_id.eq_any(seen))
        .order(t::place)
        .select(Entry::as_select())
        .load(tx.conn())
        .await?)
}
