//! Which rows a caller sees, and how a page of them is read at the cost of the page.
//!
//! The rows that a unit head sees in a list lie all over the table. A condition such as "of one of these units, or my
//! own" leaves the database a choice between two bad ways: to read the whole table in the order of the list until a page
//! is full, or to sort everything that fits. Each *part* of the rows, though, is a range of an index that has the order
//! of the list: `(unit_id, id)` for a unit, `(employee_id, id)` for oneself. [`InPage`] reads at most one page from
//! each range and merges these pages. That costs units times rows of a page, however many rows the units have or the
//! ministry has, and it leaves the database nothing to guess, so that the plan is the same with unknown parameters.
//! A caller whose reach holds all units, or in a list by names a large part of them, meets the rows of a page soon: for
//! them the table itself is read in the order of the list. Which of the two it is the statement finds out itself.
//!
//! [`within_reach!`] makes both from one declaration: `visible`, the condition for reads of a single object, and
//! `listed`, the pages of the list.

mod page;

use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

pub use page::Part;
pub(crate) use page::{Condition, InPage, InTurn, Order, Sql, Units, among_turns, unit_in_turn};

use super::schema::unit_ancestors;

/// Ids of some units and of everything below them: for the `visible` of what belongs to a unit.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn below(unit_ids: Vec<Uuid>) -> _ {
    unit_ancestors::table.filter(unit_ancestors::ancestor_id.eq_any(unit_ids)).select(unit_ancestors::unit_id)
}

/// As [`below`], for columns that may be null.
pub(crate) fn units_below(unit_ids: Vec<Uuid>) -> UnitsBelow {
    unit_ancestors::table
        .filter(unit_ancestors::ancestor_id.eq_any(unit_ids))
        .select(unit_ancestors::unit_id.nullable())
        .into_boxed()
}

pub(crate) type UnitsBelow = diesel::dsl::IntoBoxed<
    'static,
    diesel::dsl::Select<unit_ancestors::table, diesel::dsl::Nullable<unit_ancestors::unit_id>>,
    Pg,
>;

/// Declare who sees which rows of a table: those of the units of a reach and of all below (`units`, the column of the
/// unit), and those where another column has a value of the caller's (`own`, an `Option<Uuid>`); where the reach is
/// everything, all. It makes two functions.
///
/// - `visible(tx)`: the query of all that the caller sees, for reads of single objects.
/// - `listed(tx, unit_id, page, narrow)`: a page of it, of the rows of `unit_id` and all below if it is given. `narrow`
///   adds the list's other filters to each [`Part`]. The order is that of ids, the newest first, or of a key and ids
///   (`order`), and there must be an index for it on each column named here: `(unit_id, id)`, `(employee_id, id)`.
macro_rules! within_reach {
    (
        $(#[$doc:meta])*
        $vis:vis fn visible($tx:ident, $table:ident) {
            units: $unit:ident
            $(, own: $own:ident = $value:expr)*
            $(, order: $key:ident)?
            $(,)?
        }
    ) => {
        $(#[$doc])*
        $vis fn visible($tx: &$crate::db::Tx<'_>) -> $table::BoxedQuery<'static, diesel::pg::Pg> {
            let all = $table::table.into_boxed();
            if $tx.reach.all {
                return all;
            }
            let units = $crate::db::units_below($tx.reach.unit_ids.clone());
            all.filter($table::$unit.nullable().eq_any(units)$(.or($table::$own.nullable().eq($value)))*)
        }

        /// A page of those that the caller sees, in the order of the list; of the rows of a unit and all below where one
        /// is given. `narrow` adds the filters of the list.
        $vis fn listed(
            $tx: &$crate::db::Tx<'_>,
            unit_id: Option<uuid::Uuid>,
            page: &$crate::page::PageRequest,
            narrow: impl Fn(
                $table::BoxedQuery<'static, diesel::pg::Pg>,
                $crate::db::Part,
            ) -> $table::BoxedQuery<'static, diesel::pg::Pg>,
        ) -> $table::BoxedQuery<'static, diesel::pg::Pg> {
            use $crate::db::{InPage, Part, Sql, Units, unit_in_turn, units_below};
            type Rows = $table::BoxedQuery<'static, diesel::pg::Pg>;
            let all = || -> Rows { $table::table.into_boxed() };
            let ordered = |rows: Rows| -> Rows { $crate::db::within_reach!(@ordered $table, page, rows $(, $key)?) };
            let read = |rows: Rows, part: Part| -> Rows {
                ordered(narrow($crate::db::within_reach!(@after $table, page, rows $(, $key)?), part))
            };
            let keys = |rows: Rows, part: Part| -> Sql {
                Box::new(read(rows, part).select($crate::db::within_reach!(@keys $table $(, $key)?)))
            };
            if $tx.reach.all && unit_id.is_none() {
                return read(all(), Part::Whole);
            }
            let of_unit = |rows: Rows| -> Rows {
                match unit_id {
                    Some(unit) => rows.filter($table::$unit.nullable().eq_any(units_below(vec![unit]))),
                    None => rows,
                }
            };
            let own = std::iter::empty::<Option<Rows>>()
                $(.chain([$value.map(|value| all().filter($table::$own.eq(value)))]))*;
            let mut own: Vec<Rows> = own.flatten().filter(|_| !$tx.reach.all).map(of_unit).collect();
            let units = Units::of(&$tx.reach, unit_id);
            if units.is_none() && own.len() < 2 {
                let only = own.pop().unwrap_or_else(|| all().filter(false.into_sql::<diesel::sql_types::Bool>()));
                return read(only, Part::Own);
            }
            let order = $crate::db::within_reach!(@order $($key)?);
            let mut merged = InPage::new($table::id, order, page.rows_to_read());
            if let Some(units) = units {
                let each = all().filter($table::$unit.nullable().eq(unit_in_turn()));
                let whole = $crate::db::within_reach!(@whole $table, $unit, all $(, $key)?);
                merged = merged.units(units, keys(each, Part::Unit), keys(whole, Part::Whole));
            }
            for rows in own {
                merged = merged.part(keys(rows, Part::Own));
            }
            ordered(all().filter(merged))
        }
    };
    (@after $table:ident, $page:ident, $rows:ident) => {
        match $page.after_id() {
            Some(after) => $rows.filter($table::id.lt(after)),
            None => $rows,
        }
    };
    (@after $table:ident, $page:ident, $rows:ident, $key:ident) => {
        match $page.after_key() {
            // The first half alone lets Postgres use the index.
            Some((key, id)) => $rows
                .filter($table::$key.ge(key.clone()))
                .filter($table::$key.gt(key).or($table::id.gt(id))),
            None => $rows,
        }
    };
    (@ordered $table:ident, $page:ident, $rows:ident) => {
        $rows.order($table::id.desc()).limit($page.rows_to_read())
    };
    (@ordered $table:ident, $page:ident, $rows:ident, $key:ident) => {
        $rows.order(($table::$key, $table::id)).limit($page.rows_to_read())
    };
    (@whole $table:ident, $unit:ident, $all:ident) => { $all() };
    (@whole $table:ident, $unit:ident, $all:ident, $key:ident) => {
        $all().filter($crate::db::among_turns($table::$unit))
    };
    (@keys $table:ident) => { $table::id };
    (@keys $table:ident, $key:ident) => { ($table::$key, $table::id) };
    (@order) => { $crate::db::Order::Newest };
    (@order $key:ident) => { $crate::db::Order::Key };
}
pub(crate) use within_reach;
