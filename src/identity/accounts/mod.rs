//! Accounts of people and machines. An account has roles; a person's account names the employee, an institute's the
//! institute. Changing roles or closing an account raises its epoch, which ends what its tokens can change.

mod dto;
mod keys;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use keys::choose as choose_key;
pub use model::{Draft, Kind, Login, Proof, RoleDraft, misfit};
pub use service::{actor, by_employee, create, find_login, login, of_provider, rehash, set_password};
