mod anonymity;
mod corrective_actions;
mod evaluations;
mod given;
mod questionnaires;
mod reminders;
mod rollups;
mod scheduling;
