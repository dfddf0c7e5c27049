use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::{course_competencies, courses};
use crate::db::text_enum;
use crate::error::{Result, Rule};
pub use crate::organisation::competencies::ContentArea;
use crate::patch::unchanged;
use crate::transition::Transition;

/// Whether a course must be attended: `mandatory` (a rule requires it) or `encouraged` (voluntary).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Obligation {
    /// A rule requires people to attend.
    Mandatory,
    /// Attendance is voluntary.
    Encouraged,
}

text_enum!(Obligation);

/// State of a course: `draft` (the institute is writing it), `submitted` (waits for the ministry),
/// `changes_requested` (the ministry asked for changes), `approved` (by the ministry), `published` (offerings
/// can be scheduled), `retired` (no new offerings can be scheduled).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum CourseStatus {
    /// The institute is writing it.
    Draft,
    /// Waits for the decision of the ministry.
    Submitted,
    /// The ministry asked for changes.
    ChangesRequested,
    /// The ministry approved it; the institute can publish it.
    Approved,
    /// Offerings of it can be scheduled.
    Published,
    /// No new offerings of it can be scheduled.
    Retired,
}

text_enum!(CourseStatus);

/// What is done with a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Change its content.
    Edit,
    Submit,
    Approve,
    RequestChanges,
    Publish,
    Retire,
}

impl Action {
    /// The transition table: the states that allow an action, and the state it leads to.
    const fn transition(self) -> Transition<CourseStatus> {
        use CourseStatus::*;
        match self {
            Action::Edit => Transition::stay(&[Draft, ChangesRequested]),
            Action::Submit => Transition::to(&[Draft, ChangesRequested], Submitted),
            Action::Approve => Transition::to(&[Submitted], Approved),
            Action::RequestChanges => Transition::to(&[Submitted], ChangesRequested),
            Action::Publish => Transition::to(&[Approved], Published),
            Action::Retire => Transition::to(&[Published], Retired),
        }
    }

    /// Name of the event that announces it.
    pub const fn event(self) -> &'static str {
        match self {
            Action::Edit => "course.updated",
            Action::Submit => "course.submitted",
            Action::Approve => "course.approved",
            Action::RequestChanges => "course.changes_requested",
            Action::Publish => "course.published",
            Action::Retire => "course.retired",
        }
    }

    /// Whether it puts a course on its way to be taught, which only an approved institute may.
    pub const fn organises(self) -> bool {
        matches!(self, Action::Submit | Action::Publish)
    }
}

impl CourseStatus {
    /// The state after an action.
    pub fn step(self, action: Action) -> Result<Self> {
        action.transition().step(self, Self::name)
    }
}

/// A course as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = courses, check_for_backend(diesel::pg::Pg))]
pub struct Course {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    pub code: String,
    /// The institute that teaches it.
    pub institute_id: Uuid,
    /// Its title.
    pub title: String,
    /// Area of content.
    pub content_area: ContentArea,
    /// What participants can do afterwards.
    pub objectives: String,
    /// Length in periods (tiết).
    pub periods: i32,
    /// Whether one must attend.
    pub obligation: Obligation,
    /// Rule that makes it mandatory, or that it follows.
    pub legal_basis: Option<String>,
    /// Five behaviours at work, rated before and after.
    pub behaviours: Vec<String>,
    /// Smallest change that matters, in points of 5.
    pub smallest_change: f64,
    /// Share of half-days a participant must attend, percent.
    pub minimum_attendance_percent: i32,
    /// Months after which it should be taken again.
    pub refresh_months: Option<i32>,
    /// State of the course.
    pub status: CourseStatus,
    /// What the ministry last asked to be changed; emptied by approval.
    pub requested_changes: Option<String>,
    /// Raised with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Course {
    /// Only a published course can be scheduled.
    ///
    /// # Errors
    /// [`Rule::CourseNotPublished`].
    pub fn may_run(&self) -> Result<()> {
        match self.status {
            CourseStatus::Published => Ok(()),
            _ => Err(Rule::CourseNotPublished.into()),
        }
    }
}

/// A competency that a course builds, and to which level.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = course_competencies, check_for_backend(diesel::pg::Pg))]
pub struct Build {
    /// The competency.
    pub competency_id: Uuid,
    /// Level that participants reach, 1 to 5.
    pub level: i16,
}

/// A course with what it builds and whom it is for.
#[derive(Debug, Clone)]
pub struct Detailed {
    pub course: Course,
    pub builds: Vec<Build>,
    /// Job positions; empty: for everybody.
    pub audience: Vec<Uuid>,
}

/// What is needed to create a course.
#[derive(Debug, Clone)]
pub struct Draft {
    pub code: String,
    pub title: String,
    pub content_area: ContentArea,
    pub objectives: String,
    pub periods: i32,
    pub obligation: Obligation,
    pub legal_basis: Option<String>,
    pub behaviours: Vec<String>,
    pub smallest_change: f64,
    pub minimum_attendance_percent: i32,
    pub refresh_months: Option<i32>,
    pub builds: Vec<Build>,
    pub audience: Vec<Uuid>,
}

/// What changes of a course's own row; absent members stay.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = courses)]
pub struct Change {
    pub title: Option<String>,
    pub content_area: Option<ContentArea>,
    pub objectives: Option<String>,
    pub periods: Option<i32>,
    pub obligation: Option<Obligation>,
    pub legal_basis: Option<Option<String>>,
    pub behaviours: Option<Vec<String>>,
    pub smallest_change: Option<f64>,
    pub minimum_attendance_percent: Option<i32>,
    pub refresh_months: Option<Option<i32>>,
    pub status: Option<CourseStatus>,
    pub requested_changes: Option<Option<String>>,
}

/// What changes of a course; lists are replaced whole.
#[derive(Debug, Clone)]
pub struct Edit {
    pub row: Change,
    pub builds: Option<Vec<Build>>,
    pub audience: Option<Vec<Uuid>>,
}

impl Edit {
    /// Whether it would leave a course as it is; the lists have no order.
    pub(super) fn is_so(&self, stored: &Detailed) -> bool {
        let row = unchanged!(
            &self.row,
            stored.course,
            Change {
                title,
                content_area,
                objectives,
                periods,
                obligation,
                legal_basis,
                behaviours,
                smallest_change,
                minimum_attendance_percent,
                refresh_months,
                status,
                requested_changes
            }
        );
        let builds = self.builds.as_ref().is_none_or(|new| {
            new.len() == stored.builds.len() && new.iter().all(|build| stored.builds.contains(build))
        });
        let audience = self.audience.as_ref().is_none_or(|new| {
            new.len() == stored.audience.len()
                && new.iter().all(|position| stored.audience.contains(position))
        });
        row && builds && audience
    }
}

#[cfg(test)]
mod tests {
    use super::Action;
    use super::CourseStatus::*;

    #[test]
    fn every_state_and_action() {
        let no = None;
        for (from, expected) in [
            (Draft, [Some(Draft), Some(Submitted), no, no, no, no]),
            (Submitted, [no, no, Some(Approved), Some(ChangesRequested), no, no]),
            (ChangesRequested, [Some(ChangesRequested), Some(Submitted), no, no, no, no]),
            (Approved, [no, no, no, no, Some(Published), no]),
            (Published, [no, no, no, no, no, Some(Retired)]),
            (Retired, [no; 6]),
        ] {
            let reached = [
                Action::Edit,
                Action::Submit,
                Action::Approve,
                Action::RequestChanges,
                Action::Publish,
                Action::Retire,
            ]
            .map(|action| from.step(action).ok());
            assert_eq!(reached, expected, "from {}", from.name());
        }
    }
}
