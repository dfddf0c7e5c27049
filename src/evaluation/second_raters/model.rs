use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Actor;
use crate::db::schema::second_raters;
use crate::db::text_enum;
use crate::error::{Error, FieldError, Result, Rule};
use crate::evaluation::evaluations::{Ended, Facts, Phase};

/// Who a second rater is to the person whose work is rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[schema(example = "internal_customer")]
pub enum Relation {
    /// A deputy of the unit's head.
    Deputy,
    /// Somebody elsewhere in the ministry who receives the person's work.
    InternalCustomer,
}

text_enum!(Relation);

/// What a caller may know of a rater.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everything: the caller's reach is the whole ministry.
    Everything,
    /// Name and courses: the rater works in the caller's units.
    OwnPeople,
    /// Nothing: the rater works elsewhere.
    Nothing,
}

impl Sight {
    /// By whether the caller's reach is the whole ministry, and whether the rater is in it.
    pub fn of(reaches_all: bool, reaches_rater: bool) -> Self {
        match (reaches_all, reaches_rater) {
            (true, _) => Self::Everything,
            (false, true) => Self::OwnPeople,
            (false, false) => Self::Nothing,
        }
    }
}

/// The choice as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = second_raters, check_for_backend(diesel::pg::Pg))]
pub struct Choice {
    /// Who rates; none once somebody took the choice back.
    pub employee_id: Option<Uuid>,
    /// Who that is to the participant.
    pub relation: Option<Relation>,
    /// Why the rater is not asked any more.
    pub ended: Option<Ended>,
    /// Raised with every change.
    pub version: i32,
}

/// The choice with what people call the rater, and what was asked.
#[derive(Debug, Clone)]
pub struct SecondRater {
    pub participant_id: Uuid,
    /// None before anybody is named, and after the choice was taken back.
    pub named: Option<Named>,
    /// 0 before anybody was named.
    pub version: i32,
}

/// Who is named.
#[derive(Debug, Clone)]
pub struct Named {
    pub employee_id: Uuid,
    /// None where the rater lies outside the caller's reach.
    pub full_name: Option<String>,
    pub relation: Relation,
    pub ended: Option<Ended>,
    /// What the caller may know of the rater.
    pub sight: Sight,
    /// Phases in which this rater is asked, or has answered.
    pub phases: Vec<Phase>,
}

/// A participant for whom somebody is to be named.
#[derive(Debug, Clone)]
pub struct Participant {
    pub id: Uuid,
    /// Whose work is rated.
    pub employee_id: Uuid,
    /// The unit now.
    pub unit_id: Uuid,
    pub is_withdrawn: bool,
    pub is_cancelled: bool,
    /// The last day on which a follow-up of behaviour can be answered.
    pub last_day: NaiveDate,
}

impl Facts {
    /// Whether the rater can be named, by what the caller may know. Of anybody outside the caller's reach no more is said than
    /// that the person cannot rate; who the supervisor is, is no secret.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the rater.
    pub fn check(&self, supervisor: Option<Uuid>, sight: Sight) -> Result<()> {
        match self.fault(supervisor, sight) {
            Some(code) => Err(FieldError::new(RATER, code).into()),
            None => Ok(()),
        }
    }

    fn fault(&self, supervisor: Option<Uuid>, sight: Sight) -> Option<&'static str> {
        match (self.ended(supervisor), sight) {
            _ if self.rater_id == self.subject_id => Some("rater_is_subject"),
            _ if self.is_supervisor(supervisor) => Some("rater_is_supervisor"),
            (Some(Ended::RaterTakesPart), Sight::Everything | Sight::OwnPeople) => Some("rater_takes_part"),
            (Some(Ended::RaterLeft | Ended::RaterRestricted | Ended::RaterTakesPart), _) => {
                Some("rater_unfit")
            }
            (Some(Ended::RaterIsSupervisor | Ended::SubjectMoved) | None, _) => None,
        }
    }
}

/// The member that names the rater.
pub const RATER: &str = "/employee_id";

/// Why the choice cannot be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The participant has withdrawn.
    Withdrawn,
    /// The offering does not take place.
    Cancelled,
    /// The last window for a rating after the course is over.
    TooLate,
    /// The choice is about the caller's own work, or that of the head for whom the caller acts.
    OwnWork,
}

impl From<Obstacle> for Error {
    fn from(reason: Obstacle) -> Self {
        #[derive(Serialize)]
        struct Members {
            reason: Obstacle,
        }
        Error::refused(Rule::SecondRaterNotPossible, &Members { reason })
    }
}

impl Participant {
    /// Nobody chooses the rater of his or her own work (Law 36/2018/QH14 on preventing corruption, Art. 23, conflicts of
    /// interest), nor does a deputy for the head whose work is rated.
    ///
    /// # Errors
    /// [`Rule::SecondRaterNotPossible`] where the participant is the caller, or the head for whom the caller acts.
    pub fn refuse_own(&self, actor: &Actor) -> Result<()> {
        if actor.is_about_oneself(self.employee_id) { Err(Obstacle::OwnWork.into()) } else { Ok(()) }
    }

    /// Whether somebody can be named.
    ///
    /// # Errors
    /// [`Rule::SecondRaterNotPossible`] with what is in the way.
    pub fn check(&self, today: NaiveDate) -> Result<()> {
        match () {
            () if self.is_withdrawn => Err(Obstacle::Withdrawn.into()),
            () if self.is_cancelled => Err(Obstacle::Cancelled.into()),
            () if today > self.last_day => Err(Obstacle::TooLate.into()),
            () => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_rates_the_own_work() {
        assert!(Facts::sample().check(None, Sight::Nothing).is_ok());
        let own = Facts { rater_id: Facts::sample().subject_id, ..Facts::sample() };
        assert!(matches!(own.check(None, Sight::OwnPeople), Err(Error::Invalid(_))));
        assert_eq!(own.fault(None, Sight::OwnPeople), Some("rater_is_subject"));
    }

    #[test]
    fn of_people_elsewhere_a_head_learns_no_reason() {
        let left = Facts { has_left: true, ..Facts::sample() };
        let restricted = Facts { is_restricted: true, ..Facts::sample() };
        let trained = Facts { takes_part: true, ..Facts::sample() };
        let of = |sight| [&left, &restricted, &trained].map(|facts| facts.fault(None, sight));
        assert_eq!(of(Sight::Nothing), [Some("rater_unfit"); 3]);
        assert_eq!(of(Sight::OwnPeople), ["rater_unfit", "rater_unfit", "rater_takes_part"].map(Some));
        assert_eq!(of(Sight::Everything), of(Sight::OwnPeople));
        // Who the supervisor is, is known: saying anything else of the person would show that there is something.
        for facts in [left, restricted, trained] {
            assert_eq!(facts.fault(Some(facts.rater_id), Sight::Nothing), Some("rater_is_supervisor"));
        }
    }

    #[test]
    fn somebody_is_named_until_the_last_window_is_over() {
        let day = NaiveDate::from_ymd_opt(2026, 10, 16).unwrap();
        let mut who = Participant {
            id: Uuid::nil(),
            employee_id: Uuid::nil(),
            unit_id: Uuid::nil(),
            is_withdrawn: false,
            is_cancelled: false,
            last_day: day,
        };
        assert!(who.check(day).is_ok() && who.check(day.succ_opt().unwrap()).is_err());
        who.is_withdrawn = true;
        assert!(who.check(day).is_err());
    }
}
