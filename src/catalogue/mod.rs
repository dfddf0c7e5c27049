//! What training institutes offer: institutes, lecturers, courses, their offerings.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(_cfg: &mut ServiceConfig) {}
