use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::Timestamptz;
use diesel_async::RunQueryDsl;

use super::chain::Link;
use super::model::{Entry, Filter, Place, Seal};
use crate::db::schema::{audit_log, audit_seal_entries, audit_seals};
use crate::db::{Condition, InPage, Order, Tx};
use crate::error::Result;
use crate::page::{Page, PageRequest, Position};

type Boxed = audit_log::BoxedQuery<'static, Pg>;

/// The place of an entry, correlated with the entry.
macro_rules! place {
    () => {
        audit_seal_entries::table.filter(audit_seal_entries::entry.eq(audit_log::number))
    };
}

/// The log is seen whole or not at all.
fn visible(tx: &Tx<'_>, filter: &Filter) -> Boxed {
    let mut query = audit_log::table.into_boxed();
    if !tx.reach.all {
        return query.filter(audit_log::actor_id.eq(tx.actor.id));
    }
    if let Some(subject) = filter.subject_id {
        query = query.filter(audit_log::subject_id.eq(subject));
    }
    if let Some(actor) = filter.actor_id {
        query = query.filter(audit_log::actor_id.eq(actor));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(audit_log::kind.eq(kind.clone()));
    }
    if let Some(request) = &filter.request_id {
        query = query.filter(audit_log::request_id.eq(request.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_log::occurred_at.ge(from));
    }
    if let Some(before) = filter.before {
        query = query.filter(audit_log::occurred_at.lt(before));
    }
    query
}

/// A page, newest first; with each entry, whether it is sealed.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<(Entry, bool)>> {
    let after = |query: Boxed| match page.after_number() {
        Some(after) => query.filter(audit_log::number.lt(after)),
        None => query,
    };
    let rows = page.rows_to_read();
    let mut query = after(visible(tx, filter));
    if filter.is_of_a_period() {
        let each = after(visible(tx, filter)).filter(Condition::new(ON_DAY_IN_TURN));
        let each = each.order(audit_log::number.desc()).limit(rows).select(audit_log::number);
        let days = Days { from: filter.from, before: filter.before };
        let page = InPage::new(audit_log::number, Order::Newest, rows).turns(Box::new(days), Box::new(each));
        query = query.filter(page);
    }
    let rows = query
        .order(audit_log::number.desc())
        .limit(rows)
        .select((Entry::as_select(), exists(place!())))
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |(e, _): &(Entry, bool)| Position::number(e.number)))
}

/// The index of days has this form.
const ON_DAY_IN_TURN: &str = "(audit_log.occurred_at AT TIME ZONE 'UTC')::date = turn.day";

/// The days of a period on which anything was logged, found one after the other in the index. Numbers are given nearly in
/// the order of time, but not quite: within each day the newest are looked for by number.
struct Days {
    from: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
}

impl Days {
    /// Whether a day may hold entries of the period.
    fn push_bounds<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for (moment, comparison) in [(&self.from, ">="), (&self.before, "<=")] {
            if let Some(moment) = moment {
                out.push_sql(&format!(" AND (l.occurred_at AT TIME ZONE 'UTC')::date {comparison} ("));
                out.push_bind_param::<Timestamptz, _>(moment)?;
                out.push_sql(" AT TIME ZONE 'UTC')::date");
            }
        }
        Ok(())
    }
}

impl QueryFragment<Pg> for Days {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        const NEXT: &str = "(SELECT (l.occurred_at AT TIME ZONE 'UTC')::date AS day FROM audit_log l WHERE ";
        out.push_sql("turn (day) AS (");
        out.push_sql(NEXT);
        out.push_sql("true");
        self.push_bounds(out.reborrow())?;
        out.push_sql(" ORDER BY 1 DESC LIMIT 1) UNION ALL SELECT next.day FROM turn CROSS JOIN LATERAL ");
        out.push_sql(NEXT);
        out.push_sql("(l.occurred_at AT TIME ZONE 'UTC')::date < turn.day");
        self.push_bounds(out.reborrow())?;
        out.push_sql(" ORDER BY 1 DESC LIMIT 1) next)");
        Ok(())
    }
}

/// Entries with numbers after one and up to another, oldest first.
pub async fn between(
    tx: &mut Tx<'_>,
    filter: &Filter,
    after: i64,
    last: i64,
    limit: i64,
) -> Result<Vec<(Entry, bool)>> {
    Ok(visible(tx, filter)
        .filter(audit_log::number.gt(after))
        .filter(audit_log::number.le(last))
        .order(audit_log::number)
        .limit(limit)
        .select((Entry::as_select(), exists(place!())))
        .load(tx.conn())
        .await?)
}

/// Number of the newest entry.
pub async fn newest(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    Ok(audit_log::table
        .select(audit_log::number)
        .order(audit_log::number.desc())
        .first(tx.conn())
        .await
        .optional()?)
}

pub async fn newest_seal(tx: &mut Tx<'_>) -> Result<Option<Seal>> {
    Ok(audit_seals::table
        .order(audit_seals::number.desc())
        .select(Seal::as_select())
        .first(tx.conn())
        .await
        .optional()?)
}

/// The greatest number among entries sealed before a moment: whatever has this number or a smaller one was committed
/// long ago.
pub async fn settled(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<i64> {
    let settled = audit_seals::table
        .filter(audit_seals::sealed_at.lt(before))
        .order(audit_seals::last_entry.desc())
        .select(audit_seals::last_entry)
        .first(tx.conn())
        .await
        .optional()?;
    Ok(settled.unwrap_or(i64::MIN))
}

/// Entries above a number that no seal knows. Not simply those above the newest sealed one: a transaction that takes its
/// numbers early may commit late.
pub async fn unsealed(tx: &mut Tx<'_>, above: i64, limit: i64) -> Result<Vec<Entry>> {
    Ok(audit_log::table
        .filter(audit_log::number.gt(above))
        .filter(not(exists(place!())))
        .order(audit_log::number)
        .limit(limit)
        .select(Entry::as_select())
        .load(tx.conn())
        .await?)
}

pub async fn count_unsealed(tx: &mut Tx<'_>, above: i64) -> Result<i64> {
    Ok(audit_log::table
        .filter(audit_log::number.gt(above))
        .filter(not(exists(place!())))
        .count()
        .get_result(tx.conn())
        .await?)
}

/// The number that lies some entries above another, within a bound.
pub async fn number_after(tx: &mut Tx<'_>, above: i64, bound: i64, entries: i64) -> Result<Option<i64>> {
    Ok(audit_log::table
        .filter(audit_log::number.gt(above))
        .filter(audit_log::number.le(bound))
        .order(audit_log::number)
        .offset(entries)
        .select(audit_log::number)
        .first(tx.conn())
        .await
        .optional()?)
}

/// The first entry above a number and up to another that no seal knows.
pub async fn first_unsealed(tx: &mut Tx<'_>, above: i64, last: i64) -> Result<Option<i64>> {
    Ok(audit_log::table
        .filter(audit_log::number.gt(above))
        .filter(audit_log::number.le(last))
        .filter(not(exists(place!())))
        .order(audit_log::number)
        .select(audit_log::number)
        .first(tx.conn())
        .await
        .optional()?)
}

pub async fn insert_seal(tx: &mut Tx<'_>, seal: &Seal, places: &[Place]) -> Result<()> {
    diesel::insert_into(audit_seals::table).values(seal).execute(tx.conn()).await?;
    diesel::insert_into(audit_seal_entries::table).values(places).execute(tx.conn()).await?;
    Ok(())
}

/// Seals after one, in order.
pub async fn seals_after(tx: &mut Tx<'_>, number: i64, limit: i64) -> Result<Vec<Seal>> {
    Ok(audit_seals::table
        .filter(audit_seals::number.gt(number))
        .order(audit_seals::number)
        .limit(limit)
        .select(Seal::as_select())
        .load(tx.conn())
        .await?)
}

/// What seals hold, and the entries that stand there now, in order.
pub async fn links(tx: &mut Tx<'_>, first_seal: i64, last_seal: i64) -> Result<Vec<Link>> {
    let rows: Vec<(Place, Option<Entry>)> = audit_seal_entries::table
        .left_join(audit_log::table.on(audit_log::number.eq(audit_seal_entries::entry)))
        .filter(audit_seal_entries::seal.between(first_seal, last_seal))
        .order((audit_seal_entries::seal, audit_seal_entries::entry))
        .select((Place::as_select(), Option::<Entry>::as_select()))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(place, entry)| Link { place, entry }).collect())
}
