//! The reports, one folder each.

pub mod effectiveness;
pub mod scorecards;
pub mod work_scores;
