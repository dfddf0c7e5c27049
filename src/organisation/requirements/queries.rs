use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Draft, NamedRequirement, Requirement};
use crate::db::Tx;
use crate::db::schema::{competencies, position_requirements};
use crate::error::Result;
use crate::page::{Page, PageRequest, Position};

/// Requirements are as public as their positions. `as_of` is `None` for all that ever were or will be.
pub async fn list(
    tx: &mut Tx<'_>,
    job_position_id: Uuid,
    as_of: Option<NaiveDate>,
    page: &PageRequest,
) -> Result<Page<NamedRequirement>> {
    let mut query = position_requirements::table
        .inner_join(competencies::table)
        .filter(position_requirements::job_position_id.eq(job_position_id))
        .into_boxed();
    if let Some(day) = as_of {
        query = query
            .filter(position_requirements::valid_from.le(day))
            .filter(position_requirements::valid_to.is_null().or(position_requirements::valid_to.gt(day)));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(position_requirements::id.lt(after));
    }
    let rows = query
        .order(position_requirements::id.desc())
        .limit(page.rows_to_read())
        .select(NamedRequirement::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |r| Position::id(r.requirement.id)))
}

/// End the open requirement for a competency that began before a day.
pub async fn end_open(
    tx: &mut Tx<'_>,
    job_position_id: Uuid,
    competency_id: Uuid,
    on: NaiveDate,
) -> Result<Vec<Uuid>> {
    Ok(diesel::update(
        position_requirements::table
            .filter(position_requirements::job_position_id.eq(job_position_id))
            .filter(position_requirements::competency_id.eq(competency_id))
            .filter(position_requirements::valid_to.is_null())
            .filter(position_requirements::valid_from.lt(on)),
    )
    .set(position_requirements::valid_to.eq(on))
    .returning(position_requirements::id)
    .get_results(tx.conn())
    .await?)
}

pub async fn insert(tx: &mut Tx<'_>, job_position_id: Uuid, draft: Draft) -> Result<Requirement> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(position_requirements::table)
        .values((
            position_requirements::id.eq(id),
            position_requirements::job_position_id.eq(job_position_id),
            position_requirements::competency_id.eq(draft.competency_id),
            position_requirements::level.eq(draft.level),
            position_requirements::is_hard.eq(draft.is_hard),
            position_requirements::legal_basis.eq(draft.legal_basis),
            position_requirements::valid_from.eq(draft.valid_from),
            position_requirements::valid_to.eq(draft.valid_to),
            position_requirements::created_at.eq(now),
        ))
        .returning(Requirement::as_returning())
        .get_result(tx.conn())
        .await?)
}
