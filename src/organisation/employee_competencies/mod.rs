//! What an employee has shown to master (`/v1/employees/{id}/competencies`): a level with its proof, from a day on.
//! Rows are added, never edited; the highest valid level counts.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{CompetencySource, NewCompetency};
pub use service::{add as add_competency, add_all as add_competencies};
