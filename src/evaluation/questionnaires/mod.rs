//! Questionnaires. A published version never changes, so that what was asked before a course is what is asked after
//! it: another wording is another revision of the same code.
//!
//! Two kinds are shipped and made on demand: `reaction`, the learner's anonymous form at the close of a course, and
//! `behaviour-<course code>`, the five behaviours of a course, which a supervisor rates.

mod answers;
mod dto;
mod instrument;
mod items;
mod model;
mod queries;
pub(crate) mod routes;
mod scoring;
mod service;
mod shipped;

pub use answers::{Answer, AnswerValue, fitting};
pub(super) use dto::QuestionnaireDto;
pub use instrument::{Instrument, Mould};
pub use items::{Choice, Item, ItemKind, Items, Section, Words};
pub(crate) use model::Draft;
pub use model::{Audience, Questionnaire};
pub use scoring::{ScoreUnit, Scoring};
pub(super) use service::find;
pub use service::{ensure_behaviour, ensure_reaction};
pub use shipped::{COMMENTS_PER_REACTION, REACTION_SCALES};
pub(crate) use shipped::{behaviour, reaction};
