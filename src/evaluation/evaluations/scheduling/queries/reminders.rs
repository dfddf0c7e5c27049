//! Who has not answered, and whose superior is informed.

use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::super::model::Status;
use super::super::plan::{ESCALATED_BEFORE_DAYS, LONGEST_WINDOW_DAYS};
use crate::clock::first_moment;
use crate::db::Tx;
use crate::db::schema::{employees, evaluations, questionnaires};
use crate::error::Result;

/// A task and who owes it.
#[derive(Debug, QueryableByName)]
pub struct Reminded {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub respondent_id: Uuid,
}

/// Mark, once, the open tasks half of whose window has passed. Only those that are due soon can be: an index by that day
/// finds them.
pub async fn remind(tx: &mut Tx<'_>) -> Result<Vec<Reminded>> {
    let (now, today) = (tx.now, tx.today());
    Ok(diesel::sql_query(
        "UPDATE evaluations SET reminded_at = $1
        WHERE status = 'pending' AND due_on BETWEEN $2 AND $2 + $3 AND opens_on <= $2 AND reminded_at IS NULL
            AND 2 * ($2 - opens_on) >= due_on - opens_on + 1
        RETURNING id, respondent_id",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Date, _>(today)
    .bind::<Integer, _>(LONGEST_WINDOW_DAYS)
    .load(tx.conn())
    .await?)
}

/// A task that is due soon, who owes it, and that person's unit.
#[derive(Debug, Queryable)]
pub struct Overdue {
    pub id: Uuid,
    pub respondent_id: Uuid,
    pub unit_id: Uuid,
}

/// Named forms, reminded of on an earlier day, that are due within three days. Who does not answer an anonymous form is
/// nobody's business.
pub async fn overdue(tx: &mut Tx<'_>) -> Result<Vec<Overdue>> {
    let today = tx.today();
    Ok(evaluations::table
        .inner_join(questionnaires::table)
        .inner_join(employees::table.on(employees::id.eq(evaluations::respondent_id)))
        .filter(evaluations::status.eq(Status::Pending))
        .filter(evaluations::due_on.ge(today))
        .filter(evaluations::due_on.le(today + chrono::Duration::days(ESCALATED_BEFORE_DAYS)))
        .filter(evaluations::opens_on.le(today))
        .filter(evaluations::reminded_at.lt(first_moment(today)))
        .filter(evaluations::escalated_at.is_null())
        .filter(questionnaires::is_anonymous.eq(false))
        .order(evaluations::id)
        .select((evaluations::id, evaluations::respondent_id, employees::unit_id))
        .load(tx.conn())
        .await?)
}

/// Mark tasks as reported to the superior.
pub async fn mark_escalated(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<()> {
    let now = tx.now;
    diesel::update(evaluations::table.filter(evaluations::id.eq_any(ids)))
        .set(evaluations::escalated_at.eq(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}
