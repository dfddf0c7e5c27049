//! Corrective actions: what was found in a course, what the institute answers and does, and by when.
//!
//! The ministry opens them by hand; the service opens one by itself when what it releases of an offering is bad
//! ([`release_due`]). The institute replies with an action, its owner and its date, or disputes the finding, once; the
//! ministry upholds the finding or withdraws it. What the next run of the course comes to is set against the figure that
//! the action was opened for (`follow_up`): both are read from what was released, through the gates of the reports.

mod dto;
mod follow_up;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{ActionStatus, Cause, CorrectiveAction, Standing};
pub use service::{release_due, standings};
