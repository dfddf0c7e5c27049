//! What draws of seats by lot ([`crate::participation::seat_draws`]) mean for nominations.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{Date, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::model::Allocation;
use crate::catalogue::offerings::row_not_cancelled;
use crate::db::Tx;
use crate::db::schema::seat_draws;
use crate::error::Result;
use crate::participation::participants::row_took_part;

/// How the seats of an offering are given out.
pub async fn how_given(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Allocation> {
    let status: Option<String> =
        seat_draws::table.find(offering_id).select(seat_draws::status).first(tx.conn()).await.optional()?;
    Ok(match status.as_deref() {
        Some("announced") => Allocation::BeforeDraw,
        Some("held") => Allocation::Drawn,
        _ => Allocation::FirstCome,
    })
}

/// Whom the seats of an offering are held back for, until the last day to nominate: people who were not drawn for an earlier
/// run of the course, still wait, and have not been trained since.
pub async fn held_back_for(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<HashSet<Uuid>> {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = SqlUuid)]
        employee_id: Uuid,
    }
    let (took_part, not_cancelled) = (row_took_part("t"), row_not_cancelled("other"));
    let rows: Vec<Waiting> = diesel::sql_query(format!(
        "SELECT e.employee_id
        FROM seat_draws d
            JOIN offerings o ON o.id = d.next_offering_id AND o.nominations_close_on >= $2
            JOIN seat_draw_entries e ON e.offering_id = d.offering_id AND e.outcome = 'waiting'
            JOIN nominations n ON n.id = e.nomination_id AND n.status = 'waitlisted'
            JOIN employees p ON p.id = e.employee_id AND p.status = 'active'
        WHERE d.next_offering_id = $1 AND d.status = 'held'
            AND NOT EXISTS (SELECT FROM participants t JOIN offerings other ON other.id = t.offering_id
                WHERE t.employee_id = e.employee_id AND {took_part}
                    AND other.course_id = o.course_id AND {not_cancelled})"
    ))
    .bind::<SqlUuid, _>(offering_id)
    .bind::<Date, _>(tx.today())
    .load(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|waiting| waiting.employee_id).collect())
}
