//! Requests of people concerning their data (Law 91/2025/QH15, Art. 4): to view, correct, copy, restrict, object,
//! withdraw consent, erase, each with the clocks of Decree 356/2025/NĐ-CP, Art. 5.
//!
//! * Fulfilling does what was asked for, in the same transaction: a correction is applied under the rules of every
//!   change, a restriction marks the employee, an erasure takes the name off everything that stays ([`erasure`]).
//! * A request to view or to copy opens [`export`]: everything held about the person. Each reading is accounted for.
//! * Nothing here is processed by consent alone, so who withdraws it or objects restricts the processing to what the
//!   law assigns to a state body (Law 91/2025/QH15, Art. 19): no suggestions, nobody's comparison.

mod dto;
pub mod erasure;
pub mod export;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{DataRequestKind, DataRequestStatus};
