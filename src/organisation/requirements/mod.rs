//! What a job position requires (`/v1/job-positions/{id}/requirements`): a competency at a level, from a day on. A
//! requirement is never edited: a successor ends it, so that gaps can be judged as of any day.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::Requirement;
