use serde_json::json;
use uuid::Uuid;

use super::model::{Delegation, Draft, MOST_GIVEN, MOST_HELD};
use super::queries;
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result, Rule};
use crate::identity::accounts;
use crate::organisation::employees;
use crate::page::{Page, PageRequest};

/// One page of delegations that the caller may see.
pub async fn list(tx: &mut Tx<'_>, unit_id: Option<Uuid>, page: &PageRequest) -> Result<Page<Delegation>> {
    queries::list(tx, unit_id, page).await
}

/// One delegation.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Delegation> {
    queries::get(tx, id).await
}

/// Name a deputy. The deputy is a person of the caller's units with an account.
///
/// # Errors
/// [`Rule::DelegationByDeputy`]; [`Rule::DelegationOverlaps`] where the deputy has one for the unit in that time;
/// [`Rule::DelegationsTooMany`]; [`Error::Invalid`] for a unit or person outside the caller's reach, a person without an
/// account, or days that do not fit.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Delegation> {
    in_person(tx)?;
    draft.check(tx.today())?;
    let tops = tx.reach.unit_ids.clone();
    if !queries::is_below(tx, draft.unit_id, &tops).await? {
        return Err(Error::unknown_reference("/unit_id"));
    }
    employees::find_visible(tx, draft.deputy_employee_id).await.referenced_at("/deputy_employee_id")?;
    let deputy = accounts::by_employee(tx, draft.deputy_employee_id)
        .await?
        .filter(|deputy| deputy.id != tx.actor.id)
        .ok_or_else(|| Error::field("/deputy_employee_id", "deputy_unfit"))?;
    let caller = tx.actor.id;
    // Who gives takes turns, then who is given: in this order nobody waits in a ring.
    tx.lock(&format!("delegations by {caller}")).await?;
    tx.lock(&format!("delegations to {}", deputy.id)).await?;
    queries::clear(tx, draft.unit_id, deputy.id).await?;
    if queries::count_open(tx, caller, false).await? >= MOST_GIVEN
        || queries::count_open(tx, deputy.id, true).await? >= MOST_HELD
    {
        return Err(Rule::DelegationsTooMany.into());
    }
    let delegation = queries::insert(tx, &draft, deputy.id).await?;
    tx.emit("delegation.created", delegation.id, &event_data(&delegation));
    Ok(delegation)
}

/// End a delegation: by a head of the unit, the deputy, or an administrator. Nothing more is done with it anywhere, since
/// it is looked up for each request.
///
/// # Errors
/// [`Rule::DelegationByDeputy`]; not found outside the caller's reach.
pub async fn revoke(tx: &mut Tx<'_>, id: Uuid) -> Result<Delegation> {
    in_person(tx)?;
    let before = queries::get(tx, id).await?;
    tx.matches(before.version)?;
    if before.revoked_at.is_some() {
        return Ok(before);
    }
    let delegation = queries::revoke(tx, &before).await?;
    tx.emit("delegation.revoked", id, &event_data(&delegation));
    Ok(delegation)
}

fn in_person(tx: &Tx<'_>) -> Result<()> {
    if tx.actor.on_behalf_of.is_some() { Err(Rule::DelegationByDeputy.into()) } else { Ok(()) }
}

fn event_data(d: &Delegation) -> serde_json::Value {
    json!({"unit_id": d.unit_id, "valid_from": d.valid_from, "valid_to": d.valid_to})
}
