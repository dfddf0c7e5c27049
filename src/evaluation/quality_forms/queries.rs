use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Opening, QualityForm, Token};
use crate::clock::first_moment;
use crate::db::Tx;
use crate::db::schema::{
    anonymous_responses, evaluations, lecturers, quality_forms, quality_tokens, sessions,
};
use crate::error::{Error, Result};
use crate::evaluation::evaluations::{Phase, RespondentGroup, Status};
use crate::evaluation::questionnaires::Answer;

pub async fn insert(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    questionnaire_id: Uuid,
    opening: &Opening,
    lecturers: usize,
) -> Result<QualityForm> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(quality_forms::table)
        .values((
            quality_forms::id.eq(id),
            quality_forms::offering_id.eq(offering_id),
            quality_forms::questionnaire_id.eq(questionnaire_id),
            quality_forms::opens_on.eq(opening.opens_on),
            quality_forms::due_on.eq(opening.due_on),
            quality_forms::lecturers.eq(i32::try_from(lecturers).unwrap_or(i32::MAX)),
            quality_forms::created_at.eq(now),
        ))
        .returning(QualityForm::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Who teaches in an offering.
pub async fn teaching(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Vec<(Uuid, String)>> {
    Ok(sessions::table
        .inner_join(lecturers::table)
        .filter(sessions::offering_id.eq(offering_id))
        .select((lecturers::id, lecturers::full_name))
        .distinct()
        .order(lecturers::id)
        .load(tx.conn())
        .await?)
}

/// Keep tokens, as hashes.
pub async fn insert_tokens(
    tx: &mut Tx<'_>,
    form: Uuid,
    tokens: &[Token],
    hash: fn(&str) -> Vec<u8>,
) -> Result<()> {
    let row = |token: &Token| {
        (
            quality_tokens::token_hash.eq(hash(&token.token)),
            quality_tokens::quality_form_id.eq(form),
            quality_tokens::number.eq(token.number),
            quality_tokens::lecturer_id.eq(token.lecturer_id),
        )
    };
    let rows: Vec<_> = tokens.iter().map(row).collect();
    diesel::insert_into(quality_tokens::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}

/// Take back the tokens of a form that were not used; whose they were.
pub async fn take_unanswered(tx: &mut Tx<'_>, form: Uuid) -> Result<Vec<(Uuid, String)>> {
    let ids: Vec<Uuid> =
        diesel::delete(quality_tokens::table.filter(quality_tokens::quality_form_id.eq(form)))
            .returning(quality_tokens::lecturer_id)
            .get_results(tx.conn())
            .await?;
    Ok(lecturers::table
        .filter(lecturers::id.eq_any(ids))
        .select((lecturers::id, lecturers::full_name))
        .order(lecturers::id)
        .load(tx.conn())
        .await?)
}

/// Use a token up: with the row goes the tie between the person and the form. The form, if the token was good.
pub async fn take(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<QualityForm>> {
    let form: Option<Uuid> = diesel::delete(quality_tokens::table.find(hash))
        .returning(quality_tokens::quality_form_id)
        .get_result(tx.conn())
        .await
        .optional()?;
    match form {
        Some(id) => Ok(quality_forms::table
            .find(id)
            .select(QualityForm::as_select())
            .first(tx.conn())
            .await
            .optional()?),
        None => Ok(None),
    }
}

/// Forms of an offering, the newest first.
pub async fn of_offering(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Vec<QualityForm>> {
    Ok(quality_forms::table
        .filter(quality_forms::offering_id.eq(offering_id))
        .order(quality_forms::id.desc())
        .select(QualityForm::as_select())
        .load(tx.conn())
        .await?)
}

/// Learners who were asked, and not excused as long as the form was open: what an officer does later changes nothing.
pub async fn learners_invited(tx: &mut Tx<'_>, form: &QualityForm) -> Result<i64> {
    let over = first_moment(form.due_on + Days::new(1));
    Ok(evaluations::table
        .filter(evaluations::offering_id.eq(form.offering_id))
        .filter(evaluations::questionnaire_id.eq(form.questionnaire_id))
        .filter(evaluations::phase.eq(Phase::OnRequest))
        .filter(evaluations::status.ne(Status::Excused).or(evaluations::updated_at.ge(over)))
        .count()
        .get_result(tx.conn())
        .await?)
}

/// The answers of a group.
pub async fn answers(
    tx: &mut Tx<'_>,
    form: &QualityForm,
    group: RespondentGroup,
) -> Result<Vec<Vec<Answer>>> {
    let stored: Vec<serde_json::Value> = anonymous_responses::table
        .filter(anonymous_responses::offering_id.eq(form.offering_id))
        .filter(anonymous_responses::questionnaire_id.eq(form.questionnaire_id))
        .filter(anonymous_responses::phase.eq(Phase::OnRequest))
        .filter(anonymous_responses::respondent_group.eq(group))
        .order(anonymous_responses::id)
        .select(anonymous_responses::answers)
        .load(tx.conn())
        .await?;
    stored.into_iter().map(|answers| serde_json::from_value(answers).map_err(Error::internal)).collect()
}

/// Delete tokens of forms that are over.
pub async fn delete_over(tx: &mut Tx<'_>, today: NaiveDate) -> Result<()> {
    let over = quality_forms::table.filter(quality_forms::due_on.lt(today)).select(quality_forms::id);
    diesel::delete(quality_tokens::table.filter(quality_tokens::quality_form_id.eq_any(over)))
        .execute(tx.conn())
        .await?;
    Ok(())
}
