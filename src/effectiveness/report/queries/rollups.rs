use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::super::model::{By, Request};
use super::ended::{Ended, visible};
use super::subjects::Links;
use crate::db::Tx;
use crate::db::schema::{
    courses, offering_rollup_rows, offering_rollups, offerings, sessions, unit_quarters,
};
use crate::effectiveness::measures::{Measure, OfferingSums, Rows, from_stored, quarter_start};
use crate::error::Result;
use crate::organisation::units::below;

/// The offerings that the subjects answer for; none by unit.
pub async fn offerings_of(tx: &mut Tx<'_>, request: &Request, links: &Links) -> Result<Vec<Ended>> {
    let query = visible(tx, request);
    let (ids, words) = (links.ids(), links.words());
    let query = match links.by {
        By::Course => query.filter(offerings::course_id.eq_any(ids)),
        By::Offering => query.filter(offerings::id.eq_any(ids)),
        By::Institute => query.filter(offerings::institute_id.eq_any(ids)),
        By::Lecturer => query.filter(offerings::id.eq_any(links.through.keys().copied().collect::<Vec<_>>())),
        By::Mode => query.filter(offerings::mode.eq_any(words)),
        By::ContentArea => {
            let within = courses::table.filter(courses::content_area.eq_any(words)).select(courses::id);
            query.filter(offerings::course_id.eq_any(within))
        }
        By::Unit => return Ok(Vec::new()),
    };
    let chosen = query.select(offerings::id);
    let held = sessions::table.filter(sessions::offering_id.eq(offerings::id)).count().single_value();
    let rows: Vec<(Uuid, Uuid, Uuid, String, String, Option<i64>)> = offerings::table
        .inner_join(courses::table)
        .filter(offerings::id.eq_any(chosen))
        .order(offerings::id)
        .select((
            offerings::id,
            offerings::course_id,
            offerings::institute_id,
            offerings::mode,
            courses::content_area,
            held,
        ))
        .load(tx.conn())
        .await?;
    let ended = |(id, course_id, institute_id, mode, content_area, held): (_, _, _, _, _, Option<i64>)| {
        Ended { id, course_id, institute_id, mode, content_area, half_days: held.unwrap_or_default() }
    };
    Ok(rows.into_iter().map(ended).collect())
}

/// The rows behind what was released of some offerings by a day: of each measure those of the newest revision of that day.
pub async fn released_rows(
    tx: &mut Tx<'_>,
    as_of: NaiveDate,
    offering_ids: &[Uuid],
) -> Result<HashMap<(Uuid, Measure), Rows>> {
    use offering_rollup_rows as t;
    let same = t::offering_id
        .eq(offering_rollups::offering_id)
        .and(t::measure.eq(offering_rollups::measure))
        .and(t::revision.eq(offering_rollups::revision));
    let stored: Vec<(Uuid, Measure, Value)> = t::table
        .inner_join(offering_rollups::table.on(same))
        .filter(t::offering_id.eq_any(offering_ids))
        .filter(offering_rollups::released_on.le(as_of))
        // Later ones take the place of earlier ones.
        .order(t::revision)
        .select((t::offering_id, t::measure, t::rows))
        .load(tx.conn())
        .await?;
    stored.into_iter().map(|(id, measure, rows)| Ok(((id, measure), from_stored(rows)?))).collect()
}

/// What the people of units, and of everything below them, came to in the quarters that were over on a day.
pub async fn quarters(
    tx: &mut Tx<'_>,
    as_of: NaiveDate,
    unit_ids: Vec<Uuid>,
) -> Result<Vec<(Uuid, Measure, OfferingSums)>> {
    let running = quarter_start(as_of + Days::new(1));
    let rows: Vec<(Uuid, Measure, Value)> = unit_quarters::table
        .filter(unit_quarters::unit_id.eq_any(below(unit_ids)))
        .filter(unit_quarters::quarter_start.lt(running))
        .order((unit_quarters::quarter_start, unit_quarters::unit_id))
        .select((unit_quarters::unit_id, unit_quarters::measure, unit_quarters::sums))
        .load(tx.conn())
        .await?;
    rows.into_iter().map(|(unit, measure, sums)| Ok((unit, measure, from_stored(sums)?))).collect()
}
