use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

use super::super::model::Request;
use crate::catalogue::offerings::takes_place;
use crate::db::Tx;
use crate::db::schema::offerings;
use crate::half_day::{Half, HalfDay};

/// An offering that some subjects answer for.
#[derive(Debug, Clone)]
pub struct Ended {
    pub id: Uuid,
    pub course_id: Uuid,
    pub institute_id: Uuid,
    pub mode: String,
    pub content_area: String,
    /// Half-days with a session.
    pub half_days: i64,
}

/// Offerings that ended, within reach. What is published of courses, offerings, lecturers and institutes is there for
/// the whole ministry, so a unit head sees all of them; an institute sees its own.
pub fn visible(tx: &Tx<'_>, request: &Request) -> offerings::BoxedQuery<'static, Pg> {
    let end_of = |day| HalfDay::new(day, Half::Afternoon).0;
    let mut ended = offerings::table
        .filter(takes_place())
        .filter(offerings::last_half_day.le(end_of(request.as_of)))
        .into_boxed();
    if let Some(from) = request.from {
        ended = ended.filter(offerings::last_half_day.ge(HalfDay::new(from, Half::Morning).0));
    }
    if let Some(to) = request.to {
        ended = ended.filter(offerings::last_half_day.le(end_of(to)));
    }
    match only_institute(tx) {
        Some(institute) => ended.filter(offerings::institute_id.eq(institute)),
        None => ended,
    }
}

/// The institute that the caller must not look beyond.
pub fn only_institute(tx: &Tx<'_>) -> Option<Uuid> {
    let wider = tx.reach.all || !tx.reach.unit_ids.is_empty();
    if wider {
        None
    } else {
        // Without any reach at all: an institute that does not exist.
        Some(tx.reach.institute_id.unwrap_or_default())
    }
}
