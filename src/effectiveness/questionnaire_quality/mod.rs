//! How good the questionnaires themselves are, for those who write and use them: one row for each published version.
//!
//! The figures are those of [`crate::effectiveness::form_quality`]; `model` says what stands out among the items, and
//! `sentence` what may be concluded.

mod dto;
mod model;
pub(crate) mod routes;
mod sentence;
mod service;
