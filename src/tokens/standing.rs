//! Who still decides: the one rule that sign-in, refresh, introspection, writes, delegations and the naming of deputies
//! all ask. An account is **in standing** while it is active and the person behind it, if there is one, has not left
//! the ministry. A unit head's role reaches the units whose **head the units name on that day**, and no other.
//!
//! When either changes, triggers end the tokens of before (`migrations/*_identity_standing`): at once for changes, and
//! within a second on every replica for reads (see [`super::revocations`]).

use diesel::dsl::{exists, not};
use diesel::{BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::schema::{accounts, employees, units};
use crate::error::Result;

/// Whether an account is in standing, for the filter of a query on `accounts`. Accounts without a person (machines,
/// institutes) are in standing while they are active.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn stands() -> _ {
    let gone = employees::table
        .filter(employees::id.nullable().eq(accounts::employee_id))
        .filter(employees::status.eq("left"));
    accounts::is_active.and(not(exists(gone)))
}

/// The units whose head a person is.
///
/// # Errors
/// When the database cannot be reached.
pub async fn units_headed_by(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<Vec<Uuid>> {
    Ok(units::table
        .filter(units::head_employee_id.eq(employee_id))
        .order(units::id)
        .select(units::id)
        .load(tx.conn())
        .await?)
}
