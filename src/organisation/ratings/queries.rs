use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{NewRating, PeriodKind, Rating};
use crate::db::Tx;
use crate::db::schema::{employees, performance_ratings};
use crate::error::Result;
use crate::organisation::employees::visible_ids;
use crate::organisation::units::below;
use crate::page::{Page, PageRequest, Position};

/// Ratings of the employees within reach.
fn visible(tx: &Tx<'_>) -> performance_ratings::BoxedQuery<'static, Pg> {
    let all = performance_ratings::table.into_boxed();
    if tx.reach.all { all } else { all.filter(performance_ratings::employee_id.eq_any(visible_ids(tx))) }
}

pub struct Filter {
    pub employee_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub period_kind: Option<PeriodKind>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub history: bool,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Rating>> {
    let mut query = visible(tx);
    if !filter.history {
        query = query.filter(performance_ratings::is_current);
    }
    if let Some(employee) = filter.employee_id {
        query = query.filter(performance_ratings::employee_id.eq(employee));
    }
    if let Some(unit) = filter.unit_id {
        let people =
            employees::table.filter(employees::unit_id.eq_any(below(vec![unit]))).select(employees::id);
        query = query.filter(performance_ratings::employee_id.eq_any(people));
    }
    if let Some(kind) = filter.period_kind {
        query = query.filter(performance_ratings::period_kind.eq(kind));
    }
    if let Some(from) = filter.from {
        query = query.filter(performance_ratings::period_start.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(performance_ratings::period_end.le(to));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(performance_ratings::id.lt(after));
    }
    let rows = query
        .order(performance_ratings::id.desc())
        .limit(page.rows_to_read())
        .select(Rating::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |r| Position::id(r.id)))
}

/// The current ratings of these people for periods that start on these days.
pub async fn current(
    tx: &mut Tx<'_>,
    employee_ids: Vec<Uuid>,
    starts: Vec<NaiveDate>,
) -> Result<Vec<Rating>> {
    Ok(visible(tx)
        .filter(performance_ratings::is_current)
        .filter(performance_ratings::employee_id.eq_any(employee_ids))
        .filter(performance_ratings::period_start.eq_any(starts))
        .select(Rating::as_select())
        .load(tx.conn())
        .await?)
}

/// Take their place from these revisions.
pub async fn supersede(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<()> {
    diesel::update(
        performance_ratings::table
            .filter(performance_ratings::id.eq_any(ids))
            .filter(performance_ratings::is_current),
    )
    .set(performance_ratings::is_current.eq(false))
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn insert(tx: &mut Tx<'_>, rows: &[NewRating]) -> Result<()> {
    diesel::insert_into(performance_ratings::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}
