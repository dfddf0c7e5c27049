use actix_web::{get, post};
use chrono::NaiveDate;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AnswerEvaluation, EvaluationDetailDto, EvaluationDto, EvaluationsQuery, ExcuseEvaluation};
use super::model::Task;
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::evaluation::questionnaires::{Answer, QuestionnaireDto};
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, IfVersion, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(get).service(answer).service(excuse);
}

fn reply(today: NaiveDate, task: Task) -> Result<Reply> {
    Reply::resource(task.evaluation.version, &EvaluationDto::on(today, task))
}

/// List evaluations
///
/// Who owes which form about whom, from when to when; newest first. An employee sees those that he or she owes;
/// `mine=true` gives them to anyone.
#[utoipa::path(tag = "evaluation", operation_id = "evaluations_list", params(EvaluationsQuery),
    security(("oauth2" = [perm::EvaluationRead])),
    responses((status = 200, description = "A page of evaluations", body = PageDto<EvaluationDto>)))]
#[get("/v1/evaluations")]
async fn list(allow: Allow<perm::EvaluationRead>, query: ValidQuery<EvaluationsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        mine: query.0.mine == Some(true),
        offering_id: query.0.offering_id,
        phase: query.0.phase,
        state: query.0.state,
        instrument: query.0.instrument,
    };
    let (today, rows) =
        allow.read(async |tx| Ok((tx.today(), service::list(tx, &filter, &page).await?))).await?;
    allow.reply_page("/v1/evaluations", &query.0, rows.map(|task| EvaluationDto::on(today, task)))
}

/// Read an evaluation
///
/// With its form. The person who answered a named form finds the answers here; nobody else does.
#[utoipa::path(tag = "evaluation", operation_id = "evaluations_get",
    security(("oauth2" = [perm::EvaluationRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the evaluation"), IfNoneMatch),
    responses((status = 200, description = "The evaluation", body = EvaluationDetailDto)))]
#[get("/v1/evaluations/{id}")]
async fn get(allow: Allow<perm::EvaluationRead>, id: Id) -> Result<Reply> {
    let (today, (task, form, answers)) =
        allow.read(async |tx| Ok((tx.today(), service::get(tx, id.0).await?))).await?;
    Reply::resource(
        task.evaluation.version,
        &EvaluationDetailDto {
            evaluation: EvaluationDto::on(today, task),
            questionnaire: QuestionnaireDto::to_answer(form),
            answers: answers.map(|given| given.into_iter().map(Into::into).collect()),
        },
    )
}

/// Answer an evaluation
///
/// Once, from `opens_on` to `due_on`; every item of the form, with `null` for "not observed". Outside the window, and
/// for a second answer, `evaluation.not_open` gives `state`, `opens_on` and `due_on`. An answer to an anonymous form
/// is stored without person and time, and sealed until the form is over; so that nothing ties it to the caller, an
/// `Idempotency-Key` is not kept for it.
#[utoipa::path(tag = "evaluation", operation_id = "evaluations_answer", request_body = AnswerEvaluation,
    security(("oauth2" = [perm::EvaluationAnswer])),
    params(("id" = uuid::Uuid, Path, description = "Id of the evaluation"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The evaluation, answered", body = EvaluationDto)))]
#[post("/v1/evaluations/{id}/response")]
async fn answer(
    allow: Allow<perm::EvaluationAnswer>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<AnswerEvaluation>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    let keys = allow.keys();
    let answers: Vec<Answer> = body.answers.into_iter().map(Into::into).collect();
    allow
        .write(async |tx| {
            if service::is_anonymous(tx, id.0).await? {
                let task = service::answer(tx, keys, id.0, answers).await?;
                return reply(tx.today(), task);
            }
            allow
                .once(tx, &key, &digest, async |tx| {
                    let task = service::answer(tx, keys, id.0, answers).await?;
                    reply(tx.today(), task)
                })
                .await
        })
        .await
}

/// Excuse someone from an evaluation
///
/// As long as it is not answered, also after its due date: it then counts neither as answered nor as missing.
#[utoipa::path(tag = "evaluation", operation_id = "evaluations_excuse", request_body = ExcuseEvaluation,
    security(("oauth2" = [perm::EvaluationExcuse])),
    params(("id" = uuid::Uuid, Path, description = "Id of the evaluation"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The evaluation, excused", body = EvaluationDto)))]
#[post("/v1/evaluations/{id}/excuse")]
async fn excuse(
    allow: Allow<perm::EvaluationExcuse>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<ExcuseEvaluation>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let task = service::excuse(tx, id.0, body.reason).await?;
            reply(tx.today(), task)
        })
        .await
}
