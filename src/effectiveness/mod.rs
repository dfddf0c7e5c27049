//! Effectiveness of training: what is measured of an offering, added up on its day of release, judged and reported, and what
//! follows from it.

pub mod comments;
pub mod corrective_actions;
pub mod disclosure;
pub mod discoveries;
pub mod evaluation_plans;
pub mod expected_effects;
pub mod form_quality;
pub mod measures;
pub mod questionnaire_quality;
pub mod release;
pub mod report;
pub mod score_panels;
pub mod scorecards;
pub mod work_scores;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(expected_effects::routes::routes)
        .configure(evaluation_plans::routes::routes)
        .configure(corrective_actions::routes::routes)
        .configure(comments::routes::routes)
        .configure(discoveries::routes::routes)
        .configure(report::routes::routes)
        .configure(questionnaire_quality::routes::routes)
        .configure(scorecards::routes::routes)
        .configure(work_scores::routes::routes);
}
