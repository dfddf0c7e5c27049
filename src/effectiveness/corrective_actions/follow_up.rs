//! What an action was opened for, and what the next run of the course came to: read from what was released, through the
//! gates of every report, so that an action shows nothing that the reports do not.

use std::collections::HashMap;

use uuid::Uuid;

use super::model::{Cause, CorrectiveAction, Run};
use super::queries;
use crate::db::Tx;
use crate::effectiveness::measures::Measure;
use crate::effectiveness::measures::behaviour::{Floor, headline};
use crate::effectiveness::measures::reaction::reaction;
use crate::effectiveness::release::{Released, released};
use crate::error::Result;
use statistics::{Figure, set_against};

/// What the next run came to.
#[derive(Debug, Clone, Copy)]
pub struct Followed {
    pub offering_id: Uuid,
    pub value: Figure,
    /// The next run's figure minus the one the action was opened for.
    pub change: Figure,
}

/// An action with its figures.
#[derive(Debug, Clone)]
pub struct Detailed {
    pub action: CorrectiveAction,
    /// What it was opened for; none for a finding of the ministry.
    pub measured: Option<Figure>,
    /// None until the next run is released.
    pub followed_by: Option<Followed>,
}

/// One action with its figures.
pub async fn one(tx: &mut Tx<'_>, action: CorrectiveAction) -> Result<Detailed> {
    let mut all = detailed(tx, vec![action.clone()]).await?;
    Ok(all.pop().unwrap_or(Detailed { action, measured: None, followed_by: None }))
}

/// Actions with their figures, in two queries however many they are.
pub async fn detailed(tx: &mut Tx<'_>, actions: Vec<CorrectiveAction>) -> Result<Vec<Detailed>> {
    let automatic = |action: &&CorrectiveAction| action.cause.measure().is_some();
    let courses: Vec<Uuid> = actions.iter().filter(automatic).map(|action| action.course_id).collect();
    let runs = if courses.is_empty() { Vec::new() } else { queries::runs(tx, &courses).await? };
    let next: HashMap<Uuid, Uuid> =
        actions.iter().filter_map(|action| Some((action.id, next_run(action, &runs)?))).collect();
    let own = actions.iter().filter(automatic).filter_map(|action| action.offering_id);
    let offerings: Vec<Uuid> = own.chain(next.values().copied()).collect();
    let today = tx.today();
    let known = if offerings.is_empty() {
        HashMap::new()
    } else {
        released(tx, today, &offerings, &Cause::MEASURES).await?
    };
    let found = |action: CorrectiveAction| {
        let figure = |offering| figure(action.cause, known.get(&offering)?);
        let measured = action.offering_id.and_then(figure);
        let followed_by = next.get(&action.id).and_then(|offering| {
            let (before, after) = measured.zip(figure(*offering))?;
            Some(Followed { offering_id: *offering, value: after, change: set_against(&before, &after) })
        });
        Detailed { measured, followed_by, action }
    };
    Ok(actions.into_iter().map(found).collect())
}

/// The first run of the course, by the same institute, that began after the action's own was over and whose figure is
/// there. Runs come in order of time.
fn next_run(action: &CorrectiveAction, runs: &[Run]) -> Option<Uuid> {
    let (measure, offering) = action.cause.measure().zip(action.offering_id)?;
    let own = runs.iter().find(|run| run.offering_id == offering)?;
    let follows = |run: &&Run| {
        run.measure == measure
            && run.course_id == action.course_id
            && run.institute_id == action.institute_id
            && run.first > own.last
    };
    runs.iter().find(follows).map(|run| run.offering_id)
}

/// The figure that a cause is about, as the report on the offering shows it.
fn figure(cause: Cause, released: &Released) -> Option<Figure> {
    match cause {
        Cause::Finding => None,
        Cause::ReactionUnderLimit => {
            released.reaction.as_ref().map(|tally| reaction(std::slice::from_ref(tally)).mean)
        }
        Cause::BehaviourWorse => {
            let sums = released.sums.get(&Measure::ThreeMonths)?;
            Some(headline(&sums.clone().alone(), Floor::Standard))
        }
    }
}
