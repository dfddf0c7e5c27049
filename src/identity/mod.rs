//! Who is who: accounts of people and machines, their roles, and the tokens they get.

pub mod accounts;
pub mod passwords;
pub mod signing_keys;
pub mod tokens;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(tokens::routes::routes);
    cfg.configure(accounts::routes::routes);
}
