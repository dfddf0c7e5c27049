//! Performance ratings (`/v1/performance-ratings`): official work scores, pushed by the HR portal. A correction is a new
//! revision; the newest one is current. Decree 335/2025/NĐ-CP knows a score of 100 and a class, Decree 90/2020/NĐ-CP a
//! yearly class only.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use model::{PeriodKind, Rating, RatingClass, RatingRegime};
