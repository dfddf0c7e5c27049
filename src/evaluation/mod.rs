//! Questionnaires, evaluations before and after, and the measures made of them.

pub mod statistics;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(_cfg: &mut ServiceConfig) {}
