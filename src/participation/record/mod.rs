//! The training record of a person (`/v1/employees/{id}/record`): read only, for the ministry and the person.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;
