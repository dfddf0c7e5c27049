use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateQuestionnaire, QuestionnaireDto, QuestionnairesQuery};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfNoneMatch, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create).service(get);
}

/// List questionnaires
///
/// Every published version, newest first.
#[utoipa::path(tag = "evaluation", operation_id = "questionnaires_list", params(QuestionnairesQuery),
    security(("oauth2" = [perm::QuestionnaireRead])),
    responses((status = 200, description = "A page of questionnaires", body = PageDto<QuestionnaireDto>)))]
#[get("/v1/questionnaires")]
async fn list(
    allow: Allow<perm::QuestionnaireRead>,
    query: ValidQuery<QuestionnairesQuery>,
) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        id: None,
        code: query.0.code.clone(),
        q: query.0.q.clone(),
        level: query.0.level,
        audience: query.0.audience,
        course_id: query.0.course_id,
        instrument: query.0.instrument,
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page(
        "/v1/questionnaires",
        &query.0,
        rows.map(|form| QuestionnaireDto::seen_by(allow.actor(), form)),
    )
}

/// Publish a questionnaire
///
/// A published version never changes, so that answers before and after a course stay comparable; publish
/// another revision instead. The code decides the purpose of the questionnaire. When the service sends out
/// forms with this code, it uses the newest revision from then on.
#[utoipa::path(tag = "evaluation", operation_id = "questionnaires_create", request_body = CreateQuestionnaire,
    security(("oauth2" = [perm::QuestionnaireManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The questionnaire", body = QuestionnaireDto,
        headers(("ETag" = String)))))]
#[post("/v1/questionnaires")]
async fn create(
    allow: Allow<perm::QuestionnaireManage>,
    key: IdempotencyKey,
    input: Valid<CreateQuestionnaire>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let form = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/questionnaires/{}", form.id),
                form.revision,
                &QuestionnaireDto::seen_by(tx.actor, form),
            )
        })
        .await
}

/// Read a questionnaire
///
/// One version with its items. It never changes, so its ETag begins with its revision.
#[utoipa::path(tag = "evaluation", operation_id = "questionnaires_get",
    security(("oauth2" = [perm::QuestionnaireRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the version"), IfNoneMatch),
    responses((status = 200, description = "The questionnaire", body = QuestionnaireDto)))]
#[get("/v1/questionnaires/{id}")]
async fn get(allow: Allow<perm::QuestionnaireRead>, id: Id) -> Result<Reply> {
    let form = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(form.revision, &QuestionnaireDto::seen_by(allow.actor(), form))
}
