use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::half_day::HalfDay;
use crate::organisation::ratings::{PeriodKind, RatingRegime};

/// Why the service takes a task back; the codes of `excuse`.
pub mod excuse {
    use strum::VariantArray;

    use crate::evaluation::evaluations::second_rating::Ended;

    /// The participant withdrew.
    pub const PARTICIPANT_WITHDRAWN: &str = "participant_withdrawn";
    /// The offering does not take place.
    pub const OFFERING_CANCELLED: &str = "offering_cancelled";
    /// The person whose work is rated left.
    pub const SUBJECT_LEFT: &str = "subject_left";
    /// The colleague who stood for comparison was trained.
    pub const COMPARISON_TRAINED: &str = "comparison_trained";
    /// Who was named to rate beside the supervisor was taken back.
    pub const SECOND_RATER_REMOVED: &str = "second_rater_removed";
    /// Why a second rating is not owed any more because of its rater; who is named anew is asked again.
    pub fn of_second_raters() -> Vec<&'static str> {
        let ended = Ended::VARIANTS.iter().map(|ended| ended.name());
        ended.chain([SECOND_RATER_REMOVED]).collect()
    }
}

/// First and last session of an offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Run {
    /// Number of the half-day of the first session.
    pub first_half_day: i32,
    /// Number of the half-day of the last session.
    pub last_half_day: i32,
}

impl Run {
    /// Day of the first session.
    pub fn first(self) -> NaiveDate {
        HalfDay(self.first_half_day).date()
    }

    /// Day of the last session.
    pub fn last(self) -> NaiveDate {
        HalfDay(self.last_half_day).date()
    }
}

/// A mean official score. Scores of different regimes, or of periods of different length, are never compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlierScore {
    /// The rules under which the periods were rated.
    pub regime: RatingRegime,
    /// The kind of the periods.
    pub kind: PeriodKind,
    /// Mean of the newest periods, at most [`EARLIER_PERIODS`](super::matching::EARLIER_PERIODS) of them; 0 to 100 points.
    pub mean: f64,
}

/// The units around some people: each unit with those above it, nearest first, and their active heads.
#[derive(Debug, Default)]
pub struct Units(HashMap<Uuid, Vec<(Uuid, Option<Uuid>)>>);

impl Units {
    /// From rows of unit, ancestor and the ancestor's head, sorted by unit and depth.
    pub fn new(rows: Vec<(Uuid, Uuid, Option<Uuid>)>) -> Self {
        let mut units: HashMap<Uuid, Vec<_>> = HashMap::new();
        for (unit, ancestor, head) in rows {
            units.entry(unit).or_default().push((ancestor, head));
        }
        Self(units)
    }

    /// The supervisor of somebody in a unit: the nearest active head who is somebody else.
    pub fn supervisor(&self, unit: Uuid, subject: Uuid) -> Option<Uuid> {
        let chain = self.0.get(&unit)?;
        chain.iter().find_map(|(_, head)| head.filter(|h| *h != subject))
    }

    /// Who leads a unit: its active head, or the nearest above.
    pub fn head(&self, unit: Uuid) -> Option<Uuid> {
        self.0.get(&unit)?.iter().find_map(|(_, head)| *head)
    }

    /// The part of the ministry a unit belongs to: its ancestor right below the top.
    pub fn agency(&self, unit: Uuid) -> Option<Uuid> {
        let chain = self.0.get(&unit)?;
        chain.iter().rev().nth(1).or(chain.last()).map(|(id, _)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn the_supervisor_is_the_nearest_head_who_is_somebody_else() {
        let units = Units::new(vec![
            (id(3), id(3), Some(id(30))),
            (id(3), id(2), None),
            (id(3), id(1), Some(id(10))),
        ]);
        assert_eq!(units.supervisor(id(3), id(99)), Some(id(30)));
        assert_eq!(units.supervisor(id(3), id(30)), Some(id(10)));
        assert_eq!(units.supervisor(id(4), id(99)), None);
        assert_eq!((units.head(id(3)), units.head(id(4))), (Some(id(30)), None));
    }

    /// Ministry 1 over agencies 2 and 3; divisions 21 and 22 in agency 2, 31 in agency 3. Everyone's head is 100.
    fn units() -> Units {
        let mut rows = Vec::new();
        for (unit, chain) in
            [(2, vec![2, 1]), (21, vec![21, 2, 1]), (22, vec![22, 2, 1]), (31, vec![31, 3, 1])]
        {
            rows.extend(chain.into_iter().map(|a| (id(unit), id(a), Some(id(100)))));
        }
        Units::new(rows)
    }

    #[test]
    fn agencies_stand_right_below_the_top() {
        assert_eq!(units().agency(id(21)), Some(id(2)));
        assert_eq!(units().agency(id(2)), Some(id(2)));
        assert_eq!(units().agency(id(31)), Some(id(3)));
    }
}
