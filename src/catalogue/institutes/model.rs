use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::institutes;
use crate::db::text_enum;
use crate::error::{Result, Rule};
use crate::transition::Transition;

/// Kind of training institute: `ministry_school` (the ministry's own training school), `academy` (học viện),
/// `university` (trường đại học), `authorised_unit` (a unit authorised to organise training), `other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum InstituteKind {
    /// The ministry's own training school.
    MinistrySchool,
    /// Học viện.
    Academy,
    /// Trường đại học.
    University,
    /// A unit authorised to organise training.
    AuthorisedUnit,
    /// Any other institute.
    Other,
}

text_enum!(InstituteKind);

/// State of a training institute: `applied` (registered itself, waits for a decision), `approved` (may
/// organise training), `suspended` (may not organise training for now), `closed` (for good), `refused` (the
/// application was refused).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum InstituteStatus {
    /// Registered itself; waits for a decision.
    Applied,
    /// May organise training.
    Approved,
    /// May not organise training for now.
    Suspended,
    /// Has ended for good.
    Closed,
    /// Its application was refused.
    Refused,
}

text_enum!(InstituteStatus);

/// What the ministry does with an institute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Approve,
    Suspend,
    Close,
    Refuse,
}

impl Action {
    /// The transition table: the states that allow an action, and the state it leads to.
    const fn transition(self) -> Transition<InstituteStatus> {
        use InstituteStatus::*;
        match self {
            Action::Approve => Transition::to(&[Applied, Suspended], Approved),
            Action::Suspend => Transition::to(&[Approved], Suspended),
            Action::Close => Transition::to(&[Applied, Approved, Suspended], Closed),
            Action::Refuse => Transition::to(&[Applied], Refused),
        }
    }

    /// Name of the event that announces it.
    pub const fn event(self) -> &'static str {
        match self {
            Action::Approve => "institute.approved",
            Action::Suspend => "institute.suspended",
            Action::Close => "institute.closed",
            Action::Refuse => "institute.refused",
        }
    }
}

impl InstituteStatus {
    /// The state after an action.
    pub fn step(self, action: Action) -> Result<Self> {
        action.transition().step(self, Self::name)
    }
}

/// An institute as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = institutes, check_for_backend(diesel::pg::Pg))]
pub struct Institute {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: InstituteKind,
    /// Address for official mail.
    pub contact_email: String,
    /// Whom to ask for.
    pub contact_name: String,
    /// State of the institute.
    pub status: InstituteStatus,
    /// Decision that approved it.
    pub decision_number: Option<String>,
    /// Raised with every change.
    pub version: i32,
    /// When it registered.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Institute {
    /// Only an approved institute may organise training.
    ///
    /// # Errors
    /// [`Rule::InstituteNotApproved`].
    pub fn may_organise(&self) -> Result<()> {
        match self.status {
            InstituteStatus::Approved => Ok(()),
            _ => Err(Rule::InstituteNotApproved.into()),
        }
    }
}

/// What an institute registers with.
#[derive(Debug, Clone)]
pub struct Draft {
    pub code: String,
    pub name: String,
    pub kind: InstituteKind,
    pub contact_email: String,
    pub contact_name: String,
    /// Keyed hash of the address it came from.
    pub applicant_hash: Vec<u8>,
}

/// The decision that approves an institute.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// Its number.
    pub number: Option<String>,
    /// The code that it gives, instead of the one that was asked for.
    pub code: Option<String>,
}

/// Applications from one address that may wait for a decision.
pub const OPEN_FROM_ADDRESS: i64 = 5;
/// Applications that may wait for a decision in all.
pub const OPEN_IN_ALL: i64 = 200;

/// What changes; absent members stay.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = institutes)]
pub struct Change {
    pub contact_email: Option<String>,
    pub contact_name: Option<String>,
    pub status: Option<InstituteStatus>,
    pub decision_number: Option<String>,
    pub code: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::Action::*;
    use super::InstituteStatus::*;

    #[test]
    fn every_state_and_action() {
        for (from, expected) in [
            (Applied, [Some(Approved), None, Some(Closed), Some(Refused)]),
            (Approved, [None, Some(Suspended), Some(Closed), None]),
            (Suspended, [Some(Approved), None, Some(Closed), None]),
            (Closed, [None; 4]),
            (Refused, [None; 4]),
        ] {
            let reached = [Approve, Suspend, Close, Refuse].map(|action| from.step(action).ok());
            assert_eq!(reached, expected, "from {}", from.name());
        }
    }
}
