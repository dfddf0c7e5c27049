//! Accounts of people and machines. An account has roles; a person's account names the employee, an institute's the
//! institute. Changing roles or closing an account raises its epoch, which ends what its tokens can change.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{Draft, Kind, Login, RoleDraft};
pub use service::{actor, create, find_login};
