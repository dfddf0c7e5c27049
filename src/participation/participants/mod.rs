//! Participants: who takes part in an offering, with attendance and results as the institute reports them. An institute
//! sees a participant's number, name, unit and e-mail, and nothing else of the person.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub(in crate::participation) use model::Enrolment;
pub(in crate::participation) use queries::{
    ManagedOffering, enrol, leave, managed_offering, recompute_attendance, set_status,
};

pub use model::ParticipantStatus;
pub use queries::{row_took_part, took_part};
