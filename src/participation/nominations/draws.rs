//! What draws of seats by lot ([`crate::participation::seat_draws`]) mean for nominations.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::seats::Allocation;
use crate::db::Tx;
use crate::db::schema::seat_draws;
use crate::error::Result;

/// How the seats of an offering are given out.
pub async fn allocation(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Allocation> {
    let status: Option<String> =
        seat_draws::table.find(offering_id).select(seat_draws::status).first(tx.conn()).await.optional()?;
    Ok(match status.as_deref() {
        Some("announced") => Allocation::BeforeDraw,
        Some("held") => Allocation::Drawn,
        _ => Allocation::FirstCome,
    })
}

/// Seats of an offering that are held back for people who were not drawn for an earlier run and still wait.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct HeldBack {
    /// Whether one is for the person who asks.
    #[diesel(sql_type = Bool)]
    pub for_person: bool,
    /// How many are for others.
    #[diesel(sql_type = BigInt)]
    pub for_others: i64,
}

/// The seats held back, until the last day to nominate.
pub async fn seats_held_back(tx: &mut Tx<'_>, offering_id: Uuid, employee_id: Uuid) -> Result<HeldBack> {
    Ok(diesel::sql_query(
        "SELECT COALESCE(bool_or(e.employee_id = $2), false) AS for_person,
            count(*) FILTER (WHERE e.employee_id <> $2) AS for_others
        FROM seat_draws d
            JOIN offerings o ON o.id = d.next_offering_id AND o.nominations_close_on >= $3
            JOIN seat_draw_entries e ON e.offering_id = d.offering_id AND e.outcome = 'waiting'
            JOIN nominations n ON n.id = e.nomination_id AND n.status = 'waitlisted'
            JOIN employees p ON p.id = e.employee_id AND p.status = 'active'
        WHERE d.next_offering_id = $1 AND d.status = 'held'
            AND NOT EXISTS (SELECT FROM participants t WHERE t.offering_id = $1 AND t.employee_id = e.employee_id
                AND t.status <> 'withdrawn')",
    )
    .bind::<SqlUuid, _>(offering_id)
    .bind::<SqlUuid, _>(employee_id)
    .bind::<Date, _>(tx.today())
    .get_result(tx.conn())
    .await?)
}
