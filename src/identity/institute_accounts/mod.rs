//! The first account of an institute that was approved: its applicant opens it with the application's secret.

mod dto;
pub(crate) mod routes;
mod service;
