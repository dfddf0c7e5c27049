//! Nominations, delivery and certificates.

mod nominations;
mod scene;
