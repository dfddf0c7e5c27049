//! Public holidays, and weekend days worked in exchange for bridge days. A day that was entered by mistake is told again
//! with `is_working_day`.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{Holiday, is_worked};
pub use queries::between;
