//! Who is sent to which offering, and what came of it.

pub mod certificates;
pub mod nominations;
pub mod participants;
pub mod record;
pub mod seat_draws;
pub mod suggestions;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(nominations::routes::routes)
        .configure(seat_draws::routes::routes)
        .configure(participants::routes::routes)
        .configure(certificates::routes::routes)
        .configure(record::routes::routes)
        .configure(suggestions::routes::routes);
}
