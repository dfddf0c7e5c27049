use chrono::NaiveDate;
use diesel::dsl::{exists, max, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::Gap;
use crate::db::Tx;
use crate::db::schema::{competencies, employee_competencies, employees, position_requirements};
use crate::error::Result;
use crate::organisation::employees::{Employee, EmployeeStatus};
use crate::organisation::reach::listed;
use crate::page::{Page, PageRequest, Position};

/// What the employee of the surrounding query validly holds of the competency of its requirement.
#[diesel::dsl::auto_type(no_type_alias)]
fn held_on(day: NaiveDate) -> _ {
    employee_competencies::table
        .filter(employee_competencies::employee_id.eq(employees::id))
        .filter(employee_competencies::competency_id.eq(position_requirements::competency_id))
        .filter(employee_competencies::valid_from.le(day))
        .filter(employee_competencies::valid_to.is_null().or(employee_competencies::valid_to.gt(day)))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn required_on(day: NaiveDate) -> _ {
    position_requirements::valid_from
        .le(day)
        .and(position_requirements::valid_to.is_null().or(position_requirements::valid_to.gt(day)))
}

/// The gaps of some employees on a day: musts first, then by code of the competency.
pub async fn of_employees(
    tx: &mut Tx<'_>,
    employee_ids: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<(Uuid, Gap)>> {
    let met = held_on(day).filter(employee_competencies::level.ge(position_requirements::level));
    let held_level = held_on(day).select(max(employee_competencies::level)).single_value();
    Ok(employees::table
        .inner_join(
            position_requirements::table
                .on(position_requirements::job_position_id.eq(employees::job_position_id)),
        )
        .inner_join(competencies::table.on(competencies::id.eq(position_requirements::competency_id)))
        .filter(employees::id.eq_any(employee_ids))
        .filter(required_on(day))
        .filter(not(exists(met)))
        .order((position_requirements::is_hard.desc(), competencies::code))
        .select((
            employees::id,
            (
                position_requirements::id,
                (
                    competencies::id,
                    competencies::code,
                    competencies::name,
                    position_requirements::level,
                    held_level,
                ),
                position_requirements::is_hard,
                position_requirements::legal_basis,
                position_requirements::valid_from,
            ),
        ))
        .load(tx.conn())
        .await?)
}

/// Employees of a unit and everything below who work and have a gap, in the Vietnamese order of names.
pub async fn people_with_gaps(
    tx: &mut Tx<'_>,
    unit_id: Uuid,
    day: NaiveDate,
    page: &PageRequest,
) -> Result<Page<Employee>> {
    let rows = listed(tx, Some(unit_id), page, |query, _| {
        let met = held_on(day).filter(employee_competencies::level.ge(position_requirements::level));
        let missing = position_requirements::table
            .filter(position_requirements::job_position_id.eq(employees::job_position_id))
            .filter(required_on(day))
            .filter(not(exists(met)));
        query.filter(employees::status.ne(EmployeeStatus::Left)).filter(exists(missing))
    });
    let rows = rows.select(Employee::as_select()).load(tx.conn()).await?;
    Ok(Page::cut(rows, page, |e| Position::key(&e.name_key, e.id)))
}
