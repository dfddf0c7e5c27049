use diesel::dsl::{InnerJoin, IntoBoxed};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Draft, LineDraft, Plan, PlanLine, PlanStatus};
use crate::db::schema::{employees, training_plan_lines, training_plans, unit_ancestors};
use crate::db::{Tx, search_finds, search_words};
use crate::error::{Error, Result};
use crate::organisation::units;
use crate::page::{Page, PageRequest, Position};
use crate::text;

type Lines = IntoBoxed<'static, InnerJoin<training_plan_lines::table, training_plans::table>, Pg>;

/// A plan says nothing of a unit by itself: everybody who may read plans sees all. Its lines are another matter.
fn visible(tx: &Tx<'_>) -> training_plans::BoxedQuery<'static, Pg> {
    let all = training_plans::table.into_boxed();
    let reach = &tx.reach;
    if reach.all || !reach.unit_ids.is_empty() || reach.employee_id.is_some() {
        all
    } else {
        all.filter(false.into_sql::<diesel::sql_types::Bool>())
    }
}

/// A unit head sees the lines of their units and of all below, an employee those of their unit and of all above it.
fn visible_lines(tx: &Tx<'_>) -> Lines {
    use training_plan_lines as line;
    let all = line::table.inner_join(training_plans::table).into_boxed();
    if tx.reach.all {
        return all;
    }
    let own = units::below(tx.reach.unit_ids.clone());
    let employed = unit_ancestors::table
        .filter(
            unit_ancestors::unit_id.eq_any(
                employees::table
                    .filter(employees::id.eq_any(Vec::from_iter(tx.reach.employee_id)))
                    .select(employees::unit_id),
            ),
        )
        .select(unit_ancestors::ancestor_id);
    all.filter(line::unit_id.eq_any(own).or(line::unit_id.eq_any(employed)))
}

pub struct Filter {
    pub q: Option<String>,
    pub year: Option<i32>,
    pub status: Option<PlanStatus>,
}

pub struct LineFilter {
    pub unit_id: Option<Uuid>,
    pub course_id: Option<Uuid>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Plan>> {
    let mut query = visible(tx);
    if let Some(asked) = &filter.q {
        // There is one a year: no column.
        let words = search_words(training_plans::title.nullable(), None::<String>);
        query = query.filter(search_finds(words, text::search_patterns(asked)));
    }
    if let Some(year) = filter.year {
        query = query.filter(training_plans::year.eq(year));
    }
    if let Some(status) = filter.status {
        query = query.filter(training_plans::status.eq(status));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(training_plans::id.lt(after));
    }
    let rows = query
        .order(training_plans::id.desc())
        .limit(page.rows_to_read())
        .select(Plan::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |p| Position::id(p.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Plan> {
    visible(tx)
        .filter(training_plans::id.eq(id))
        .select(Plan::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("training plan"))
}

/// Read for a change: whoever else changes it (or adds a line) waits, so the state that was read stays true.
pub async fn get_for_change(tx: &mut Tx<'_>, id: Uuid) -> Result<Plan> {
    training_plans::table
        .find(id)
        .select(training_plans::id)
        .for_update()
        .first::<Uuid>(tx.conn())
        .await
        .optional()?;
    get(tx, id).await
}

pub async fn insert(tx: &mut Tx<'_>, draft: Draft) -> Result<Plan> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(training_plans::table)
        .values((
            training_plans::id.eq(id),
            training_plans::year.eq(draft.year),
            training_plans::title.eq(draft.title),
            training_plans::status.eq(PlanStatus::Draft),
            training_plans::created_at.eq(now),
            training_plans::updated_at.eq(now),
        ))
        .returning(Plan::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Change a plan that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, plan: &Plan, change: Change) -> Result<Plan> {
    let now = tx.now;
    diesel::update(
        training_plans::table
            .filter(training_plans::id.eq(plan.id))
            .filter(training_plans::version.eq(plan.version)),
    )
    .set((change, training_plans::version.eq(plan.version + 1), training_plans::updated_at.eq(now)))
    .returning(Plan::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}

pub async fn lines(
    tx: &mut Tx<'_>,
    plan_id: Uuid,
    filter: &LineFilter,
    page: &PageRequest,
) -> Result<Page<PlanLine>> {
    use training_plan_lines as line;
    let mut query = visible_lines(tx).filter(line::training_plan_id.eq(plan_id));
    if let Some(unit) = filter.unit_id {
        query = query.filter(line::unit_id.eq(unit));
    }
    if let Some(course) = filter.course_id {
        query = query.filter(line::course_id.eq(course));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(line::id.lt(after));
    }
    let rows = query
        .order(line::id.desc())
        .limit(page.rows_to_read())
        .select(PlanLine::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |l| Position::id(l.id)))
}

pub async fn get_line(tx: &mut Tx<'_>, id: Uuid) -> Result<PlanLine> {
    visible_lines(tx)
        .filter(training_plan_lines::id.eq(id))
        .select(PlanLine::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("training plan line"))
}

pub async fn insert_line(tx: &mut Tx<'_>, plan_id: Uuid, draft: LineDraft) -> Result<PlanLine> {
    use training_plan_lines as line;
    let (id, now) = (tx.new_id(), tx.now);
    diesel::insert_into(line::table)
        .values((
            line::id.eq(id),
            line::training_plan_id.eq(plan_id),
            line::unit_id.eq(draft.unit_id),
            line::course_id.eq(draft.course_id),
            line::quota.eq(draft.quota),
            line::created_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    get_line(tx, id).await
}
