//! How long data are kept, and what happens then (Law 91/2025/QH15, Arts. 14 and 25). Some go by themselves, by
//! [`apply`]; for the others somebody decides.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{RULES, RetentionAction, RetentionRule};
pub use service::apply;
