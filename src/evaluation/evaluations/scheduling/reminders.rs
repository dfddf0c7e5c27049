//! Reminders: the respondent when half of a window has passed, the respondent's superior three days before its end.
//!
//! Each happens once for a window, on whichever replica comes first: what is done is marked in the same unit of work in
//! which the event is written. The service sends nothing itself; portals read the events.
//!
//! That an anonymous form is pending is known, so its owner may be reminded. When it was answered is not: the mark goes
//! with the answer, and no superior is informed.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::queries;
use crate::db::Tx;
use crate::error::Result;

/// Remind respondents, and inform superiors.
///
/// # Errors
/// When the database cannot be reached.
pub async fn remind(tx: &mut Tx<'_>) -> Result<()> {
    escalate(tx).await?;
    let mut by_respondent: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for task in queries::remind(tx).await? {
        by_respondent.entry(task.respondent_id).or_default().push(task.id);
    }
    for (respondent, mut tasks) in by_respondent {
        tasks.sort_unstable();
        let data = json!({"respondent_id": respondent, "evaluation_ids": tasks});
        tx.emit("evaluation.reminded", respondent, &data);
    }
    Ok(())
}

/// A form whose respondent has no active head above is not escalated.
async fn escalate(tx: &mut Tx<'_>) -> Result<()> {
    let overdue = queries::overdue(tx).await?;
    if overdue.is_empty() {
        return Ok(());
    }
    let units = queries::units_above(tx, overdue.iter().map(|task| task.unit_id).collect()).await?;
    let mut by_respondent: BTreeMap<(Uuid, Uuid), Vec<Uuid>> = BTreeMap::new();
    for task in overdue {
        if let Some(superior) = units.supervisor(task.unit_id, task.respondent_id) {
            by_respondent.entry((task.respondent_id, superior)).or_default().push(task.id);
        }
    }
    for ((respondent, superior), tasks) in by_respondent {
        queries::mark_escalated(tx, &tasks).await?;
        let data = json!({"respondent_id": respondent, "superior_id": superior, "evaluation_ids": tasks});
        tx.emit("evaluation.escalated", respondent, &data);
    }
    Ok(())
}
