//! Who is away when: the person in other courses and absences, and the colleagues of the unit.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::model::{BusyCause, CoverageRule, Employee, Presence, Range};
use crate::catalogue::offerings::not_cancelled;
use crate::db::Tx;
use crate::db::schema::{
    absences, coverage_rules, employees, job_positions, nomination_half_days, nominations, offerings,
};
use crate::error::Result;
use crate::half_day::HalfDay;
use crate::organisation::employees::EmployeeStatus;

/// Half-days that people have given to a course that is not cancelled: (person, half-day).
async fn held_half_days(
    tx: &mut Tx<'_>,
    people: &[Uuid],
    range: Range,
    except: Option<Uuid>,
) -> Result<Vec<(Uuid, i32)>> {
    Ok(nomination_half_days::table
        .inner_join(nominations::table.inner_join(offerings::table))
        .filter(nomination_half_days::employee_id.eq_any(people))
        .filter(nomination_half_days::half_day.between(range.0.0, range.1.0))
        .filter(not_cancelled())
        .filter(nominations::id.ne(except.unwrap_or_default()))
        .select((nomination_half_days::employee_id, nomination_half_days::half_day))
        .load(tx.conn())
        .await?)
}

/// Absences that touch a range: (person, first, last), cut to it.
async fn absent_half_days(tx: &mut Tx<'_>, people: &[Uuid], range: Range) -> Result<Vec<(Uuid, i32, i32)>> {
    let rows: Vec<(Uuid, i32, i32)> = absences::table
        .filter(absences::employee_id.eq_any(people))
        .filter(absences::first_half_day.le(range.1.0))
        .filter(absences::last_half_day.ge(range.0.0))
        .select((absences::employee_id, absences::first_half_day, absences::last_half_day))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(id, first, last)| (id, first.max(range.0.0), last.min(range.1.0))).collect())
}

/// When the person is taken by something else.
pub async fn busy(
    tx: &mut Tx<'_>,
    employee_id: Uuid,
    range: Range,
    except: Option<Uuid>,
) -> Result<BTreeMap<HalfDay, BusyCause>> {
    let mut busy = BTreeMap::new();
    for (_, half_day) in held_half_days(tx, &[employee_id], range, except).await? {
        busy.insert(HalfDay(half_day), BusyCause::Nomination);
    }
    for (_, first, last) in absent_half_days(tx, &[employee_id], range).await? {
        busy.extend((first..=last).map(|h| (HalfDay(h), BusyCause::Absence)));
    }
    Ok(busy)
}

/// Who else works in the person's unit, and who of them is away in some half-days.
pub async fn presence(
    tx: &mut Tx<'_>,
    employee: &Employee,
    range: Range,
    half_days: &BTreeSet<HalfDay>,
) -> Result<Presence> {
    let rules: Vec<CoverageRule> = coverage_rules::table
        .filter(coverage_rules::unit_id.eq(employee.unit_id))
        .filter(
            coverage_rules::position_group
                .is_null()
                .or(coverage_rules::position_group.eq(&employee.position_group)),
        )
        .order(coverage_rules::position_group.asc().nulls_first())
        .select((coverage_rules::position_group, coverage_rules::minimum_present))
        .load(tx.conn())
        .await?;
    if rules.is_empty() {
        return Ok(Presence::default());
    }
    let colleagues: Vec<(Uuid, String)> = employees::table
        .inner_join(job_positions::table)
        .filter(employees::unit_id.eq(employee.unit_id))
        .filter(employees::status.eq(EmployeeStatus::Active))
        .filter(employees::id.ne(employee.id))
        .select((employees::id, job_positions::position_group))
        .load(tx.conn())
        .await?;
    let people: Vec<Uuid> = colleagues.iter().map(|c| c.0).collect();
    let mut away: BTreeMap<HalfDay, HashSet<Uuid>> = BTreeMap::new();
    for (id, half_day) in held_half_days(tx, &people, range, None).await? {
        away.entry(HalfDay(half_day)).or_default().insert(id);
    }
    for (id, first, last) in absent_half_days(tx, &people, range).await? {
        for half_day in half_days.range(HalfDay(first)..=HalfDay(last)) {
            away.entry(*half_day).or_default().insert(id);
        }
    }
    Ok(Presence { rules, colleagues, away })
}
