use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{Filter, SecurityEvent};
use crate::db::Tx;
use crate::db::schema::security_events::{self, dsl};
use crate::error::Result;
use crate::page::{Page, PageRequest, Position};

/// Who may read them reads them all.
fn visible(tx: &Tx<'_>) -> security_events::BoxedQuery<'static, diesel::pg::Pg> {
    let all = security_events::table.into_boxed();
    if tx.reach.all { all } else { all.filter(dsl::account_id.eq(tx.actor.id)) }
}

pub async fn list(tx: &mut Tx<'_>, filter: Filter, page: &PageRequest) -> Result<Page<SecurityEvent>> {
    let mut query = visible(tx);
    if let Some(kind) = filter.kind {
        query = query.filter(dsl::kind.eq(kind));
    }
    if let Some(account_id) = filter.account_id {
        query = query.filter(dsl::account_id.eq(account_id));
    }
    if let Some(from) = filter.from {
        query = query.filter(dsl::minute.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(dsl::minute.lt(to));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(dsl::id.lt(after));
    }
    let rows = query
        .order(dsl::id.desc())
        .limit(page.rows_to_read())
        .select(SecurityEvent::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |event| Position::id(event.id)))
}
