use actix_web::post;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{PasswordResetDto, RedeemPasswordReset};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, Id, Public, Reply, Valid};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(create).service(redeem);
}

/// Issue a password reset token for a person
///
/// The token can be used once, within 24 hours, and only this answer shows it. The administrator gives it to
/// the person and does not learn the password.
#[utoipa::path(tag = "identity", operation_id = "accounts_reset_password",
    security(("oauth2" = [perm::AccountManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the account (UUID)")),
    responses((status = 200, description = "The one-time token", body = PasswordResetDto)))]
#[post("/v1/accounts/{id}/reset-password")]
async fn create(allow: Allow<perm::AccountManage>, id: Id) -> Result<Reply> {
    let (reset_token, expires_at) = allow.write(async |tx| service::create(tx, id.0).await).await?;
    Reply::ok(&PasswordResetDto { reset_token, expires_at })
}

/// Set a new password with a one-time token
///
/// All logins of the account end.
#[utoipa::path(tag = "identity", operation_id = "password_resets_redeem", security(),
    request_body = RedeemPasswordReset,
    responses((status = 204, description = "The new password was set")))]
#[post("/v1/password-resets")]
async fn redeem(public: Public, input: Valid<RedeemPasswordReset>) -> Result<Reply> {
    let RedeemPasswordReset { reset_token, new_password } = input.body;
    let (keys, address) = (public.gate().keys(), public.address());
    public.write(async |tx| service::redeem(tx, keys, &address, &reset_token, new_password).await).await?;
    Ok(Reply::no_content())
}
