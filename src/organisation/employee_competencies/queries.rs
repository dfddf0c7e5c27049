use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{HeldCompetency, NamedCompetency, NewCompetency};
use crate::db::Tx;
use crate::db::schema::{competencies, employee_competencies};
use crate::error::Result;
use crate::organisation::employees;
use crate::page::{Page, PageRequest, Position};

/// What an employee within reach holds or held.
pub async fn list(
    tx: &mut Tx<'_>,
    employee_id: Uuid,
    as_of: Option<NaiveDate>,
    page: &PageRequest,
) -> Result<Page<NamedCompetency>> {
    let mut query = employee_competencies::table
        .inner_join(competencies::table)
        .filter(employee_competencies::employee_id.eq(employee_id))
        .filter(employee_competencies::employee_id.eq_any(employees::visible_ids(tx)))
        .into_boxed();
    if let Some(day) = as_of {
        query = query
            .filter(employee_competencies::valid_from.le(day))
            .filter(employee_competencies::valid_to.is_null().or(employee_competencies::valid_to.gt(day)));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(employee_competencies::id.lt(after));
    }
    let rows = query
        .order(employee_competencies::id.desc())
        .limit(page.rows_to_read())
        .select(NamedCompetency::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |c| Position::id(c.held.id)))
}

pub async fn insert(tx: &mut Tx<'_>, rows: Vec<NewCompetency>) -> Result<Vec<HeldCompetency>> {
    let now = tx.now;
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            (employee_competencies::id.eq(tx.new_id()), row, employee_competencies::created_at.eq(now))
        })
        .collect();
    Ok(diesel::insert_into(employee_competencies::table)
        .values(rows)
        .returning(HeldCompetency::as_returning())
        .get_results(tx.conn())
        .await?)
}
