use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Draft, SuccessionEntry};
use crate::db::schema::succession_entries;
use crate::db::{Tx, within_reach};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};

within_reach! {
    /// Entries of the people who work in the caller's units now, and one's own.
    fn visible(tx, succession_entries) {
        units: unit_id,
        own: employee_id = tx.reach.employee_id,
    }
}

pub struct Filter {
    pub employee_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub job_position_id: Option<Uuid>,
    pub as_of: Option<NaiveDate>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<SuccessionEntry>> {
    let rows = listed(tx, filter.unit_id, page, |mut query, _| {
        if let Some(employee) = filter.employee_id {
            query = query.filter(succession_entries::employee_id.eq(employee));
        }
        if let Some(position) = filter.job_position_id {
            query = query.filter(succession_entries::job_position_id.eq(position));
        }
        if let Some(day) = filter.as_of {
            query = query
                .filter(succession_entries::valid_from.le(day))
                .filter(succession_entries::valid_to.gt(day));
        }
        query
    });
    let rows = rows.select(SuccessionEntry::as_select()).load(tx.conn()).await?;
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
