//! What an offering is expected to change at work: declared before it starts, frozen when it does, and set against what
//! is found. Whoever may choose the aim after the shot always hits.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use dto::ExpectedEffectDto;
pub use model::{ExpectedEffect, ExpectedMeasure, Outcome};
pub use service::of_offerings;
