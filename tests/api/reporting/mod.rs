//! Reports.

mod attacker;
mod effectiveness;
mod effectiveness_levels;
mod effectiveness_reach;
mod effectiveness_rows;
pub mod given;
pub mod learners;
mod scorecards;
mod voices;
