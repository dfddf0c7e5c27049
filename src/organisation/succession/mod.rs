//! Succession lists (`/v1/succession-lists`): who is planned for which post, by which decision, for how long. A valid
//! entry is a reason to be sent to courses of political theory and state management.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::SuccessionEntry;
pub use service::get as find_visible;
