use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    AnswerQualityForm, IssuedTokensDto, OpenQualityForm, OpenedQualityFormDto, QualityDto, QualityFormDto,
};
use super::service;
use crate::access::{Permission, perm, policy};
use crate::error::Result;
use crate::evaluation::questionnaires::Answer;
use crate::http::{Allow, Id, Public, Reply, Valid};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(open).service(issue).service(read).service(answer);
}

/// Open a statutory form for an offering
///
/// Each form can be opened once, from the last session on. Learners find it among their evaluations (phase
/// `on_request`); each lecturer of the offering gets a numbered one-time token. Only a training officer is
/// shown the tokens, here and by `issue-tokens`, and hands them to the lecturers: an institute that had them
/// could answer in their place. The answer is not kept for the `Idempotency-Key`; when it was lost, issue the
/// tokens again.
#[utoipa::path(tag = "evaluation", operation_id = "quality_forms_open", request_body = OpenQualityForm,
    security(("oauth2" = [perm::QualityManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 201, description = "The opened form; training officers also get the tokens",
        body = OpenedQualityFormDto)))]
#[post("/v1/offerings/{id}/quality-forms")]
async fn open(allow: Allow<perm::QualityManage>, id: Id, input: Valid<OpenQualityForm>) -> Result<Reply> {
    let opening = input.body.into();
    let (form, learners, tokens) = allow.write(async |tx| service::open(tx, id.0, opening).await).await?;
    let may_have = policy::reach(allow.actor(), Permission::QualityTokenIssue).is_some();
    let tokens = if may_have { tokens } else { Vec::new() };
    let location = format!("/v1/offerings/{}/quality", id.0);
    Reply::added(location, &OpenedQualityFormDto::new(&form, learners, tokens))
}

/// Give the lecturers of an offering new tokens
///
/// For each statutory form of the offering that is not over, a numbered one-time token is issued for each
/// lecturer who has not answered; earlier tokens are no longer valid. The request may be repeated until the
/// last day of the form, so nothing is lost when an answer does not arrive. Hand each token to its lecturer,
/// and none to the institute. The connection between token and lecturer is deleted when the form is answered.
#[utoipa::path(tag = "evaluation", operation_id = "quality_forms_issue_tokens",
    security(("oauth2" = [perm::QualityTokenIssue])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 200, description = "The new tokens", body = IssuedTokensDto)))]
#[post("/v1/offerings/{id}/quality-forms/issue-tokens")]
async fn issue(allow: Allow<perm::QualityTokenIssue>, id: Id) -> Result<Reply> {
    let issued = allow.write(async |tx| service::issue(tx, id.0).await).await?;
    Reply::ok(&IssuedTokensDto::new(issued))
}

/// Read the results of the statutory forms of an offering
///
/// Index, band, criteria and indicators of each form, once it is over and its answers are put together
/// (within minutes); they do not change any more. Groups of fewer than five people are hidden and enter no
/// other figure.
#[utoipa::path(tag = "evaluation", operation_id = "quality_read", security(("oauth2" = [perm::QualityRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 200, description = "The results of the forms", body = QualityDto)))]
#[get("/v1/offerings/{id}/quality")]
async fn read(allow: Allow<perm::QualityRead>, id: Id) -> Result<Reply> {
    let (today, forms) = allow.read(async |tx| Ok((tx.today(), service::read(tx, id.0).await?))).await?;
    let forms = forms.into_iter().map(|(form, asked, said)| QualityFormDto::on(today, &form, asked, said));
    Reply::ok(&QualityDto { offering_id: id.0, forms: forms.collect() })
}

/// Answer a statutory form by a one-time token
///
/// Allowed once, from `opens_on` to `due_on`, with an answer to every item of the form. The answer is stored
/// without the token, the person and the time, and is sealed until the form is over.
#[utoipa::path(tag = "evaluation", operation_id = "quality_responses_create", security(),
    request_body = AnswerQualityForm,
    responses((status = 204, description = "The answer was accepted")))]
#[post("/v1/quality-responses")]
async fn answer(public: Public, input: Valid<AnswerQualityForm>) -> Result<Reply> {
    let AnswerQualityForm { token, answers } = input.body;
    let answers: Vec<Answer> = answers.into_iter().map(Into::into).collect();
    let keys = public.gate().keys();
    public.write(async |tx| service::answer(tx, keys, &token, answers).await).await?;
    Ok(Reply::no_content())
}
