//! Forms of second raters, who rate somebody's work beside the supervisor.
//!
//! They follow the supervisor's forms about the same person: one for each that can still be answered, with the same questions
//! in the same window. What moves, waits or ends because of the offering or the participant does so for both alike; who
//! heads a unit does not matter here.

use serde_json::json;
use uuid::Uuid;

use super::events::announce;
use super::queries;
use crate::db::Tx;
use crate::error::Result;

/// Bring the forms of second raters in line with who is named, of all participants or of one: end choices that no longer
/// hold, take back what is not owed any more, hand over, and hand out. The offering of each new form.
///
/// # Errors
/// When the database cannot be reached.
pub async fn follow(tx: &mut Tx<'_>, of: Option<Uuid>) -> Result<Vec<Uuid>> {
    let since = queries::oldest(tx.today());
    if of.is_none() {
        queries::carry_on(tx, since).await?;
    }
    let named = queries::facts_of_named(tx, of, since).await?;
    let units = queries::units_above(tx, named.iter().map(|facts| facts.unit_id).collect()).await?;
    for facts in &named {
        let Some(ended) = facts.ended(units.supervisor(facts.unit_id, facts.subject_id)) else { continue };
        if queries::end_choice(tx, facts, ended).await? {
            // Why is left out: not everybody who hears of it may know.
            let of = facts.participant_id;
            tx.emit("second_rater.ended", of, &json!({"participant_id": of}));
        }
    }
    queries::excuse_unasked(tx, of).await?;
    queries::hand_over(tx, of).await?;
    queries::revive_second(tx, of).await?;
    queries::insert_second(tx, of).await
}

/// The same for one participant, for whom somebody was just named.
///
/// # Errors
/// When the database cannot be reached.
pub async fn follow_second_rater(tx: &mut Tx<'_>, participant: Uuid) -> Result<()> {
    let new = follow(tx, Some(participant)).await?;
    announce(tx, new);
    Ok(())
}

/// The supervisor of somebody in a unit: the nearest active head who is somebody else.
///
/// # Errors
/// When the database cannot be reached.
pub async fn supervisor_of(tx: &mut Tx<'_>, unit: Uuid, subject: Uuid) -> Result<Option<Uuid>> {
    Ok(queries::units_above(tx, vec![unit]).await?.supervisor(unit, subject))
}
