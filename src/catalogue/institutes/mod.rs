//! Training institutes. One registers itself and organises nothing until the ministry approves it by a decision: the
//! ministry's own offices may not organise courses, so every course and offering belongs to an approved institute.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{Institute, InstituteKind, InstituteStatus};
pub use service::{find_visible, own, use_secret};
