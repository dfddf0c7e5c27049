use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;

use super::model::Holiday;
use crate::db::Tx;
use crate::db::schema::holidays;
use crate::error::Result;

/// The days from a first to a last one, in order. Holidays are no secret to anybody.
pub async fn between(tx: &mut Tx<'_>, first: NaiveDate, last: NaiveDate) -> Result<Vec<Holiday>> {
    Ok(holidays::table
        .filter(holidays::day.between(first, last))
        .order(holidays::day)
        .select(Holiday::as_select())
        .load(tx.conn())
        .await?)
}

/// Those of some days that are known.
pub async fn of_days(tx: &mut Tx<'_>, days: &[NaiveDate]) -> Result<Vec<Holiday>> {
    Ok(holidays::table
        .filter(holidays::day.eq_any(days))
        .select(Holiday::as_select())
        .load(tx.conn())
        .await?)
}

/// Create or replace, in one statement.
pub async fn upsert(tx: &mut Tx<'_>, rows: &[Holiday]) -> Result<()> {
    diesel::insert_into(holidays::table)
        .values(rows)
        .on_conflict(holidays::day)
        .do_update()
        .set((
            holidays::name.eq(excluded(holidays::name)),
            holidays::is_working_day.eq(excluded(holidays::is_working_day)),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}
