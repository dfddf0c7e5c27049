//! The reports, one folder each.

pub mod discoveries;
pub mod effectiveness;
pub mod scorecards;
