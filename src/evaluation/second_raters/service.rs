use serde_json::json;
use uuid::Uuid;

use super::model::{Choice, Named, Participant, RATER, Relation, SecondRater, Sight};
use super::queries;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evaluation::evaluations::{facts_of_rater, follow_second_rater, supervisor_of};
use crate::version::Expected;

/// Who rates a participant's work beside the supervisor.
///
/// # Errors
/// Not found outside the caller's reach, and of the caller's own work: people do not learn who rates them.
pub async fn get(tx: &mut Tx<'_>, participant_id: Uuid) -> Result<SecondRater> {
    let participant = queries::participant(tx, participant_id).await?;
    if tx.actor.is_about_oneself(participant.employee_id) {
        return Err(Error::NotFound("participant"));
    }
    let choice = queries::choice(tx, participant_id).await?;
    detailed(tx, participant_id, choice).await
}

/// Name who rates beside the supervisor, in place of who was named before.
///
/// # Errors
/// Not found outside the caller's reach; [`Error::Stale`]; [`crate::error::Rule::SecondRaterNotPossible`];
/// [`Error::Invalid`] for somebody who cannot rate.
pub async fn name(
    tx: &mut Tx<'_>,
    participant_id: Uuid,
    expected: &Expected,
    (employee_id, relation): (Uuid, Relation),
) -> Result<SecondRater> {
    let participant = held(tx, participant_id, expected).await?;
    participant.check(tx.today())?;
    let facts = facts_of_rater(tx, (participant.id, participant.unit_id), employee_id).await?;
    let facts = facts.ok_or_else(|| Error::field(RATER, "rater_unfit"))?;
    let supervisor = supervisor_of(tx, participant.unit_id, participant.employee_id).await?;
    let name = queries::name_within_reach(tx, employee_id).await?;
    facts.check(supervisor, Sight::of(tx.reach.all, name.is_some()))?;
    queries::keep(tx, &participant, Some((employee_id, relation))).await?;
    follow_second_rater(tx, participant_id).await?;
    let data = json!({"participant_id": participant_id, "employee_id": employee_id, "relation": relation});
    tx.emit("second_rater.named", participant_id, &data);
    get(tx, participant_id).await
}

/// Take the choice back: forms that are not answered are not owed any more.
///
/// # Errors
/// Not found outside the caller's reach, and where nobody is named; [`Error::Stale`];
/// [`crate::error::Rule::SecondRaterNotPossible`] about the caller's own work.
pub async fn remove(tx: &mut Tx<'_>, participant_id: Uuid, expected: &Expected) -> Result<()> {
    let participant = held(tx, participant_id, expected).await?;
    let choice = queries::choice(tx, participant_id).await?;
    choice.and_then(|choice| choice.employee_id).ok_or(Error::NotFound("second_rater"))?;
    queries::keep(tx, &participant, None).await?;
    follow_second_rater(tx, participant_id).await?;
    tx.emit("second_rater.removed", participant_id, &json!({"participant_id": participant_id}));
    Ok(())
}

/// A participant other than the caller, once everybody else is done with the choice.
async fn held(tx: &mut Tx<'_>, participant_id: Uuid, expected: &Expected) -> Result<Participant> {
    queries::participant(tx, participant_id).await?.refuse_own(tx.actor)?;
    queries::lock(tx, participant_id).await?;
    let choice = queries::choice(tx, participant_id).await?;
    expected.check(choice.map_or(0, |choice| choice.version))?;
    queries::participant(tx, participant_id).await
}

async fn detailed(tx: &mut Tx<'_>, participant_id: Uuid, choice: Option<Choice>) -> Result<SecondRater> {
    let version = choice.as_ref().map_or(0, |choice| choice.version);
    let named = match choice {
        Some(Choice { employee_id: Some(employee_id), relation: Some(relation), ended, .. }) => {
            let full_name = queries::name_within_reach(tx, employee_id).await?;
            Some(Named {
                sight: Sight::of(tx.reach.all, full_name.is_some()),
                phases: queries::phases(tx, participant_id, employee_id).await?,
                employee_id,
                full_name,
                relation,
                ended,
            })
        }
        _ => None,
    };
    Ok(SecondRater { participant_id, named, version })
}
