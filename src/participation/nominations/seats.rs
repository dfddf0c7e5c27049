//! Seats and the waiting list. Everything here runs under the offering's lock.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::checks::{Check, CheckVerdict, Stage, worst};
use super::model::{Action, Nomination, NominationStatus, RULE_SET, Step};
use super::{draws, queries, service};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::organisation::units::lock_presence;

/// How the seats of an offering are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    /// To the first who are approved.
    FirstCome,
    /// By lot, and the draw is yet to come: until then nobody gets a seat.
    BeforeDraw,
    /// By lot, and the draw was held: those who wait move up in the order of their lots.
    Drawn,
}

/// How a person gets a seat of an offering. Who was not drawn for an earlier run has a seat held back, and waits for no
/// other draw.
pub async fn allocation(tx: &mut Tx<'_>, offering_id: Uuid, employee_id: Uuid) -> Result<Allocation> {
    let allocation = draws::allocation(tx, offering_id).await?;
    let is_entitled = allocation == Allocation::BeforeDraw
        && draws::seats_held_back(tx, offering_id, employee_id).await?.for_person;
    Ok(if is_entitled { Allocation::FirstCome } else { allocation })
}

/// Whether the offering has a seat for a person: one without a participant, which is not held back for those who were not
/// drawn for an earlier run.
pub async fn is_free(tx: &mut Tx<'_>, offering_id: Uuid, employee_id: Uuid) -> Result<bool> {
    let (_, seats) = queries::start_and_seats(tx, offering_id).await?;
    let held_back = draws::seats_held_back(tx, offering_id, employee_id).await?.for_others;
    Ok(taken(tx, offering_id).await? + held_back < i64::from(seats))
}

/// Seats of an offering that are taken.
pub async fn taken(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<i64> {
    queries::seats_taken(tx, offering_id).await
}

/// Those who wait for a seat of an offering: in the order of their lots where these were drawn, otherwise the longest
/// waiting first.
pub async fn waiting(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Vec<Nomination>> {
    queries::waiting(tx, offering_id).await
}

/// Give a seat: the person becomes a participant and the half-days are the offering's.
pub async fn give(tx: &mut Tx<'_>, nomination: &Nomination, checks: &[Check]) -> Result<Nomination> {
    let waited = nomination.status == NominationStatus::Waitlisted;
    let approved = decide(tx, nomination, Action::Approve, checks).await?;
    if waited {
        queries::hold_half_days(tx, &approved).await?;
    }
    queries::enrol(tx, &approved).await?;
    Ok(approved)
}

/// Put on the waiting list; the half-days are free again for something else.
pub async fn wait(tx: &mut Tx<'_>, nomination: &Nomination, checks: &[Check]) -> Result<Nomination> {
    let waiting = decide(tx, nomination, Action::Waitlist, checks).await?;
    queries::release_half_days(tx, nomination.id).await?;
    Ok(waiting)
}

async fn decide(
    tx: &mut Tx<'_>,
    nomination: &Nomination,
    action: Action,
    checks: &[Check],
) -> Result<Nomination> {
    let status = nomination.status.step(action)?;
    let now = tx.now;
    let step = Step {
        checks: Some(serde_json::to_value(checks).map_err(Error::internal)?),
        rule_set: Some(RULE_SET),
        decided_at: Some(now),
        waitlisted_at: (status == NominationStatus::Waitlisted).then_some(now),
        ..Step::to(status)
    };
    queries::update(tx, nomination, step).await
}

/// The checks of a nomination that waits, if they let it pass now.
pub async fn passing(tx: &mut Tx<'_>, nomination: &Nomination) -> Result<Option<Vec<Check>>> {
    let checks = service::check_again(tx, nomination, Stage::Decide).await?;
    Ok((worst(&checks) != CheckVerdict::Fail).then_some(checks))
}

/// Give a seat to somebody who waits, unless the checks do not let the nomination pass. Whether there is a participant more.
pub async fn promote(tx: &mut Tx<'_>, nomination: &Nomination) -> Result<bool> {
    let Some(checks) = passing(tx, nomination).await? else { return Ok(false) };
    let promoted = give(tx, nomination, &checks).await?;
    service::tell(tx, "nomination.promoted", &promoted);
    Ok(true)
}

/// Move up those who wait, in their order, while there are seats; nobody before a draw. Who no longer passes the checks is
/// skipped and goes on waiting.
pub async fn move_up(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<()> {
    if draws::allocation(tx, offering_id).await? == Allocation::BeforeDraw {
        return Ok(());
    }
    let waiting = waiting(tx, offering_id).await?;
    // In the order of ids: two waiting lists that move at once must not wait for each other.
    let units: BTreeSet<Uuid> = waiting.iter().map(|n| n.unit_id).collect();
    for unit in units {
        lock_presence(tx, unit).await?;
    }
    for nomination in waiting {
        if is_free(tx, offering_id, nomination.employee_id).await? {
            promote(tx, &nomination).await?;
        }
    }
    Ok(())
}
