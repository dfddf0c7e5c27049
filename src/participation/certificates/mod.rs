//! Certificates of completed courses: issued under the conditions of Circular 03/2023/TT-BNV, Art. 6, numbered without
//! holes per institute and year, verified by anyone who is shown one, revoked with a reason. A certificate is what a person's
//! competencies rest on: revoked, they go.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{Certificate, CertificateStatus, certificate_number};
pub use service::issue;
