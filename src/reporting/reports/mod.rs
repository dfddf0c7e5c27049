//! The reports, one folder each.

pub mod discoveries;
pub mod effectiveness;
pub mod questionnaire_quality;
pub mod scorecards;
pub mod work_scores;
