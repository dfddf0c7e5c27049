use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::{offerings, sessions};
use crate::db::text_enum;
use crate::error::{Result, Rule};
use crate::half_day::HalfDay;
use crate::patch::unchanged;
use crate::transition::Transition;

/// Form of teaching: `in_person` (in one place), `online` (by video), `blended` (partly in one place, partly
/// online), `distance` (by material that is sent out).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Mode {
    /// Everybody in one place.
    InPerson,
    /// Everybody online.
    Online,
    /// Partly in one place, partly online.
    Blended,
    /// By material sent out.
    Distance,
}

text_enum!(Mode);

impl Mode {
    /// Whether participants must come somewhere.
    pub const fn has_place(self) -> bool {
        matches!(self, Mode::InPerson | Mode::Blended)
    }
}

/// Whether participants leave their work for the course: `full_time` (tập trung) or `part_time` (bán tập
/// trung, vừa làm vừa học).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Attendance {
    /// Tập trung.
    FullTime,
    /// Bán tập trung, vừa làm vừa học.
    PartTime,
}

text_enum!(Attendance);

/// State of an offering: `draft` (the institute is planning it), `open` (people can be nominated),
/// `confirmed` (it will take place), `closed` (it took place), `cancelled` (it will not take place).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum OfferingStatus {
    /// The institute is planning it.
    Draft,
    /// People can be nominated.
    Open,
    /// It will take place.
    Confirmed,
    /// It took place.
    Closed,
    /// It will not take place.
    Cancelled,
}

text_enum!(OfferingStatus);

/// What is done with an offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Change place, seats or deadline.
    Edit,
    /// Replace the sessions.
    Reschedule,
    Open,
    Confirm,
    Close,
    Cancel,
}

impl Action {
    /// The transition table: the states that allow an action, and the state it leads to.
    const fn transition(self) -> Transition<OfferingStatus> {
        use OfferingStatus::*;
        match self {
            Action::Edit => Transition::stay(&[Draft, Open]),
            Action::Reschedule => Transition::stay(&[Draft]),
            Action::Open => Transition::to(&[Draft], Open),
            Action::Confirm => Transition::to(&[Open], Confirmed),
            Action::Close => Transition::to(&[Confirmed], Closed),
            Action::Cancel => Transition::to(&[Draft, Open, Confirmed], Cancelled),
        }
    }

    /// Name of the event that announces it.
    pub const fn event(self) -> &'static str {
        match self {
            Action::Edit | Action::Reschedule => "offering.updated",
            Action::Open => "offering.opened",
            Action::Confirm => "offering.confirmed",
            Action::Close => "offering.closed",
            Action::Cancel => "offering.cancelled",
        }
    }
}

impl OfferingStatus {
    /// States in which people can be sent to the offering.
    pub const TAKING_NOMINATIONS: [Self; 2] = [Self::Open, Self::Confirmed];
    /// States of an offering that takes place, or took place.
    pub const TAKING_PLACE: [Self; 3] = [Self::Open, Self::Confirmed, Self::Closed];

    /// Whether people can be sent to the offering.
    pub fn takes_nominations(self) -> bool {
        Self::TAKING_NOMINATIONS.contains(&self)
    }

    /// Whether the offering takes place, or took place.
    pub fn takes_place(self) -> bool {
        Self::TAKING_PLACE.contains(&self)
    }

    /// The state after an action.
    pub(super) fn step(self, action: Action) -> Result<Self> {
        action.transition().step(self, Self::name)
    }
}

/// An offering as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = offerings, check_for_backend(diesel::pg::Pg))]
pub struct Offering {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    pub code: String,
    /// The course it teaches.
    pub course_id: Uuid,
    /// The institute that organises it.
    pub institute_id: Uuid,
    /// How it is taught.
    pub mode: Mode,
    /// How much of the working time it takes.
    pub attendance: Attendance,
    /// Where, if participants must come somewhere.
    pub location: Option<String>,
    /// Most participants.
    pub seats: i32,
    /// Last day to nominate.
    pub nominations_close_on: NaiveDate,
    /// State of the offering.
    pub status: OfferingStatus,
    /// Number of its first half-day ([`HalfDay`]).
    pub first_half_day: i32,
    /// Number of its last half-day.
    pub last_half_day: i32,
    /// Raised with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Offering {
    /// Day of the first session.
    pub fn first_day(&self) -> NaiveDate {
        HalfDay(self.first_half_day).date()
    }

    /// Day of the last session: the closing day, on which certificates are issued (Circular 03/2023/TT-BNV, Art. 5).
    pub fn last_day(&self) -> NaiveDate {
        HalfDay(self.last_half_day).date()
    }

    /// Whether it can be closed today.
    pub(super) fn check_over(&self, today: NaiveDate) -> Result<()> {
        if today < self.last_day() {
            return Err(Rule::OfferingNotOver.into());
        }
        Ok(())
    }
}

/// One half-day of an offering.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(diesel::pg::Pg))]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// The offering it belongs to.
    pub offering_id: Uuid,
    /// Number of its half-day ([`HalfDay`]).
    pub half_day: i32,
    /// Length in periods (tiết).
    pub periods: i32,
    /// What is taught.
    pub topic: String,
    /// Who teaches.
    pub lecturer_id: Uuid,
}

/// An offering with its sessions (and their lecturers' names) and the seats taken.
#[derive(Debug, Clone)]
pub struct Detailed {
    pub offering: Offering,
    pub sessions: Vec<(Session, String)>,
    pub seats_taken: i64,
    pub seats_by_lot: bool,
}

impl Detailed {
    /// Whether a change would leave it as it is.
    pub(super) fn is_as(&self, change: &Change, sessions: Option<&[SessionDraft]>) -> bool {
        let same = |(stored, _): &(Session, String), new: &SessionDraft| {
            (stored.half_day, stored.periods, &stored.topic, stored.lecturer_id)
                == (new.half_day.0, new.periods, &new.topic, new.lecturer_id)
        };
        let all_same = |new: &[SessionDraft]| {
            let mut new: Vec<&SessionDraft> = new.iter().collect();
            new.sort_by_key(|session| session.half_day.0);
            new.len() == self.sessions.len()
                && self.sessions.iter().zip(new).all(|(stored, new)| same(stored, new))
        };
        let row = unchanged!(
            change,
            self.offering,
            Change { location, seats, nominations_close_on, status, first_half_day, last_half_day }
        );
        row && sessions.is_none_or(all_same)
    }
}

/// A session to hold.
#[derive(Debug, Clone)]
pub struct SessionDraft {
    pub half_day: HalfDay,
    pub periods: i32,
    pub topic: String,
    pub lecturer_id: Uuid,
}

/// What is needed to create an offering.
#[derive(Debug, Clone)]
pub struct Draft {
    pub code: String,
    pub course_id: Uuid,
    pub mode: Mode,
    pub attendance: Attendance,
    pub location: Option<String>,
    pub seats: i32,
    pub nominations_close_on: NaiveDate,
    pub sessions: Vec<SessionDraft>,
}

/// What changes of an offering's own row; absent members stay.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = offerings)]
pub struct Change {
    pub location: Option<Option<String>>,
    pub seats: Option<i32>,
    pub nominations_close_on: Option<NaiveDate>,
    pub status: Option<OfferingStatus>,
    pub first_half_day: Option<i32>,
    pub last_half_day: Option<i32>,
}

/// What changes of an offering; sessions are replaced whole.
#[derive(Debug, Clone)]
pub struct Edit {
    pub row: Change,
    pub sessions: Option<Vec<SessionDraft>>,
}

#[cfg(test)]
mod tests {
    use super::OfferingStatus::*;
    use super::*;

    #[test]
    fn every_state_and_action() {
        let no = None;
        for (from, expected) in [
            (Draft, [Some(Draft), Some(Draft), Some(Open), no, no, Some(Cancelled)]),
            (Open, [Some(Open), no, no, Some(Confirmed), no, Some(Cancelled)]),
            (Confirmed, [no, no, no, no, Some(Closed), Some(Cancelled)]),
            (Closed, [no; 6]),
            (Cancelled, [no; 6]),
        ] {
            let reached = [
                Action::Edit,
                Action::Reschedule,
                Action::Open,
                Action::Confirm,
                Action::Close,
                Action::Cancel,
            ]
            .map(|action| from.step(action).ok());
            assert_eq!(reached, expected, "from {}", from.name());
        }
    }
}
