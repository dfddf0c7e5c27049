//! The reports, one folder each.

pub mod effectiveness;
pub mod questionnaire_quality;
pub mod scorecards;
