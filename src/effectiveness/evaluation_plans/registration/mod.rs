//! What was fixed of an evaluation before its course began, written down once with its date and a digest: the smallest
//! change that matters, the questions, the rules, what was expected, and what could be seen. Rules that are chosen after the
//! figures are known fit any figures.
//!
//! The background loop writes it on the day of the first session, before that session; one that is written later says so.
//! It is never changed: not when the offering is cancelled, and not when the course or the method changes afterwards.

mod model;
mod queries;
mod service;

pub use model::{Registered, Registration};
pub use service::{departed, of_offering, of_offerings, register, register_history};
