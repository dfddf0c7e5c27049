use diesel::dsl::max;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::instrument::{Audience, Instrument};
use super::items::Items;
use super::model::{Draft, Questionnaire};
use super::shipped::Taught;
use crate::db::schema::{courses, questionnaires};
use crate::db::{Tx, search_finds};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};
use crate::text;

/// What is asked is no secret in the ministry. An institute sees what is asked of everybody, and about its own courses:
/// the behaviours that others want to change are theirs.
fn visible(tx: &Tx<'_>) -> questionnaires::BoxedQuery<'static, Pg> {
    let all = questionnaires::table.into_boxed();
    if tx.reach.all {
        return all;
    }
    let own = courses::table
        .filter(courses::institute_id.eq_any(Vec::from_iter(tx.reach.institute_id)))
        .select(courses::id.nullable());
    all.filter(questionnaires::course_id.is_null().or(questionnaires::course_id.eq_any(own)))
}

/// Which questionnaires; those that fit every member that is given.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// This one.
    pub id: Option<Uuid>,
    /// Revisions of a code.
    pub code: Option<String>,
    /// Whose code or title has all of these words.
    pub q: Option<String>,
    /// Of a level.
    pub level: Option<i16>,
    /// For an audience.
    pub audience: Option<Audience>,
    /// Of a course.
    pub course_id: Option<Uuid>,
    /// For a purpose.
    pub instrument: Option<Instrument>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Questionnaire>> {
    let mut query = visible(tx);
    if let Some(id) = filter.id {
        query = query.filter(questionnaires::id.eq(id));
    }
    if let Some(code) = &filter.code {
        query = query.filter(questionnaires::code.eq(code.clone()));
    }
    if let Some(asked) = &filter.q {
        query = query.filter(search_finds(questionnaires::search_words, text::search_patterns(asked)));
    }
    if let Some(level) = filter.level {
        query = query.filter(questionnaires::level.eq(level));
    }
    if let Some(audience) = filter.audience {
        query = query.filter(questionnaires::audience.eq(audience));
    }
    if let Some(course) = filter.course_id {
        query = query.filter(questionnaires::course_id.eq(course));
    }
    if let Some(instrument) = filter.instrument {
        query = query.filter(questionnaires::instrument.eq(instrument));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(questionnaires::id.lt(after));
    }
    let rows = query
        .order(questionnaires::id.desc())
        .limit(page.rows_to_read())
        .select(Questionnaire::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |q| Position::id(q.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Questionnaire> {
    visible(tx)
        .filter(questionnaires::id.eq(id))
        .select(Questionnaire::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("questionnaire"))
}

/// A form by its id, for those who may see the evaluation that asks for it.
pub async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Questionnaire> {
    Ok(questionnaires::table.find(id).select(Questionnaire::as_select()).first(tx.conn()).await?)
}

/// Id and items of the newest revision of a shipped form; an own form that bore its code before is none.
pub async fn newest(tx: &mut Tx<'_>, code: &str, instrument: Instrument) -> Result<Option<(Uuid, Items)>> {
    Ok(questionnaires::table
        .filter(questionnaires::code.eq(code))
        .filter(questionnaires::instrument.eq(instrument))
        .order(questionnaires::revision.desc())
        .select((questionnaires::id, questionnaires::items))
        .first(tx.conn())
        .await
        .optional()?)
}

/// The highest revision of a code; none of a new one.
pub async fn highest_revision(tx: &mut Tx<'_>, code: &str) -> Result<Option<i32>> {
    Ok(questionnaires::table
        .filter(questionnaires::code.eq(code))
        .select(max(questionnaires::revision))
        .first(tx.conn())
        .await?)
}

/// What the forms of a course are made of.
pub async fn taught(tx: &mut Tx<'_>, id: Uuid) -> Result<Taught> {
    let (code, title, behaviours) = courses::table
        .find(id)
        .select((courses::code, courses::title, courses::behaviours))
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("course"))?;
    Ok(Taught { id, code, title, behaviours })
}

/// Ids of the newest tests of some courses, by code.
pub async fn tests(tx: &mut Tx<'_>, course_ids: &[Uuid]) -> Result<Vec<(Uuid, String, Uuid)>> {
    Ok(questionnaires::table
        .filter(questionnaires::instrument.eq(Instrument::Knowledge))
        .filter(questionnaires::course_id.eq_any(course_ids))
        .distinct_on(questionnaires::code)
        .order((questionnaires::code, questionnaires::revision.desc()))
        .select((questionnaires::course_id.assume_not_null(), questionnaires::code, questionnaires::id))
        .load(tx.conn())
        .await?)
}

pub async fn insert(tx: &mut Tx<'_>, draft: Draft) -> Result<Questionnaire> {
    let (id, now, instrument) = (tx.new_id(), tx.now, draft.instrument());
    Ok(diesel::insert_into(questionnaires::table)
        .values((
            questionnaires::id.eq(id),
            questionnaires::code.eq(draft.code),
            questionnaires::revision.eq(draft.revision),
            questionnaires::title.eq(draft.title),
            questionnaires::title_en.eq(draft.title_en),
            questionnaires::introduction.eq(draft.introduction),
            questionnaires::level.eq(draft.level),
            questionnaires::audience.eq(draft.audience),
            questionnaires::course_id.eq(draft.course_id),
            questionnaires::is_anonymous.eq(draft.is_anonymous),
            questionnaires::instrument.eq(instrument),
            questionnaires::legal_basis.eq(draft.legal_basis),
            questionnaires::max_blank_percent.eq(draft.max_blank_percent),
            questionnaires::items.eq(Items(draft.items)),
            questionnaires::created_at.eq(now),
        ))
        .returning(Questionnaire::as_returning())
        .get_result(tx.conn())
        .await?)
}
