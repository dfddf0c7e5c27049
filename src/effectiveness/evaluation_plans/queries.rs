use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::{count, count_star};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Facts, Named};
use crate::catalogue::offerings::seats_taken;
use crate::db::Tx;
use crate::db::schema::{courses, evaluations, nominations, offerings, seat_draws};
use crate::error::Result;
use crate::evaluation::evaluations::{Phase, Status, SubjectGroup};
use crate::half_day::HalfDay;
use crate::participation::nominations::NominationStatus;
use crate::participation::seat_draws::DrawStatus;

/// What is known of some offerings; who may see them is decided before.
pub async fn facts(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<Vec<Facts>> {
    type Row = ((Uuid, String), (Uuid, String, f64), (i32, NaiveDate, i32, i32));
    let rows: Vec<Row> = offerings::table
        .inner_join(courses::table)
        .filter(offerings::id.eq_any(offering_ids))
        .order(offerings::id)
        .select((
            (offerings::id, offerings::code),
            (courses::id, courses::code, courses::smallest_change),
            (
                offerings::seats,
                offerings::nominations_close_on,
                offerings::first_half_day,
                offerings::last_half_day,
            ),
        ))
        .load(tx.conn())
        .await?;
    let enrolled = seats_taken(tx, offering_ids).await?;
    let handed: Vec<(Uuid, i64)> = evaluations::table
        .filter(evaluations::offering_id.eq_any(offering_ids))
        .filter(evaluations::subject_group.eq(SubjectGroup::Comparison))
        .filter(evaluations::phase.eq(Phase::ThreeMonths))
        .filter(evaluations::status.ne(Status::Excused))
        .group_by(evaluations::offering_id)
        .select((evaluations::offering_id, count(evaluations::subject_id).aggregate_distinct()))
        .load(tx.conn())
        .await?;
    let draws: Vec<(Uuid, DrawStatus)> = seat_draws::table
        .filter(seat_draws::offering_id.eq_any(offering_ids))
        .select((seat_draws::offering_id, seat_draws::status))
        .load(tx.conn())
        .await?;
    let draws: HashMap<Uuid, DrawStatus> = draws.into_iter().collect();
    let is_announced = |(_, status): &(&Uuid, &DrawStatus)| **status == DrawStatus::Announced;
    let before_draw: Vec<Uuid> = draws.iter().filter(is_announced).map(|(id, _)| *id).collect();
    let undecided: Vec<(Uuid, i64)> = nominations::table
        .filter(nominations::offering_id.eq_any(offering_ids))
        .filter(
            nominations::status.eq_any([NominationStatus::Submitted, NominationStatus::Endorsed]).or(
                nominations::status
                    .eq(NominationStatus::Waitlisted)
                    .and(nominations::offering_id.eq_any(before_draw)),
            ),
        )
        .group_by(nominations::offering_id)
        .select((nominations::offering_id, count_star()))
        .load(tx.conn())
        .await?;
    let [handed, undecided] =
        [handed, undecided].map(|rows| rows.into_iter().collect::<HashMap<Uuid, i64>>());
    let people =
        |of: &HashMap<Uuid, i64>, id| of.get(&id).and_then(|n| usize::try_from(*n).ok()).unwrap_or_default();
    let facts = |((id, code), course, (seats, nominations_close_on, first, last)): Row| Facts {
        offering: Named { id, code },
        course: Named { id: course.0, code: course.1 },
        first: HalfDay(first),
        last: HalfDay(last),
        seats: usize::try_from(seats).unwrap_or_default(),
        nominations_close_on,
        enrolled: people(&enrolled, id),
        undecided: people(&undecided, id),
        by_lot: draws.get(&id) == Some(&DrawStatus::Held),
        handed: people(&handed, id),
        smallest_change: course.2,
    };
    Ok(rows.into_iter().map(facts).collect())
}
