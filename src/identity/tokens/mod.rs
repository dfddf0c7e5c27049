//! `POST /oauth/token` (passwords, client credentials, refresh tokens), revocation, introspection, the published keys
//! and the servers' metadata.
//!
//! Errors of the OAuth endpoints have the form of RFC 6749, section 5.2, which every OAuth client knows.

mod clients;
mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use queries::forget_used as forget_used_assertions;
