use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Institute, Results};
use crate::catalogue::offerings::takes_place;
use crate::db::Tx;
use crate::db::schema::{institutes, offerings, participants};
use crate::error::Result;
use crate::half_day::{Half, HalfDay};
use crate::participation::participants::{ParticipantStatus, took_part};

/// Institutes that hold or held an offering, in order of their names.
pub async fn institutes(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Institute>> {
    let rows: Vec<(Uuid, String, String)> = institutes::table
        .filter(institutes::id.eq_any(ids))
        .order((institutes::name, institutes::id))
        .select((institutes::id, institutes::code, institutes::name))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(id, code, name)| Institute { id, code, name }).collect())
}

/// An offering that ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    pub id: Uuid,
    pub course_id: Uuid,
    pub institute_id: Uuid,
    pub last: NaiveDate,
}

/// Every offering of the ministry that ended by a day.
pub async fn ended(tx: &mut Tx<'_>, as_of: NaiveDate) -> Result<Vec<Ended>> {
    let rows: Vec<(Uuid, Uuid, Uuid, i32)> = offerings::table
        .filter(takes_place())
        .filter(offerings::last_half_day.le(HalfDay::new(as_of, Half::Afternoon).0))
        .order(offerings::id)
        .select((offerings::id, offerings::course_id, offerings::institute_id, offerings::last_half_day))
        .load(tx.conn())
        .await?;
    let ended = |(id, course_id, institute_id, last)| Ended {
        id,
        course_id,
        institute_id,
        last: HalfDay(last).date(),
    };
    Ok(rows.into_iter().map(ended).collect())
}

/// Results of offerings that ended by a day, by institute and offering. One with anybody whose result is still to come
/// counts later, as a whole.
pub async fn results(tx: &mut Tx<'_>, as_of: NaiveDate) -> Result<HashMap<(Uuid, Uuid), Results>> {
    let rows: Vec<(Uuid, Uuid, ParticipantStatus, i64)> = participants::table
        .inner_join(offerings::table)
        .filter(takes_place())
        .filter(offerings::last_half_day.le(HalfDay::new(as_of, Half::Afternoon).0))
        .filter(took_part())
        .group_by((participants::institute_id, participants::offering_id, participants::status))
        .select((
            participants::institute_id,
            participants::offering_id,
            participants::status,
            diesel::dsl::count_star(),
        ))
        .load(tx.conn())
        .await?;
    let mut results: HashMap<(Uuid, Uuid), Results> = HashMap::new();
    for (institute, offering, status, n) in rows {
        results.entry((institute, offering)).or_default().add(status, usize::try_from(n).unwrap_or_default());
    }
    Ok(results)
}
