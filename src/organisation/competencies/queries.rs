use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Competency, ContentArea, Draft};
use crate::db::schema::competencies;
use crate::db::{Tx, search_finds};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};
use crate::text;

/// No secret to anybody, whatever the reach: positions and courses refer to them.
fn visible() -> competencies::BoxedQuery<'static, Pg> {
    competencies::table.into_boxed()
}

pub struct Filter {
    pub code: Option<String>,
    pub q: Option<String>,
    pub content_area: Option<ContentArea>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Competency>> {
    let mut query = visible();
    if let Some(code) = &filter.code {
        query = query.filter(competencies::code.eq(code.clone()));
    }
    if let Some(asked) = &filter.q {
        query = query.filter(search_finds(competencies::search_words, text::search_patterns(asked)));
    }
    if let Some(area) = filter.content_area {
        query = query.filter(competencies::content_area.eq(area));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(competencies::id.lt(after));
    }
    let rows = query
        .order(competencies::id.desc())
        .limit(page.rows_to_read())
        .select(Competency::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |c| Position::id(c.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Competency> {
    visible()
        .filter(competencies::id.eq(id))
        .select(Competency::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("competency"))
}

pub async fn insert(tx: &mut Tx<'_>, draft: Draft) -> Result<Competency> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(competencies::table)
        .values((
            competencies::id.eq(id),
            competencies::code.eq(draft.code),
            competencies::name.eq(draft.name),
            competencies::content_area.eq(draft.content_area),
            competencies::description.eq(draft.description),
            competencies::created_at.eq(now),
            competencies::updated_at.eq(now),
        ))
        .returning(Competency::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Change a competency that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, competency: &Competency, change: Change) -> Result<Competency> {
    let now = tx.now;
    diesel::update(
        competencies::table
            .filter(competencies::id.eq(competency.id))
            .filter(competencies::version.eq(competency.version)),
    )
    .set((change, competencies::version.eq(competency.version + 1), competencies::updated_at.eq(now)))
    .returning(Competency::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}
