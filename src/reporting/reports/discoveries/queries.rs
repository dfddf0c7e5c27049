use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Course, Request};
use crate::db::Tx;
use crate::db::schema::{courses, offerings};
use crate::error::Result;
use crate::half_day::{Half, HalfDay};

/// Offerings that ended in a year, as far as they had ended on a day: course and offering, course by course.
pub async fn ended(tx: &mut Tx<'_>, request: &Request) -> Result<Vec<(Uuid, Uuid)>> {
    let day = |month, day| NaiveDate::from_ymd_opt(request.year, month, day).unwrap_or_default();
    let last = day(12, 31).min(request.as_of);
    Ok(offerings::table
        .filter(offerings::status.ne_all(["draft", "cancelled"]))
        .filter(offerings::last_half_day.ge(HalfDay::new(day(1, 1), Half::Morning).0))
        .filter(offerings::last_half_day.le(HalfDay::new(last, Half::Afternoon).0))
        .order((offerings::course_id, offerings::id))
        .select((offerings::course_id, offerings::id))
        .load(tx.conn())
        .await?)
}

/// How many offerings of a year had not ended on a day.
pub async fn to_come(tx: &mut Tx<'_>, request: &Request) -> Result<usize> {
    let last = NaiveDate::from_ymd_opt(request.year, 12, 31).unwrap_or_default();
    let number: i64 = offerings::table
        .filter(offerings::status.ne_all(["draft", "cancelled"]))
        .filter(offerings::last_half_day.gt(HalfDay::new(request.as_of, Half::Afternoon).0))
        .filter(offerings::last_half_day.le(HalfDay::new(last, Half::Afternoon).0))
        .select(count_star())
        .first(tx.conn())
        .await?;
    Ok(usize::try_from(number).unwrap_or_default())
}

/// Some courses.
pub async fn courses(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Course>> {
    let rows: Vec<(Uuid, String, String, f64)> = courses::table
        .filter(courses::id.eq_any(ids))
        .select((courses::id, courses::code, courses::title, courses::smallest_change))
        .load(tx.conn())
        .await?;
    let course = |(id, code, title, smallest_change)| Course { id, code, title, smallest_change };
    Ok(rows.into_iter().map(course).collect())
}
