use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Absence, Draft};
use crate::db::schema::absences;
use crate::db::{Tx, within_reach};
use crate::error::{Error, Result};
use crate::half_day::HalfDay;
use crate::page::{Page, PageRequest, Position};

within_reach! {
    /// Absences of the people who work in the caller's units now, and one's own.
    fn visible(tx, absences) {
        units: unit_id,
        own: employee_id = tx.reach.employee_id,
    }
}

pub struct Filter {
    pub employee_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub from: Option<HalfDay>,
    pub to: Option<HalfDay>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Absence>> {
    let rows = listed(tx, filter.unit_id, page, |mut query, _| {
        if let Some(employee) = filter.employee_id {
            query = query.filter(absences::employee_id.eq(employee));
        }
        if let Some(from) = filter.from {
            query = query.filter(absences::last_half_day.ge(from.0));
        }
        if let Some(to) = filter.to {
            query = query.filter(absences::first_half_day.le(to.0));
        }
        query
    });
    let rows = rows.select(Absence::as_select()).load(tx.conn()).await?;
    Ok(Page::cut(rows, page, |a| Position::id(a.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Absence> {
    visible(tx)
        .filter(absences::id.eq(id))
        .select(Absence::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("absence"))
}

pub async fn insert(tx: &mut Tx<'_>, draft: Draft) -> Result<Absence> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(absences::table)
        .values((
            absences::id.eq(id),
            absences::employee_id.eq(draft.employee_id),
            absences::kind.eq(draft.kind),
            absences::first_half_day.eq(draft.first.0),
            absences::last_half_day.eq(draft.last.0),
            absences::note.eq(draft.note),
            absences::created_at.eq(now),
            absences::updated_at.eq(now),
        ))
        .returning(Absence::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Remove an absence that still has the version that was read.
pub async fn delete(tx: &mut Tx<'_>, absence: &Absence) -> Result<()> {
    let gone = diesel::delete(
        absences::table.filter(absences::id.eq(absence.id)).filter(absences::version.eq(absence.version)),
    )
    .execute(tx.conn())
    .await?;
    if gone == 1 { Ok(()) } else { Err(Error::Stale) }
}
