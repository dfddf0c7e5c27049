use serde_json::json;
use uuid::Uuid;

use super::model::{Action, Change, Detailed, Draft, Edit, Offering, Session, SessionDraft};
use super::queries::{self, Filter};
use super::timetable;
use crate::access::Permission;
use crate::catalogue::{courses, institutes, lecturers};
use crate::db::Tx;
use crate::error::{Error, Faults, FieldError, ReferenceExt, Result};
use crate::half_day::HalfDay;
use crate::page::{Page, PageRequest};
use crate::version::Expected;

/// One page of offerings.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Detailed>> {
    let Page { items, next } = queries::list(tx, filter, page).await?;
    Ok(Page { items: detailed(tx, items).await?, next })
}

/// One offering, with its sessions and the seats taken.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Detailed> {
    let offering = queries::get(tx, id).await?;
    one(tx, offering).await
}

/// One offering.
///
/// # Errors
/// Not found outside the caller's reach; outside its institute, a draft is nobody's.
pub async fn find_visible(tx: &mut Tx<'_>, id: Uuid) -> Result<Offering> {
    queries::get(tx, id).await
}

/// The sessions of an offering, in order of time.
///
/// # Errors
/// As [`find_visible`].
pub async fn sessions(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<Session>> {
    queries::get(tx, id).await?;
    let mut sessions = queries::sessions(tx, &[id]).await?;
    let sessions = sessions.remove(&id).unwrap_or_default();
    Ok(sessions.into_iter().map(|(session, _)| session).collect())
}

/// The half-days that an offering takes, in order of time.
///
/// # Errors
/// As [`find_visible`].
pub async fn half_days(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<HalfDay>> {
    let sessions = sessions(tx, id).await?;
    Ok(sessions.iter().map(|s| HalfDay(s.half_day)).collect())
}

/// Schedule a course of the caller's institute, as a draft.
///
/// # Errors
/// [`crate::error::Rule::InstituteNotApproved`]; [`crate::error::Rule::CourseNotPublished`];
/// [`crate::error::Rule::CodeTaken`]; [`crate::error::Rule::LecturerBusy`]; faults of the timetable.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Detailed> {
    let institute = institutes::own(tx, Permission::OfferingManage).await?;
    institute.may_organise()?;
    let course = courses::find_visible(tx, draft.course_id)
        .await
        .and_then(|course| match course.institute_id == institute.id {
            true => Ok(course),
            false => Err(Error::NotFound("course")),
        })
        .referenced_at("/course_id")?;
    course.may_run()?;
    let span = span(&draft.sessions)?;
    let mut faults = timetable::frame_faults(
        draft.mode,
        draft.location.as_deref(),
        draft.nominations_close_on,
        span.0.date(),
    );
    faults.append(session_faults(tx, institute.id, course.periods, &draft.sessions).await?);
    faults.check()?;
    check_lecturers_free(tx, institute.id, &draft.sessions, None).await?;
    let sessions = draft.sessions.clone();
    let offering = queries::insert(tx, institute.id, draft, span).await?;
    queries::replace_sessions(tx, offering.id, &sessions).await?;
    tx.emit("offering.created", offering.id, &event_data(&offering));
    one(tx, offering).await
}

/// Change an offering; its sessions only while it is a draft.
///
/// # Errors
/// [`Error::Stale`]; [`crate::error::Rule::WrongState`]; seats under those taken; as [`create`].
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, edit: Edit) -> Result<Detailed> {
    let offering = queries::get_for_change(tx, id).await?;
    expected.check(offering.version)?;
    offering.status.step(Action::Edit)?;
    let Edit { mut row, sessions } = edit;
    let mut faults = Faults::default();
    let mut first = HalfDay(offering.first_half_day);
    if let Some(sessions) = &sessions {
        offering.status.step(Action::Reschedule)?;
        let course = courses::find_visible(tx, offering.course_id).await?;
        let last;
        (first, last) = span(sessions)?;
        (row.first_half_day, row.last_half_day) = (Some(first.0), Some(last.0));
        faults = session_faults(tx, offering.institute_id, course.periods, sessions).await?;
    }
    let location = row.location.as_ref().unwrap_or(&offering.location);
    let deadline = row.nominations_close_on.unwrap_or(offering.nominations_close_on);
    faults.append(timetable::frame_faults(offering.mode, location.as_deref(), deadline, first.date()));
    faults.extend(seat_fault(tx, id, row.seats).await?);
    if queries::is_draw_announced(tx, id).await? {
        faults.extend(draw_faults(&offering, &row));
    }
    faults.check()?;
    let stored = one(tx, offering).await?;
    if stored.is_as(&row, sessions.as_deref()) {
        return Ok(stored);
    }
    let offering = stored.offering;
    if let Some(sessions) = &sessions {
        check_lecturers_free(tx, offering.institute_id, sessions, Some(id)).await?;
        queries::replace_sessions(tx, id, sessions).await?;
    }
    let offering = queries::update(tx, &offering, row).await?;
    tx.emit(Action::Edit.event(), id, &event_data(&offering));
    one(tx, offering).await
}

/// Open, confirm, close or cancel an offering.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] where the transition table has no such step; for opening,
/// [`crate::error::Rule::InstituteNotApproved`] and [`crate::error::Rule::CourseNotPublished`]; for closing,
/// [`crate::error::Rule::OfferingNotOver`].
pub async fn act(tx: &mut Tx<'_>, id: Uuid, action: Action) -> Result<Detailed> {
    let offering = queries::get_for_change(tx, id).await?;
    tx.matches(offering.version)?;
    let status = offering.status.step(action)?;
    match action {
        Action::Open => {
            institutes::find_visible(tx, offering.institute_id).await?.may_organise()?;
            courses::find_visible(tx, offering.course_id).await?.may_run()?;
        }
        Action::Close => offering.check_over(tx.today())?,
        _ => {}
    }
    let change = Change { status: Some(status), ..Change::default() };
    let offering = queries::update(tx, &offering, change).await?;
    tx.emit(action.event(), id, &event_data(&offering));
    one(tx, offering).await
}

async fn one(tx: &mut Tx<'_>, offering: Offering) -> Result<Detailed> {
    let mut all = detailed(tx, vec![offering]).await?;
    all.pop().ok_or(Error::NotFound("offering"))
}

async fn detailed(tx: &mut Tx<'_>, offerings: Vec<Offering>) -> Result<Vec<Detailed>> {
    let ids: Vec<Uuid> = offerings.iter().map(|o| o.id).collect();
    let mut sessions = queries::sessions(tx, &ids).await?;
    let taken = queries::seats_taken(tx, &ids).await?;
    let by_lot = queries::drawn_by_lot(tx, &ids).await?;
    let whole = |offering: Offering| Detailed {
        seats_by_lot: by_lot.contains(&offering.id),
        sessions: sessions.remove(&offering.id).unwrap_or_default(),
        seats_taken: taken.get(&offering.id).copied().unwrap_or_default(),
        offering,
    };
    Ok(offerings.into_iter().map(whole).collect())
}

fn span(sessions: &[SessionDraft]) -> Result<(HalfDay, HalfDay)> {
    timetable::span(sessions).ok_or_else(|| Error::field("/sessions", "required"))
}

fn lecturer_ids(sessions: &[SessionDraft]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = sessions.iter().map(|s| s.lecturer_id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

async fn session_faults(
    tx: &mut Tx<'_>,
    institute_id: Uuid,
    course_periods: i32,
    sessions: &[SessionDraft],
) -> Result<Faults> {
    let (first, last) = span(sessions)?;
    let calendar = queries::calendar(tx, first.date(), last.date()).await?;
    let lecturers = lecturers::of_institute(tx, institute_id, &lecturer_ids(sessions)).await?;
    Ok(timetable::session_faults(sessions, course_periods, &calendar, &lecturers))
}

async fn seat_fault(tx: &mut Tx<'_>, id: Uuid, seats: Option<i32>) -> Result<Option<FieldError>> {
    let Some(seats) = seats else { return Ok(None) };
    let taken = queries::seats_taken(tx, &[id]).await?;
    let taken = taken.get(&id).copied().unwrap_or_default();
    Ok((i64::from(seats) < taken)
        .then(|| FieldError::new("/seats", "below_seats_taken").with("limit", taken)))
}

/// What people relied on when a draw of the seats was announced stays until it is held.
fn draw_faults(offering: &Offering, row: &Change) -> impl Iterator<Item = FieldError> + use<> {
    let seats = row.seats.is_some_and(|seats| seats != offering.seats);
    let deadline = row.nominations_close_on.is_some_and(|day| day != offering.nominations_close_on);
    [(seats, "/seats"), (deadline, "/nominations_close_on")]
        .into_iter()
        .filter(|(changes, _)| *changes)
        .map(|(_, pointer)| FieldError::new(pointer, "draw_announced"))
}

/// Two offerings planned at the same moment must not both take the lecturer: the institute's planners take turns.
async fn check_lecturers_free(
    tx: &mut Tx<'_>,
    institute_id: Uuid,
    sessions: &[SessionDraft],
    except: Option<Uuid>,
) -> Result<()> {
    tx.lock(&format!("timetable {institute_id}")).await?;
    let taken = queries::teaching(tx, &lecturer_ids(sessions), span(sessions)?, except).await?;
    timetable::check_lecturers_free(sessions, &taken)
}

fn event_data(offering: &Offering) -> serde_json::Value {
    json!({
        "code": offering.code, "course_id": offering.course_id, "institute_id": offering.institute_id,
        "status": offering.status
    })
}
