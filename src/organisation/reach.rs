//! Which units and which people lie within a reach: what units, employees and all that belongs to them ask.

use std::collections::HashMap;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

pub use crate::db::below;
use crate::db::schema::employees;
use crate::db::{Tx, within_reach};
use crate::error::Result;

/// Ids of the employees within reach.
pub type VisibleIds =
    diesel::dsl::IntoBoxed<'static, diesel::dsl::Select<employees::table, employees::id>, Pg>;

within_reach! {
    /// Employees of the reach's units and oneself; an institute's reach holds none.
    pub fn visible(tx, employees) {
        units: unit_id,
        own: id = tx.reach.employee_id,
        order: name_key,
    }
}

/// Ids of the employees within reach: for the `visible` of whatever belongs to an employee.
pub fn visible_ids(tx: &Tx<'_>) -> VisibleIds {
    visible(tx).select(employees::id)
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
