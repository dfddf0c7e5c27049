//! Absences: when a person is away, from half-day to half-day. Who is present decides whether someone else may be sent
//! to a course.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{Absence, AbsenceKind};
