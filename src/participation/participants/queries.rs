use std::collections::{BTreeMap, HashMap};

use diesel::dsl::{NotEq, count_star, max};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{
    AttendanceStatus, Enrolment, Mark, ParticipantStatus, RosterLine, Score, attendance_percent,
};
use crate::catalogue::offerings::OfferingStatus;
use crate::db::schema::{
    attendance, certificates, courses, employees, offerings, participants, results, sessions, units,
};
use crate::db::{Tx, search_finds, search_words, units_below};
use crate::error::{Error, Result};
use crate::half_day::HalfDay;
use crate::page::{Page, PageRequest, Position};
use crate::text;

/// Rows of one INSERT: Postgres takes 65,535 parameters.
const ROWS: usize = 5000;

/// Participants of everybody's, of the caller's units when nominated, of the caller's institute, or oneself.
fn visible(tx: &Tx<'_>) -> participants::BoxedQuery<'static, Pg> {
    let all = participants::table.into_boxed();
    if tx.reach.all {
        return all;
    }
    all.filter(
        participants::unit_id
            .nullable()
            .eq_any(units_below(tx.reach.unit_ids.clone()))
            .or(participants::employee_id.nullable().eq(tx.reach.employee_id))
            .or(participants::institute_id.nullable().eq(tx.reach.institute_id)),
    )
}

/// Condition on participants: the person takes or took part, and did not withdraw.
pub fn took_part() -> NotEq<participants::status, ParticipantStatus> {
    participants::status.ne(ParticipantStatus::Withdrawn)
}

/// SQL: as [`took_part`], of a row of participants by its name.
pub fn row_took_part(participant: &str) -> String {
    format!("{participant}.status <> '{}'", ParticipantStatus::Withdrawn.name())
}

/// An offering as delivery sees it.
#[derive(Debug, Clone, Queryable)]
pub struct ManagedOffering {
    pub id: Uuid,
    pub institute_id: Uuid,
    pub course_id: Uuid,
    pub status: OfferingStatus,
    pub last_half_day: i32,
    pub course_title: String,
    pub periods: i32,
    pub minimum_attendance_percent: i32,
    pub refresh_months: Option<i32>,
}

/// An offering the caller may look into: institutes their own, people of the ministry every one that left its institute
/// (what they see of its roster is narrowed by [`visible`]).
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn managed_offering(tx: &mut Tx<'_>, id: Uuid) -> Result<ManagedOffering> {
    let reach = &tx.reach;
    let own: Vec<Uuid> = reach.institute_id.into_iter().collect();
    let own = offerings::institute_id.eq_any(own);
    let mut query = offerings::table.inner_join(courses::table).filter(offerings::id.eq(id)).into_boxed();
    if !reach.all && reach.unit_ids.is_empty() && reach.employee_id.is_none() {
        query = query.filter(own);
    } else {
        query = query.filter(offerings::status.ne(OfferingStatus::Draft).or(own));
    }
    query
        .select((
            offerings::id,
            offerings::institute_id,
            offerings::course_id,
            offerings::status,
            offerings::last_half_day,
            courses::title,
            courses::periods,
            courses::minimum_attendance_percent,
            courses::refresh_months,
        ))
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("offering"))
}

#[derive(Queryable)]
struct Row {
    id: Uuid,
    number: i32,
    full_name: String,
    unit_name: String,
    email: String,
    status: ParticipantStatus,
    attendance_percent: Option<f64>,
}

pub struct Filter {
    pub q: Option<String>,
    pub status: Option<ParticipantStatus>,
}

pub async fn list(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<RosterLine>> {
    let mut query = visible(tx).filter(participants::offering_id.eq(offering_id));
    if let Some(status) = filter.status {
        query = query.filter(participants::status.eq(status));
    }
    let mut seen = participants::table
        .inner_join(employees::table)
        .inner_join(units::table)
        .filter(participants::id.eq_any(query.select(participants::id)))
        .into_boxed();
    if let Some(asked) = &filter.q {
        // Those of one offering are few. The column of employees has the code, which institutes do not see.
        let words = search_words(employees::email.nullable(), employees::full_name.nullable());
        seen = seen.filter(search_finds(words, text::search_patterns(asked)));
    }
    if let Some(after) = page.after_id() {
        seen = seen.filter(participants::id.gt(after));
    }
    let rows: Vec<Row> = seen
        .order(participants::id)
        .limit(page.rows_to_read())
        .select((
            participants::id,
            participants::number,
            employees::full_name,
            units::name,
            employees::email,
            participants::status,
            participants::attendance_percent,
        ))
        .load(tx.conn())
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let mut numbers: HashMap<Uuid, String> = certificates::table
        .filter(certificates::participant_id.eq_any(ids))
        .filter(certificates::status.eq("issued"))
        .select((certificates::participant_id, certificates::number))
        .load::<(Uuid, String)>(tx.conn())
        .await?
        .into_iter()
        .collect();
    let lines = rows
        .into_iter()
        .map(|row| RosterLine {
            certificate_number: numbers.remove(&row.id),
            id: row.id,
            number: row.number,
            full_name: row.full_name,
            unit_name: row.unit_name,
            email: row.email,
            status: row.status,
            attendance_percent: row.attendance_percent,
        })
        .collect();
    Ok(Page::cut(lines, page, |l: &RosterLine| Position::id(l.id)))
}

/// Enrol a person under the next number of the offering. The caller holds the lock on its seats.
pub async fn enrol(tx: &mut Tx<'_>, enrolment: &Enrolment) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now);
    let last: Option<i32> = participants::table
        .filter(participants::offering_id.eq(enrolment.offering_id))
        .select(max(participants::number))
        .first(tx.conn())
        .await?;
    diesel::insert_into(participants::table)
        .values((
            participants::id.eq(id),
            participants::nomination_id.eq(enrolment.nomination_id),
            participants::offering_id.eq(enrolment.offering_id),
            participants::institute_id.eq(enrolment.institute_id),
            participants::employee_id.eq(enrolment.employee_id),
            participants::unit_id.eq(enrolment.unit_id),
            participants::number.eq(last.unwrap_or_default() + 1),
            participants::status.eq(ParticipantStatus::Enrolled),
            participants::created_at.eq(now),
            participants::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Take the participant of a nomination off the roster.
pub async fn leave(tx: &mut Tx<'_>, nomination_id: Uuid) -> Result<()> {
    let now = tx.now;
    diesel::update(participants::table.filter(participants::nomination_id.eq(nomination_id)))
        .set((
            participants::status.eq(ParticipantStatus::Withdrawn),
            participants::version.eq(participants::version + 1),
            participants::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Move participants to a state; gives those that were not in it.
pub async fn set_status(tx: &mut Tx<'_>, ids: &[Uuid], status: ParticipantStatus) -> Result<Vec<Uuid>> {
    let now = tx.now;
    Ok(diesel::update(
        participants::table.filter(participants::id.eq_any(ids)).filter(participants::status.ne(status)),
    )
    .set((
        participants::status.eq(status),
        participants::version.eq(participants::version + 1),
        participants::updated_at.eq(now),
    ))
    .returning(participants::id)
    .get_results(tx.conn())
    .await?)
}

/// States of the participants of an offering.
pub async fn statuses(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<HashMap<Uuid, ParticipantStatus>> {
    Ok(visible(tx)
        .filter(participants::offering_id.eq(offering_id))
        .select((participants::id, participants::status))
        .load::<(Uuid, ParticipantStatus)>(tx.conn())
        .await?
        .into_iter()
        .collect())
}

/// Sessions of an offering with their half-days.
pub async fn sessions_of(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<HashMap<Uuid, HalfDay>> {
    Ok(sessions::table
        .filter(sessions::offering_id.eq(offering_id))
        .select((sessions::id, sessions::half_day))
        .load::<(Uuid, i32)>(tx.conn())
        .await?
        .into_iter()
        .map(|(id, half_day)| (id, HalfDay(half_day)))
        .collect())
}

pub async fn record_attendance(tx: &mut Tx<'_>, marks: &[Mark]) -> Result<()> {
    let now = tx.now;
    for chunk in marks.chunks(ROWS) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|m| {
                (
                    attendance::participant_id.eq(m.participant_id),
                    attendance::session_id.eq(m.session_id),
                    attendance::status.eq(m.status),
                    attendance::recorded_at.eq(now),
                )
            })
            .collect();
        diesel::insert_into(attendance::table)
            .values(rows)
            .on_conflict((attendance::participant_id, attendance::session_id))
            .do_update()
            .set((
                attendance::status.eq(excluded(attendance::status)),
                attendance::recorded_at.eq(excluded(attendance::recorded_at)),
            ))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

pub async fn record_results(tx: &mut Tx<'_>, scores: &[Score]) -> Result<()> {
    let now = tx.now;
    for chunk in scores.chunks(ROWS) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|s| {
                (
                    results::participant_id.eq(s.participant_id),
                    results::assessment.eq(s.assessment.clone()),
                    results::score.eq(s.score),
                    results::maximum.eq(s.maximum),
                    results::recorded_at.eq(now),
                )
            })
            .collect();
        diesel::insert_into(results::table)
            .values(rows)
            .on_conflict((results::participant_id, results::assessment))
            .do_update()
            .set((
                results::score.eq(excluded(results::score)),
                results::maximum.eq(excluded(results::maximum)),
                results::recorded_at.eq(excluded(results::recorded_at)),
            ))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Count attendance anew for everybody without a certificate. A session is held when its day is over or something was
/// recorded for it (`today_counts`: from its day on); who has no record of a session held was absent.
pub async fn recompute_attendance(tx: &mut Tx<'_>, offering_id: Uuid, today_counts: bool) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    let sessions = sessions_of(tx, offering_id).await?;
    let recorded: Vec<Uuid> = attendance::table
        .filter(attendance::session_id.eq_any(sessions.keys().copied().collect::<Vec<_>>()))
        .select(attendance::session_id)
        .distinct()
        .load(tx.conn())
        .await?;
    let held: Vec<Uuid> = sessions
        .iter()
        .filter(|(id, half_day)| {
            let day = half_day.date();
            day < today || (today_counts && day == today) || recorded.contains(id)
        })
        .map(|(id, _)| *id)
        .collect();
    let people: Vec<Uuid> = participants::table
        .filter(participants::offering_id.eq(offering_id))
        .filter(participants::status.eq_any(ParticipantStatus::CORRECTABLE))
        .select(participants::id)
        .load(tx.conn())
        .await?;
    let present: HashMap<Uuid, i64> = attendance::table
        .filter(attendance::participant_id.eq_any(&people))
        .filter(attendance::session_id.eq_any(&held))
        .filter(attendance::status.eq(AttendanceStatus::Present))
        .group_by(attendance::participant_id)
        .select((attendance::participant_id, count_star()))
        .load::<(Uuid, i64)>(tx.conn())
        .await?
        .into_iter()
        .collect();
    // One statement for each number of sessions attended, not for each person.
    let mut by_count: BTreeMap<usize, Vec<Uuid>> = BTreeMap::new();
    for id in people {
        let count = usize::try_from(present.get(&id).copied().unwrap_or_default()).unwrap_or_default();
        by_count.entry(count).or_default().push(id);
    }
    for (count, ids) in by_count {
        let percent = attendance_percent(count, held.len());
        diesel::update(
            participants::table
                .filter(participants::id.eq_any(ids))
                .filter(participants::attendance_percent.is_distinct_from(percent)),
        )
        .set((
            participants::attendance_percent.eq(percent),
            participants::version.eq(participants::version + 1),
            participants::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Attendance of some participants as it is now.
pub async fn percentages(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Option<f64>)>> {
    Ok(participants::table
        .filter(participants::id.eq_any(ids))
        .order(participants::number)
        .select((participants::id, participants::attendance_percent))
        .load(tx.conn())
        .await?)
}
