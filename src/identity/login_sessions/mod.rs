//! Logins of people: a family of refresh tokens of which only the newest is good. Each refresh spends one and gives the
//! next; a spent one that comes back means that two parties hold the family, so it ends as a whole (RFC 9700, 4.14.2).

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{EndReason, Refreshed};
pub use service::{
    end_all, end_by_token, end_one, forget_old, of_token, on_device, refresh, scope_of, start,
};
