//! What deciding about a nomination and giving seats both need: its checks as they are now, and saying what happened to
//! it.

use serde::Serialize;
use uuid::Uuid;

use super::checks::{Case, Check, Stage};
use super::facts::{self, Employee, Offered};
use super::model::{Draft, Nomination, NominationStatus};
use crate::db::Tx;
use crate::error::{Error, Result};

/// The person of a nomination, who may have moved out of the caller's units since.
pub async fn employee_of(tx: &mut Tx<'_>, nomination: &Nomination) -> Result<Employee> {
    tx.beyond_reach(async |tx| facts::visible_employee(tx, nomination.employee_id).await).await
}

/// The checks of an existing nomination by the present facts.
pub async fn check_again(tx: &mut Tx<'_>, nomination: &Nomination, stage: Stage) -> Result<Vec<Check>> {
    let employee = employee_of(tx, nomination).await?;
    let draft = Draft::from(nomination);
    let which = Offered::One(nomination.offering_id);
    let (person, offerings) = facts::load(tx, employee, &draft, &which, Some(nomination.id)).await?;
    let offering = offerings.first().ok_or(Error::NotFound("offering"))?;
    let case = Case { today: tx.today(), stage, draft: &draft, person: &person, offering };
    Ok(case.checks())
}

#[derive(Serialize)]
struct Happened {
    offering_id: Uuid,
    employee_id: Uuid,
    unit_id: Uuid,
    status: NominationStatus,
}

/// Say what happened to a nomination.
pub fn tell(tx: &mut Tx<'_>, event: &'static str, nomination: &Nomination) {
    let data = Happened {
        offering_id: nomination.offering_id,
        employee_id: nomination.employee_id,
        unit_id: nomination.unit_id,
        status: nomination.status,
    };
    tx.emit(event, nomination.id, &data);
}
