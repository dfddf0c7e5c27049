//! Reports.

mod effectiveness;
mod effectiveness_reach;
mod given;
