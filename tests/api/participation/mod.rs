//! Nominations, delivery and certificates.

mod certificates;
mod conflicts;
mod nominations;
mod participants;
mod record;
pub mod scene;
mod seat_draws;
mod suggestions;
