use std::collections::HashMap;

use uuid::Uuid;

use super::super::model::{By, Request};
use super::super::queries;
use super::super::service::effectiveness;
use super::model::{Exported, Part, ReportRows};
use crate::db::Tx;
use crate::effectiveness::measures::{Measure, Rows};
use crate::effectiveness::release::{Released, released};
use crate::error::{Error, Result};
use crate::page::PageRequest;

/// The rows behind the report of one subject; the audit log keeps who read them.
///
/// # Errors
/// Not found for an id outside the caller's reach; a day to come.
pub async fn rows(tx: &mut Tx<'_>, request: &Request) -> Result<ReportRows> {
    let mut reports = effectiveness(tx, request, &PageRequest::default()).await?;
    let report = reports.items.pop().ok_or(Error::NotFound(request.by.name()))?;
    let links = queries::links(tx, request.by, vec![report.subject.key()]).await?;
    let ended = queries::offerings_of(tx, request, &links).await?;
    let ids: Vec<Uuid> = ended.into_iter().map(|offering| offering.id).collect();
    let released = released(tx, request.as_of, &ids, &Measure::OF_PEOPLE).await?;
    let mut rows = queries::released_rows(tx, request.as_of, &ids).await?;
    let mut parts = |measure| parts(request.by, measure, &ids, &released, &mut rows);
    let levels = request.follow_up.tells_levels();
    let mut behaviour = Exported::of(&report.behaviour.figures, &parts(request.follow_up.measure()), levels);
    if !tx.reach.all {
        behaviour.raters = [None; 2];
    }
    let scores = Exported::of(&report.work_score.figures, &parts(Measure::WorkScore), true);
    let work_score = tx.reach.all.then_some(scores);
    let what = format!(
        "by={} as_of={} phase={}",
        request.by.name(),
        request.as_of,
        request.follow_up.measure().name()
    );
    tx.note_read("effectiveness.rows_read", request.id.unwrap_or_default(), &what);
    Ok(ReportRows { report, behaviour, work_score })
}

/// What each offering put into the subject's figures, by the same rule as the report.
fn parts(
    by: By,
    measure: Measure,
    ids: &[Uuid],
    released: &HashMap<Uuid, Released>,
    rows: &mut HashMap<(Uuid, Measure), Rows>,
) -> Vec<Part> {
    let part = |id: &Uuid| {
        let sums = released.get(id)?.counted_in(measure, by == By::Offering)?;
        Some(Part { offering_id: *id, sums, rows: rows.remove(&(*id, measure)) })
    };
    ids.iter().filter_map(part).collect()
}
