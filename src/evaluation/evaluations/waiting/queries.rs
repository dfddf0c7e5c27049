use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::model::{AnswerBatch, Phase, Status};
use crate::clock::random_id;
use crate::db::Tx;
use crate::db::schema::{evaluations, quality_forms, waiting_responses};
use crate::error::Result;

/// Rows that are held in memory at once when all are looked at.
const CHUNK: i64 = 500;

/// A sealed answer with its id.
pub type Sealed = (Uuid, Vec<u8>);

/// Add a sealed answer.
pub async fn insert(tx: &mut Tx<'_>, batch: AnswerBatch, sealed: Vec<u8>) -> Result<()> {
    diesel::insert_into(waiting_responses::table)
        .values((
            waiting_responses::id.eq(random_id()),
            waiting_responses::offering_id.eq(batch.offering_id),
            waiting_responses::questionnaire_id.eq(batch.questionnaire_id),
            waiting_responses::phase.eq(batch.phase),
            waiting_responses::respondent_group.eq(batch.group),
            waiting_responses::sealed.eq(sealed),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

type Place = (
    waiting_responses::offering_id,
    waiting_responses::questionnaire_id,
    waiting_responses::phase,
    waiting_responses::respondent_group,
);

const PLACE: Place = (
    waiting_responses::offering_id,
    waiting_responses::questionnaire_id,
    waiting_responses::phase,
    waiting_responses::respondent_group,
);

/// Where answers wait to a form whose windows are all over: those of the learners' tasks, and that of the lecturers'
/// tokens.
pub async fn closed(tx: &mut Tx<'_>) -> Result<Vec<AnswerBatch>> {
    let today = tx.today();
    let tasks = evaluations::table
        .filter(evaluations::offering_id.eq(waiting_responses::offering_id))
        .filter(evaluations::questionnaire_id.eq(waiting_responses::questionnaire_id))
        .filter(evaluations::phase.eq(waiting_responses::phase))
        .filter(evaluations::status.ne(Status::Excused))
        .filter(evaluations::due_on.ge(today));
    let forms = quality_forms::table
        .filter(quality_forms::offering_id.eq(waiting_responses::offering_id))
        .filter(quality_forms::questionnaire_id.eq(waiting_responses::questionnaire_id))
        .filter(quality_forms::due_on.ge(today));
    Ok(waiting_responses::table
        .filter(not(exists(tasks)))
        .filter(not(exists(forms)))
        .select(PLACE)
        .distinct()
        .load(tx.conn())
        .await?)
}

/// Where answers of an offering and a phase wait, be it over or not.
pub async fn of_phase(tx: &mut Tx<'_>, offering_id: Uuid, phase: Phase) -> Result<Vec<AnswerBatch>> {
    Ok(waiting_responses::table
        .filter(waiting_responses::offering_id.eq(offering_id))
        .filter(waiting_responses::phase.eq(phase))
        .select(PLACE)
        .distinct()
        .load(tx.conn())
        .await?)
}

/// Whether answers to a form of an offering wait.
pub async fn is_waiting(tx: &mut Tx<'_>, offering_id: Uuid, questionnaire_id: Uuid) -> Result<bool> {
    let waiting = waiting_responses::table
        .filter(waiting_responses::offering_id.eq(offering_id))
        .filter(waiting_responses::questionnaire_id.eq(questionnaire_id));
    Ok(diesel::select(exists(waiting)).get_result(tx.conn()).await?)
}

/// The answers that wait in a place.
pub async fn sealed(tx: &mut Tx<'_>, batch: AnswerBatch) -> Result<Vec<Sealed>> {
    Ok(waiting_responses::table
        .filter(waiting_responses::offering_id.eq(batch.offering_id))
        .filter(waiting_responses::questionnaire_id.eq(batch.questionnaire_id))
        .filter(waiting_responses::phase.eq(batch.phase))
        .filter(waiting_responses::respondent_group.eq(batch.group))
        .select((waiting_responses::id, waiting_responses::sealed))
        .load(tx.conn())
        .await?)
}

/// Some of the answers that wait anywhere, with their places: those after an id.
pub async fn sealed_after(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<(Sealed, AnswerBatch)>> {
    Ok(waiting_responses::table
        .filter(waiting_responses::id.gt(id))
        .order(waiting_responses::id)
        .limit(CHUNK)
        .select(((waiting_responses::id, waiting_responses::sealed), PLACE))
        .load(tx.conn())
        .await?)
}

/// Put something else in the place of a sealed answer.
pub async fn replace(tx: &mut Tx<'_>, id: Uuid, sealed: Vec<u8>) -> Result<()> {
    diesel::update(waiting_responses::table.find(id))
        .set(waiting_responses::sealed.eq(sealed))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Take answers out.
pub async fn delete(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<()> {
    diesel::delete(waiting_responses::table.filter(waiting_responses::id.eq_any(ids)))
        .execute(tx.conn())
        .await?;
    Ok(())
}
