//! What learners wrote of an offering on its anonymous forms.
//!
//! Wording gives its writer away sooner than a number does, so nothing is shown before ten forms are in, and nothing
//! while the window is open: the comments of two days would differ by those of one person. The words stay with the
//! forms, and in no copy, so that erasure, which puts its mark where somebody is named, reaches what is shown here. A
//! form that came in after the release would be recognised by what is new; then nothing is shown at all.
//!
//! Who may read them: training officers, auditors, and the institute that held the offering. Not leaders and unit heads,
//! who decide by figures ([`crate::access::policy`]).

mod dto;
mod model;
pub(crate) mod routes;
mod service;
