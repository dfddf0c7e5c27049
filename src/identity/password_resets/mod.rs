//! A person who cannot sign in gets a one-time token from an administrator, who never learns the new password.

mod dto;
mod queries;
pub(crate) mod routes;
mod service;

pub use queries::delete_old;
