//! Second raters: who rates a participant's work beside the supervisor, where a head or an officer named somebody.
//!
//! One supervisor's rating of work behaviour is only moderately reliable (about 0.45 to 0.61; Salgado and Moscoso 2019). A
//! deputy, or somebody elsewhere who receives the person's work, answers the same form in the same windows. These answers
//! never enter the effect: they show how far two raters agree, and whether both saw the same change
//! (`crate::effectiveness::measures::second`).
//!
//! Here is the choice. What decides whether somebody is asked ([`Facts`]) lies with the forms, as they follow from it: they
//! are handed out, moved and excused by `crate::evaluation::evaluations::follow_second_rater`, at once where somebody is
//! named and every minute for all.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use super::evaluations::{Ended, Facts};
