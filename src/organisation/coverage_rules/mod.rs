//! Minimum-presence rules: how many of a unit (or of one position group in it) must be at work in every half-day.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::CoverageRule;
