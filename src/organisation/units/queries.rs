use std::collections::HashMap;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Draft, Unit, UnitKind};
use crate::db::schema::{unit_ancestors, units};
use crate::db::{Tx, search_finds};
use crate::error::{Error, Result};
use crate::organisation::reach::below;
use crate::page::{Page, PageRequest, Position};
use crate::text;

/// The structure of the ministry is no secret to those who may read units; changes stay within reach.
fn visible(tx: &Tx<'_>) -> units::BoxedQuery<'static, Pg> {
    let all = units::table.into_boxed();
    if tx.reach.all { all } else { all.filter(units::id.eq_any(below(tx.reach.unit_ids.clone()))) }
}

pub struct Filter {
    pub code: Option<String>,
    pub q: Option<String>,
    pub parent_id: Option<Uuid>,
    pub kind: Option<UnitKind>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Unit>> {
    let mut query = visible(tx);
    if let Some(code) = &filter.code {
        query = query.filter(units::code.eq(code.clone()));
    }
    if let Some(asked) = &filter.q {
        query = query.filter(search_finds(units::search_words, text::search_patterns(asked)));
    }
    if let Some(parent) = filter.parent_id {
        query = query.filter(units::parent_id.eq(parent));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(units::kind.eq(kind));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(units::id.lt(after));
    }
    let rows = query
        .order(units::id.desc())
        .limit(page.rows_to_read())
        .select(Unit::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |u| Position::id(u.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Unit> {
    visible(tx)
        .filter(units::id.eq(id))
        .select(Unit::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("unit"))
}

/// Ids of the units within reach with these codes, for imports.
pub async fn ids_by_code(tx: &mut Tx<'_>, codes: &[&str]) -> Result<HashMap<String, Uuid>> {
    let codes: Vec<String> = codes.iter().map(|c| (*c).to_owned()).collect();
    let rows: Vec<(String, Uuid)> = visible(tx)
        .filter(units::code.eq_any(codes))
        .select((units::code, units::id))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// A unit and everything below, each after the one it belongs to.
pub async fn tree(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<(i32, Unit)>> {
    Ok(unit_ancestors::table
        .inner_join(units::table.on(units::id.eq(unit_ancestors::unit_id)))
        .filter(unit_ancestors::ancestor_id.eq(id))
        .order((unit_ancestors::depth, units::code))
        .select((unit_ancestors::depth, Unit::as_select()))
        .load(tx.conn())
        .await?)
}

pub async fn insert(tx: &mut Tx<'_>, draft: Draft) -> Result<Unit> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(units::table)
        .values((
            units::id.eq(id),
            units::code.eq(draft.code),
            units::name.eq(draft.name),
            units::kind.eq(draft.kind),
            units::parent_id.eq(draft.parent_id),
            units::head_employee_id.eq(draft.head_employee_id),
            units::created_at.eq(now),
            units::updated_at.eq(now),
        ))
        .returning(Unit::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// The units within reach with these codes, by code.
pub async fn by_code(tx: &mut Tx<'_>, codes: &[&str]) -> Result<HashMap<String, Unit>> {
    let codes: Vec<String> = codes.iter().map(|c| (*c).to_owned()).collect();
    let rows: Vec<Unit> =
        visible(tx).filter(units::code.eq_any(codes)).select(Unit::as_select()).load(tx.conn()).await?;
    Ok(rows.into_iter().map(|u| (u.code.clone(), u)).collect())
}

/// Create the units with new codes and replace the others, in one statement. The id counts for new ones only. The
/// trigger that keeps the tree sees the rows in this order: parents come before what is below them.
pub async fn upsert(tx: &mut Tx<'_>, drafts: &[(Uuid, Draft)]) -> Result<()> {
    let now = tx.now;
    let rows: Vec<_> = drafts
        .iter()
        .map(|(id, draft)| {
            (
                units::id.eq(id),
                units::code.eq(&draft.code),
                units::name.eq(&draft.name),
                units::kind.eq(draft.kind),
                units::parent_id.eq(draft.parent_id),
                units::head_employee_id.eq(draft.head_employee_id),
                units::created_at.eq(now),
                units::updated_at.eq(now),
            )
        })
        .collect();
    diesel::insert_into(units::table)
        .values(rows)
        .on_conflict(units::code)
        .do_update()
        .set((
            units::name.eq(excluded(units::name)),
            units::kind.eq(excluded(units::kind)),
            units::parent_id.eq(excluded(units::parent_id)),
            units::head_employee_id.eq(excluded(units::head_employee_id)),
            units::version.eq(units::version + 1),
            units::updated_at.eq(excluded(units::updated_at)),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Change a unit that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, unit: &Unit, change: Change) -> Result<Unit> {
    let now = tx.now;
    diesel::update(units::table.filter(units::id.eq(unit.id)).filter(units::version.eq(unit.version)))
        .set((change, units::version.eq(unit.version + 1), units::updated_at.eq(now)))
        .returning(Unit::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?
        .ok_or(Error::Stale)
}
