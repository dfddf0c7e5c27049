//! Seats and the waiting list. Everything here runs under the offering's lock.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::checks::{Check, CheckVerdict, Stage, worst};
use super::model::{Action, Allocation, Nomination, NominationStatus, RULE_SET, Step};
pub use super::queries::waiting;
use super::queries::{self, draws};
use super::recheck::{check_again, tell};
use crate::catalogue::offerings::seats_taken;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::organisation::units::lock_presence;
use crate::participation::participants::{self, Enrolment};

/// How a person gets a seat of an offering. Who was not drawn for an earlier run has a seat held back, and waits for no
/// other draw.
pub async fn allocation(tx: &mut Tx<'_>, offering_id: Uuid, employee_id: Uuid) -> Result<Allocation> {
    let allocation = draws::how_given(tx, offering_id).await?;
    let is_entitled = allocation == Allocation::BeforeDraw
        && draws::held_back_for(tx, offering_id).await?.contains(&employee_id);
    Ok(if is_entitled { Allocation::FirstCome } else { allocation })
}

/// The seats of an offering that are not taken, and whom they are held back for.
pub struct Free {
    seats: i64,
    held_back_for: HashSet<Uuid>,
}

impl Free {
    /// Look how many there are.
    pub async fn of(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Self> {
        let (_, seats) = queries::start_and_seats(tx, offering_id).await?;
        let held_back_for = draws::held_back_for(tx, offering_id).await?;
        Ok(Self { seats: i64::from(seats) - taken(tx, offering_id).await?, held_back_for })
    }

    /// Whether none is left for anybody.
    pub fn is_none(&self) -> bool {
        self.seats <= 0
    }

    /// Whether one is left for a person: those who were not drawn for an earlier run come before others.
    pub fn is_for(&self, employee_id: Uuid) -> bool {
        let before = if self.held_back_for.contains(&employee_id) { 0 } else { self.held_back_for.len() };
        i64::try_from(before).is_ok_and(|before| before < self.seats)
    }

    /// One is given to a person.
    pub fn give(&mut self, employee_id: Uuid) {
        self.held_back_for.remove(&employee_id);
        self.seats -= 1;
    }
}

/// Seats of an offering that are taken.
pub async fn taken(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<i64> {
    Ok(seats_taken(tx, &[offering_id]).await?.remove(&offering_id).unwrap_or_default())
}

/// Give a seat: the person becomes a participant and the half-days are the offering's.
pub async fn give(tx: &mut Tx<'_>, nomination: &Nomination, checks: &[Check]) -> Result<Nomination> {
    let waited = nomination.status == NominationStatus::Waitlisted;
    let approved = decide(tx, nomination, Action::Approve, checks).await?;
    if waited {
        queries::hold_half_days(tx, &approved).await?;
    }
    let enrolment = Enrolment {
        nomination_id: approved.id,
        offering_id: approved.offering_id,
        institute_id: approved.institute_id,
        employee_id: approved.employee_id,
        unit_id: approved.unit_id,
    };
    participants::enrol(tx, &enrolment).await?;
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
    let checks = check_again(tx, nomination, Stage::Decide).await?;
    Ok((worst(&checks) != CheckVerdict::Fail).then_some(checks))
}

/// Give a seat to somebody who waits and passes the checks.
pub async fn seat(tx: &mut Tx<'_>, nomination: &Nomination, checks: &[Check]) -> Result<()> {
    let promoted = give(tx, nomination, checks).await?;
    tell(tx, "nomination.promoted", &promoted);
    Ok(())
}

/// Wait for one's turn with the presence of the units of everybody who waits for a seat of an offering, and of one more: in
/// the order of their ids, as two who do so at once must not wait for each other.
pub async fn lock_units(tx: &mut Tx<'_>, waiting: &[Nomination], also: Option<Uuid>) -> Result<()> {
    let units: BTreeSet<Uuid> = waiting.iter().map(|nomination| nomination.unit_id).chain(also).collect();
    for unit in units {
        lock_presence(tx, unit).await?;
    }
    Ok(())
}

/// Move up those who wait, in their order, while there are seats; nobody before a draw. Who no longer passes the checks is
/// skipped and goes on waiting.
pub async fn move_up(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<()> {
    if draws::how_given(tx, offering_id).await? == Allocation::BeforeDraw {
        return Ok(());
    }
    let mut free = Free::of(tx, offering_id).await?;
    if free.is_none() {
        return Ok(());
    }
    let waiting = waiting(tx, offering_id).await?;
    lock_units(tx, &waiting, None).await?;
    for nomination in waiting {
        if free.is_none() {
            return Ok(());
        }
        if !free.is_for(nomination.employee_id) {
            continue;
        }
        if let Some(checks) = passing(tx, &nomination).await? {
            seat(tx, &nomination, &checks).await?;
            free.give(nomination.employee_id);
        }
    }
    Ok(())
}
