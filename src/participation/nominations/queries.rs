pub mod draws;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Draft, Nomination, NominationStatus, RULE_SET, Step};
use crate::catalogue::offerings::OfferingStatus;
use crate::db::schema::{nomination_half_days, nominations, offerings, seat_draw_entries, sessions};
use crate::db::{Tx, within_reach};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};

within_reach! {
    /// Nominations of everybody, of the people who were in the caller's units when nominated, or one's own.
    pub fn visible(tx, nominations) {
        units: unit_id,
        own: employee_id = tx.reach.employee_id,
        own: institute_id = tx.reach.institute_id,
    }
}

pub struct Filter {
    pub offering_id: Option<Uuid>,
    pub employee_id: Option<Uuid>,
    /// The unit and everything below it.
    pub unit_id: Option<Uuid>,
    pub status: Option<NominationStatus>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Nomination>> {
    let rows = listed(tx, filter.unit_id, page, |mut query, _| {
        if let Some(offering) = filter.offering_id {
            query = query.filter(nominations::offering_id.eq(offering));
        }
        if let Some(employee) = filter.employee_id {
            query = query.filter(nominations::employee_id.eq(employee));
        }
        if let Some(status) = filter.status {
            query = query.filter(nominations::status.eq(status));
        }
        query
    });
    let rows = rows.select(Nomination::as_select()).load(tx.conn()).await?;
    Ok(Page::cut(rows, page, |n| Position::id(n.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Nomination> {
    visible(tx)
        .filter(nominations::id.eq(id))
        .select(Nomination::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("nomination"))
}

/// First half-day and seats of an offering.
pub async fn start_and_seats(tx: &mut Tx<'_>, id: Uuid) -> Result<(i32, i32)> {
    Ok(offerings::table
        .find(id)
        .select((offerings::first_half_day, offerings::seats))
        .first(tx.conn())
        .await?)
}

/// Those who wait for a seat: in the order of their lots, then the longest waiting first.
pub async fn waiting(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Vec<Nomination>> {
    Ok(nominations::table
        .left_join(seat_draw_entries::table)
        .filter(nominations::offering_id.eq(offering_id))
        .filter(nominations::status.eq(NominationStatus::Waitlisted))
        .order((
            seat_draw_entries::place.nullable().asc().nulls_last(),
            nominations::waitlisted_at,
            nominations::id,
        ))
        .select(Nomination::as_select())
        .load(tx.conn())
        .await?)
}

pub struct New {
    pub draft: Draft,
    pub course_id: Uuid,
    pub institute_id: Uuid,
    pub unit_id: Uuid,
    pub status: NominationStatus,
    pub checks: Value,
}

pub async fn insert(tx: &mut Tx<'_>, new: New) -> Result<Nomination> {
    let (id, now, actor, draft) = (tx.new_id(), tx.now, tx.actor.id, new.draft);
    Ok(diesel::insert_into(nominations::table)
        .values((
            (
                nominations::id.eq(id),
                nominations::offering_id.eq(draft.offering_id),
                nominations::course_id.eq(new.course_id),
                nominations::institute_id.eq(new.institute_id),
                nominations::employee_id.eq(draft.employee_id),
                nominations::unit_id.eq(new.unit_id),
                nominations::basis.eq(draft.basis),
                nominations::motive.eq(draft.motive),
            ),
            (
                nominations::plan_line_id.eq(draft.plan_line_id),
                nominations::outside_plan_reason.eq(draft.outside_plan_reason),
                nominations::succession_entry_id.eq(draft.succession_entry_id),
                nominations::stand_in_id.eq(draft.stand_in_id),
                nominations::expected_effect.eq(draft.expected_effect),
                nominations::note.eq(draft.note),
            ),
            nominations::status.eq(new.status),
            nominations::checks.eq(new.checks),
            nominations::rule_set.eq(RULE_SET),
            nominations::nominated_by.eq(actor),
            nominations::created_at.eq(now),
            nominations::updated_at.eq(now),
        ))
        .returning(Nomination::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Change a nomination that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, nomination: &Nomination, step: Step) -> Result<Nomination> {
    let now = tx.now;
    diesel::update(
        nominations::table
            .filter(nominations::id.eq(nomination.id))
            .filter(nominations::version.eq(nomination.version)),
    )
    .set((step, nominations::version.eq(nomination.version + 1), nominations::updated_at.eq(now)))
    .returning(Nomination::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}

/// Give the half-days of the offering to a nomination. What cancelled offerings still hold is let go first.
pub async fn hold_half_days(tx: &mut Tx<'_>, nomination: &Nomination) -> Result<()> {
    let cancelled = nominations::table
        .inner_join(offerings::table)
        .filter(nominations::employee_id.eq(nomination.employee_id))
        .filter(offerings::status.eq(OfferingStatus::Cancelled))
        .select(nominations::id);
    diesel::delete(
        nomination_half_days::table
            .filter(nomination_half_days::employee_id.eq(nomination.employee_id))
            .filter(nomination_half_days::nomination_id.eq_any(cancelled)),
    )
    .execute(tx.conn())
    .await?;
    let half_days: Vec<i32> = sessions::table
        .filter(sessions::offering_id.eq(nomination.offering_id))
        .select(sessions::half_day)
        .load(tx.conn())
        .await?;
    let rows: Vec<_> = half_days
        .into_iter()
        .map(|half_day| {
            (
                nomination_half_days::employee_id.eq(nomination.employee_id),
                nomination_half_days::half_day.eq(half_day),
                nomination_half_days::nomination_id.eq(nomination.id),
            )
        })
        .collect();
    diesel::insert_into(nomination_half_days::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}

pub async fn release_half_days(tx: &mut Tx<'_>, nomination_id: Uuid) -> Result<()> {
    diesel::delete(nomination_half_days::table.filter(nomination_half_days::nomination_id.eq(nomination_id)))
        .execute(tx.conn())
        .await?;
    Ok(())
}
