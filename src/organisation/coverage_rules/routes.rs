use actix_web::{delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CoverageRuleDto, CoverageRulesQuery, CreateCoverageRule, PatchCoverageRule};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, IfMatch, IfNoneMatch, Patch, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create).service(get).service(update).service(delete);
}

/// List minimum-presence rules
///
/// Newest first; `unit_id` includes all units below the unit.
#[utoipa::path(tag = "organisation", operation_id = "coverage_rules_list", params(CoverageRulesQuery),
    security(("oauth2" = [perm::CoverageRead])),
    responses((status = 200, description = "A page of minimum-presence rules",
        body = PageDto<CoverageRuleDto>)))]
#[get("/v1/coverage-rules")]
async fn list(allow: Allow<perm::CoverageRead>, query: ValidQuery<CoverageRulesQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let unit = query.0.unit_id;
    let rows = allow.read(async |tx| service::list(tx, unit, &page).await).await?;
    allow.reply_page("/v1/coverage-rules", &query.0, rows.map(CoverageRuleDto::from))
}

/// Create a minimum-presence rule
///
/// A unit can have one rule for each position group and one rule for the unit as a whole.
#[utoipa::path(tag = "organisation", operation_id = "coverage_rules_create", request_body = CreateCoverageRule,
    security(("oauth2" = [perm::CoverageManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The minimum-presence rule", body = CoverageRuleDto)))]
#[post("/v1/coverage-rules")]
async fn create(
    allow: Allow<perm::CoverageManage>,
    key: IdempotencyKey,
    input: Valid<CreateCoverageRule>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let rule = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/coverage-rules/{}", rule.id),
                rule.version,
                &CoverageRuleDto::from(rule),
            )
        })
        .await
}

/// Read a minimum-presence rule
///
/// Returns one rule.
#[utoipa::path(tag = "organisation", operation_id = "coverage_rules_get", security(("oauth2" = [perm::CoverageRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the rule (UUID)"), IfNoneMatch),
    responses((status = 200, description = "The minimum-presence rule", body = CoverageRuleDto)))]
#[get("/v1/coverage-rules/{id}")]
async fn get(allow: Allow<perm::CoverageRead>, id: Id) -> Result<Reply> {
    let rule = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(rule.version, &CoverageRuleDto::from(rule))
}

/// Change a minimum-presence rule
///
/// JSON merge patch (RFC 7396): members that are not sent keep their values.
#[utoipa::path(tag = "organisation", operation_id = "coverage_rules_update",
    request_body(content = PatchCoverageRule, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::CoverageManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the rule (UUID)"), IfMatch),
    responses((status = 200, description = "The rule after the change", body = CoverageRuleDto)))]
#[patch("/v1/coverage-rules/{id}")]
async fn update(
    allow: Allow<perm::CoverageManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchCoverageRule>,
) -> Result<Reply> {
    let rule = allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?;
    Reply::resource(rule.version, &CoverageRuleDto::from(rule))
}

/// Remove a minimum-presence rule
///
/// Afterwards, this rule no longer requires anybody to be present in the unit.
#[utoipa::path(tag = "organisation", operation_id = "coverage_rules_delete",
    security(("oauth2" = [perm::CoverageManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the rule (UUID)"), IfMatch),
    responses((status = 204, description = "The rule was removed")))]
#[delete("/v1/coverage-rules/{id}")]
async fn delete(allow: Allow<perm::CoverageManage>, id: Id, expected: IfMatch) -> Result<Reply> {
    allow.write(async |tx| service::delete(tx, id.0, &expected.0).await).await?;
    Ok(Reply::no_content())
}
