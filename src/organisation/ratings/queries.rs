use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Date, Text};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{NewRating, PeriodKind, Rating};
use crate::db::schema::performance_ratings;
use crate::db::{InPage, InTurn, Order, Part, Tx, people_stay, within_reach};
use crate::error::Result;
use crate::page::{Page, PageRequest, Position};

within_reach! {
    /// Ratings of the people who work in the caller's units now, and one's own.
    fn visible(tx, performance_ratings) {
        units: unit_id,
        own: employee_id = tx.reach.employee_id,
    }
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
    let periods = Periods { kind: filter.period_kind, from: filter.from, to: filter.to };
    let rows = listed(tx, filter.unit_id, page, |mut query, part| {
        if !filter.history {
            query = query.filter(performance_ratings::is_current);
        }
        if let Some(employee) = filter.employee_id {
            query = query.filter(performance_ratings::employee_id.eq(employee));
        } else if part == Part::Whole && !periods.are_all() {
            return query.filter(of_periods(periods, filter.history, page));
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
        query
    });
    let rows = rows.select(Rating::as_select()).load(tx.conn()).await?;
    Ok(Page::cut(rows, page, |r| Position::id(r.id)))
}

/// The periods that a list is about.
#[derive(Debug, Clone, Copy)]
struct Periods {
    kind: Option<PeriodKind>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Periods {
    fn are_all(&self) -> bool {
        self.kind.is_none() && self.from.is_none() && self.to.is_none()
    }
}

/// Those among the periods for which there are ratings. These are few, and each is found as the next one in the index.
impl QueryFragment<Pg> for Periods {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "period (kind, first, last) AS (\
               (SELECT period_kind, period_start, period_end FROM performance_ratings ORDER BY 1, 2, 3 LIMIT 1) \
               UNION ALL SELECT next.* FROM period CROSS JOIN LATERAL (\
                 SELECT r.period_kind, r.period_start, r.period_end FROM performance_ratings r \
                 WHERE (r.period_kind, r.period_start, r.period_end) > (period.kind, period.first, period.last) \
                 ORDER BY 1, 2, 3 LIMIT 1) next), \
             turn AS MATERIALIZED (SELECT * FROM period WHERE true",
        );
        if let Some(kind) = &self.kind {
            out.push_sql(" AND kind = ");
            out.push_bind_param::<Text, _>(kind)?;
        }
        if let Some(from) = &self.from {
            out.push_sql(" AND first >= ");
            out.push_bind_param::<Date, _>(from)?;
        }
        if let Some(to) = &self.to {
            out.push_sql(" AND last <= ");
            out.push_bind_param::<Date, _>(to)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

/// A page of everybody's ratings for some periods. Those of a quarter lie together, far from the newest: to look for
/// them from there would read all that came since.
fn of_periods(periods: Periods, history: bool, page: &PageRequest) -> InPage<performance_ratings::id> {
    let mut each = performance_ratings::table
        .filter(performance_ratings::period_kind.eq(InTurn::<Text>::new("turn.kind")))
        .filter(performance_ratings::period_start.eq(InTurn::<Date>::new("turn.first")))
        .filter(performance_ratings::period_end.eq(InTurn::<Date>::new("turn.last")))
        .into_boxed();
    if !history {
        each = each.filter(performance_ratings::is_current);
    }
    if let Some(after) = page.after_id() {
        each = each.filter(performance_ratings::id.lt(after));
    }
    let rows = page.rows_to_read();
    let each = each.order(performance_ratings::id.desc()).limit(rows).select(performance_ratings::id);
    InPage::new(performance_ratings::id, Order::Newest, rows).turns(Box::new(periods), Box::new(each))
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
    // New revisions follow, which hold off moves of people. Held off only then, a move could wait for these rows and they
    // for the move.
    diesel::select(people_stay()).execute(tx.conn()).await?;
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
