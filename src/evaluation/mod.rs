//! Questionnaires, evaluations before and after, and the measures made of them.

pub mod corrective_actions;
pub mod effectiveness;
pub mod evaluation_plans;
pub mod evaluations;
pub mod expected_effects;
pub mod form_quality;
pub mod quality_forms;
pub mod questionnaires;
pub mod score_panels;
pub mod second_raters;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(questionnaires::routes::routes)
        .configure(evaluations::routes::routes)
        .configure(quality_forms::routes::routes)
        .configure(expected_effects::routes::routes)
        .configure(second_raters::routes::routes)
        .configure(evaluation_plans::routes::routes)
        .configure(corrective_actions::routes::routes);
}
