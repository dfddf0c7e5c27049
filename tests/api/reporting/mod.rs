//! Reports.

mod attacker;
mod discoveries;
mod effectiveness;
mod effectiveness_levels;
mod effectiveness_lots;
mod effectiveness_reach;
mod effectiveness_rows;
mod effectiveness_scores;
mod questionnaire_quality;
mod scorecards;
mod second_raters;
mod voices;
mod work_scores;
