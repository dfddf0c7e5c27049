use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{ActionStatus, Cause, CorrectiveAction, Draft, Run};
use crate::catalogue::offerings::not_cancelled;
use crate::clock::first_moment;
use crate::db::Tx;
use crate::db::schema::{corrective_actions, offering_rollups, offerings};
use crate::effectiveness::measures::Measure;
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};

/// The ministry sees all, an institute its own.
fn visible(tx: &Tx<'_>) -> corrective_actions::BoxedQuery<'static, Pg> {
    let all = corrective_actions::table.into_boxed();
    if tx.reach.all {
        all
    } else {
        all.filter(corrective_actions::institute_id.nullable().eq(tx.reach.institute_id))
    }
}

pub struct Filter {
    pub institute_id: Option<Uuid>,
    pub course_id: Option<Uuid>,
    pub status: Option<ActionStatus>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<CorrectiveAction>> {
    let mut query = visible(tx);
    if let Some(institute) = filter.institute_id {
        query = query.filter(corrective_actions::institute_id.eq(institute));
    }
    if let Some(course) = filter.course_id {
        query = query.filter(corrective_actions::course_id.eq(course));
    }
    if let Some(status) = filter.status {
        query = query.filter(corrective_actions::status.eq(status));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(corrective_actions::id.lt(after));
    }
    let rows = query
        .order(corrective_actions::id.desc())
        .limit(page.rows_to_read())
        .select(CorrectiveAction::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |a| Position::id(a.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<CorrectiveAction> {
    visible(tx)
        .filter(corrective_actions::id.eq(id))
        .select(CorrectiveAction::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("corrective action"))
}

/// All that were opened by the end of a day, of every institute.
pub async fn opened_by(tx: &mut Tx<'_>, day: NaiveDate) -> Result<Vec<CorrectiveAction>> {
    let over = first_moment(day + Days::new(1));
    Ok(corrective_actions::table
        .filter(corrective_actions::created_at.lt(over))
        .select(CorrectiveAction::as_select())
        .load(tx.conn())
        .await?)
}

/// Keep a new one; none where the service has opened one for the same cause and offering before.
pub async fn insert(
    tx: &mut Tx<'_>,
    draft: Draft,
    course_id: Uuid,
    institute_id: Uuid,
    cause: Cause,
) -> Result<Option<CorrectiveAction>> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(corrective_actions::table)
        .values((
            corrective_actions::id.eq(id),
            corrective_actions::institute_id.eq(institute_id),
            corrective_actions::course_id.eq(course_id),
            corrective_actions::offering_id.eq(draft.offering_id),
            corrective_actions::finding.eq(draft.finding),
            corrective_actions::cause.eq(cause),
            corrective_actions::limit_value.eq(cause.limit()),
            corrective_actions::status.eq(ActionStatus::Open),
            corrective_actions::reply_due_on.eq(draft.reply_due_on),
            corrective_actions::created_at.eq(now),
            corrective_actions::updated_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .returning(CorrectiveAction::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?)
}

/// Hold one until the unit of work ends, so that it takes one step at a time.
pub async fn lock(tx: &mut Tx<'_>, id: Uuid) -> Result<()> {
    corrective_actions::table
        .find(id)
        .select(corrective_actions::id)
        .for_update()
        .first::<Uuid>(tx.conn())
        .await
        .optional()?;
    Ok(())
}

/// What a step changes; what is `None` stays.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = corrective_actions)]
pub struct Change {
    pub reply: Option<String>,
    pub action: Option<String>,
    pub action_owner: Option<String>,
    pub action_due_on: Option<NaiveDate>,
    pub replied_at: Option<DateTime<Utc>>,
    pub dispute: Option<String>,
    pub disputed_at: Option<DateTime<Utc>>,
    pub decision_reason: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub reply_due_on: Option<NaiveDate>,
}

/// Store a step of one that is held by [`lock`].
pub async fn update(
    tx: &mut Tx<'_>,
    action: &CorrectiveAction,
    to: ActionStatus,
    change: Change,
) -> Result<CorrectiveAction> {
    let now = tx.now;
    Ok(diesel::update(corrective_actions::table.find(action.id))
        .set((
            change,
            corrective_actions::status.eq(to),
            corrective_actions::version.eq(action.version + 1),
            corrective_actions::updated_at.eq(now),
        ))
        .returning(CorrectiveAction::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Runs of some courses of which a measure was released, in order of time.
pub async fn runs(tx: &mut Tx<'_>, course_ids: &[Uuid]) -> Result<Vec<Run>> {
    let today = tx.today();
    let rows: Vec<(Uuid, Uuid, Uuid, i32, i32, Measure)> = offering_rollups::table
        .inner_join(offerings::table)
        .filter(offerings::course_id.eq_any(course_ids))
        .filter(not_cancelled())
        .filter(offering_rollups::released_on.le(today))
        .filter(offering_rollups::revision.eq(1))
        .order((offerings::first_half_day, offerings::id))
        .select((
            offerings::id,
            offerings::course_id,
            offerings::institute_id,
            offerings::first_half_day,
            offerings::last_half_day,
            offering_rollups::measure,
        ))
        .load(tx.conn())
        .await?;
    let run = |(offering_id, course_id, institute_id, first, last, measure)| Run {
        offering_id,
        course_id,
        institute_id,
        first,
        last,
        measure,
    };
    Ok(rows.into_iter().map(run).collect())
}
