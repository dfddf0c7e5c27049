//! Questionnaires. A published version never changes, so that what was asked before a course is what is asked after
//! it: another wording is another revision of the same code, and what a form is for follows from its code
//! ([`Instrument`]).
//!
//! What the service hands out by itself is shipped and made on demand: the learner's anonymous reaction,
//! the five behaviours of a course as its supervisors see them, as learners see themselves, and as they look back; what
//! the learner's office lets be used (anonymous), and what the unit that nominated says. Tests of knowledge are written
//! by officers, in pairs. The statutory forms on quality come with their arithmetic ([`quality`]).

mod answers;
mod dto;
mod instrument;
mod items;
mod model;
mod publishing;
pub mod quality;
mod queries;
pub(crate) mod routes;
mod scoring;
mod service;
mod shipped;

pub use answers::{Answer, AnswerValue, fitting};
pub(super) use dto::QuestionnaireDto;
pub use instrument::{Audience, BEHAVIOUR_LEVEL, Instrument, Mould, REACTION_LEVEL};
pub use items::{Choice, Item, ItemKind, Items, Section, Words};
pub(crate) use model::Draft;
pub use model::Questionnaire;
pub use queries::Filter;
pub use scoring::{ScoreUnit, Scoring, counted};
pub(crate) use service::find;
pub use service::{ensure, ensure_statutory, list, tests};
pub use shipped::{BENEFICIARY_ITEMS, COMMENTS_PER_REACTION, ENVIRONMENT_ITEMS, REACTION_SCALES};
pub(crate) use shipped::{Taught, beneficiary, environment, made_of_course, reaction};
