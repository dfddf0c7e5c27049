use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Draft, SuccessionEntry};
use crate::db::Tx;
use crate::db::schema::{employees, succession_entries};
use crate::error::{Error, Result};
use crate::organisation::employees::visible_ids;
use crate::organisation::units::below;
use crate::page::{Page, PageRequest, Position};

/// Entries of the employees within reach.
fn visible(tx: &Tx<'_>) -> succession_entries::BoxedQuery<'static, Pg> {
    let all = succession_entries::table.into_boxed();
    if tx.reach.all { all } else { all.filter(succession_entries::employee_id.eq_any(visible_ids(tx))) }
}

pub struct Filter {
    pub employee_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub job_position_id: Option<Uuid>,
    pub as_of: Option<NaiveDate>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<SuccessionEntry>> {
    let mut query = visible(tx);
    if let Some(employee) = filter.employee_id {
        query = query.filter(succession_entries::employee_id.eq(employee));
    }
    if let Some(unit) = filter.unit_id {
        let people =
            employees::table.filter(employees::unit_id.eq_any(below(vec![unit]))).select(employees::id);
        query = query.filter(succession_entries::employee_id.eq_any(people));
    }
    if let Some(position) = filter.job_position_id {
        query = query.filter(succession_entries::job_position_id.eq(position));
    }
    if let Some(day) = filter.as_of {
        query =
            query.filter(succession_entries::valid_from.le(day)).filter(succession_entries::valid_to.gt(day));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(succession_entries::id.lt(after));
    }
    let rows = query
        .order(succession_entries::id.desc())
        .limit(page.rows_to_read())
        .select(SuccessionEntry::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |e| Position::id(e.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<SuccessionEntry> {
    visible(tx)
        .filter(succession_entries::id.eq(id))
        .select(SuccessionEntry::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("succession_entry"))
}

pub async fn insert(tx: &mut Tx<'_>, draft: Draft) -> Result<SuccessionEntry> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(succession_entries::table)
        .values((
            succession_entries::id.eq(id),
            succession_entries::employee_id.eq(draft.employee_id),
            succession_entries::job_position_id.eq(draft.job_position_id),
            succession_entries::decision_number.eq(draft.decision_number),
            succession_entries::valid_from.eq(draft.valid_from),
            succession_entries::valid_to.eq(draft.valid_to),
            succession_entries::created_at.eq(now),
            succession_entries::updated_at.eq(now),
        ))
        .returning(SuccessionEntry::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Change an entry that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, entry: &SuccessionEntry, change: Change) -> Result<SuccessionEntry> {
    let now = tx.now;
    diesel::update(
        succession_entries::table
            .filter(succession_entries::id.eq(entry.id))
            .filter(succession_entries::version.eq(entry.version)),
    )
    .set((change, succession_entries::version.eq(entry.version + 1), succession_entries::updated_at.eq(now)))
    .returning(SuccessionEntry::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}
