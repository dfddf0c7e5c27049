//! What the checks look at: plain data about the person, the unit and the offerings, read in a fixed number of
//! statements however many offerings are compared.

mod model;
mod queries;

use std::collections::BTreeSet;

use uuid::Uuid;

pub use model::{BusyCause, Employee, Offering, Person, PlanLine, Succession};
#[cfg(test)]
pub use model::{CoverageRule, Presence, StandIn};
pub use queries::{
    Offered, check_stand_in, course_of, gaps, leads, lock_plan_lines, offered, visible_employee,
};

use crate::db::Tx;
use crate::error::Result;
use crate::half_day::HalfDay;
use crate::participation::nominations::model::Draft;

/// Half-days before and after an offering in which the person's other absences can adjoin to it: 45 days.
const ADJOINING: i32 = 90;

/// Read what the checks need about a person and some offerings. `except` is the nomination that is being decided: its
/// own half-days and its place in the plan do not count against it.
///
/// # Errors
/// An unknown stand-in, at its member; a failing database.
pub async fn load(
    tx: &mut Tx<'_>,
    employee: Employee,
    draft: &Draft,
    which: &Offered,
    except: Option<Uuid>,
) -> Result<(Person, Vec<Offering>)> {
    let offerings = offered(tx, which, &employee, except).await?;
    let half_days: BTreeSet<HalfDay> = offerings.iter().flat_map(|o| o.half_days.iter().copied()).collect();
    let (first, last) = match (half_days.first(), half_days.last()) {
        (Some(first), Some(last)) => (*first, *last),
        _ => (HalfDay(0), HalfDay(0)),
    };
    let wide = (HalfDay(first.0 - ADJOINING), HalfDay(last.0 + ADJOINING));
    let busy = queries::busy(tx, employee.id, wide, except).await?;
    // Colleagues may lie outside the caller's reach: of what is read here only counts are ever shown.
    let (presence, stand_in) = tx
        .beyond_reach(async |tx| {
            let presence = queries::presence(tx, &employee, (first, last), &half_days).await?;
            let stand_in = match draft.stand_in_id {
                Some(id) => Some(queries::stand_in(tx, id, (first, last)).await?),
                None => None,
            };
            Ok((presence, stand_in))
        })
        .await?;
    let person = Person {
        gaps: gaps(tx, &employee).await?,
        succession: queries::succession(tx, draft.succession_entry_id).await?,
        nominated_for: queries::nominated_for(tx, employee.id, except).await?,
        busy,
        presence,
        stand_in,
        employee,
    };
    Ok((person, offerings))
}
