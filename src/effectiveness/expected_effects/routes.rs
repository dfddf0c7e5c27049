use actix_web::{get, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{DeclareExpectedEffects, ExpectedEffectsDto};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, Id, IfMatch, IfNoneMatch, Reply, Valid};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get).service(replace);
}

/// Read what is expected of an offering
///
/// The behaviours that are to be seen at work after the offering, and by how much the measures are to change.
/// The effectiveness report by offering compares them with what was found.
#[utoipa::path(tag = "evaluation", operation_id = "expected_effects_get", security(("oauth2" = [perm::OfferingRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IfNoneMatch),
    responses((status = 200, description = "The expected effects", body = ExpectedEffectsDto)))]
#[get("/v1/offerings/{id}/expected-effects")]
async fn get(allow: Allow<perm::OfferingRead>, id: Id) -> Result<Reply> {
    let expected = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(expected.version, &ExpectedEffectsDto::from(expected))
}

/// Declare what is expected of an offering
///
/// One to three expected effects, in place of those declared before; send `If-Match: "0"` the first time.
/// Allowed until the day before the first session.
#[utoipa::path(tag = "evaluation", operation_id = "expected_effects_replace",
    request_body = DeclareExpectedEffects, security(("oauth2" = [perm::ExpectedEffectManage])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), IfMatch),
    responses((status = 200, description = "The expected effects after the change",
            body = ExpectedEffectsDto)))]
#[put("/v1/offerings/{id}/expected-effects")]
async fn replace(
    allow: Allow<perm::ExpectedEffectManage>,
    id: Id,
    expected: IfMatch,
    input: Valid<DeclareExpectedEffects>,
) -> Result<Reply> {
    let effects = input.body.effects.into_iter().map(Into::into).collect();
    let declared = allow.write(async |tx| service::replace(tx, id.0, &expected.0, effects).await).await?;
    Reply::resource(declared.version, &ExpectedEffectsDto::from(declared))
}
