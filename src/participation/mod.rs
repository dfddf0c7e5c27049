//! Who is sent to which offering, and what came of it.

pub mod nominations;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(nominations::routes::routes);
}
