//! The yearly training plan.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(_cfg: &mut ServiceConfig) {}
