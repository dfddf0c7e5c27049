use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::schema::questionnaires;
use crate::error::Result;
use crate::evaluation::questionnaires::{Instrument, Questionnaire};
use crate::page::{Page, PageRequest, Position};

/// Which questionnaires.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    pub id: Option<Uuid>,
    pub instrument: Option<Instrument>,
    pub course_id: Option<Uuid>,
}

/// Figures of a questionnaire are of all who filled it in, wherever they work: for those only whose reach is everything.
fn visible(tx: &Tx<'_>) -> questionnaires::BoxedQuery<'static, Pg> {
    let all = questionnaires::table.into_boxed();
    if tx.reach.all { all } else { all.filter(false.into_sql::<Bool>()) }
}

/// A page of published versions, the newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Questionnaire>> {
    let mut query = visible(tx);
    if let Some(id) = filter.id {
        query = query.filter(questionnaires::id.eq(id));
    }
    if let Some(instrument) = filter.instrument {
        query = query.filter(questionnaires::instrument.eq(instrument));
    }
    if let Some(course) = filter.course_id {
        query = query.filter(questionnaires::course_id.eq(course));
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
    Ok(Page::cut(rows, page, |form| Position::id(form.id)))
}
