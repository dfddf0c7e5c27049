//! Who is sent to which offering, and what came of it.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(_cfg: &mut ServiceConfig) {}
