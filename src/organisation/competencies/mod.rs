//! Competencies: what people can master, in five levels. Job positions require them, courses build them, people hold
//! them.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{Competency, ContentArea};
pub use service::get as find;
