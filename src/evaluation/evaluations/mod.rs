//! Evaluations: who owes which form about whom, from when to when, and the answers.
//!
//! * Behaviour at work is rated by the same supervisor on the same items before a course and three and six months
//!   after it, of those who attend and of comparable colleagues who do not; these answers are named.
//! * The reaction of learners is anonymous: what is stored of it carries no person and no time, and the task only
//!   remembers that it was answered. Until the form is over it waits, sealed; then all answers are written together
//!   ([`waiting`]).
//! * Open, due and lapsed follow from dates and are not stored. [`schedule`] hands the tasks out.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod scheduling;
mod second_rating;
mod service;
pub mod waiting;

pub(super) use dto::AnswerDto;
pub(super) use model::not_open;
pub use model::{AnswerBatch, Evaluation, Phase, Rater, RespondentGroup, State, Status, SubjectGroup};
pub(crate) use scheduling::{EVALUATED, closes_after};
pub(super) use scheduling::{LONGEST_DAYS, ask_learners, facts_of_rater, follow_second_rater, supervisor_of};
pub use scheduling::{matching, schedule};
pub use second_rating::{Ended, Facts};
