//! Who works where, and what each job position requires.

pub mod units;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(units::routes::routes);
}
