//! Questionnaires, evaluations before and after, and the statutory forms: who is asked what, and when.

pub mod evaluations;
pub mod quality_forms;
pub mod questionnaires;
pub mod second_raters;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(questionnaires::routes::routes)
        .configure(evaluations::routes::routes)
        .configure(quality_forms::routes::routes)
        .configure(second_raters::routes::routes);
}
