//! Reports: read only.

pub mod comments;
pub mod reports;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(comments::routes::routes)
        .configure(reports::discoveries::routes::routes)
        .configure(reports::effectiveness::routes::routes)
        .configure(reports::questionnaire_quality::routes::routes)
        .configure(reports::scorecards::routes::routes)
        .configure(reports::work_scores::routes::routes);
}
