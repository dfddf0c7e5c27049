//! Security events, for who watches over the service: what was refused, how often, minute by minute. They are counted and
//! written by `access::security`; here they are read.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;
