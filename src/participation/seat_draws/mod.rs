//! Scarce seats drawn by lot.
//!
//! Where more people are approved for an offering than it has seats, an officer may decide before anybody has a seat that
//! chance gives them out. Everybody approved waits for the draw, but who has a seat held from an earlier one; those who are not drawn keep their place on the waiting
//! list and have the first seats of the next run. As nothing but chance decides who is trained first, those who wait are
//! the best comparison there is (`evaluation::evaluations::scheduling::matching`), and the report on the offering is one
//! on a randomised comparison.
//!
//! Nobody can steer the draw unseen: the seed is made when it is announced and kept back until it is held, its SHA-256
//! digest is public at once, and each lot is the digest of the seed and the nomination ([`lot`]). Somebody with access to
//! the database itself could read the seed before; the audit log does not have it.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{COMPARED_DAYS, DrawOutcome, DrawStatus, lot};
pub use queries::begins_before_rating;
