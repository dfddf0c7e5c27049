//! Who works where, what each job position requires, who masters what, who is away, and how work is rated.

pub mod absences;
mod batch;
pub mod competencies;
pub mod coverage_rules;
pub mod employee_competencies;
pub mod employees;
pub mod gaps;
pub mod holidays;
pub mod positions;
pub mod ratings;
mod reach;
pub mod requirements;
pub mod succession;
pub mod units;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this area.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(units::routes::routes)
        .configure(competencies::routes::routes)
        .configure(positions::routes::routes)
        .configure(requirements::routes::routes)
        .configure(employees::routes::routes)
        .configure(employee_competencies::routes::routes)
        .configure(gaps::routes::routes)
        .configure(absences::routes::routes)
        .configure(coverage_rules::routes::routes)
        .configure(succession::routes::routes)
        .configure(ratings::routes::routes)
        .configure(holidays::routes::routes);
}
