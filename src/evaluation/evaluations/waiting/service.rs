use uuid::Uuid;

use super::super::model::{AnswerBatch, Phase};
use super::super::queries as responses;
use super::model::Contents;
use super::queries;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evaluation::questionnaires::{Answer, Questionnaire};
use crate::tokens::Keys;

/// Under this lock answers are written and texts in them are replaced: an erasure must not miss an answer on its way.
const LOCK: &str = "anonymous answers";

/// Keep an answer that fits its form without saying whose it is or when it came: sealed, until the form is over.
///
/// # Errors
/// When the database cannot be reached.
pub async fn keep_anonymous(
    tx: &mut Tx<'_>,
    keys: &Keys,
    batch: AnswerBatch,
    form: &Questionnaire,
    answers: &[Answer],
) -> Result<()> {
    let stored = serde_json::to_value(answers).map_err(Error::internal)?;
    let contents = Contents::new(stored, form.scoring().score(answers));
    queries::insert(tx, batch, contents.sealed(keys.seals(), batch)?).await
}

/// Where answers wait to a form that can no longer be answered.
///
/// # Errors
/// When the database cannot be reached.
pub async fn closed(tx: &mut Tx<'_>) -> Result<Vec<AnswerBatch>> {
    queries::closed(tx).await
}

/// Open the answers that wait in a place, and write them among those that are stored there, all anew, under new ids and
/// in their order. Those that cannot be opened stay: so many.
///
/// Replicas take turns, so each answer is written once.
///
/// # Errors
/// [`Error::Unavailable`] when the turn does not come in time.
pub async fn write_down(tx: &mut Tx<'_>, keys: &Keys, batch: AnswerBatch) -> Result<usize> {
    tx.lock(LOCK).await?;
    let waiting = queries::sealed(tx, batch).await?;
    let all = waiting.len();
    let (mut ids, mut answers) = (Vec::new(), Vec::new());
    for (id, sealed) in waiting {
        if let Some(contents) = Contents::opened(keys.seals(), batch, &sealed) {
            ids.push(id);
            answers.push((contents.score(), contents.answers));
        }
    }
    if !ids.is_empty() {
        queries::delete(tx, &ids).await?;
        let answers = answers.into_iter().map(|(score, answers)| (answers, score)).collect();
        responses::shuffle_in(tx, batch, answers).await?;
    }
    Ok(all - ids.len())
}

/// As [`write_down`], what waits of an offering and a phase: for a release, which comes after at most sixty days even
/// where a leave has put somebody's window off further.
///
/// # Errors
/// As [`write_down`].
pub async fn write_down_of(tx: &mut Tx<'_>, keys: &Keys, offering_id: Uuid, phase: Phase) -> Result<usize> {
    let mut unread = 0;
    for batch in queries::of_phase(tx, offering_id, phase).await? {
        unread += write_down(tx, keys, batch).await?;
    }
    Ok(unread)
}

/// Whether answers to a form of an offering wait to be written.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_waiting(tx: &mut Tx<'_>, offering_id: Uuid, questionnaire_id: Uuid) -> Result<bool> {
    queries::is_waiting(tx, offering_id, questionnaire_id).await
}

/// Put a mark in the place of texts wherever they occur in answers that wait. None are written until this unit of work
/// ends, so that texts can be replaced in those that are, too.
///
/// # Errors
/// [`Error::Unavailable`] when the turn does not come in time.
pub async fn erase_text(tx: &mut Tx<'_>, keys: &Keys, texts: &[String], mark: &str) -> Result<()> {
    tx.lock(LOCK).await?;
    let mut after = Uuid::nil();
    loop {
        let chunk = queries::sealed_after(tx, after).await?;
        let Some(((last, _), _)) = chunk.last() else { return Ok(()) };
        after = *last;
        for ((id, sealed), batch) in chunk {
            let Some(written) = Contents::opened(keys.seals(), batch, &sealed) else { continue };
            let mut contents = written.clone();
            for text in texts {
                contents = contents.without(text, mark)?.unwrap_or(contents);
            }
            if contents != written {
                queries::replace(tx, id, contents.sealed(keys.seals(), batch)?).await?;
            }
        }
    }
}
