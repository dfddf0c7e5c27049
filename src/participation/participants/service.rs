use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::model::{Mark, Outside, RosterLine, Score, consistent_marks, consistent_scores};
use super::queries::{self, Filter};
use crate::catalogue::offerings::lock_seats;
use crate::db::Tx;
use crate::error::{Error, Result, Rule};
use crate::page::{Page, PageRequest};

/// One page of an offering's roster, in the order of enrolment.
///
/// # Errors
/// Not found when the offering lies outside the caller's reach.
pub async fn list(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<RosterLine>> {
    queries::managed_offering(tx, offering_id).await?;
    queries::list(tx, offering_id, filter, page).await
}

/// Record who was there; a repeated record replaces the earlier one. Gives back the attendance of those named.
///
/// # Errors
/// Not found when the offering lies outside the caller's reach; [`Rule::AttendanceOutside`] with what cannot be
/// recorded.
pub async fn record_attendance(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    marks: Vec<Mark>,
) -> Result<Vec<(Uuid, Option<f64>)>> {
    consistent_marks(&marks)?;
    queries::managed_offering(tx, offering_id).await?;
    lock_seats(tx, offering_id).await?;
    let today = tx.today();
    let come: HashMap<Uuid, bool> = queries::sessions_of(tx, offering_id)
        .await?
        .into_iter()
        .map(|(id, half_day)| (id, half_day.date() <= today))
        .collect();
    let mut outside = Outside::default();
    let known = queries::statuses(tx, offering_id).await?;
    outside.participants(marks.iter().map(|m| m.participant_id), &known);
    outside.sessions(marks.iter().map(|m| m.session_id), &come);
    refuse(&outside)?;
    queries::record_attendance(tx, &marks).await?;
    queries::recompute_attendance(tx, offering_id, false).await?;
    tx.emit("attendance.recorded", offering_id, &json!({"records": marks.len()}));
    let named: Vec<Uuid> = marks.iter().map(|m| m.participant_id).collect();
    queries::percentages(tx, &named).await
}

/// Record what participants reached; a repeated assessment replaces the earlier one.
///
/// # Errors
/// As [`record_attendance`].
pub async fn record_results(tx: &mut Tx<'_>, offering_id: Uuid, scores: Vec<Score>) -> Result<usize> {
    consistent_scores(&scores)?;
    queries::managed_offering(tx, offering_id).await?;
    lock_seats(tx, offering_id).await?;
    let mut outside = Outside::default();
    let known = queries::statuses(tx, offering_id).await?;
    outside.participants(scores.iter().map(|s| s.participant_id), &known);
    refuse(&outside)?;
    queries::record_results(tx, &scores).await?;
    tx.emit("results.recorded", offering_id, &json!({"records": scores.len()}));
    Ok(scores.len())
}

fn refuse(outside: &Outside) -> Result<()> {
    if outside.is_empty() { Ok(()) } else { Err(Error::refused(Rule::AttendanceOutside, outside)) }
}
