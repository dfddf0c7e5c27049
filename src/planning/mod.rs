//! The yearly training plan.

pub mod plans;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(plans::routes::routes);
}
