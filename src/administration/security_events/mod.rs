//! Security events, for who watches over the service: what was refused, how often, minute by minute. They are counted and
//! written by `http::security`; here they are read.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;
