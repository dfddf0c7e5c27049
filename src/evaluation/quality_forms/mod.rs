//! Statutory forms on the quality of training (Circular 10/2017/TT-BNV; Circular 03/2023/TT-BNV, Art. 24), opened for an
//! offering: its learners answer theirs as evaluations, its lecturers, who have no account, by one-time tokens.
//!
//! Both are anonymous. A lecturer's token is numbered, shown once, kept as a hash, and deleted with the answer: what is
//! stored of the answer names the group and nobody in it; until the form is over it waits, sealed
//! ([`super::evaluations::waiting`]). Results are shown when the window has closed and no answer is
//! taken any more, so that they never change; groups of fewer than five are hidden, and what would give them away.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use service::forget_over;
