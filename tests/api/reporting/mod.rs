//! Reports.

mod attacker;
mod effectiveness;
mod effectiveness_reach;
pub mod given;
mod scorecards;
