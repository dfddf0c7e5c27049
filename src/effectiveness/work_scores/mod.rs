//! Official work scores around courses, over up to eight quarters: what the trained changed more than those not yet
//! trained, quarter by quarter before and after they first attended, as figures and as a picture.
//!
//! The scores were added up when a quarter was sealed ([`crate::effectiveness::score_panels`]); the estimates are made of
//! these sums for each row of an answer, by [`statistics::event_study()`]. Who may read this may read everybody's official scores, so only the
//! numbers of people that an estimate needs are asked for.

mod dto;
mod model;
mod picture;
pub(crate) mod routes;
mod sentence;
mod service;
