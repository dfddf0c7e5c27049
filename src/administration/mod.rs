//! What is asked about the data themselves: who changed them (the audit log), requests of people concerning their data,
//! and how long data are kept.

pub mod audit_log;
pub mod personal_data_requests;
pub mod retention_rules;
pub mod security_events;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(audit_log::routes::routes);
    cfg.configure(security_events::routes::routes);
    cfg.configure(personal_data_requests::routes::routes);
    cfg.configure(retention_rules::routes::routes);
}
