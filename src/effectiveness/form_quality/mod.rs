//! How good a questionnaire is as an instrument: whether its items measure one thing, which of them say little, how often
//! they are left out, and how far learners' ratings of themselves agree with those of their supervisors.
//!
//! What the forms of an offering came to is added up once, when its figures are released ([`keep`]), and never changed. At
//! the start of a quarter the offerings released before it are added to what is known of each questionnaire ([`count`]),
//! as far as each part has thirty forms (`Standing`): so whatever two days' figures differ by is of as many forms as a
//! figure needs by itself, and nothing of few people follows from subtracting them. For a questionnaire a report reads one
//! row of figures, however many forms there are, and adds up how many forms of offerings are not counted yet.

mod few;
mod figures;
mod model;
mod queries;
mod service;

pub use figures::{Quality, QualityItem};
pub use service::{Known, count, keep, keep_statutory, known};
