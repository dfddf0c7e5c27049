use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    BusyCause, CompetencyGap, CoverageRule, Employee, Offering, PlanLine, Presence, StandIn, Succession,
};
use crate::db::Tx;
use crate::db::schema::{
    absences, competencies, course_audiences, course_competencies, courses, coverage_rules,
    employee_competencies, employees, job_positions, nomination_half_days, nominations, offerings,
    participants, position_requirements, sessions, succession_entries, training_plan_lines, training_plans,
    unit_ancestors,
};
use crate::error::{Error, ReferenceExt, Result};
use crate::half_day::HalfDay;
use crate::organisation::employees::visible_ids;
use crate::organisation::units::below;
use crate::participation::nominations::model::NominationStatus;

type Range = (HalfDay, HalfDay);

#[derive(Queryable)]
struct EmployeeRow {
    id: Uuid,
    unit_id: Uuid,
    job_position_id: Uuid,
    status: String,
    restricted: bool,
    position_group: String,
    max_absence_days: Option<i32>,
}

impl From<EmployeeRow> for Employee {
    fn from(row: EmployeeRow) -> Self {
        Self {
            id: row.id,
            unit_id: row.unit_id,
            job_position_id: row.job_position_id,
            status: row.status,
            restricted: row.restricted,
            position_group: row.position_group,
            max_absence_days: row.max_absence_days,
        }
    }
}

/// An employee within the caller's reach: everybody, the units' people, or oneself.
///
/// # Errors
/// Not found outside it.
pub async fn visible_employee(tx: &mut Tx<'_>, id: Uuid) -> Result<Employee> {
    let mut query =
        employees::table.inner_join(job_positions::table).filter(employees::id.eq(id)).into_boxed();
    if !tx.reach.all {
        let own: Vec<Uuid> = tx.reach.employee_id.into_iter().collect();
        query = query.filter(
            employees::unit_id.eq_any(below(tx.reach.unit_ids.clone())).or(employees::id.eq_any(own)),
        );
    }
    query
        .select((
            employees::id,
            employees::unit_id,
            employees::job_position_id,
            employees::status,
            employees::restricted,
            job_positions::position_group,
            job_positions::max_consecutive_absence_days,
        ))
        .first::<EmployeeRow>(tx.conn())
        .await
        .optional()?
        .map(Employee::from)
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

/// Course of an offering that people can be sent to; a draft is its institute's alone.
///
/// # Errors
/// Not found without such an offering.
pub async fn course_of(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Uuid> {
    offerings::table
        .find(offering_id)
        .filter(offerings::status.ne("draft"))
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
    OneAndOpenOf(Uuid, Uuid),
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
    status: String,
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

    let half_days: Vec<(Uuid, i32)> = sessions::table
        .filter(sessions::offering_id.eq_any(&ids))
        .order((sessions::offering_id, sessions::half_day))
        .select((sessions::offering_id, sessions::half_day))
        .load(tx.conn())
        .await?;
    let taken: HashMap<Uuid, i64> = participants::table
        .filter(participants::offering_id.eq_any(&ids))
        .filter(participants::status.ne("withdrawn"))
        .group_by(participants::offering_id)
        .select((participants::offering_id, count_star()))
        .load::<(Uuid, i64)>(tx.conn())
        .await?
        .into_iter()
        .collect();
    let builds: Vec<(Uuid, Uuid, i16)> = course_competencies::table
        .filter(course_competencies::course_id.eq_any(&course_ids))
        .select((
            course_competencies::course_id,
            course_competencies::competency_id,
            course_competencies::level,
        ))
        .load(tx.conn())
        .await?;
    let audiences: Vec<(Uuid, Uuid)> = course_audiences::table
        .filter(course_audiences::course_id.eq_any(&course_ids))
        .select((course_audiences::course_id, course_audiences::job_position_id))
        .load(tx.conn())
        .await?;
    let plan_lines = plan_lines(tx, employee.unit_id, &course_ids, except).await?;

    let mut by_offering: HashMap<Uuid, Vec<HalfDay>> = HashMap::new();
    for (offering, half_day) in half_days {
        by_offering.entry(offering).or_default().push(HalfDay(half_day));
    }
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

async fn offering_rows(tx: &mut Tx<'_>, which: &Offered) -> Result<Vec<OfferingRow>> {
    let today = tx.today();
    let all = offerings::table.inner_join(courses::table);
    let open = offerings::status.eq_any(["open", "confirmed"]).and(offerings::nominations_close_on.ge(today));
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
        Offered::OneAndOpenOf(id, course) => {
            all.filter(offerings::id.eq(*id).or(offerings::course_id.eq(*course).and(open))).into_boxed()
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
        .filter(training_plans::status.eq("approved"))
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

/// Requirements of the position that the person does not meet today.
pub async fn gaps(tx: &mut Tx<'_>, employee: &Employee) -> Result<Vec<CompetencyGap>> {
    let today = tx.today();
    let held: Vec<(Uuid, i16)> = employee_competencies::table
        .filter(employee_competencies::employee_id.eq(employee.id))
        .filter(employee_competencies::valid_from.le(today))
        .filter(employee_competencies::valid_to.is_null().or(employee_competencies::valid_to.gt(today)))
        .select((employee_competencies::competency_id, employee_competencies::level))
        .load(tx.conn())
        .await?;
    let mut best: HashMap<Uuid, i16> = HashMap::new();
    for (competency, level) in held {
        let known = best.entry(competency).or_insert(level);
        *known = level.max(*known);
    }
    let required: Vec<(Uuid, String, String, i16)> = position_requirements::table
        .inner_join(competencies::table)
        .filter(position_requirements::job_position_id.eq(employee.job_position_id))
        .filter(position_requirements::valid_from.le(today))
        .filter(position_requirements::valid_to.is_null().or(position_requirements::valid_to.gt(today)))
        .order(competencies::code)
        .select((competencies::id, competencies::code, competencies::name, position_requirements::level))
        .load(tx.conn())
        .await?;
    Ok(required
        .into_iter()
        .map(|(competency_id, competency_code, competency_name, required_level)| CompetencyGap {
            held_level: best.get(&competency_id).copied(),
            competency_id,
            competency_code,
            competency_name,
            required_level,
        })
        .filter(|gap| gap.held_level.is_none_or(|held| held < gap.required_level))
        .collect())
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
        .filter(offerings::status.ne("cancelled"))
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
        .load::<(Option<String>, i32)>(tx.conn())
        .await?
        .into_iter()
        .map(|(position_group, minimum)| CoverageRule { position_group, minimum })
        .collect();
    if rules.is_empty() {
        return Ok(Presence::default());
    }
    let colleagues: Vec<(Uuid, String)> = employees::table
        .inner_join(job_positions::table)
        .filter(employees::unit_id.eq(employee.unit_id))
        .filter(employees::status.eq("active"))
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

/// Whom a caller may name to stand in: who is within reach, or works in the person's own unit. Of anybody else the
/// checks would tell that they exist, and when they are away.
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
