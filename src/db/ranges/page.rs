//! A page that is merged from the pages of its parts, as SQL.

use std::marker::PhantomData;

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Uuid as SqlUuid};
use uuid::Uuid;

use crate::access::Reach;

/// A piece of SQL with its parameters.
pub(crate) type Sql = Box<dyn QueryFragment<Pg> + Send>;

/// Which rows of a list some rows are: an index leads to each of these parts in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All rows of the table.
    Whole,
    /// The rows of one unit.
    Unit,
    /// Rows that are the caller's own.
    Own,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// By id, the newest first. The parts select `(id)`.
    Newest,
    /// By a key and then by id. The parts select `(key, id)`.
    Key,
}

impl Order {
    fn columns(self) -> &'static str {
        match self {
            Order::Newest => "(id)",
            Order::Key => "(key, id)",
        }
    }

    fn by(self) -> &'static str {
        match self {
            Order::Newest => "page.id DESC",
            Order::Key => "page.key, page.id",
        }
    }

    /// Whether a page is found sooner in the order of the whole table than unit by unit.
    fn is_whole(self) -> &'static str {
        match self {
            // What is new comes unit by unit, so nothing may lie outside. The units in turn include all below each of
            // them: it is enough to look for the top ones.
            Order::Newest => {
                "NOT EXISTS (SELECT FROM units top WHERE top.parent_id IS NULL \
                 AND top.id NOT IN (SELECT unit_id FROM turn))"
            }
            // Names are spread over the units.
            Order::Key => "(SELECT count(*) FROM turn) * 4 > (SELECT count(*) FROM units)",
        }
    }
}

/// The units whose rows a list shows.
pub(crate) struct Units {
    tops: Vec<Uuid>,
    within: Option<Uuid>,
}

impl Units {
    /// The units of a reach; of these the ones in the tree of `unit_id`, if a list is asked for the rows of one. `None`
    /// where no unit bounds what is shown (all rows are), or none lies within reach.
    pub(crate) fn of(reach: &Reach, unit_id: Option<Uuid>) -> Option<Self> {
        if reach.all {
            unit_id.map(|unit| Self { tops: vec![unit], within: None })
        } else {
            let tops = reach.unit_ids.clone();
            (!tops.is_empty()).then_some(Self { tops, within: unit_id })
        }
    }
}

impl QueryFragment<Pg> for Units {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("turn (unit_id) AS MATERIALIZED (SELECT DISTINCT unit_id FROM unit_ancestors");
        out.push_sql(" WHERE ancestor_id = ANY(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.tops)?;
        out.push_sql(")");
        if let Some(within) = &self.within {
            out.push_sql(" AND unit_id IN (SELECT unit_id FROM unit_ancestors WHERE ancestor_id = ");
            out.push_bind_param::<SqlUuid, _>(within)?;
            out.push_sql(")");
        }
        out.push_sql(")");
        Ok(())
    }
}

/// A condition that is written out.
pub(crate) struct Condition(&'static str);

impl Condition {
    pub(crate) fn new(sql: &'static str) -> Self {
        Self(sql)
    }
}

impl QueryFragment<Pg> for Condition {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

impl Expression for Condition {
    type SqlType = Bool;
}

impl<S> AppearsOnTable<S> for Condition {}

impl ValidGrouping<()> for Condition {
    type IsAggregate = is_aggregate::No;
}

/// A column of a unit is one of the units in turn. The planner can use no index for it, and makes no join of it.
pub(crate) struct AmongTurns<C>(C);

/// The unit is one of the units in turn.
pub(crate) fn among_turns<C>(unit: C) -> AmongTurns<C> {
    AmongTurns(unit)
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for AmongTurns<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT unit_id FROM turn)) IS TRUE");
        Ok(())
    }
}

impl<C> Expression for AmongTurns<C> {
    type SqlType = Bool;
}

impl<C: AppearsOnTable<S>, S> AppearsOnTable<S> for AmongTurns<C> {}

impl<C> ValidGrouping<()> for AmongTurns<C> {
    type IsAggregate = is_aggregate::No;
}

/// A column of what comes in turn, in the query that is made for each of its rows.
pub(crate) struct InTurn<T> {
    column: &'static str,
    kind: PhantomData<fn() -> T>,
}

impl<T> InTurn<T> {
    pub(crate) fn new(column: &'static str) -> Self {
        Self { column, kind: PhantomData }
    }
}

/// The unit in turn.
pub(crate) fn unit_in_turn() -> InTurn<Nullable<SqlUuid>> {
    InTurn::new("turn.unit_id")
}

impl<T: TypedExpressionType> Expression for InTurn<T> {
    type SqlType = T;
}

impl<T, S> AppearsOnTable<S> for InTurn<T> where Self: Expression {}

impl<T, S> SelectableExpression<S> for InTurn<T> where Self: AppearsOnTable<S> {}

impl<T> ValidGrouping<()> for InTurn<T> {
    type IsAggregate = is_aggregate::No;
}

impl<T> QueryFragment<Pg> for InTurn<T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.column);
        Ok(())
    }
}

/// What comes in turn, and the query for each.
struct Turns {
    /// A common table `turn`, as it follows `WITH RECURSIVE`.
    turns: Sql,
    /// The page of one turn ([`InTurn`]).
    each: Sql,
    /// The page in the order of the whole table, which is read instead where [`Order::is_whole`].
    whole: Option<Sql>,
}

/// Condition: the row is one of a page that is merged from the pages of its parts. A row of several parts counts once.
pub(crate) struct InPage<C> {
    id: C,
    order: Order,
    rows: i64,
    turns: Option<Turns>,
    parts: Vec<Sql>,
}

impl<C> InPage<C> {
    /// A page of so many rows, by the column of their ids. It needs turns or a part.
    pub(crate) fn new(id: C, order: Order, rows: i64) -> Self {
        Self { id, order, rows, turns: None, parts: Vec::new() }
    }

    /// The rows of some units: the page of one of them ([`unit_in_turn`]), and the same rows in the order of the whole table,
    /// by name [`among_turns`].
    pub(crate) fn units(mut self, units: Units, each: Sql, whole: Sql) -> Self {
        self.turns = Some(Turns { turns: Box::new(units), each, whole: Some(whole) });
        self
    }

    /// Rows that a common table `turn` leads to.
    pub(crate) fn turns(mut self, turns: Sql, each: Sql) -> Self {
        self.turns = Some(Turns { turns, each, whole: None });
        self
    }

    /// Other rows.
    pub(crate) fn part(mut self, part: Sql) -> Self {
        self.parts.push(part);
        self
    }

    /// The common tables that lead to the turns.
    fn push_tables<'b>(&'b self, turns: &'b Turns, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (columns, by) = (self.order.columns(), self.order.by());
        out.push_sql("WITH RECURSIVE ");
        turns.turns.walk_ast(out.reborrow())?;
        if turns.whole.is_some() {
            let is_whole = self.order.is_whole();
            out.push_sql(&format!(", whole (is_whole) AS MATERIALIZED (SELECT {is_whole})"));
        }
        // A page has rows of so many turns at most: of those whose first rows come first.
        out.push_sql(
            ", first AS MATERIALIZED (SELECT turn.* FROM turn CROSS JOIN LATERAL (SELECT page.* FROM (",
        );
        turns.each.walk_ast(out.reborrow())?;
        out.push_sql(&format!(") page {columns} LIMIT 1) page"));
        if turns.whole.is_some() {
            out.push_sql(" WHERE NOT (SELECT is_whole FROM whole)");
        }
        out.push_sql(&format!(" ORDER BY {by} LIMIT "));
        out.push_bind_param::<BigInt, _>(&self.rows)?;
        out.push_sql(") ");
        Ok(())
    }

    /// The pages of these turns, and the page that is read of the whole table instead.
    fn push_pages<'b>(&'b self, turns: &'b Turns, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (columns, by) = (self.order.columns(), self.order.by());
        out.push_sql("(SELECT page.* FROM first turn CROSS JOIN LATERAL (");
        turns.each.walk_ast(out.reborrow())?;
        out.push_sql(&format!(") page {columns} ORDER BY {by} LIMIT "));
        out.push_bind_param::<BigInt, _>(&self.rows)?;
        out.push_sql(")");
        if let Some(whole) = &turns.whole {
            let union = self.union();
            out.push_sql(&format!("{union}(SELECT page.* FROM ("));
            whole.walk_ast(out.reborrow())?;
            out.push_sql(&format!(") page {columns} WHERE (SELECT is_whole FROM whole))"));
        }
        Ok(())
    }

    /// What a unit has and what is read of the whole table exclude each other; one's own rows may be among them.
    fn union(&self) -> &'static str {
        if self.parts.is_empty() { " UNION ALL " } else { " UNION " }
    }
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for InPage<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (columns, by) = (self.order.columns(), self.order.by());
        self.id.walk_ast(out.reborrow())?;
        // An array, and no `IN (SELECT …)`: of a subquery's rows the planner would guess the number.
        out.push_sql(" = ANY(ARRAY(");
        if let Some(turns) = &self.turns {
            self.push_tables(turns, out.reborrow())?;
        }
        out.push_sql("SELECT page.id FROM (");
        if let Some(turns) = &self.turns {
            self.push_pages(turns, out.reborrow())?;
        }
        for (i, part) in self.parts.iter().enumerate() {
            out.push_sql(if i > 0 || self.turns.is_some() { self.union() } else { "" });
            out.push_sql("(");
            part.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(&format!(") page {columns} ORDER BY {by} LIMIT "));
        out.push_bind_param::<BigInt, _>(&self.rows)?;
        out.push_sql("))");
        Ok(())
    }
}

impl<C> Expression for InPage<C> {
    type SqlType = Bool;
}

impl<C: AppearsOnTable<S>, S> AppearsOnTable<S> for InPage<C> {}

impl<C: SelectableExpression<S>, S> SelectableExpression<S> for InPage<C> {}

impl<C> ValidGrouping<()> for InPage<C> {
    type IsAggregate = is_aggregate::No;
}
