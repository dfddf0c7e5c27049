//! Nominations, delivery and certificates.

mod certificates;
mod nominations;
mod participants;
mod scene;
mod suggestions;
