use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::model::{BatchRow, NewRating, Rating};
use super::queries::{self, Filter};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::faults::Refused;
use crate::organisation::batch::{RowCode, RowFaults, codes};
use crate::organisation::employees;
use crate::page::{Page, PageRequest};

/// What a batch did: rows that were new, that made a new revision, that were already so.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Counts {
    pub created: usize,
    pub corrected: usize,
    pub unchanged: usize,
}

/// One page of ratings, newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Rating>> {
    queries::list(tx, filter, page).await
}

/// Write ratings; all or nothing, and safe to repeat: what is already so stays, what differs becomes a new revision.
///
/// # Errors
/// [`Error::Invalid`] with every row's faults.
pub async fn push(tx: &mut Tx<'_>, rows: &[BatchRow]) -> Result<Counts> {
    // Batches take turns, so that none misses what another is writing.
    tx.lock("performance ratings batch").await?;
    let people = people(tx, rows).await?;
    let known = current(tx, rows, &people).await?;
    let mut counts = Counts::default();
    let (mut superseded, mut new) = (Vec::new(), Vec::new());
    for row in rows {
        let employee =
            *people.get(&row.employee_code).ok_or_else(|| Error::internal("an employee without id"))?;
        let revision = match known.get(&(employee, row.period_kind, row.period_start)) {
            Some(rating) if rating.is_as(row) => {
                counts.unchanged += 1;
                continue;
            }
            Some(rating) => {
                counts.corrected += 1;
                superseded.push(rating.id);
                rating.revision + 1
            }
            None => {
                counts.created += 1;
                1
            }
        };
        new.push(revise(tx, row, employee, revision)?);
    }
    if !superseded.is_empty() {
        queries::supersede(tx, &superseded).await?;
    }
    if !new.is_empty() {
        queries::insert(tx, &new).await?;
    }
    // One event for the batch: it says how many, and nothing of anybody. Its subject only tells batches apart.
    let batch = tx.new_id();
    tx.emit("ratings.imported", batch, &counts);
    Ok(counts)
}

/// Refuse a batch that cannot be read as it should be, and name the codes in it that are unknown as well.
///
/// # Errors
/// [`Error::Invalid`] always.
pub async fn refuse<T>(tx: &mut Tx<'_>, refused: Refused) -> Result<T> {
    let mut faults = RowFaults::default();
    let named = codes(&refused, "employee_code");
    let known = employees::ids_by_code(tx, &named.iter().map(RowCode::code).collect::<Vec<_>>()).await?;
    faults.refuse_unknown("employee_code", &named, &known);
    faults.refuse(refused)
}

type ByPeriod = HashMap<(Uuid, super::PeriodKind, chrono::NaiveDate), Rating>;

/// Ids of the rated people by code, once every row is as it should be.
async fn people(tx: &mut Tx<'_>, rows: &[BatchRow]) -> Result<HashMap<String, Uuid>> {
    let codes: Vec<&str> = rows.iter().map(|r| r.employee_code.as_str()).collect();
    let people = employees::ids_by_code(tx, &codes).await?;
    let mut faults = RowFaults::default();
    faults.refuse_duplicates(
        "employee_code",
        rows.iter().map(|r| (r.employee_code.as_str(), r.period_kind, r.period_start)),
    );
    for (i, row) in rows.iter().enumerate() {
        if !people.contains_key(&row.employee_code) {
            faults.add(i, "employee_code", "unknown_reference");
        }
        faults.add_all(i, row.faults(tx.today()));
    }
    faults.check()?;
    Ok(people)
}

async fn current(tx: &mut Tx<'_>, rows: &[BatchRow], people: &HashMap<String, Uuid>) -> Result<ByPeriod> {
    let mut starts: Vec<_> = rows.iter().map(|r| r.period_start).collect();
    starts.sort_unstable();
    starts.dedup();
    let known = queries::current(tx, people.values().copied().collect(), starts).await?;
    Ok(known.into_iter().map(|r| ((r.employee_id, r.period_kind, r.period_start), r)).collect())
}

fn revise(tx: &Tx<'_>, row: &BatchRow, employee_id: Uuid, revision: i32) -> Result<NewRating> {
    let period_end =
        row.period_kind.end(row.period_start).ok_or_else(|| Error::internal("a period without end"))?;
    Ok(NewRating {
        id: tx.new_id(),
        employee_id,
        regime: row.regime,
        period_kind: row.period_kind,
        period_start: row.period_start,
        period_end,
        score: row.score,
        common_score: row.common_score,
        task_score: row.task_score,
        class: row.class,
        revision,
        is_current: true,
        created_at: tx.now,
    })
}
