//! What an offering is expected to change at work: declared before it starts, frozen when it does, and set against what
//! is found. An expectation that could be chosen after the result would always be met.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use dto::ExpectedEffectDto;
pub use model::{ExpectedEffect, ExpectedMeasure, Outcome};
pub use service::of_offerings;
