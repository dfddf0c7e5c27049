//! Administration: the audit log.

pub mod audit_log;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(audit_log::routes::routes);
}
