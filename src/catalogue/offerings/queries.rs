use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::dsl::{EqAny, NotEq, array, count_star};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Draft, Mode, Offering, OfferingStatus, Session, SessionDraft};
use super::timetable::Calendar;
use crate::catalogue::sight::Sight;
use crate::db::schema::{courses, holidays, lecturers, offerings, participants, seat_draws, sessions};
use crate::db::{Search, Searched, Tx, search_finds, search_prefixes};
use crate::error::{Error, Result};
use crate::half_day::{Half, HalfDay};
use crate::page::{Page, PageRequest, Position};

/// An institute sees its own offerings in any state; the ministry whatever is no longer a draft.
fn visible(tx: &Tx<'_>) -> offerings::BoxedQuery<'static, Pg> {
    let all = offerings::table.into_boxed();
    let sight = Sight::of(tx);
    let own = offerings::institute_id.nullable().eq(sight.own);
    if sight.everything {
        all
    } else if sight.ministry {
        all.filter(offerings::status.ne(OfferingStatus::Draft).or(own))
    } else {
        all.filter(own)
    }
}

/// Condition on offerings: it takes place, or took place.
pub fn takes_place() -> EqAny<offerings::status, [OfferingStatus; 3]> {
    offerings::status.eq_any(OfferingStatus::TAKING_PLACE)
}

/// Condition on offerings: it is not cancelled, though it may be a draft.
pub fn not_cancelled() -> NotEq<offerings::status, OfferingStatus> {
    offerings::status.ne(OfferingStatus::Cancelled)
}

/// SQL: as [`not_cancelled`], of a row of offerings by its name.
pub fn row_not_cancelled(offering: &str) -> String {
    format!("{offering}.status <> '{}'", OfferingStatus::Cancelled.name())
}

pub struct Filter {
    pub code: Option<String>,
    pub course_code: Option<String>,
    pub q: Option<String>,
    pub course_id: Option<Uuid>,
    pub institute_id: Option<Uuid>,
    pub mode: Option<Mode>,
    pub status: Option<OfferingStatus>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// How to find what is asked for in offerings: by the words of their courses, or by their own.
async fn search(tx: &mut Tx<'_>, asked: &str) -> Result<Search> {
    let of_courses = Search::weighed(tx, asked, Searched::by_id("courses")).await?;
    if of_courses.prefixes.is_none() {
        return Ok(of_courses);
    }
    Search::weighed(tx, asked, Searched::by_id("offerings")).await
}

/// Those that have each word themselves or in their course.
fn with_words(
    mut query: offerings::BoxedQuery<'static, Pg>,
    search: Search,
) -> offerings::BoxedQuery<'static, Pg> {
    let Search { patterns, prefixes } = search;
    let Some(prefixes) = prefixes else {
        for pattern in patterns {
            let taught = courses::table
                .filter(search_finds(courses::search_words, vec![pattern.clone()]))
                .select(courses::id);
            let own = search_finds(offerings::search_words, vec![pattern]);
            query = query.filter(own.or(offerings::course_id.eq_any(taught)));
        }
        return query;
    };
    for (pattern, prefix) in patterns.into_iter().zip(prefixes) {
        let taught = courses::table
            .filter(search_prefixes(courses::search_words).contains(vec![prefix.clone()]))
            .filter(search_finds(courses::search_words, vec![pattern.clone()]))
            .select(courses::id);
        // In this order, so that few rows come to the beginnings of their words, which take long to make.
        let own = search_finds(offerings::search_words, vec![pattern])
            .and(search_prefixes(offerings::search_words).contains(vec![prefix]));
        // As an array: the index on `course_id` is not used for a subquery beside an `OR`.
        query = query.filter(offerings::course_id.eq_any(array::<SqlUuid, _>(taught)).or(own));
    }
    query
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Offering>> {
    let mut query = visible(tx);
    if let Some(code) = &filter.code {
        query = query.filter(offerings::code.eq(code.clone()));
    }
    if let Some(code) = &filter.course_code {
        let course = courses::table.filter(courses::code.eq(code.clone())).select(courses::id);
        query = query.filter(offerings::course_id.eq_any(course));
    }
    if let Some(asked) = &filter.q {
        query = with_words(query, search(tx, asked).await?);
    }
    if let Some(course) = filter.course_id {
        query = query.filter(offerings::course_id.eq(course));
    }
    if let Some(institute) = filter.institute_id {
        query = query.filter(offerings::institute_id.eq(institute));
    }
    if let Some(mode) = filter.mode {
        query = query.filter(offerings::mode.eq(mode));
    }
    if let Some(status) = filter.status {
        query = query.filter(offerings::status.eq(status));
    }
    if let Some(from) = filter.from {
        query = query.filter(offerings::last_half_day.ge(HalfDay::new(from, Half::Morning).0));
    }
    if let Some(to) = filter.to {
        query = query.filter(offerings::first_half_day.le(HalfDay::new(to, Half::Afternoon).0));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(offerings::id.lt(after));
    }
    let rows = query
        .order(offerings::id.desc())
        .limit(page.rows_to_read())
        .select(Offering::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |o| Position::id(o.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Offering> {
    visible(tx)
        .filter(offerings::id.eq(id))
        .select(Offering::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("offering"))
}

/// Read for a change: whoever else changes it (or takes a seat) waits, so what was read stays true.
pub async fn get_for_change(tx: &mut Tx<'_>, id: Uuid) -> Result<Offering> {
    offerings::table.find(id).select(offerings::id).for_update().first::<Uuid>(tx.conn()).await.optional()?;
    get(tx, id).await
}

/// Make everybody who gives or frees seats of an offering take turns until the unit of work ends, so that seats can be
/// counted. The lock lets new nominations refer to the row. The caller has made sure that there is such an offering.
///
/// # Errors
/// [`Error::Unavailable`] when the turn does not come in time.
pub async fn lock_seats(tx: &mut Tx<'_>, id: Uuid) -> Result<()> {
    offerings::table.find(id).select(offerings::id).for_no_key_update().first::<Uuid>(tx.conn()).await?;
    Ok(())
}

/// Sessions of some offerings with their lecturers' names, in order of time.
pub async fn sessions(
    tx: &mut Tx<'_>,
    offering_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<(Session, String)>>> {
    let rows: Vec<(Session, String)> = sessions::table
        .inner_join(lecturers::table)
        .filter(sessions::offering_id.eq_any(offering_ids))
        .order(sessions::half_day)
        .select((Session::as_select(), lecturers::full_name))
        .load(tx.conn())
        .await?;
    let mut map: HashMap<Uuid, Vec<(Session, String)>> = HashMap::new();
    for row in rows {
        map.entry(row.0.offering_id).or_default().push(row);
    }
    Ok(map)
}

/// Participants of some offerings who have not withdrawn.
///
/// # Errors
/// When the database cannot be reached.
pub async fn seats_taken(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    let rows: Vec<(Uuid, i64)> = participants::table
        .filter(participants::offering_id.eq_any(offering_ids))
        // As `took_part` of `participation::participants`, which leans on this area.
        .filter(participants::status.ne("withdrawn"))
        .group_by(participants::offering_id)
        .select((participants::offering_id, count_star()))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Which of some offerings give their seats out by lot.
pub async fn drawn_by_lot(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let rows: Vec<Uuid> = seat_draws::table
        .filter(seat_draws::offering_id.eq_any(offering_ids))
        .filter(seat_draws::status.ne("called_off"))
        .select(seat_draws::offering_id)
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Whether a draw of an offering's seats is announced and not held yet.
pub async fn is_draw_announced(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<bool> {
    let announced = seat_draws::table.find(offering_id).filter(seat_draws::status.eq("announced"));
    Ok(diesel::select(diesel::dsl::exists(announced)).get_result(tx.conn()).await?)
}

/// Days between two that differ from the week.
pub async fn calendar(tx: &mut Tx<'_>, first: NaiveDate, last: NaiveDate) -> Result<Calendar> {
    let rows: Vec<(NaiveDate, bool)> = holidays::table
        .filter(holidays::day.between(first, last))
        .select((holidays::day, holidays::is_working_day))
        .load(tx.conn())
        .await?;
    Ok(Calendar(rows.into_iter().collect()))
}

/// When some lecturers teach, between two half-days, other than in one offering.
pub async fn teaching(
    tx: &mut Tx<'_>,
    lecturer_ids: &[Uuid],
    (first, last): (HalfDay, HalfDay),
    except: Option<Uuid>,
) -> Result<HashSet<(Uuid, HalfDay)>> {
    let rows: Vec<(Uuid, i32)> = sessions::table
        .inner_join(offerings::table)
        .filter(sessions::lecturer_id.eq_any(lecturer_ids))
        .filter(sessions::half_day.between(first.0, last.0))
        .filter(not_cancelled())
        .filter(offerings::id.ne(except.unwrap_or_default()))
        .select((sessions::lecturer_id, sessions::half_day))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(l, h)| (l, HalfDay(h))).collect())
}

pub async fn insert(
    tx: &mut Tx<'_>,
    institute_id: Uuid,
    draft: Draft,
    (first, last): (HalfDay, HalfDay),
) -> Result<Offering> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(offerings::table)
        .values((
            offerings::id.eq(id),
            offerings::code.eq(draft.code),
            offerings::course_id.eq(draft.course_id),
            offerings::institute_id.eq(institute_id),
            offerings::mode.eq(draft.mode),
            offerings::attendance.eq(draft.attendance),
            offerings::location.eq(draft.location),
            offerings::seats.eq(draft.seats),
            offerings::nominations_close_on.eq(draft.nominations_close_on),
            offerings::status.eq(OfferingStatus::Draft),
            offerings::first_half_day.eq(first.0),
            offerings::last_half_day.eq(last.0),
            offerings::created_at.eq(now),
            offerings::updated_at.eq(now),
        ))
        .returning(Offering::as_returning())
        .get_result(tx.conn())
        .await?)
}

pub async fn replace_sessions(tx: &mut Tx<'_>, offering_id: Uuid, drafts: &[SessionDraft]) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::offering_id.eq(offering_id))).execute(tx.conn()).await?;
    let rows: Vec<_> = drafts
        .iter()
        .map(|s| {
            (
                sessions::id.eq(tx.new_id()),
                sessions::offering_id.eq(offering_id),
                sessions::half_day.eq(s.half_day.0),
                sessions::periods.eq(s.periods),
                sessions::topic.eq(&s.topic),
                sessions::lecturer_id.eq(s.lecturer_id),
            )
        })
        .collect();
    diesel::insert_into(sessions::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}

/// Change an offering that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, offering: &Offering, change: Change) -> Result<Offering> {
    let now = tx.now;
    diesel::update(
        offerings::table
            .filter(offerings::id.eq(offering.id))
            .filter(offerings::version.eq(offering.version)),
    )
    .set((change, offerings::version.eq(offering.version + 1), offerings::updated_at.eq(now)))
    .returning(Offering::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}
