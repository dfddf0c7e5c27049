//! Reports.

mod attacker;
mod effectiveness;
mod effectiveness_levels;
mod effectiveness_reach;
mod effectiveness_rows;
mod effectiveness_scores;
pub mod given;
pub mod learners;
mod scorecards;
mod voices;
mod work_scores;
