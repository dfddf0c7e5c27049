//! What the evaluation of an offering could show, said before it is approved: with so many people a change of so many
//! points would probably be seen, and what would make a smaller one visible. Otherwise a course that works is held in a
//! class too small to show it, and the report can only say that no conclusion is possible.

mod dto;
mod model;
mod queries;
mod registration;
pub(crate) mod routes;
mod sentence;
mod service;

pub use registration::{Registered, departed, of_offerings as registrations, register, register_history};
