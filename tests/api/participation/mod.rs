//! Nominations, delivery and certificates.

mod certificates;
mod nominations;
mod participants;
mod record;
mod scene;
mod suggestions;
