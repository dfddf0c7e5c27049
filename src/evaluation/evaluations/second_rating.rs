//! Who can be asked beside the supervisor, and why somebody is not asked any more.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Uuid as SqlUuid};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use crate::db::text_enum;

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

    /// Whether the rater gives, or is to give, the supervisor's rating; `supervisor` is the participant's now.
    pub(in crate::evaluation) fn is_supervisor(&self, supervisor: Option<Uuid>) -> bool {
        self.is_asked_first || supervisor == Some(self.rater_id)
    }
}

#[cfg(test)]
impl Facts {
    /// Of somebody who can be asked.
    pub fn sample() -> Self {
        Self {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rater_is_asked_as_long_as_both_forms_come_from_two_people_who_see_the_work() {
        let with = |change: fn(&mut Facts)| {
            let mut facts = Facts::sample();
            change(&mut facts);
            facts.ended(Some(Uuid::from_u128(5)))
        };
        assert_eq!(with(|_| ()), None);
        assert_eq!(with(|of| of.has_left = true), Some(Ended::RaterLeft));
        assert_eq!(with(|of| of.is_restricted = true), Some(Ended::RaterRestricted));
        assert_eq!(with(|of| of.takes_part = true), Some(Ended::RaterTakesPart));
        assert_eq!(with(|of| of.is_asked_first = true), Some(Ended::RaterIsSupervisor));
        assert_eq!(with(|of| of.unit_id = Uuid::nil()), Some(Ended::SubjectMoved));
        assert_eq!(Facts::sample().ended(Some(Facts::sample().rater_id)), Some(Ended::RaterIsSupervisor));
    }
}
