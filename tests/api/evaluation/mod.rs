mod anonymity;
mod corrective_actions;
mod evaluations;
mod given;
mod questionnaires;
mod rollups;
mod scheduling;
