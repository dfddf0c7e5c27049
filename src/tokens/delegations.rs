//! What heads let a deputy do for them. It is looked up when a request asks for it (`On-Behalf-Of`), and again when that
//! request writes, so that a delegation that ended is over at once everywhere; nothing of it is part of a token.

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::standing;
use crate::access::{Delegation, Principal, Role};
use crate::db::Tx;
use crate::db::schema::{accounts, delegations, role_assignments, unit_ancestors, units};
use crate::error::Result;

/// Delegations to an account for today or later that work: not taken back, and given by an account that is in standing,
/// has a unit head's role, and whose person heads the unit or one above it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_deputy(tx: &mut Tx<'_>, deputy: Uuid) -> Result<Vec<Delegation>> {
    load(tx, deputy, None).await
}

/// A delegation to an account, if it works today.
///
/// # Errors
/// When the database cannot be reached.
pub async fn at_work(tx: &mut Tx<'_>, deputy: Uuid, id: Uuid) -> Result<Option<Delegation>> {
    let today = tx.today();
    Ok(load(tx, deputy, Some(id)).await?.into_iter().find(|d| d.is_valid_on(today)))
}

async fn load(tx: &mut Tx<'_>, deputy: Uuid, only: Option<Uuid>) -> Result<Vec<Delegation>> {
    type Row = (Uuid, Uuid, NaiveDate, NaiveDate, Uuid, String, Option<Uuid>);
    let today = tx.today();
    let has_role = role_assignments::table
        .filter(role_assignments::account_id.eq(accounts::id))
        .filter(role_assignments::role.eq(Role::UnitHead));
    let heads_it = unit_ancestors::table
        .inner_join(units::table.on(units::id.eq(unit_ancestors::ancestor_id)))
        .filter(unit_ancestors::unit_id.eq(delegations::unit_id))
        .filter(units::head_employee_id.eq(accounts::employee_id));
    let mut query = delegations::table
        .inner_join(accounts::table.on(accounts::id.eq(delegations::principal_account_id)))
        .filter(delegations::deputy_account_id.eq(deputy))
        .filter(delegations::revoked_at.is_null())
        .filter(delegations::valid_to.ge(today))
        .filter(standing::stands())
        .filter(exists(has_role))
        .filter(exists(heads_it))
        .into_boxed();
    if let Some(id) = only {
        query = query.filter(delegations::id.eq(id));
    }
    let rows: Vec<Row> = query
        .order(delegations::id)
        .select((
            delegations::id,
            delegations::unit_id,
            delegations::valid_from,
            delegations::valid_to,
            accounts::id,
            accounts::username,
            accounts::employee_id,
        ))
        .load(tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, unit_id, valid_from, valid_to, account_id, name, employee_id)| Delegation {
            id,
            unit_id,
            principal: Principal { delegation_id: id, account_id, name, employee_id, deputy_id: None },
            valid_from,
            valid_to,
        })
        .collect())
}
