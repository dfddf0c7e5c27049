use uuid::Uuid;

use super::model::{AnswerBatch, RespondentGroup, Task};
use super::queries::{self, Filter};
use super::waiting;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evaluation::questionnaires::{self, Answer, Questionnaire};
use crate::page::{Page, PageRequest};
use crate::tokens::Keys;

/// One page of evaluations.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Task>> {
    queries::list(tx, filter, page).await
}

/// One evaluation with its form, and with the answers for who gave them: a supervisor's rating of one person is
/// nobody else's to read (an anonymous answer nobody's at all).
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<(Task, Questionnaire, Option<Vec<Answer>>)> {
    let task = queries::get(tx, id).await?;
    let form = questionnaires::find(tx, task.evaluation.questionnaire_id).await?;
    let answers = if tx.actor.employee_id == Some(task.evaluation.respondent_id) {
        queries::answers(tx, id).await?
    } else {
        None
    };
    Ok((task, form, answers))
}

/// Whether an evaluation's answers are anonymous.
///
/// # Errors
/// As [`get`].
pub async fn is_anonymous(tx: &mut Tx<'_>, id: Uuid) -> Result<bool> {
    queries::is_anonymous(tx, id).await
}

/// Answer an evaluation, once, in its window.
///
/// A named answer is stored with its score and published as an event. An anonymous one leaves no event, no time and no
/// trace of who gave it: the task's fate changes, and the answer waits, sealed by `keys`.
///
/// # Errors
/// [`crate::error::Rule::EvaluationNotOpen`] outside the window and for a second answer; [`Error::Invalid`] with
/// every answer that does not fit the form.
pub async fn answer(tx: &mut Tx<'_>, keys: &Keys, id: Uuid, answers: Vec<Answer>) -> Result<Task> {
    queries::lock(tx, id).await?;
    let task = queries::get(tx, id).await?;
    let evaluation = &task.evaluation;
    tx.matches(evaluation.version)?;
    evaluation.answerable(tx.today())?;
    let form = questionnaires::find(tx, evaluation.questionnaire_id).await?;
    let answers = questionnaires::fitting(&form.items.0, &answers)?;
    let answered = if form.is_anonymous {
        let batch = AnswerBatch {
            offering_id: evaluation.offering_id,
            questionnaire_id: form.id,
            phase: evaluation.phase,
            group: RespondentGroup::Learner,
        };
        let answered = queries::mark_answered_without_time(tx, id).await?;
        waiting::keep_anonymous(tx, keys, batch, &form, &answers).await?;
        answered
    } else {
        let score = form.scoring().score(&answers);
        let answered = queries::mark_answered(tx, id).await?;
        let stored = serde_json::to_value(&answers).map_err(Error::internal)?;
        queries::insert_response(tx, id, stored, score).await?;
        tx.emit(
            "evaluation.answered",
            id,
            &serde_json::json!({"offering_id": evaluation.offering_id, "phase": evaluation.phase}),
        );
        answered
    };
    Ok(Task { evaluation: answered, ..task })
}

/// Excuse someone from an evaluation that is not answered.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] once it is answered or excused.
pub async fn excuse(tx: &mut Tx<'_>, id: Uuid, reason: String) -> Result<Task> {
    queries::lock(tx, id).await?;
    let task = queries::get(tx, id).await?;
    tx.matches(task.evaluation.version)?;
    task.evaluation.excusable(tx.today())?;
    let excused = queries::excuse(tx, id, reason).await?;
    tx.emit(
        "evaluation.excused",
        id,
        &serde_json::json!({"offering_id": excused.offering_id, "phase": excused.phase}),
    );
    Ok(Task { evaluation: excused, ..task })
}
