//! Which units and which people lie within a reach: what units, employees and all that belongs to them ask.

use std::collections::HashMap;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::schema::{employees, unit_ancestors};
use crate::error::Result;

/// Ids of some units and of everything below them: for the `visible` of whatever belongs to a unit.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn below(unit_ids: Vec<Uuid>) -> _ {
    unit_ancestors::table.filter(unit_ancestors::ancestor_id.eq_any(unit_ids)).select(unit_ancestors::unit_id)
}

/// Ids of the employees within reach.
pub type VisibleIds =
    diesel::dsl::IntoBoxed<'static, diesel::dsl::Select<employees::table, employees::id>, Pg>;

/// Employees of the reach's units and oneself; an institute's reach holds none.
pub fn visible(tx: &Tx<'_>) -> employees::BoxedQuery<'static, Pg> {
    let all = employees::table.into_boxed();
    if tx.reach.all {
        return all;
    }
    let own: Vec<Uuid> = tx.reach.employee_id.into_iter().collect();
    all.filter(employees::unit_id.eq_any(below(tx.reach.unit_ids.clone())).or(employees::id.eq_any(own)))
}

/// Ids of the employees within reach: for the `visible` of whatever belongs to an employee.
pub fn visible_ids(tx: &Tx<'_>) -> VisibleIds {
    let all = employees::table.select(employees::id).into_boxed();
    if tx.reach.all {
        return all;
    }
    let own: Vec<Uuid> = tx.reach.employee_id.into_iter().collect();
    all.filter(employees::unit_id.eq_any(below(tx.reach.unit_ids.clone())).or(employees::id.eq_any(own)))
}

/// Ids of the employees within reach with these codes, for imports.
pub async fn ids_by_code(tx: &mut Tx<'_>, codes: &[&str]) -> Result<HashMap<String, Uuid>> {
    let rows: Vec<(String, Uuid)> = employees::table
        .filter(employees::id.eq_any(visible_ids(tx)))
        .filter(employees::code.eq_any(codes))
        .select((employees::code, employees::id))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Those of some people who left the ministry.
pub async fn left_among(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(employees::table
        .filter(employees::id.eq_any(ids))
        .filter(employees::status.eq("left"))
        .select(employees::id)
        .load(tx.conn())
        .await?)
}
