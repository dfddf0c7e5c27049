//! `POST /oauth/token` (password and client credentials), the published keys, the server's metadata.
//!
//! Errors of the token endpoint have the form of RFC 6749, section 5.2, which every OAuth client knows.

mod dto;
pub(crate) mod routes;
mod service;
