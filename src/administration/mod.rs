//! What is asked about the data themselves: requests of people concerning their data, and how long data are kept.

pub mod personal_data_requests;
pub mod retention_rules;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(personal_data_requests::routes::routes);
    cfg.configure(retention_rules::routes::routes);
}
