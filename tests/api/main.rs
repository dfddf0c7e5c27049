//! One test binary: every test speaks HTTP to a service of its own on a database of its own.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected fails"
)]

mod administration;
mod architecture;
mod catalogue;
mod command_line;
mod contract;
mod defences;
mod demo;
mod documents;
mod evaluation;
mod fixtures;
mod identity;
mod organisation;
mod participation;
mod planning;
mod reporting;
mod schema;
mod snapshots;
mod story;
mod support;
