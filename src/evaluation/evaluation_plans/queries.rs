use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::{count, count_star};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::Facts;
use crate::db::Tx;
use crate::db::schema::{courses, evaluations, nominations, offerings, participants, seat_draws};
use crate::error::Result;
use crate::half_day::HalfDay;

/// What is known of some offerings; who may see them is decided before.
pub async fn facts(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<Vec<Facts>> {
    let rows: Vec<(Uuid, i32, NaiveDate, i32, f64)> = offerings::table
        .inner_join(courses::table)
        .filter(offerings::id.eq_any(offering_ids))
        .order(offerings::id)
        .select((
            offerings::id,
            offerings::seats,
            offerings::nominations_close_on,
            offerings::first_half_day,
            courses::smallest_change,
        ))
        .load(tx.conn())
        .await?;
    let enrolled: Vec<(Uuid, i64)> = participants::table
        .filter(participants::offering_id.eq_any(offering_ids))
        .filter(participants::status.ne("withdrawn"))
        .group_by(participants::offering_id)
        .select((participants::offering_id, count_star()))
        .load(tx.conn())
        .await?;
    let handed: Vec<(Uuid, i64)> = evaluations::table
        .filter(evaluations::offering_id.eq_any(offering_ids))
        .filter(evaluations::subject_group.eq("comparison"))
        .filter(evaluations::phase.eq("three_months"))
        .filter(evaluations::status.ne("excused"))
        .group_by(evaluations::offering_id)
        .select((evaluations::offering_id, count(evaluations::subject_id).aggregate_distinct()))
        .load(tx.conn())
        .await?;
    let draws: Vec<(Uuid, String)> = seat_draws::table
        .filter(seat_draws::offering_id.eq_any(offering_ids))
        .filter(seat_draws::status.ne("called_off"))
        .select((seat_draws::offering_id, seat_draws::status))
        .load(tx.conn())
        .await?;
    let drawn: HashMap<Uuid, String> = draws.into_iter().collect();
    let before_draw: Vec<Uuid> =
        drawn.iter().filter(|(_, status)| *status == "announced").map(|(id, _)| *id).collect();
    let undecided: Vec<(Uuid, i64)> = nominations::table
        .filter(nominations::offering_id.eq_any(offering_ids))
        .filter(
            nominations::status
                .eq_any(["submitted", "endorsed"])
                .or(nominations::status.eq("waitlisted").and(nominations::offering_id.eq_any(before_draw))),
        )
        .group_by(nominations::offering_id)
        .select((nominations::offering_id, count_star()))
        .load(tx.conn())
        .await?;
    let [enrolled, handed, undecided] =
        [enrolled, handed, undecided].map(|rows| rows.into_iter().collect::<HashMap<Uuid, i64>>());
    let people =
        |of: &HashMap<Uuid, i64>, id| of.get(&id).and_then(|n| usize::try_from(*n).ok()).unwrap_or_default();
    let facts = |(id, seats, nominations_close_on, first, smallest_change)| Facts {
        offering_id: id,
        seats: usize::try_from(seats).unwrap_or_default(),
        nominations_close_on,
        first_day: HalfDay(first).date(),
        enrolled: people(&enrolled, id),
        undecided: people(&undecided, id),
        by_lot: drawn.contains_key(&id),
        handed: people(&handed, id),
        smallest_change,
    };
    Ok(rows.into_iter().map(facts).collect())
}
