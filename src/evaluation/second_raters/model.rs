use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Actor;
use crate::db::schema::second_raters;
use crate::db::text_enum;
use crate::error::{Error, FieldError, Result, Rule};
use crate::evaluation::evaluations::Phase;

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

/// Why a second rater is not asked any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Ended {
    /// The rater has left the ministry.
    RaterLeft,
    /// The rater has restricted the processing of personal data about himself or herself.
    RaterRestricted,
    /// The rater is trained in the same offering, or is rated there for comparison.
    RaterTakesPart,
    /// The rater has become the supervisor: two ratings by one person are no agreement.
    RaterIsSupervisor,
    /// The participant has moved to another unit, and does other work.
    SubjectMoved,
}

text_enum!(Ended);

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

/// What decides whether somebody can rate beside the supervisor.
#[derive(Debug, Clone, QueryableByName)]
pub struct Facts {
    /// For whom the rater is named.
    #[diesel(sql_type = SqlUuid)]
    pub participant_id: Uuid,
    /// Whose work is rated.
    #[diesel(sql_type = SqlUuid)]
    pub subject_id: Uuid,
    /// That person's unit now.
    #[diesel(sql_type = SqlUuid)]
    pub unit_id: Uuid,
    /// That person's unit when the rater was named.
    #[diesel(sql_type = SqlUuid)]
    pub named_in: Uuid,
    /// Who is named.
    #[diesel(sql_type = SqlUuid)]
    pub rater_id: Uuid,
    /// Whether the rater has left the ministry.
    #[diesel(sql_type = Bool)]
    pub has_left: bool,
    /// Whether the rater has restricted the processing of personal data about himself or herself.
    #[diesel(sql_type = Bool)]
    pub is_restricted: bool,
    /// Whether the rater is trained in the offering or rated there for comparison.
    #[diesel(sql_type = Bool)]
    pub takes_part: bool,
    /// Whether the rater is asked now for the supervisor's form.
    #[diesel(sql_type = Bool)]
    pub is_asked_first: bool,
    /// Of the choice.
    #[diesel(sql_type = Integer)]
    pub version: i32,
}

impl Facts {
    /// Why the rater is not (any more) asked; `supervisor` is the participant's now.
    pub fn ended(&self, supervisor: Option<Uuid>) -> Option<Ended> {
        [
            (self.has_left, Ended::RaterLeft),
            (self.is_restricted, Ended::RaterRestricted),
            (self.takes_part, Ended::RaterTakesPart),
            (self.is_supervisor(supervisor), Ended::RaterIsSupervisor),
            (self.unit_id != self.named_in, Ended::SubjectMoved),
        ]
        .into_iter()
        .find_map(|(holds, ended)| holds.then_some(ended))
    }

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

    fn is_supervisor(&self, supervisor: Option<Uuid>) -> bool {
        self.is_asked_first || supervisor == Some(self.rater_id)
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

    fn facts() -> Facts {
        Facts {
            participant_id: Uuid::from_u128(1),
            subject_id: Uuid::from_u128(2),
            unit_id: Uuid::from_u128(3),
            named_in: Uuid::from_u128(3),
            rater_id: Uuid::from_u128(4),
            has_left: false,
            is_restricted: false,
            takes_part: false,
            is_asked_first: false,
            version: 1,
        }
    }

    #[test]
    fn a_rater_is_asked_as_long_as_both_forms_come_from_two_people_who_see_the_work() {
        let with = |change: fn(&mut Facts)| {
            let mut facts = facts();
            change(&mut facts);
            facts.ended(Some(Uuid::from_u128(5)))
        };
        assert_eq!(with(|_| ()), None);
        assert_eq!(with(|of| of.has_left = true), Some(Ended::RaterLeft));
        assert_eq!(with(|of| of.is_restricted = true), Some(Ended::RaterRestricted));
        assert_eq!(with(|of| of.takes_part = true), Some(Ended::RaterTakesPart));
        assert_eq!(with(|of| of.is_asked_first = true), Some(Ended::RaterIsSupervisor));
        assert_eq!(with(|of| of.unit_id = Uuid::nil()), Some(Ended::SubjectMoved));
        assert_eq!(facts().ended(Some(facts().rater_id)), Some(Ended::RaterIsSupervisor));
    }

    #[test]
    fn nobody_rates_the_own_work() {
        assert!(facts().check(None, Sight::Nothing).is_ok());
        let own = Facts { rater_id: facts().subject_id, ..facts() };
        assert!(matches!(own.check(None, Sight::OwnPeople), Err(Error::Invalid(_))));
        assert_eq!(own.fault(None, Sight::OwnPeople), Some("rater_is_subject"));
    }

    #[test]
    fn of_people_elsewhere_a_head_learns_no_reason() {
        let left = Facts { has_left: true, ..facts() };
        let restricted = Facts { is_restricted: true, ..facts() };
        let trained = Facts { takes_part: true, ..facts() };
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
