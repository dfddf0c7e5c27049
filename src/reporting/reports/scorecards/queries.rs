use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Actions, Institute, Results};
use crate::clock::vietnamese_day;
use crate::db::Tx;
use crate::db::schema::{corrective_actions, institutes, offerings, participants};
use crate::error::Result;
use crate::half_day::{Half, HalfDay};

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
        .filter(offerings::status.ne_all(["draft", "cancelled"]))
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

/// Results recorded of offerings that ended by a day, institute by institute.
pub async fn results(tx: &mut Tx<'_>, as_of: NaiveDate) -> Result<HashMap<Uuid, Results>> {
    let rows: Vec<(Uuid, String, i64)> = participants::table
        .inner_join(offerings::table)
        .filter(offerings::status.ne_all(["draft", "cancelled"]))
        .filter(offerings::last_half_day.le(HalfDay::new(as_of, Half::Afternoon).0))
        .filter(participants::status.eq_any(["completed", "not_completed"]))
        .group_by((participants::institute_id, participants::status))
        .select((participants::institute_id, participants::status, diesel::dsl::count_star()))
        .load(tx.conn())
        .await?;
    let mut results: HashMap<Uuid, Results> = HashMap::new();
    for (institute, status, n) in rows {
        let (of, n) = (results.entry(institute).or_default(), usize::try_from(n).unwrap_or_default());
        if status == "completed" { of.completed += n } else { of.not_completed += n }
    }
    Ok(results)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = corrective_actions)]
struct Opened {
    institute_id: Uuid,
    reply_due_on: NaiveDate,
    replied_at: Option<DateTime<Utc>>,
    disputed_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    status: String,
    created_at: DateTime<Utc>,
}

impl Opened {
    /// Whether the institute owed a reply at the end of a day: a dispute puts it off until the finding is upheld.
    fn is_unanswered(&self, on: NaiveDate) -> bool {
        let by = |at: Option<DateTime<Utc>>| at.is_some_and(|at| vietnamese_day(at) <= on);
        let upheld = by(self.decided_at) && self.status != "withdrawn";
        !by(self.replied_at) && (!by(self.disputed_at) || upheld)
    }
}

/// Corrective actions opened by a day, and what had become of them by then.
pub async fn actions(tx: &mut Tx<'_>, as_of: NaiveDate) -> Result<HashMap<Uuid, Actions>> {
    let opened: Vec<Opened> = corrective_actions::table.select(Opened::as_select()).load(tx.conn()).await?;
    let mut actions: HashMap<Uuid, Actions> = HashMap::new();
    for action in opened.into_iter().filter(|action| vietnamese_day(action.created_at) <= as_of) {
        let (of, due) = (actions.entry(action.institute_id).or_default(), action.reply_due_on);
        of.opened += 1;
        if action.is_unanswered(as_of) {
            of.unanswered += 1;
            of.overdue += usize::from(due < as_of);
            of.next_reply_due_on = Some(of.next_reply_due_on.map_or(due, |next| next.min(due)));
        }
    }
    Ok(actions)
}
