use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Course, Ended};
use crate::catalogue::offerings::takes_place;
use crate::db::Tx;
use crate::db::schema::{courses, offerings};
use crate::error::Result;
use crate::half_day::{Half, HalfDay};

/// Offerings that end in a year, course by course.
pub async fn of_year(tx: &mut Tx<'_>, year: i32) -> Result<Vec<Ended>> {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let (first, last) =
        (HalfDay::new(day(1, 1), Half::Morning).0, HalfDay::new(day(12, 31), Half::Afternoon).0);
    let rows: Vec<(Uuid, Uuid, i32)> = offerings::table
        .filter(takes_place())
        .filter(offerings::last_half_day.between(first, last))
        .order((offerings::course_id, offerings::id))
        .select((offerings::course_id, offerings::id, offerings::last_half_day))
        .load(tx.conn())
        .await?;
    let ended =
        |(course_id, offering_id, last)| Ended { course_id, offering_id, last_day: HalfDay(last).date() };
    Ok(rows.into_iter().map(ended).collect())
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
