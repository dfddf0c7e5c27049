//! The institutes side by side: what changed at work after their courses, raw and drawn to the mean of all, the more
//! so the less their own people show, with what learners said, who completed, and what had to be put right.
//!
//! It is no league table: institutes are listed in order of their names until their differences are more than chance
//! and each is measured well enough. Each row reads what was released of the institute's
//! offerings; the list itself is always that of the whole ministry, for every reader.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;
