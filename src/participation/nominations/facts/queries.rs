mod offerings;
mod presence;

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

pub use offerings::{Offered, course_of, lock_plan_lines, offered};
pub use presence::{busy, presence};

use super::model::{Employee, Range, StandIn, Succession};
use crate::db::Tx;
use crate::db::schema::{
    employees, job_positions, nominations, position_requirements, succession_entries, unit_ancestors,
};
use crate::error::{Error, ReferenceExt, Result};
use crate::organisation::employees::visible_ids;
use crate::organisation::gaps::{self, CompetencyGap};
use crate::organisation::units::below;
use crate::participation::nominations::model::NominationStatus;

/// An employee within the caller's reach: everybody, the units' people, or oneself.
///
/// # Errors
/// Not found outside it.
pub async fn visible_employee(tx: &mut Tx<'_>, id: Uuid) -> Result<Employee> {
    employees::table
        .inner_join(job_positions::table)
        .filter(employees::id.eq(id))
        .filter(employees::id.eq_any(visible_ids(tx)))
        .select((
            employees::id,
            employees::unit_id,
            employees::job_position_id,
            employees::status,
            employees::restricted,
            job_positions::position_group,
            job_positions::max_consecutive_absence_days,
        ))
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("employee"))
}

/// Whether the caller reaches a unit as its superior, and not just oneself in it.
pub async fn leads(tx: &mut Tx<'_>, unit_id: Uuid) -> Result<bool> {
    if tx.reach.all {
        return Ok(true);
    }
    let within = below(tx.reach.unit_ids.clone()).filter(unit_ancestors::unit_id.eq(unit_id));
    Ok(diesel::select(exists(within)).get_result(tx.conn()).await?)
}

/// Requirements of the position that the person does not meet today, by code of the competency.
pub async fn gaps(tx: &mut Tx<'_>, employee: &Employee) -> Result<Vec<CompetencyGap>> {
    let today = tx.today();
    let mut gaps: Vec<CompetencyGap> =
        gaps::gaps(tx, employee.id, today).await?.into_iter().map(|gap| gap.competency).collect();
    gaps.sort_by(|one, other| one.competency_code.cmp(&other.competency_code));
    Ok(gaps)
}

/// The place on a succession list that a nomination cites.
pub async fn succession(tx: &mut Tx<'_>, entry_id: Option<Uuid>) -> Result<Option<Succession>> {
    let Some(entry_id) = entry_id else {
        return Ok(None);
    };
    let today = tx.today();
    let entry: Option<(Uuid, Uuid, NaiveDate, NaiveDate)> = succession_entries::table
        .find(entry_id)
        .select((
            succession_entries::employee_id,
            succession_entries::job_position_id,
            succession_entries::valid_from,
            succession_entries::valid_to,
        ))
        .first(tx.conn())
        .await
        .optional()?;
    let Some((employee_id, job_position_id, valid_from, valid_to)) = entry else {
        return Ok(None);
    };
    let required: Vec<Uuid> = position_requirements::table
        .filter(position_requirements::job_position_id.eq(job_position_id))
        .filter(position_requirements::valid_from.le(today))
        .filter(position_requirements::valid_to.is_null().or(position_requirements::valid_to.gt(today)))
        .select(position_requirements::competency_id)
        .load(tx.conn())
        .await?;
    Ok(Some(Succession {
        employee_id,
        job_position_id,
        valid_from,
        valid_to,
        required: required.into_iter().collect(),
    }))
}

/// Offerings the person is nominated for, has been returned from, or waits for.
pub async fn nominated_for(
    tx: &mut Tx<'_>,
    employee_id: Uuid,
    except: Option<Uuid>,
) -> Result<HashSet<Uuid>> {
    let ids: Vec<Uuid> = nominations::table
        .filter(nominations::employee_id.eq(employee_id))
        .filter(nominations::status.ne_all(NominationStatus::OVER))
        .filter(nominations::id.ne(except.unwrap_or_default()))
        .select(nominations::offering_id)
        .load(tx.conn())
        .await?;
    Ok(ids.into_iter().collect())
}

/// Whom a caller may name to stand in: who is within reach, or works in the person's own unit. Of anybody else the
/// checks would show that they exist, and when they are away.
///
/// # Errors
/// Not found beyond that.
pub async fn check_stand_in(tx: &mut Tx<'_>, id: Option<Uuid>, employee: &Employee) -> Result<()> {
    let Some(id) = id.filter(|_| !tx.reach.all) else {
        return Ok(());
    };
    let nameable = visible_ids(tx).or_filter(employees::unit_id.eq(employee.unit_id));
    let found = employees::table.filter(employees::id.eq(id)).filter(employees::id.eq_any(nameable));
    match diesel::select(exists(found)).get_result(tx.conn()).await? {
        true => Ok(()),
        false => Err(Error::NotFound("employee")),
    }
}

/// The colleague who is to stand in.
///
/// # Errors
/// An unknown one, at the member that names it.
pub async fn stand_in(tx: &mut Tx<'_>, id: Uuid, range: Range) -> Result<StandIn> {
    let employee = visible_employee(tx, id).await.referenced_at("/stand_in_id")?;
    let away = busy(tx, id, range, None).await?.into_keys().collect();
    Ok(StandIn { employee, away })
}
