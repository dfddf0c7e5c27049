//! Did work get better? Before and after a course, against comparable colleagues who were not trained.
//!
//! `queries` loads what [`crate::evaluation::effectiveness`] released of one page of subjects, `behaviour`, `reaction`
//! and `report` put it together, and all arithmetic is [`crate::evaluation::statistics`]. An offering counts from its
//! day of release on and never changes again, so a report can be made again for its date; `rows` tells what it was made of.

mod behaviour;
mod dto;
mod input;
mod model;
mod queries;
mod reaction;
mod report;
pub(crate) mod routes;
mod rows;
mod sentence;
mod service;
