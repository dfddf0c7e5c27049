//! Gaps: what an employee's job position requires on a day and no valid competency meets. Always a list of named
//! requirements, never an average.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{CompetencyGap, Gap};
pub use service::{gaps, gaps_of};
