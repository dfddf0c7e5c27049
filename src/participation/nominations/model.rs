use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::nominations;
use crate::db::text_enum;
use crate::error::{Faults, FieldError, Result};
use crate::transition::Transition;

/// The rules that the checks are made by; stored with every nomination, so that an old decision is read under its own.
pub const RULE_SET: &str = "2026-01";

/// Ground of a nomination: a need of the job position (`position_need`), or the person's entry on a
/// succession list (`succession`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum NominationBasis {
    /// The job position needs it: a gap, or a line of the training plan (Decree 171/2025/NĐ-CP, Art. 2).
    PositionNeed,
    /// The person is on a succession list.
    Succession,
}

text_enum!(NominationBasis);

/// Reason why this person is nominated and not another: the work was weak (`weakness`), it was the person's
/// turn (`planned`), the course is obligatory (`obligatory`), or the person asked (`own_wish`). Reports on
/// effectiveness warn of regression to the mean by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum NominationMotive {
    /// Work was weak there.
    Weakness,
    /// It was this person's turn.
    Planned,
    /// The course is obligatory.
    Obligatory,
    /// The person asked.
    OwnWish,
}

text_enum!(NominationMotive);

/// State of a nomination: asked for by the employee (`submitted`), supported by the unit head (`endorsed`),
/// with a seat (`approved`), on the waiting list (`waitlisted`), sent back by the unit head (`returned`),
/// refused (`declined`) or taken back (`withdrawn`). While `submitted`, `endorsed` or `approved` it reserves
/// the person's half-days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum NominationStatus {
    /// The employee asked for the seat; the unit head has not answered yet.
    Submitted,
    /// The unit head supports the nomination.
    Endorsed,
    /// The person has a seat.
    Approved,
    /// Approved in principle, but without a free seat; the person moves up when a seat comes free.
    Waitlisted,
    /// The unit head sent the nomination back with a reason.
    Returned,
    /// The nomination was refused with a reason.
    Declined,
    /// The nomination was taken back.
    Withdrawn,
}

text_enum!(NominationStatus);

impl NominationStatus {
    /// Every state.
    #[cfg(test)]
    pub const ALL: [Self; 7] = [
        Self::Submitted,
        Self::Endorsed,
        Self::Approved,
        Self::Waitlisted,
        Self::Returned,
        Self::Declined,
        Self::Withdrawn,
    ];
    /// States in which a nomination holds its half-days.
    pub const LIVE: [Self; 3] = [Self::Submitted, Self::Endorsed, Self::Approved];
    /// States in which a nomination is over, so that the person can be nominated again.
    pub const OVER: [Self; 2] = [Self::Declined, Self::Withdrawn];

    /// THE TRANSITION TABLE: the state after an action.
    ///
    /// # Errors
    /// [`crate::error::Rule::WrongState`] with the states that allow the action.
    pub fn step(self, action: Action) -> Result<Self> {
        action.transition().step(self, Self::name)
    }
}

/// How the seats of an offering are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    /// To the first who are approved.
    FirstCome,
    /// By lot, and the draw is yet to come: until then nobody gets a seat.
    BeforeDraw,
    /// By lot, and the draw was held: those who wait move up in the order of their lots.
    Drawn,
}

/// What can be done to a nomination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The unit head endorses it.
    Endorse,
    /// A seat is given.
    Approve,
    /// Approved, but full.
    Waitlist,
    /// The unit head gives it back.
    Return,
    /// Refused.
    Decline,
    /// Taken back.
    Withdraw,
}

impl Action {
    /// Every action.
    #[cfg(test)]
    pub const ALL: [Self; 6] =
        [Self::Endorse, Self::Approve, Self::Waitlist, Self::Return, Self::Decline, Self::Withdraw];

    const fn transition(self) -> Transition<NominationStatus> {
        use NominationStatus::{Approved, Declined, Endorsed, Returned, Submitted, Waitlisted, Withdrawn};
        match self {
            Self::Endorse => Transition::to(&[Submitted], Endorsed),
            Self::Approve => Transition::to(&[Endorsed, Waitlisted], Approved),
            Self::Waitlist => Transition::to(&[Endorsed], Waitlisted),
            Self::Return => Transition::to(&[Submitted, Endorsed], Returned),
            Self::Decline => Transition::to(&[Submitted, Endorsed, Approved, Waitlisted], Declined),
            Self::Withdraw => {
                Transition::to(&[Submitted, Endorsed, Approved, Waitlisted, Returned], Withdrawn)
            }
        }
    }
}

/// A nomination as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = nominations, check_for_backend(diesel::pg::Pg))]
pub struct Nomination {
    /// Its id.
    pub id: Uuid,
    /// The offering.
    pub offering_id: Uuid,
    /// Its course.
    pub course_id: Uuid,
    /// The institute that runs it.
    pub institute_id: Uuid,
    /// Who is to be sent.
    pub employee_id: Uuid,
    /// The person's unit when nominated.
    pub unit_id: Uuid,
    /// Why someone is sent.
    pub basis: NominationBasis,
    /// Why this person.
    pub motive: NominationMotive,
    /// The plan line it counts against.
    pub plan_line_id: Option<Uuid>,
    /// Why although it is not planned.
    pub outside_plan_reason: Option<String>,
    /// The place on a succession list.
    pub succession_entry_id: Option<Uuid>,
    /// Who stands in meanwhile.
    pub stand_in_id: Option<Uuid>,
    /// What should change at work.
    pub expected_effect: String,
    /// Anything else.
    pub note: Option<String>,
    /// Its status.
    pub status: NominationStatus,
    /// Reason of a return, a refusal or a withdrawal.
    pub decision_reason: Option<String>,
    /// The checks as they stood when last decided.
    pub checks: Value,
    /// The rules they were made by.
    pub rule_set: String,
    /// Account that nominated.
    pub nominated_by: Uuid,
    /// When it was last decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Since when it waits for a seat.
    pub waitlisted_at: Option<DateTime<Utc>>,
    /// Raised with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is needed to nominate someone.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Who is to be sent.
    pub employee_id: Uuid,
    /// To which offering.
    pub offering_id: Uuid,
    /// Why someone is sent.
    pub basis: NominationBasis,
    /// Why this person.
    pub motive: NominationMotive,
    /// The plan line it counts against.
    pub plan_line_id: Option<Uuid>,
    /// Why although it is not planned.
    pub outside_plan_reason: Option<String>,
    /// The place on a succession list.
    pub succession_entry_id: Option<Uuid>,
    /// Who stands in meanwhile.
    pub stand_in_id: Option<Uuid>,
    /// What should change at work.
    pub expected_effect: String,
    /// Anything else.
    pub note: Option<String>,
}

impl Draft {
    /// Members that must or must not be given together.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] with each of them.
    pub fn consistent(&self) -> Result<()> {
        let mut faults = Faults::default();
        let mut fault = |pointer: &str, code| faults.push(FieldError::new(pointer, code));
        match (self.basis, self.succession_entry_id) {
            (NominationBasis::Succession, None) => fault("/succession_entry_id", "required"),
            (NominationBasis::PositionNeed, Some(_)) => fault("/succession_entry_id", "not_applicable"),
            _ => {}
        }
        if self.basis == NominationBasis::Succession && self.plan_line_id.is_some() {
            fault("/plan_line_id", "not_applicable");
        }
        if self.plan_line_id.is_some() && self.outside_plan_reason.is_some() {
            fault("/outside_plan_reason", "not_applicable");
        }
        faults.check()
    }

    /// Who asks for oneself does so by one's own wish.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] at the motive.
    pub fn by_oneself(&self) -> Result<()> {
        if self.motive == NominationMotive::OwnWish {
            return Ok(());
        }
        let allowed = NominationMotive::OwnWish.name();
        Err(FieldError::new("/motive", "not_allowed").with("allowed", allowed).into())
    }
}

impl From<&Nomination> for Draft {
    fn from(n: &Nomination) -> Self {
        Self {
            employee_id: n.employee_id,
            offering_id: n.offering_id,
            basis: n.basis,
            motive: n.motive,
            plan_line_id: n.plan_line_id,
            outside_plan_reason: n.outside_plan_reason.clone(),
            succession_entry_id: n.succession_entry_id,
            stand_in_id: n.stand_in_id,
            expected_effect: n.expected_effect.clone(),
            note: n.note.clone(),
        }
    }
}

/// What a step changes. `waitlisted_at` is always written: the database wants it exactly while waiting.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = nominations)]
pub struct Step {
    pub status: NominationStatus,
    pub decision_reason: Option<String>,
    pub checks: Option<Value>,
    pub rule_set: Option<&'static str>,
    pub decided_at: Option<DateTime<Utc>>,
    #[diesel(treat_none_as_null = true)]
    pub waitlisted_at: Option<DateTime<Utc>>,
}

impl Step {
    /// A step to a state, without anything else.
    pub fn to(status: NominationStatus) -> Self {
        Self {
            status,
            decision_reason: None,
            checks: None,
            rule_set: None,
            decided_at: None,
            waitlisted_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NominationStatus::*;
    use super::*;

    /// Rows: states. Columns: endorse, approve, waitlist, return, decline, withdraw.
    #[test]
    fn every_state_and_action() {
        #[rustfmt::skip]
        let table = [
            (Submitted,  [Some(Endorsed), None, None, Some(Returned), Some(Declined), Some(Withdrawn)]),
            (Endorsed,   [None, Some(Approved), Some(Waitlisted), Some(Returned), Some(Declined), Some(Withdrawn)]),
            (Approved,   [None, None, None, None, Some(Declined), Some(Withdrawn)]),
            (Waitlisted, [None, Some(Approved), None, None, Some(Declined), Some(Withdrawn)]),
            (Returned,   [None, None, None, None, None, Some(Withdrawn)]),
            (Declined,   [None; 6]),
            (Withdrawn,  [None; 6]),
        ];
        assert_eq!(table.map(|(state, _)| state), NominationStatus::ALL);
        for (state, row) in table {
            for (action, expected) in Action::ALL.into_iter().zip(row) {
                assert_eq!(state.step(action).ok(), expected, "{state:?} {action:?}");
            }
        }
    }

    #[test]
    fn a_refused_step_names_the_states_that_allow_it() {
        let Err(crate::error::Error::Refused(crate::error::Rule::WrongState, members)) =
            Declined.step(Action::Approve)
        else {
            panic!("a refusal");
        };
        assert_eq!(members["state"], "declined");
        assert_eq!(members["allowed_states"], serde_json::json!(["endorsed", "waitlisted"]));
    }
}
