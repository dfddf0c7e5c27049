//! Forms that somebody opens for an offering.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::{Phase, SubjectGroup};
use super::events::announce;
use super::plan::Window;
use super::queries::{self, Learner, NewTask};
use crate::catalogue::offerings::Offering;
use crate::db::Tx;
use crate::error::Result;

/// Ask all who take part in an offering now. How many they are.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ask_learners(
    tx: &mut Tx<'_>,
    offering: &Offering,
    questionnaire_id: Uuid,
    (opens_on, due_on): (NaiveDate, NaiveDate),
) -> Result<usize> {
    let task = |learner: Learner| NewTask {
        offering_id: offering.id,
        course_id: offering.course_id,
        questionnaire_id,
        phase: Phase::OnRequest,
        subject_id: learner.employee_id,
        subject_group: SubjectGroup::Trained,
        participant_id: learner.participant_id,
        unit_id: learner.unit_id,
        respondent_id: learner.employee_id,
        window: Window { opens_on, due_on },
    };
    let tasks: Vec<NewTask> = queries::learners(tx, offering.id).await?.into_iter().map(task).collect();
    let asked = queries::insert(tx, &tasks).await?;
    announce(tx, tasks.iter().map(|task| task.offering_id));
    Ok(asked)
}
