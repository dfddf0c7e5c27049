//! Offerings: one scheduled run of a published course, with a session in each of its half-days. The sessions have
//! exactly the periods of the course, lie on working days, and no lecturer teaches twice in one half-day. Whoever is
//! told of an offering may rely on its sessions: they change only while it is a draft.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;
mod timetable;

pub use model::{Attendance, Mode, Offering, OfferingStatus, Session};
pub use queries::{lock_seats, not_cancelled, row_not_cancelled, seats_taken, takes_place};
pub use service::{find_visible, half_days, sessions};
