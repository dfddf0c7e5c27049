//! The audit log: who did what to which object, on whose behalf, before and after.
//!
//! * Entries come from two sides: the unit of work writes its events and noted reads (`src/db/audit.rs`), triggers write
//!   what became of the rows (`migrations/*_administration_audit`), so that a change at the database is seen as well.
//! * The database refuses to change or remove an entry, whoever asks.
//! * Entries are chained: the worker seals them in batches ([`seal`]), each seal a digest over the one before. Writers do
//!   not wait for it. [`verify`] computes the chain anew and names the first link that is broken.
//! * A chain shows what was changed below it, not that its end was cut off, or that all of it was written anew: for that,
//!   note the head that `thuocdo audit verify` prints outside of the database, and give it to a later run.

mod chain;
mod digest;
mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use chain::{Broken, Fault};
pub use digest::Digest;
pub use model::Report;
pub use service::{seal, verify};
