//! The offerings a person may be sent to, with the seats, the course and the plan behind each.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::model::{Employee, Offering, PlanLine};
use crate::catalogue::offerings::{OfferingStatus, seats_taken};
use crate::db::Tx;
use crate::db::schema::{
    course_audiences, course_competencies, courses, nominations, offerings, sessions, training_plan_lines,
    training_plans, unit_ancestors,
};
use crate::error::{Error, Result};
use crate::half_day::HalfDay;
use crate::participation::nominations::model::NominationStatus;
use crate::planning::plans::PlanStatus;

/// Course of an offering that people can be sent to; a draft is its institute's alone.
///
/// # Errors
/// Not found without such an offering.
pub async fn course_of(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Uuid> {
    offerings::table
        .find(offering_id)
        .filter(offerings::status.ne(OfferingStatus::Draft))
        .select(offerings::course_id)
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("offering"))
}

/// Which offerings to read.
#[derive(Debug, Clone)]
pub enum Offered {
    /// One, whatever its state.
    One(Uuid),
    /// One, and everything open of its course.
    OneAndOpenOf { offering_id: Uuid, course_id: Uuid },
    /// Everything open of the courses that build one of these competencies.
    OpenBuilding(Vec<Uuid>),
}

#[derive(Queryable)]
struct OfferingRow {
    id: Uuid,
    code: String,
    course_id: Uuid,
    institute_id: Uuid,
    course_code: String,
    course_title: String,
    content_area: String,
    mode: String,
    status: OfferingStatus,
    nominations_close_on: NaiveDate,
    seats: i32,
}

/// Offerings with everything the checks look at, the earliest first.
pub async fn offered(
    tx: &mut Tx<'_>,
    which: &Offered,
    employee: &Employee,
    except: Option<Uuid>,
) -> Result<Vec<Offering>> {
    let rows = offering_rows(tx, which).await?;
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let course_ids: Vec<Uuid> =
        rows.iter().map(|r| r.course_id).collect::<HashSet<_>>().into_iter().collect();
    let mut by_offering = half_days(tx, &ids).await?;
    let taken = seats_taken(tx, &ids).await?;
    let builds = builds(tx, &course_ids).await?;
    let audiences = audiences(tx, &course_ids).await?;
    let plan_lines = plan_lines(tx, employee.unit_id, &course_ids, except).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let half_days = by_offering.remove(&row.id).unwrap_or_default();
            let year = half_days.as_slice().first().map(|h| h.date().year());
            Offering {
                taken: i32::try_from(taken.get(&row.id).copied().unwrap_or_default()).unwrap_or(i32::MAX),
                audience: of(&audiences, |a| (a.0 == row.course_id).then_some(a.1)),
                builds: of(&builds, |b| (b.0 == row.course_id).then_some((b.1, b.2))),
                plan_lines: of(&plan_lines, |(course, line)| {
                    (*course == row.course_id && Some(line.year) == year).then(|| line.clone())
                }),
                half_days,
                id: row.id,
                code: row.code,
                course_id: row.course_id,
                institute_id: row.institute_id,
                course_code: row.course_code,
                course_title: row.course_title,
                content_area: row.content_area,
                mode: row.mode,
                status: row.status,
                nominations_close_on: row.nominations_close_on,
                seats: row.seats,
            }
        })
        .collect())
}

fn of<T, U>(rows: &[T], pick: impl FnMut(&T) -> Option<U>) -> Vec<U> {
    rows.iter().filter_map(pick).collect()
}

/// Half-days of each offering, the earliest first.
async fn half_days(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<HalfDay>>> {
    let rows: Vec<(Uuid, i32)> = sessions::table
        .filter(sessions::offering_id.eq_any(offering_ids))
        .order((sessions::offering_id, sessions::half_day))
        .select((sessions::offering_id, sessions::half_day))
        .load(tx.conn())
        .await?;
    let mut by_offering: HashMap<Uuid, Vec<HalfDay>> = HashMap::new();
    for (offering, half_day) in rows {
        by_offering.entry(offering).or_default().push(HalfDay(half_day));
    }
    Ok(by_offering)
}

/// What courses build: (course, competency, level).
async fn builds(tx: &mut Tx<'_>, course_ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid, i16)>> {
    Ok(course_competencies::table
        .filter(course_competencies::course_id.eq_any(course_ids))
        .select((
            course_competencies::course_id,
            course_competencies::competency_id,
            course_competencies::level,
        ))
        .load(tx.conn())
        .await?)
}

/// Whom courses are for: (course, position).
async fn audiences(tx: &mut Tx<'_>, course_ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(course_audiences::table
        .filter(course_audiences::course_id.eq_any(course_ids))
        .select((course_audiences::course_id, course_audiences::job_position_id))
        .load(tx.conn())
        .await?)
}

async fn offering_rows(tx: &mut Tx<'_>, which: &Offered) -> Result<Vec<OfferingRow>> {
    let today = tx.today();
    let all = offerings::table.inner_join(courses::table);
    let open = offerings::status
        .eq_any(OfferingStatus::TAKING_NOMINATIONS)
        .and(offerings::nominations_close_on.ge(today));
    let columns = (
        offerings::id,
        offerings::code,
        offerings::course_id,
        offerings::institute_id,
        courses::code,
        courses::title,
        courses::content_area,
        offerings::mode,
        offerings::status,
        offerings::nominations_close_on,
        offerings::seats,
    );
    let query = match which {
        Offered::One(id) => all.filter(offerings::id.eq(*id)).into_boxed(),
        Offered::OneAndOpenOf { offering_id, course_id } => {
            let open_of_course = offerings::course_id.eq(*course_id).and(open);
            all.filter(offerings::id.eq(*offering_id).or(open_of_course)).into_boxed()
        }
        Offered::OpenBuilding(competencies) => all
            .filter(open)
            .filter(
                offerings::course_id.eq_any(
                    course_competencies::table
                        .filter(course_competencies::competency_id.eq_any(competencies.clone()))
                        .select(course_competencies::course_id),
                ),
            )
            .into_boxed(),
    };
    Ok(query.order((offerings::first_half_day, offerings::id)).select(columns).load(tx.conn()).await?)
}

/// Lines of approved plans for a unit or one above it, with what is used of each.
async fn plan_lines(
    tx: &mut Tx<'_>,
    unit_id: Uuid,
    course_ids: &[Uuid],
    except: Option<Uuid>,
) -> Result<Vec<(Uuid, PlanLine)>> {
    let lines: Vec<(Uuid, Uuid, i32, i32)> = training_plan_lines::table
        .inner_join(training_plans::table)
        .filter(training_plans::status.eq(PlanStatus::Approved))
        .filter(training_plan_lines::course_id.eq_any(course_ids))
        .filter(training_plan_lines::unit_id.eq_any(above(unit_id)))
        .order(training_plan_lines::id)
        .select((
            training_plan_lines::id,
            training_plan_lines::course_id,
            training_plans::year,
            training_plan_lines::quota,
        ))
        .load(tx.conn())
        .await?;
    let ids: Vec<Uuid> = lines.iter().map(|l| l.0).collect();
    let used: HashMap<Option<Uuid>, i64> = nominations::table
        .filter(nominations::plan_line_id.eq_any(ids))
        .filter(nominations::status.eq_any(NominationStatus::LIVE))
        .filter(nominations::id.ne(except.unwrap_or_default()))
        .group_by(nominations::plan_line_id)
        .select((nominations::plan_line_id, count_star()))
        .load::<(Option<Uuid>, i64)>(tx.conn())
        .await?
        .into_iter()
        .collect();
    Ok(lines
        .into_iter()
        .map(|(id, course, year, quota)| {
            let used = used.get(&Some(id)).copied().unwrap_or_default();
            let used = i32::try_from(used).unwrap_or(i32::MAX);
            (course, PlanLine { id, year, quota, used })
        })
        .collect())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn above(unit_id: Uuid) -> _ {
    unit_ancestors::table.filter(unit_ancestors::unit_id.eq(unit_id)).select(unit_ancestors::ancestor_id)
}

/// Make nominations that may count against the same plan line take turns, so that a quota is never overdrawn.
pub async fn lock_plan_lines(tx: &mut Tx<'_>, unit_id: Uuid, course_id: Uuid) -> Result<()> {
    training_plan_lines::table
        .filter(training_plan_lines::course_id.eq(course_id))
        .filter(training_plan_lines::unit_id.eq_any(above(unit_id)))
        .order(training_plan_lines::id)
        .select(training_plan_lines::id)
        .for_no_key_update()
        .load::<Uuid>(tx.conn())
        .await?;
    Ok(())
}
