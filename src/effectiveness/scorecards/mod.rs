//! The institutes side by side: what changed at work after their courses, raw and drawn to the mean of all by how
//! little their own people tell, with what learners said, who completed, and what had to be put right.
//!
//! It is no league table: institutes stand in order of their names until their differences are more than chance and
//! each is measured well enough. Each row reads what was released of the institute's
//! offerings; the list itself is always that of the whole ministry, whoever looks.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;
