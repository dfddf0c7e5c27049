use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Absence, Draft};
use crate::db::Tx;
use crate::db::schema::{absences, employees};
use crate::error::{Error, Result};
use crate::half_day::HalfDay;
use crate::organisation::employees::visible_ids;
use crate::organisation::units::below;
use crate::page::{Page, PageRequest, Position};

/// Absences of the employees within reach.
fn visible(tx: &Tx<'_>) -> absences::BoxedQuery<'static, Pg> {
    let all = absences::table.into_boxed();
    if tx.reach.all { all } else { all.filter(absences::employee_id.eq_any(visible_ids(tx))) }
}

pub struct Filter {
    pub employee_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub from: Option<HalfDay>,
    pub to: Option<HalfDay>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Absence>> {
    let mut query = visible(tx);
    if let Some(employee) = filter.employee_id {
        query = query.filter(absences::employee_id.eq(employee));
    }
    if let Some(unit) = filter.unit_id {
        let people =
            employees::table.filter(employees::unit_id.eq_any(below(vec![unit]))).select(employees::id);
        query = query.filter(absences::employee_id.eq_any(people));
    }
    if let Some(from) = filter.from {
        query = query.filter(absences::last_half_day.ge(from.0));
    }
    if let Some(to) = filter.to {
        query = query.filter(absences::first_half_day.le(to.0));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(absences::id.lt(after));
    }
    let rows = query
        .order(absences::id.desc())
        .limit(page.rows_to_read())
        .select(Absence::as_select())
        .load(tx.conn())
        .await?;
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
