//! Reports.

mod attacker;
mod effectiveness;
mod effectiveness_reach;
mod effectiveness_rows;
pub mod given;
mod scorecards;
