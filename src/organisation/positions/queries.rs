use std::collections::HashMap;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Draft, JobPosition};
use crate::db::schema::job_positions;
use crate::db::{Tx, search_finds};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};
use crate::text;

pub struct Filter {
    pub code: Option<String>,
    pub q: Option<String>,
    pub position_group: Option<String>,
    pub is_leadership: Option<bool>,
}

/// No secret to anybody, whatever the reach: courses name the positions they are for.
fn visible() -> job_positions::BoxedQuery<'static, Pg> {
    job_positions::table.into_boxed()
}

pub async fn list(tx: &mut Tx<'_>, filter: Filter, page: &PageRequest) -> Result<Page<JobPosition>> {
    let mut query = visible();
    if let Some(code) = &filter.code {
        query = query.filter(job_positions::code.eq(code.clone()));
    }
    if let Some(asked) = &filter.q {
        query = query.filter(search_finds(job_positions::search_words, text::search_patterns(asked)));
    }
    if let Some(group) = filter.position_group {
        query = query.filter(job_positions::position_group.eq(group));
    }
    if let Some(is_leadership) = filter.is_leadership {
        query = query.filter(job_positions::is_leadership.eq(is_leadership));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(job_positions::id.lt(after));
    }
    let rows = query
        .order(job_positions::id.desc())
        .limit(page.rows_to_read())
        .select(JobPosition::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |p| Position::id(p.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<JobPosition> {
    visible()
        .filter(job_positions::id.eq(id))
        .select(JobPosition::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("job_position"))
}

/// Ids of the positions with these codes, for imports.
pub async fn ids_by_code(tx: &mut Tx<'_>, codes: &[&str]) -> Result<HashMap<String, Uuid>> {
    let rows: Vec<(String, Uuid)> = job_positions::table
        .filter(job_positions::code.eq_any(codes))
        .select((job_positions::code, job_positions::id))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

pub async fn insert(tx: &mut Tx<'_>, draft: Draft) -> Result<JobPosition> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(job_positions::table)
        .values((
            job_positions::id.eq(id),
            job_positions::code.eq(draft.code),
            job_positions::name.eq(draft.name),
            job_positions::position_group.eq(draft.position_group),
            job_positions::is_leadership.eq(draft.is_leadership),
            job_positions::max_consecutive_absence_days.eq(draft.max_consecutive_absence_days),
            job_positions::created_at.eq(now),
            job_positions::updated_at.eq(now),
        ))
        .returning(JobPosition::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Change a position that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, position: &JobPosition, change: Change) -> Result<JobPosition> {
    let now = tx.now;
    diesel::update(
        job_positions::table
            .filter(job_positions::id.eq(position.id))
            .filter(job_positions::version.eq(position.version)),
    )
    .set((change, job_positions::version.eq(position.version + 1), job_positions::updated_at.eq(now)))
    .returning(JobPosition::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}
