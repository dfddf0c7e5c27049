use std::collections::{HashMap, HashSet};

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Build, Change, ContentArea, Course, CourseStatus, Draft, Obligation};
use crate::catalogue::sight::Sight;
use crate::db::schema::{competencies, course_audiences, course_competencies, courses, job_positions};
use crate::db::{Search, Searched, Tx, search_finds, search_prefixes};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};

/// An institute sees its own courses in any state; the ministry whatever is no longer a draft.
fn visible(tx: &Tx<'_>) -> courses::BoxedQuery<'static, Pg> {
    let all = courses::table.into_boxed();
    let sight = Sight::of(tx);
    let own = courses::institute_id.nullable().eq(sight.own);
    if sight.everything {
        all
    } else if sight.ministry {
        all.filter(courses::status.ne(CourseStatus::Draft).or(own))
    } else {
        all.filter(own)
    }
}

pub struct Filter {
    pub code: Option<String>,
    pub q: Option<String>,
    pub content_area: Option<ContentArea>,
    pub institute_id: Option<Uuid>,
    pub status: Option<CourseStatus>,
    pub obligation: Option<Obligation>,
    pub competency_id: Option<Uuid>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Course>> {
    let mut query = visible(tx);
    if let Some(code) = &filter.code {
        query = query.filter(courses::code.eq(code.clone()));
    }
    if let Some(asked) = &filter.q {
        let search = Search::weighed(tx, asked, Searched::by_id("courses")).await?;
        query = query.filter(search_finds(courses::search_words, search.patterns));
        if let Some(prefixes) = search.prefixes {
            query = query.filter(search_prefixes(courses::search_words).contains(prefixes));
        }
    }
    if let Some(area) = filter.content_area {
        query = query.filter(courses::content_area.eq(area));
    }
    if let Some(institute) = filter.institute_id {
        query = query.filter(courses::institute_id.eq(institute));
    }
    if let Some(status) = filter.status {
        query = query.filter(courses::status.eq(status));
    }
    if let Some(obligation) = filter.obligation {
        query = query.filter(courses::obligation.eq(obligation));
    }
    if let Some(competency) = filter.competency_id {
        let building = course_competencies::table
            .filter(course_competencies::competency_id.eq(competency))
            .select(course_competencies::course_id);
        query = query.filter(courses::id.eq_any(building));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(courses::id.lt(after));
    }
    let rows = query
        .order(courses::id.desc())
        .limit(page.rows_to_read())
        .select(Course::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |c| Position::id(c.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Course> {
    visible(tx)
        .filter(courses::id.eq(id))
        .select(Course::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("course"))
}

/// Read for a change: whoever else changes it waits, so the state that was read stays true.
pub async fn get_for_change(tx: &mut Tx<'_>, id: Uuid) -> Result<Course> {
    courses::table.find(id).select(courses::id).for_update().first::<Uuid>(tx.conn()).await.optional()?;
    get(tx, id).await
}

/// What each of some courses builds.
pub async fn builds(tx: &mut Tx<'_>, course_ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Build>>> {
    let rows: Vec<(Uuid, Build)> = course_competencies::table
        .filter(course_competencies::course_id.eq_any(course_ids))
        .order(course_competencies::competency_id)
        .select((course_competencies::course_id, Build::as_select()))
        .load(tx.conn())
        .await?;
    Ok(by_course(rows))
}

/// Whom each of some courses is for.
pub async fn audiences(tx: &mut Tx<'_>, course_ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let rows: Vec<(Uuid, Uuid)> = course_audiences::table
        .filter(course_audiences::course_id.eq_any(course_ids))
        .order(course_audiences::job_position_id)
        .select((course_audiences::course_id, course_audiences::job_position_id))
        .load(tx.conn())
        .await?;
    Ok(by_course(rows))
}

fn by_course<T>(rows: Vec<(Uuid, T)>) -> HashMap<Uuid, Vec<T>> {
    let mut map: HashMap<Uuid, Vec<T>> = HashMap::new();
    for (course, row) in rows {
        map.entry(course).or_default().push(row);
    }
    map
}

/// Those of some competencies that exist.
pub async fn known_competencies(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let known: Vec<Uuid> = competencies::table
        .filter(competencies::id.eq_any(ids))
        .select(competencies::id)
        .load(tx.conn())
        .await?;
    Ok(known.into_iter().collect())
}

/// Those of some job positions that exist.
pub async fn known_positions(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let known: Vec<Uuid> = job_positions::table
        .filter(job_positions::id.eq_any(ids))
        .select(job_positions::id)
        .load(tx.conn())
        .await?;
    Ok(known.into_iter().collect())
}

pub async fn insert(tx: &mut Tx<'_>, institute_id: Uuid, draft: Draft) -> Result<Course> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(courses::table)
        .values((
            courses::id.eq(id),
            courses::code.eq(draft.code),
            courses::institute_id.eq(institute_id),
            courses::title.eq(draft.title),
            courses::content_area.eq(draft.content_area),
            courses::objectives.eq(draft.objectives),
            courses::periods.eq(draft.periods),
            courses::obligation.eq(draft.obligation),
            courses::legal_basis.eq(draft.legal_basis),
            courses::behaviours.eq(draft.behaviours),
            courses::smallest_change.eq(draft.smallest_change),
            courses::minimum_attendance_percent.eq(draft.minimum_attendance_percent),
            courses::refresh_months.eq(draft.refresh_months),
            courses::status.eq(CourseStatus::Draft),
            courses::created_at.eq(now),
            courses::updated_at.eq(now),
        ))
        .returning(Course::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Change a course that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, course: &Course, change: Change) -> Result<Course> {
    let now = tx.now;
    diesel::update(
        courses::table.filter(courses::id.eq(course.id)).filter(courses::version.eq(course.version)),
    )
    .set((change, courses::version.eq(course.version + 1), courses::updated_at.eq(now)))
    .returning(Course::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}

pub async fn replace_builds(tx: &mut Tx<'_>, course_id: Uuid, builds: &[Build]) -> Result<()> {
    use course_competencies as t;
    diesel::delete(t::table.filter(t::course_id.eq(course_id))).execute(tx.conn()).await?;
    let rows: Vec<_> = builds
        .iter()
        .map(|b| (t::course_id.eq(course_id), t::competency_id.eq(b.competency_id), t::level.eq(b.level)))
        .collect();
    diesel::insert_into(t::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}

pub async fn replace_audience(tx: &mut Tx<'_>, course_id: Uuid, positions: &[Uuid]) -> Result<()> {
    use course_audiences as t;
    diesel::delete(t::table.filter(t::course_id.eq(course_id))).execute(tx.conn()).await?;
    let rows: Vec<_> =
        positions.iter().map(|p| (t::course_id.eq(course_id), t::job_position_id.eq(*p))).collect();
    diesel::insert_into(t::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}
