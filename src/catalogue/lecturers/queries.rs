use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Draft, Lecturer};
use crate::catalogue::sight::Sight;
use crate::db::schema::lecturers;
use crate::db::{Search, Searched, Tx, search_finds, search_prefixes};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};

/// Everybody in the ministry who may read lecturers sees all; an institute sees its own.
fn visible(tx: &Tx<'_>) -> lecturers::BoxedQuery<'static, Pg> {
    let all = lecturers::table.into_boxed();
    let sight = Sight::of(tx);
    if sight.ministry { all } else { all.filter(lecturers::institute_id.nullable().eq(sight.own)) }
}

pub struct Filter {
    pub q: Option<String>,
    pub institute_id: Option<Uuid>,
    pub subject: Option<String>,
    pub is_active: Option<bool>,
}

pub async fn list(tx: &mut Tx<'_>, filter: Filter, page: &PageRequest) -> Result<Page<Lecturer>> {
    let mut query = visible(tx);
    if let Some(asked) = &filter.q {
        let search = Search::weighed(tx, asked, Searched::by_id("lecturers")).await?;
        query = query.filter(search_finds(lecturers::search_words, search.patterns));
        if let Some(prefixes) = search.prefixes {
            query = query.filter(search_prefixes(lecturers::search_words).contains(prefixes));
        }
    }
    if let Some(institute) = filter.institute_id {
        query = query.filter(lecturers::institute_id.eq(institute));
    }
    if let Some(subject) = filter.subject {
        query = query.filter(lecturers::subjects.contains(vec![subject]));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(lecturers::is_active.eq(is_active));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(lecturers::id.lt(after));
    }
    let rows = query
        .order(lecturers::id.desc())
        .limit(page.rows_to_read())
        .select(Lecturer::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |l| Position::id(l.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Lecturer> {
    visible(tx)
        .filter(lecturers::id.eq(id))
        .select(Lecturer::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("lecturer"))
}

pub async fn of_institute(tx: &mut Tx<'_>, institute_id: Uuid, ids: &[Uuid]) -> Result<Vec<Lecturer>> {
    Ok(visible(tx)
        .filter(lecturers::institute_id.eq(institute_id))
        .filter(lecturers::id.eq_any(ids.to_vec()))
        .select(Lecturer::as_select())
        .load(tx.conn())
        .await?)
}

pub async fn insert(tx: &mut Tx<'_>, institute_id: Uuid, draft: Draft) -> Result<Lecturer> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(lecturers::table)
        .values((
            lecturers::id.eq(id),
            lecturers::institute_id.eq(institute_id),
            lecturers::full_name.eq(draft.full_name),
            lecturers::email.eq(draft.email),
            lecturers::degree.eq(draft.degree),
            lecturers::role.eq(draft.role),
            lecturers::subjects.eq(draft.subjects),
            lecturers::is_active.eq(true),
            lecturers::created_at.eq(now),
            lecturers::updated_at.eq(now),
        ))
        .returning(Lecturer::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Change a lecturer who still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, lecturer: &Lecturer, change: Change) -> Result<Lecturer> {
    let now = tx.now;
    diesel::update(
        lecturers::table
            .filter(lecturers::id.eq(lecturer.id))
            .filter(lecturers::version.eq(lecturer.version)),
    )
    .set((change, lecturers::version.eq(lecturer.version + 1), lecturers::updated_at.eq(now)))
    .returning(Lecturer::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}
