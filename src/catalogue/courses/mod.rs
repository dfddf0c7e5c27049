//! Courses: what an institute offers to teach. A course is written by its institute, approved by the ministry, then
//! published; only then can it be scheduled. What was approved is never edited: evaluations rest on its behaviours.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{Build, ContentArea, Course, CourseStatus, Obligation};
pub use service::{audiences, builds, find_visible};
