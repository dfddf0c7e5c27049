use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::Gap;
use super::queries;
use crate::db::Tx;
use crate::error::Result;
use crate::organisation::employees::{self, Employee};
use crate::organisation::units;
use crate::page::{Page, PageRequest};

/// The gaps of an employee within reach, and the day on which they were judged (today unless given).
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn of_employee(
    tx: &mut Tx<'_>,
    employee_id: Uuid,
    as_of: Option<NaiveDate>,
) -> Result<(NaiveDate, Vec<Gap>)> {
    let day = as_of.unwrap_or_else(|| tx.today());
    employees::find_visible(tx, employee_id).await?;
    Ok((day, gaps(tx, employee_id, day).await?))
}

/// The gaps of an employee on a day. Whoever calls has made sure that they may be read.
pub async fn gaps(tx: &mut Tx<'_>, employee_id: Uuid, as_of: NaiveDate) -> Result<Vec<Gap>> {
    let rows = queries::of_employees(tx, &[employee_id], as_of).await?;
    Ok(rows.into_iter().map(|(_, gap)| gap).collect())
}

/// As [`gaps`], of many employees in one query; who has none is not in the map.
pub async fn gaps_of(
    tx: &mut Tx<'_>,
    employee_ids: &[Uuid],
    as_of: NaiveDate,
) -> Result<HashMap<Uuid, Vec<Gap>>> {
    let mut by_employee: HashMap<Uuid, Vec<Gap>> = HashMap::new();
    for (employee, gap) in queries::of_employees(tx, employee_ids, as_of).await? {
        by_employee.entry(employee).or_default().push(gap);
    }
    Ok(by_employee)
}

/// One page of the people of a unit and everything below who work and have gaps, with their gaps.
///
/// # Errors
/// Not found: the unit, outside the caller's reach.
pub async fn of_unit(
    tx: &mut Tx<'_>,
    unit_id: Uuid,
    as_of: Option<NaiveDate>,
    page: &PageRequest,
) -> Result<Page<(Employee, Vec<Gap>)>> {
    let day = as_of.unwrap_or_else(|| tx.today());
    units::find_visible(tx, unit_id).await?;
    let people = queries::people_with_gaps(tx, unit_id, day, page).await?;
    let ids: Vec<Uuid> = people.items.iter().map(|e| e.id).collect();
    let mut gaps = gaps_of(tx, &ids, day).await?;
    Ok(people.map(|employee| {
        let own = gaps.remove(&employee.id).unwrap_or_default();
        (employee, own)
    }))
}
