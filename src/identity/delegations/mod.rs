//! A unit head lets a deputy act for a unit and all below it, for a time. The deputy says so in each request
//! (`On-Behalf-Of`), acts as that unit's head and as nothing else, and the audit log names both.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;
