//! Seats and the waiting list. Everything here runs under the offering's lock.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::checks::{Check, CheckVerdict, Stage, worst};
use super::model::{Action, Nomination, NominationStatus, RULE_SET, Step};
use super::{queries, service};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::organisation::units::lock_presence;

/// Whether the offering has a seat without a participant.
pub async fn is_free(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<bool> {
    let (_, seats) = queries::start_and_seats(tx, offering_id).await?;
    Ok(queries::seats_taken(tx, offering_id).await? < i64::from(seats))
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

/// Move up those who wait, the longest waiting first, while there are seats. Who no longer passes the checks is
/// skipped and goes on waiting.
pub async fn move_up(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<()> {
    let waiting = queries::waiting(tx, offering_id).await?;
    // In the order of ids: two waiting lists that move at once must not wait for each other.
    let units: BTreeSet<Uuid> = waiting.iter().map(|n| n.unit_id).collect();
    for unit in units {
        lock_presence(tx, unit).await?;
    }
    for nomination in waiting {
        if !is_free(tx, offering_id).await? {
            return Ok(());
        }
        let checks = service::check_again(tx, &nomination, Stage::Decide).await?;
        if worst(&checks) != CheckVerdict::Fail {
            let promoted = give(tx, &nomination, &checks).await?;
            service::tell(tx, "nomination.promoted", &promoted);
        }
    }
    Ok(())
}
