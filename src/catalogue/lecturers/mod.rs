//! An institute's lecturers, who must meet the standard of their role (Circular 03/2023/TT-BNV, Art. 13).

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{Degree, Lecturer, LecturerRole};
pub use service::of_institute;
