//! Who is who: accounts of people and machines, their roles, logins and tokens, and who acts for whom.

pub mod accounts;
pub mod delegations;
pub mod institute_accounts;
pub mod login_attempts;
pub mod login_sessions;
pub mod password_resets;
pub mod passwords;
pub mod secrets;
pub mod signing_keys;
pub mod tokens;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::Tx;
use crate::error::Result;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(tokens::routes::routes);
    cfg.configure(accounts::routes::routes);
    cfg.configure(password_resets::routes::routes);
    cfg.configure(institute_accounts::routes::routes);
    cfg.configure(login_sessions::routes::routes);
    cfg.configure(delegations::routes::routes);
}

/// Forget what is over: spent secrets, old logins, retired keys.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_old(tx: &mut Tx<'_>) -> Result<()> {
    login_sessions::forget_old(tx).await?;
    login_attempts::forget_old(tx).await?;
    password_resets::delete_old(tx).await?;
    tokens::forget_used_assertions(tx).await?;
    signing_keys::forget_retired(tx).await
}
