use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::vietnamese_day;
use crate::db::schema::corrective_actions;
use crate::db::text_enum;
use crate::effectiveness::measures::Measure;
use crate::error::Result;
use crate::transition::Transition;
use statistics::thresholds::REACTION_LIMIT;

/// State of a corrective action: the institute has to reply or to dispute (`open`), the ministry has to
/// decide about the dispute (`disputed`), the finding stays in force and the institute has to reply
/// (`upheld`), the institute has replied (`replied`), the ministry has accepted the reply (`closed`), or it
/// has accepted the dispute (`withdrawn`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ActionStatus {
    /// The institute has to reply, or to dispute the finding.
    Open,
    /// The institute disputes the finding; the ministry has to decide.
    Disputed,
    /// The finding is upheld; the institute has to reply.
    Upheld,
    /// The institute has replied.
    Replied,
    /// The ministry has accepted the reply.
    Closed,
    /// The ministry has accepted the dispute and taken the finding back.
    Withdrawn,
}

text_enum!(ActionStatus);

impl ActionStatus {
    /// The transition table: the states from which a step leads to this one.
    const fn transition(self) -> Transition<Self> {
        use ActionStatus::*;
        match self {
            Open => Transition::to(&[], Open),
            Disputed => Transition::to(&[Open], Disputed),
            Upheld => Transition::to(&[Disputed], Upheld),
            Withdrawn => Transition::to(&[Disputed], Withdrawn),
            Replied => Transition::to(&[Open, Upheld], Replied),
            Closed => Transition::to(&[Replied], Closed),
        }
    }

    /// The state after a step.
    ///
    /// # Errors
    /// [`crate::error::Rule::WrongState`] with the states that allow it.
    pub fn step(self, to: ActionStatus) -> Result<ActionStatus> {
        to.transition().step(self, Self::name)
    }
}

/// Reason why a corrective action was opened: a finding of the ministry (`finding`), or, by the service, a
/// learners' mean below the limit (`reaction_under_limit`) or a change of behaviour at work three months
/// after whose whole interval lies below 0 (`behaviour_worse`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[schema(example = "reaction_under_limit")]
pub enum Cause {
    /// The ministry found something.
    Finding,
    /// The learners' mean lies under the limit; opened by the service.
    ReactionUnderLimit,
    /// Work got worse in the three months after, with certainty; opened by the service.
    BehaviourWorse,
}

text_enum!(Cause);

impl Cause {
    /// The measures whose release may open one.
    pub const MEASURES: [Measure; 2] = [Measure::Reaction, Measure::ThreeMonths];

    /// The measure whose release opens such an action; none is opened by hand.
    pub fn measure(self) -> Option<Measure> {
        match self {
            Cause::Finding => None,
            Cause::ReactionUnderLimit => Some(Measure::Reaction),
            Cause::BehaviourWorse => Some(Measure::ThreeMonths),
        }
    }

    /// The cause for which the release of a measure may open one.
    pub fn of(measure: Measure) -> Option<Self> {
        [Cause::ReactionUnderLimit, Cause::BehaviourWorse]
            .into_iter()
            .find(|cause| cause.measure() == Some(measure))
    }

    /// What the measure had to reach, points of 5: the mean its limit, the change of behaviour 0.
    pub fn limit(self) -> Option<f64> {
        match self {
            Cause::Finding => None,
            Cause::ReactionUnderLimit => Some(REACTION_LIMIT),
            Cause::BehaviourWorse => Some(0.0),
        }
    }
}

/// A run of a course of which a measure was released.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    pub offering_id: Uuid,
    pub course_id: Uuid,
    pub institute_id: Uuid,
    /// Numbers of its first and last half-day.
    pub first: i32,
    pub last: i32,
    pub measure: Measure,
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
    /// When it replied.
    pub replied_at: Option<DateTime<Utc>>,
    /// Why it was opened.
    pub cause: Cause,
    /// What the figure it was opened for had to reach, points of 5; none for a finding of the ministry.
    pub limit_value: Option<f64>,
    /// Why the institute disputes the finding.
    pub dispute: Option<String>,
    /// When it disputed it.
    pub disputed_at: Option<DateTime<Utc>>,
    /// What the ministry says to the dispute.
    pub decision_reason: Option<String>,
    /// When it decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Raised with every change.
    pub version: i32,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What an institute was asked to put right, as it stood at the end of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Opened so far.
    pub opened: usize,
    /// Of these, those to which a reply is owed.
    pub unanswered: usize,
    /// Of these, those whose reply is overdue.
    pub overdue: usize,
    /// The earliest day on which a reply is due.
    pub next_reply_due_on: Option<NaiveDate>,
}

impl Standing {
    /// Count one that was opened by a day.
    pub fn add(&mut self, action: &CorrectiveAction, on: NaiveDate) {
        self.opened += 1;
        if action.owes_reply(on) {
            let due = action.reply_due_on;
            self.unanswered += 1;
            self.overdue += usize::from(due < on);
            self.next_reply_due_on = Some(self.next_reply_due_on.map_or(due, |next| next.min(due)));
        }
    }
}

impl CorrectiveAction {
    /// Whether the institute owed a reply at the end of a day: a dispute puts it off until the finding is upheld.
    fn owes_reply(&self, on: NaiveDate) -> bool {
        let by = |at: Option<DateTime<Utc>>| at.is_some_and(|at| vietnamese_day(at) <= on);
        let upheld = by(self.decided_at) && self.status != ActionStatus::Withdrawn;
        !by(self.replied_at) && (!by(self.disputed_at) || upheld)
    }
}

/// What is needed to open one: the course, the offering, or both.
#[derive(Debug, Clone)]
pub struct Draft {
    pub course_id: Option<Uuid>,
    pub offering_id: Option<Uuid>,
    pub finding: String,
    pub reply_due_on: NaiveDate,
}

/// An institute's reply: what will be done, by whom and until when.
#[derive(Debug, Clone)]
pub struct Answer {
    pub reply: String,
    pub action: String,
    pub action_owner: String,
    pub action_due_on: NaiveDate,
}

/// What is decided about a dispute.
#[derive(Debug, Clone)]
pub enum Decision {
    /// The finding is upheld, and is to be replied to by a new day.
    Uphold { reason: String, reply_due_on: NaiveDate },
    /// The finding is taken back.
    Withdraw { reason: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measure_whose_release_may_open_an_action_has_its_cause() {
        for measure in Cause::MEASURES {
            assert_eq!(Cause::of(measure).and_then(Cause::measure), Some(measure));
        }
        assert_eq!(Cause::of(Measure::WorkScore), None);
    }

    #[test]
    fn only_the_listed_steps_are_legal() {
        use ActionStatus::*;
        let all = [Open, Disputed, Upheld, Replied, Closed, Withdrawn];
        let legal: Vec<_> = all
            .into_iter()
            .flat_map(|from| all.map(|to| (from, to)))
            .filter(|(from, to)| from.step(*to).is_ok())
            .collect();
        assert_eq!(
            legal,
            [
                (Open, Disputed),
                (Open, Replied),
                (Disputed, Upheld),
                (Disputed, Withdrawn),
                (Upheld, Replied),
                (Replied, Closed)
            ]
        );
    }
}
