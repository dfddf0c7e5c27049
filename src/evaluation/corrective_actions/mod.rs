//! Corrective actions: what the ministry found in a course, what the institute answers and does, and by when.
//! An institute may dispute a finding; otherwise it names an action, its owner and its date.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{ActionStatus, CorrectiveAction};
