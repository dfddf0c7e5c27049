//! What training institutes offer: institutes, lecturers, courses, their offerings.

pub mod courses;
pub mod institutes;
pub mod lecturers;
pub mod offerings;
mod sight;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(institutes::routes::routes);
    cfg.configure(lecturers::routes::routes);
    cfg.configure(courses::routes::routes);
    cfg.configure(offerings::routes::routes);
}
