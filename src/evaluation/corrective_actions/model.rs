use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::corrective_actions;
use crate::db::text_enum;
use crate::error::{Error, FieldError, Result};
use crate::transition;

/// How far a corrective action has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionStatus {
    /// The institute has to reply.
    Open,
    /// The institute has replied.
    Replied,
    /// The ministry has accepted the reply.
    Closed,
}

text_enum!(ActionStatus {
    Open = "open",
    Replied = "replied",
    Closed = "closed",
});

impl ActionStatus {
    /// The transition table: the states from which a step leads to this one.
    const fn reached_from(self) -> &'static [ActionStatus] {
        match self {
            ActionStatus::Open => &[],
            ActionStatus::Replied => &[ActionStatus::Open],
            ActionStatus::Closed => &[ActionStatus::Replied],
        }
    }

    /// The state after a step.
    ///
    /// # Errors
    /// [`crate::error::Rule::WrongState`] with the states that allow it.
    pub fn step(self, to: ActionStatus) -> Result<ActionStatus> {
        transition::step(self, to.reached_from(), to, Self::name)
    }
}

/// A corrective action as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = corrective_actions, check_for_backend(diesel::pg::Pg))]
pub struct CorrectiveAction {
    /// Its id.
    pub id: Uuid,
    /// Who has to reply.
    pub institute_id: Uuid,
    /// The course it is about.
    pub course_id: Uuid,
    /// The run of the course it is about, if only one.
    pub offering_id: Option<Uuid>,
    /// What was found.
    pub finding: String,
    /// How far it has come.
    pub status: ActionStatus,
    /// Day by which the institute is to reply.
    pub reply_due_on: NaiveDate,
    /// The institute's reply.
    pub reply: Option<String>,
    /// What it does.
    pub action: Option<String>,
    /// Who is responsible for it.
    pub action_owner: Option<String>,
    /// Day by which it is done.
    pub action_due_on: Option<NaiveDate>,
    /// Whether the institute disputes the finding.
    pub disputed: Option<bool>,
    /// When it replied.
    pub replied_at: Option<DateTime<Utc>>,
    /// Raised with every change.
    pub version: i32,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is needed to open one: the course, the offering, or both.
#[derive(Debug, Clone)]
pub struct Draft {
    pub course_id: Option<Uuid>,
    pub offering_id: Option<Uuid>,
    pub finding: String,
    pub reply_due_on: NaiveDate,
}

/// An institute's reply.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = corrective_actions)]
pub struct Answer {
    pub reply: String,
    pub action: Option<String>,
    pub action_owner: Option<String>,
    pub action_due_on: Option<NaiveDate>,
    pub disputed: bool,
}

impl Answer {
    /// Who accepts a finding says what will be done, by whom and until when; who disputes it need not.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every member that is missing or lies in the past.
    pub fn check(&self, today: NaiveDate) -> Result<(), Error> {
        let mut faults = Vec::new();
        let members = [
            ("/action", self.action.is_none()),
            ("/action_owner", self.action_owner.is_none()),
            ("/action_due_on", self.action_due_on.is_none()),
        ];
        if !self.disputed {
            let missing = members.iter().filter(|(_, is_missing)| *is_missing);
            faults.extend(missing.map(|(pointer, _)| FieldError::new(*pointer, "required")));
        }
        if self.action_due_on.is_some_and(|due| due < today) {
            faults.push(FieldError::new("/action_due_on", "deadline_past"));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_steps_are_legal() {
        let all = [ActionStatus::Open, ActionStatus::Replied, ActionStatus::Closed];
        let legal: Vec<_> = all
            .into_iter()
            .flat_map(|from| all.map(|to| (from, to)))
            .filter(|(from, to)| from.step(*to).is_ok())
            .collect();
        assert_eq!(
            legal,
            [(ActionStatus::Open, ActionStatus::Replied), (ActionStatus::Replied, ActionStatus::Closed)]
        );
    }
}
