use chrono::NaiveDate;
use diesel::dsl::not;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, DataRequest, DataRequestKind, DataRequestStatus, New};
use crate::db::Tx;
use crate::db::schema::personal_data_requests;
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};

/// Everybody's for who handles them, one's own otherwise.
fn visible(tx: &Tx<'_>) -> personal_data_requests::BoxedQuery<'static, Pg> {
    let all = personal_data_requests::table.into_boxed();
    if tx.reach.all {
        return all;
    }
    all.filter(personal_data_requests::employee_id.nullable().eq(tx.reach.employee_id))
}

pub struct Filter {
    pub status: Option<DataRequestStatus>,
    pub kind: Option<DataRequestKind>,
    pub overdue: Option<bool>,
    pub employee_id: Option<Uuid>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<DataRequest>> {
    use personal_data_requests as t;
    let today: NaiveDate = tx.today();
    let mut query = visible(tx);
    if let Some(status) = filter.status {
        query = query.filter(t::status.eq(status));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(t::kind.eq(kind));
    }
    if let Some(employee) = filter.employee_id {
        query = query.filter(t::employee_id.eq(employee));
    }
    if let Some(overdue) = filter.overdue {
        let unacknowledged = t::acknowledged_on.is_null().and(t::acknowledge_by.lt(today));
        let late = t::status.eq_any(DataRequestStatus::OPEN).and(t::due_on.lt(today).or(unacknowledged));
        query = if overdue { query.filter(late) } else { query.filter(not(late)) };
    }
    if let Some(after) = page.after_id() {
        query = query.filter(t::id.lt(after));
    }
    let rows = query
        .order(t::id.desc())
        .limit(page.rows_to_read())
        .select(DataRequest::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |r| Position::id(r.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<DataRequest> {
    visible(tx)
        .filter(personal_data_requests::id.eq(id))
        .select(DataRequest::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("personal data request"))
}

/// Read for a change: whoever else decides it waits, so the state that was read stays true.
pub async fn get_for_change(tx: &mut Tx<'_>, id: Uuid) -> Result<DataRequest> {
    personal_data_requests::table
        .find(id)
        .select(personal_data_requests::id)
        .for_update()
        .first::<Uuid>(tx.conn())
        .await
        .optional()?;
    get(tx, id).await
}

pub async fn insert(tx: &mut Tx<'_>, new: New) -> Result<DataRequest> {
    use personal_data_requests as t;
    let (id, now, actor) = (tx.new_id(), tx.now, tx.actor.id);
    Ok(diesel::insert_into(t::table)
        .values((
            t::id.eq(id),
            t::employee_id.eq(new.employee_id),
            t::kind.eq(new.kind),
            t::details.eq(new.details),
            t::corrections.eq(new.corrections),
            t::status.eq(DataRequestStatus::Received),
            t::received_on.eq(new.received_on),
            t::recorded_by.eq(actor),
            t::asked_by_person.eq(new.asked_by_person),
            t::acknowledge_by.eq(new.acknowledge_by),
            t::due_on.eq(new.kind.due_on(new.received_on)),
            t::created_at.eq(now),
            t::updated_at.eq(now),
        ))
        .returning(DataRequest::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Change a request that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, request: &DataRequest, change: Change) -> Result<DataRequest> {
    use personal_data_requests as t;
    let now = tx.now;
    diesel::update(t::table.filter(t::id.eq(request.id)).filter(t::version.eq(request.version)))
        .set((change, t::version.eq(request.version + 1), t::updated_at.eq(now)))
        .returning(DataRequest::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?
        .ok_or(Error::Stale)
}
