//! The rows behind a report's figures, without the people: so that anyone who may read them can compute it anew
//! (`tests/recompute`).
//!
//! Nothing comes out here that is not in a figure of the same report, but for the baselines of five or more who were lost to
//! an offering, on which its warning and the check of its verdict rest: not of offerings that count in no total, not of
//! a comparison group that is too small, nothing at all below the report's own floor. What a report hides within its
//! figures stays hidden here too: which pairs changed their rater, where there are one to four of them.

mod dto;
mod model;
pub(crate) mod routes;
mod service;
