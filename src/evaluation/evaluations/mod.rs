//! Evaluations: who owes which form about whom, from when to when, and the answers.
//!
//! * Behaviour at work is rated by the same supervisor on the same items before a course and three and six months
//!   after it, of those who attend and of comparable colleagues who do not; these answers are named.
//! * The reaction of learners is anonymous: what is stored of it carries no person and no time, and the task only
//!   remembers that it was answered.
//! * Open, due and lapsed follow from dates and are not stored. [`schedule`] hands the tasks out.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod scheduling;
mod service;

pub use model::{Evaluation, Phase, State, Status, SubjectGroup};
pub use scheduling::schedule;
