use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::{InnerJoin, IntoBoxed};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{AnswerBatch, Evaluation, Form, Phase, Rater, State, Status, Task};
use crate::clock::random_id;
use crate::db::Tx;
use crate::db::schema::{
    anonymous_responses, courses, employees, evaluation_responses, evaluations, offerings, questionnaires,
};
use crate::error::{Error, Result};
use crate::evaluation::questionnaires::{Answer, Instrument};
use crate::page::{Page, PageRequest, Position};

type WithNames = InnerJoin<
    InnerJoin<InnerJoin<evaluations::table, questionnaires::table>, courses::table>,
    offerings::table,
>;
type Row = (Evaluation, Form, String, String);

/// Who may read all evaluations reads all; anyone else those that he or she owes.
fn visible(tx: &Tx<'_>) -> IntoBoxed<'static, WithNames, Pg> {
    let all = evaluations::table
        .inner_join(questionnaires::table)
        .inner_join(courses::table)
        .inner_join(offerings::table)
        .into_boxed();
    if tx.reach.all {
        all
    } else {
        all.filter(evaluations::respondent_id.nullable().eq(tx.reach.employee_id))
    }
}

pub struct Filter {
    /// Only those that the caller owes: none, where the caller is nobody of the ministry.
    pub mine: bool,
    pub offering_id: Option<Uuid>,
    pub phase: Option<Phase>,
    pub state: Option<State>,
    pub instrument: Option<Instrument>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Task>> {
    let today = tx.today();
    let mut query = visible(tx);
    if filter.mine {
        query = query.filter(evaluations::respondent_id.nullable().eq(tx.actor.employee_id));
    }
    if let Some(offering) = filter.offering_id {
        query = query.filter(evaluations::offering_id.eq(offering));
    }
    if let Some(phase) = filter.phase {
        query = query.filter(evaluations::phase.eq(phase));
    }
    if let Some(instrument) = filter.instrument {
        query = query.filter(questionnaires::instrument.eq(instrument));
    }
    if let Some(state) = filter.state {
        query = query.filter(evaluations::status.eq(match state {
            State::Answered => Status::Answered,
            State::Excused => Status::Excused,
            State::Scheduled | State::Open | State::Lapsed => Status::Pending,
        }));
        query = match state {
            State::Scheduled => query.filter(evaluations::opens_on.gt(today)),
            State::Lapsed => query.filter(evaluations::due_on.lt(today)),
            State::Open => {
                query.filter(evaluations::opens_on.le(today)).filter(evaluations::due_on.ge(today))
            }
            State::Answered | State::Excused => query,
        };
    }
    if let Some(after) = page.after_id() {
        query = query.filter(evaluations::id.lt(after));
    }
    let rows: Vec<Row> = query
        .order(evaluations::id.desc())
        .limit(page.rows_to_read())
        .select((Evaluation::as_select(), Form::as_select(), courses::title, offerings::code))
        .load(tx.conn())
        .await?;
    let page = Page::cut(rows, page, |(e, ..)| Position::id(e.id));
    let items = with_people(tx, page.items).await?;
    Ok(Page { items, next: page.next })
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Task> {
    let row: Row = visible(tx)
        .filter(evaluations::id.eq(id))
        .select((Evaluation::as_select(), Form::as_select(), courses::title, offerings::code))
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("evaluation"))?;
    let tasks = with_people(tx, vec![row]).await?;
    tasks.into_iter().next().ok_or(Error::NotFound("evaluation"))
}

/// Whether the answers to a task's form are anonymous.
pub async fn is_anonymous(tx: &mut Tx<'_>, id: Uuid) -> Result<bool> {
    visible(tx)
        .filter(evaluations::id.eq(id))
        .select(questionnaires::is_anonymous)
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("evaluation"))
}

async fn with_people(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<Task>> {
    let mut ids: Vec<Uuid> = rows.iter().flat_map(|(e, ..)| [e.subject_id, e.respondent_id]).collect();
    ids.sort_unstable();
    ids.dedup();
    let names: HashMap<Uuid, String> = employees::table
        .filter(employees::id.eq_any(ids))
        .select((employees::id, employees::full_name))
        .load::<(Uuid, String)>(tx.conn())
        .await?
        .into_iter()
        .collect();
    let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
    let before = rated_before(tx, &rows).await?;
    Ok(rows
        .into_iter()
        .map(|(evaluation, form, course_title, offering_code)| Task {
            subject_name: name(evaluation.subject_id),
            respondent_name: name(evaluation.respondent_id),
            rated_before_by: Some(Pair::of(&evaluation))
                .filter(|_| is_follow_up(&evaluation, &form))
                .and_then(|pair| before.get(&pair).copied()),
            evaluation,
            form,
            course_title,
            offering_code,
        })
        .collect())
}

/// What makes a rating before and one after a pair: offering, subject, form, and whether the supervisor or somebody beside
/// the supervisor rates.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Pair(Uuid, Uuid, Uuid, Rater);

impl Pair {
    fn of(evaluation: &Evaluation) -> Self {
        Self(evaluation.offering_id, evaluation.subject_id, evaluation.questionnaire_id, evaluation.rater)
    }
}

fn is_follow_up(evaluation: &Evaluation, form: &Form) -> bool {
    form.instrument == Instrument::Behaviour && evaluation.phase != Phase::Baseline
}

/// Who is asked for the ratings before, of the follow-ups among some rows.
async fn rated_before(tx: &mut Tx<'_>, rows: &[Row]) -> Result<HashMap<Pair, Uuid>> {
    let follow_ups = || rows.iter().filter(|(e, form, ..)| is_follow_up(e, form)).map(|(e, ..)| e);
    if follow_ups().next().is_none() {
        return Ok(HashMap::new());
    }
    let baselines: Vec<(Uuid, Uuid, Uuid, Rater, Uuid)> = evaluations::table
        .filter(evaluations::offering_id.eq_any(follow_ups().map(|e| e.offering_id)))
        .filter(evaluations::subject_id.eq_any(follow_ups().map(|e| e.subject_id)))
        .filter(evaluations::questionnaire_id.eq_any(follow_ups().map(|e| e.questionnaire_id)))
        .filter(evaluations::phase.eq(Phase::Baseline))
        .select((
            evaluations::offering_id,
            evaluations::subject_id,
            evaluations::questionnaire_id,
            evaluations::rater,
            evaluations::respondent_id,
        ))
        .load(tx.conn())
        .await?;
    Ok(baselines.into_iter().map(|(o, s, q, rater, respondent)| (Pair(o, s, q, rater), respondent)).collect())
}

/// The answers to a named form.
pub async fn answers(tx: &mut Tx<'_>, evaluation_id: Uuid) -> Result<Option<Vec<Answer>>> {
    let stored: Option<serde_json::Value> = evaluation_responses::table
        .find(evaluation_id)
        .select(evaluation_responses::answers)
        .first(tx.conn())
        .await
        .optional()?;
    stored.map(|answers| serde_json::from_value(answers).map_err(Error::internal)).transpose()
}

/// Mark a task of a named form, held by [`lock`], as answered today.
pub async fn mark_answered(tx: &mut Tx<'_>, id: Uuid) -> Result<Evaluation> {
    let (now, today) = (tx.now, tx.today());
    Ok(diesel::update(evaluations::table.find(id))
        .set((
            evaluations::status.eq(Status::Answered),
            evaluations::answered_on.eq(today),
            evaluations::version.eq(evaluations::version + 1),
            evaluations::updated_at.eq(now),
        ))
        .returning(Evaluation::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Mark a task of an anonymous form, held by [`lock`], as answered, and say nowhere when.
pub async fn mark_answered_without_time(tx: &mut Tx<'_>, id: Uuid) -> Result<Evaluation> {
    Ok(diesel::update(evaluations::table.find(id))
        .set((
            evaluations::status.eq(Status::Answered),
            evaluations::reminded_at.eq(None::<DateTime<Utc>>),
            evaluations::version.eq(evaluations::version + 1),
        ))
        .returning(Evaluation::as_returning())
        .get_result(tx.conn())
        .await?)
}

pub async fn insert_response(
    tx: &mut Tx<'_>,
    evaluation_id: Uuid,
    answers: serde_json::Value,
    score: Option<f64>,
) -> Result<()> {
    let now = tx.now;
    diesel::insert_into(evaluation_responses::table)
        .values((
            evaluation_responses::evaluation_id.eq(evaluation_id),
            evaluation_responses::answers.eq(answers),
            evaluation_responses::score.eq(score),
            evaluation_responses::submitted_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Put anonymous answers, with their scores, among the others and write them all anew, under new ids and in their order.
///
/// Postgres remembers with every row the transaction that wrote it (`xmin`) and where it lies (`ctid`). Written
/// together, in an order that is drawn by lot, all answers look as if they came at the same moment. The caller holds the
/// lock that makes writers take turns.
pub async fn shuffle_in(
    tx: &mut Tx<'_>,
    batch: AnswerBatch,
    answers: Vec<(serde_json::Value, Option<f64>)>,
) -> Result<()> {
    let others: Vec<(serde_json::Value, Option<f64>)> = diesel::delete(
        anonymous_responses::table
            .filter(anonymous_responses::offering_id.eq(batch.offering_id))
            .filter(anonymous_responses::questionnaire_id.eq(batch.questionnaire_id))
            .filter(anonymous_responses::phase.eq(batch.phase))
            .filter(anonymous_responses::respondent_group.eq(batch.group)),
    )
    .returning((anonymous_responses::answers, anonymous_responses::score))
    .get_results(tx.conn())
    .await?;
    let mut all: Vec<_> =
        others.into_iter().chain(answers).map(|(answers, score)| (random_id(), answers, score)).collect();
    all.sort_by_key(|(id, ..)| *id);
    for chunk in all.chunks(1000) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(id, answers, score)| {
                (
                    anonymous_responses::id.eq(*id),
                    anonymous_responses::offering_id.eq(batch.offering_id),
                    anonymous_responses::questionnaire_id.eq(batch.questionnaire_id),
                    anonymous_responses::phase.eq(batch.phase),
                    anonymous_responses::respondent_group.eq(batch.group),
                    anonymous_responses::answers.eq(answers),
                    anonymous_responses::score.eq(*score),
                )
            })
            .collect();
        diesel::insert_into(anonymous_responses::table).values(rows).execute(tx.conn()).await?;
    }
    Ok(())
}

/// Hold a task against answers and excuses of others until the unit of work ends.
pub async fn lock(tx: &mut Tx<'_>, id: Uuid) -> Result<()> {
    evaluations::table
        .find(id)
        .select(evaluations::id)
        .for_update()
        .first::<Uuid>(tx.conn())
        .await
        .optional()?;
    Ok(())
}

/// Excuse a task that is held by [`lock`].
pub async fn excuse(tx: &mut Tx<'_>, id: Uuid, reason: String) -> Result<Evaluation> {
    let now = tx.now;
    Ok(diesel::update(evaluations::table.find(id))
        .set((
            evaluations::status.eq(Status::Excused),
            evaluations::excuse.eq(reason),
            evaluations::version.eq(evaluations::version + 1),
            evaluations::updated_at.eq(now),
        ))
        .returning(Evaluation::as_returning())
        .get_result(tx.conn())
        .await?)
}
