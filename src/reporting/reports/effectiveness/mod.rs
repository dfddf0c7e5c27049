//! Did work get better? Before and after a course, against comparable colleagues who were not trained.
//!
//! `queries` loads the raw rows of one page of subjects, `pairs`, `work_score` and `reaction` make one person's (one
//! class's) measurements of them, `sample`, `behaviour` and `report` put a subject's people together, and all arithmetic is
//! [`crate::evaluation::statistics`]. Every row counts only as far as it was known on `as_of`, so a report can be made
//! again for its date.

mod behaviour;
mod dto;
mod model;
mod pairs;
mod queries;
mod reaction;
mod report;
pub(crate) mod routes;
mod sample;
mod sentence;
mod service;
mod work_score;
