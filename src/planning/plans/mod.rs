//! The training plan of a year, with a line for each unit and course: how many the unit may send. A nomination cites a
//! line or says why it stands outside the plan. What was submitted is no longer changed.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{PlanLine, PlanStatus};
pub use service::find_line_visible;
