//! Suggestions: open offerings that close a gap of a person, each with the verdict of a nomination's checks, so that
//! people choose what fits the gap and the unit's staffing.

mod dto;
mod model;
pub(crate) mod routes;
mod service;
