//! Job positions (`/v1/job-positions`): what people are employed as. What each requires stands in
//! [`super::requirements`].

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::JobPosition;
pub(super) use queries::ids_by_code;
pub use service::get as find;
