//! Nominations, delivery and certificates.

mod certificates;
mod conflicts;
mod nominations;
mod participants;
mod record;
mod seat_draws;
mod suggestions;
