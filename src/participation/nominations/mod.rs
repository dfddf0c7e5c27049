//! Nominations: who is to be sent to which offering, and why. Named checks explain every decision; a live nomination
//! (submitted, endorsed, approved) holds the person's half-days, so nobody sits in two classes at once and no unit
//! falls below its minimum presence; seats are never oversold, and the waiting list moves by itself.
//!
//! Locks, always in this order: the offering's row, then the presence of units (in the order of their ids), then plan
//! lines.

mod checks;
mod dto;
mod explain;
mod facts;
mod model;
mod queries;
mod recheck;
mod refused;
pub(crate) mod routes;
pub(in crate::participation) mod seats;
mod service;

pub(in crate::participation) use checks::{Case, Check, CheckVerdict, Stage, worst};
pub(in crate::participation) use explain::{CheckDto, count};
pub(in crate::participation) use facts::{Offered, Offering, gaps, load, visible_employee};
pub(in crate::participation) use queries::visible;

pub use model::{Draft, Nomination, NominationBasis, NominationMotive, NominationStatus, RULE_SET};
