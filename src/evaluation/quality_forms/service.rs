use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::model::{Opening, QualityForm, QualityResult, Said, Stage, Token};
use super::queries;
use crate::catalogue::offerings;
use crate::clock::random_id;
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result};
use crate::evaluation::evaluations::waiting::{self, KEY_PATIENCE};
use crate::evaluation::evaluations::{self, AnswerBatch, Phase, RespondentGroup};
use crate::evaluation::questionnaires::{self, Answer, Questionnaire, quality};
use crate::tokens::Keys;

/// Open a statutory form for an offering: its learners find it among their evaluations, each of its lecturers gets a
/// token, which is shown here. It must not reach the institute that is judged: see [`issue`].
///
/// # Errors
/// Not found outside the caller's reach; [`crate::error::Rule::WrongState`] of an offering that does not take place,
/// [`crate::error::Rule::OfferingNotOver`] before its last session; [`crate::error::Rule::QualityFormExists`] for the
/// same form a second time; [`Error::Invalid`] for a window that makes no sense or a form that is not statutory.
pub async fn open(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    opening: Opening,
) -> Result<(QualityForm, usize, Vec<Token>)> {
    let offering = offerings::find_visible(tx, offering_id).await?;
    opening.check(tx.today())?;
    opening.check_offering(offering.status, offering.last_day())?;
    let asked = questionnaires::ensure_statutory(tx, &opening.questionnaire_code).await;
    let questionnaire_id = asked.referenced_at("/questionnaire_code")?;
    let tokens = tokens(queries::teaching(tx, offering_id).await?);
    let form = queries::insert(tx, offering_id, questionnaire_id, &opening, tokens.len()).await?;
    queries::insert_tokens(tx, form.id, &tokens, hash).await?;
    let window = (opening.opens_on, opening.due_on);
    let learners = evaluations::ask_learners(tx, &offering, questionnaire_id, window).await?;
    tx.emit(
        "quality_form.opened",
        form.id,
        &json!({"offering_id": offering_id, "questionnaire_id": questionnaire_id, "opens_on": form.opens_on,
            "due_on": form.due_on}),
    );
    Ok((form, learners, tokens))
}

/// New tokens for the lecturers who have not answered, for each form of an offering that is not over; the ones of before
/// are no longer good. So an answer that was lost on its way costs nothing.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn issue(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Vec<(QualityForm, Vec<Token>)>> {
    offerings::find_visible(tx, offering_id).await?;
    let today = tx.today();
    let mut issued = Vec::new();
    for form in queries::of_offering(tx, offering_id).await? {
        if form.stage(today) == Stage::Closed {
            continue;
        }
        let tokens = tokens(queries::take_unanswered(tx, form.id).await?);
        queries::insert_tokens(tx, form.id, &tokens, hash).await?;
        tx.emit("quality_form.tokens_issued", form.id, &json!({"offering_id": offering_id}));
        issued.push((form, tokens));
    }
    Ok(issued)
}

/// A token for each lecturer, numbered in an order that says nothing.
fn tokens(lecturers: Vec<(Uuid, String)>) -> Vec<Token> {
    let mut tokens: Vec<Token> = lecturers
        .into_iter()
        .map(|(lecturer_id, lecturer_name)| {
            let token = random_id().simple().to_string();
            Token { number: 0, lecturer_id, lecturer_name, token }
        })
        .collect();
    tokens.sort_by(|a, b| a.token.cmp(&b.token));
    for (token, number) in tokens.iter_mut().zip(1..) {
        token.number = number;
    }
    tokens
}

/// What is kept of a token: it is random, so that a fast hash will do.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Take a lecturer's answer, once, in the window. What is stored of it names the group and nobody in it; no event
/// reports it.
///
/// # Errors
/// [`Error::Invalid`] for a token that is not good, and for every answer that does not fit (then the token stays good);
/// [`crate::error::Rule::EvaluationNotOpen`] before the window.
pub async fn answer(tx: &mut Tx<'_>, keys: &Keys, token: &str, answers: Vec<Answer>) -> Result<()> {
    let bad = || Error::field("/token", "quality_token_bad");
    let form = queries::take(tx, &hash(token)).await?.ok_or_else(bad)?;
    match form.stage(tx.today()) {
        Stage::Open => {}
        Stage::Closed => return Err(bad()),
        Stage::Scheduled => {
            return Err(evaluations::not_open(evaluations::State::Scheduled, form.opens_on, form.due_on));
        }
    }
    let asked = questionnaires::find(tx, form.questionnaire_id).await?;
    let answers = questionnaires::fitting(&asked.items.0, &answers)?;
    let batch = AnswerBatch {
        offering_id: form.offering_id,
        questionnaire_id: form.questionnaire_id,
        phase: Phase::OnRequest,
        group: RespondentGroup::Lecturer,
    };
    waiting::keep_anonymous(tx, keys, batch, &asked, &answers).await
}

/// What the statutory forms of an offering say, each as soon as it is over and its answers are written: no answer comes
/// after that, so it never changes, and two readings of one form never differ by a person.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn read(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
) -> Result<Vec<(QualityForm, Questionnaire, Option<QualityResult>)>> {
    offerings::find_visible(tx, offering_id).await?;
    let mut forms = Vec::new();
    for form in queries::of_offering(tx, offering_id).await? {
        let asked = questionnaires::find(tx, form.questionnaire_id).await?;
        let result = match form.stage(tx.today()) {
            Stage::Closed if !waits(tx, &form).await? => Some(result(tx, &form, &asked).await?),
            Stage::Closed | Stage::Scheduled | Stage::Open => None,
        };
        forms.push((form, asked, result));
    }
    Ok(forms)
}

/// Whether answers to a form that is over are still to be written; for those that cannot be opened not for ever.
async fn waits(tx: &mut Tx<'_>, form: &QualityForm) -> Result<bool> {
    let is_patient = tx.today() <= form.due_on + KEY_PATIENCE;
    Ok(is_patient && waiting::is_waiting(tx, form.offering_id, form.questionnaire_id).await?)
}

async fn result(tx: &mut Tx<'_>, form: &QualityForm, asked: &Questionnaire) -> Result<QualityResult> {
    let scoring = asked.scoring();
    let learners = usize::try_from(queries::learners_invited(tx, form).await?).unwrap_or_default();
    let lecturers = usize::try_from(form.lecturers).unwrap_or_default();
    let mut said = Vec::new();
    for (group, invited) in [(RespondentGroup::Learner, learners), (RespondentGroup::Lecturer, lecturers)] {
        let answers = queries::answers(tx, form, group).await?;
        let forms = answers.iter().filter_map(|answers| quality::steps(&scoring, answers)).collect();
        said.push(Said { group, invited, forms });
    }
    Ok(QualityResult::of(&scoring, &said))
}

/// Forget tokens that are over, and with them whose they were.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_over(tx: &mut Tx<'_>) -> Result<()> {
    let today = tx.today();
    queries::delete_over(tx, today).await
}
