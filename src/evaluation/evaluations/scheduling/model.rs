use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::half_day::HalfDay;

/// Why the service takes a task back; the codes of `excuse`.
pub mod excuse {
    /// The participant withdrew.
    pub const PARTICIPANT_WITHDRAWN: &str = "participant_withdrawn";
    /// The offering does not take place.
    pub const OFFERING_CANCELLED: &str = "offering_cancelled";
    /// The person whose work is rated left.
    pub const SUBJECT_LEFT: &str = "subject_left";
    /// The colleague who stood for comparison was trained.
    pub const COMPARISON_TRAINED: &str = "comparison_trained";
}

/// First and last session of an offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Run {
    pub first_half_day: i32,
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
    fn agency(&self, unit: Uuid) -> Option<Uuid> {
        let chain = self.0.get(&unit)?;
        chain.iter().rev().nth(1).or(chain.last()).map(|(id, _)| *id)
    }
}

/// Someone who works in a unit, in a position of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub employee_id: Uuid,
    pub unit_id: Uuid,
    pub position_group: String,
}

/// A participant who has nobody to be compared with.
#[derive(Debug, Clone)]
pub struct Unmatched {
    pub participant_id: Uuid,
    pub offering_id: Uuid,
    pub course_id: Uuid,
    pub questionnaire_id: Uuid,
    pub run: Run,
    pub trainee: Colleague,
}

/// How comparable a colleague is, best first. Who waits for the same course was chosen for it by the same people for
/// the same reasons, so that comes before everything; otherwise the work must be alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// On the waiting list of the course, with like work.
    WaitingWithLikeWork,
    /// On the waiting list of the course.
    Waiting,
    /// Same unit, same position group.
    SameUnit,
    /// Same agency, same position group.
    SameAgency,
    /// Same position group.
    SameGroup,
}

/// Who can stand for comparison, and who cannot.
#[derive(Debug, Default)]
pub struct Pool {
    /// Active people of the position groups in question, and those who wait.
    pub colleagues: Vec<Colleague>,
    /// Course and employee: on the waiting list.
    pub waiting: HashSet<(Uuid, Uuid)>,
    /// Course and employee: nominated or trained.
    pub trained: HashSet<(Uuid, Uuid)>,
    /// Offering and employee: already rated in this offering.
    pub used: HashSet<(Uuid, Uuid)>,
}

impl Pool {
    /// Draw one colleague for each participant, without replacement: the best rank, within it by a lot that the two
    /// ids decide, so that the draw can be repeated and does not always fall on the same people. Whoever has no
    /// supervisor cannot be rated.
    pub fn draw(
        &mut self,
        mut unmatched: Vec<Unmatched>,
        units: &Units,
    ) -> Vec<(Unmatched, Colleague, Uuid)> {
        unmatched.sort_by_key(|u| u.participant_id);
        let mut drawn = Vec::new();
        for pair in unmatched {
            let best = self
                .colleagues
                .iter()
                .filter(|c| self.is_free(&pair, c))
                .filter_map(|c| Some((self.rank(&pair, c, units)?, c)))
                .filter_map(|(rank, c)| Some((rank, c, units.supervisor(c.unit_id, c.employee_id)?)))
                .min_by_key(|(rank, c, _)| (*rank, lot(pair.offering_id, c.employee_id)));
            if let Some((_, colleague, supervisor)) = best {
                let colleague = colleague.clone();
                self.used.insert((pair.offering_id, colleague.employee_id));
                drawn.push((pair, colleague, supervisor));
            }
        }
        drawn
    }

    fn is_free(&self, pair: &Unmatched, colleague: &Colleague) -> bool {
        let id = colleague.employee_id;
        id != pair.trainee.employee_id
            && !self.trained.contains(&(pair.course_id, id))
            && !self.used.contains(&(pair.offering_id, id))
    }

    fn rank(&self, pair: &Unmatched, colleague: &Colleague, units: &Units) -> Option<Rank> {
        let waits = self.waiting.contains(&(pair.course_id, colleague.employee_id));
        let like_work = colleague.position_group == pair.trainee.position_group;
        match (waits, like_work) {
            (true, true) => Some(Rank::WaitingWithLikeWork),
            (true, false) => Some(Rank::Waiting),
            (false, false) => None,
            (false, true) if colleague.unit_id == pair.trainee.unit_id => Some(Rank::SameUnit),
            (false, true) => {
                let agency = units.agency(pair.trainee.unit_id);
                let same = agency.is_some() && agency == units.agency(colleague.unit_id);
                Some(if same { Rank::SameAgency } else { Rank::SameGroup })
            }
        }
    }
}

fn lot(offering: Uuid, employee: Uuid) -> Reverse<Vec<u8>> {
    let mut hash = Sha256::new();
    hash.update(offering.as_bytes());
    hash.update(employee.as_bytes());
    Reverse(hash.finalize().to_vec())
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

    fn colleague(employee: u128, unit: u128, group: &str) -> Colleague {
        Colleague { employee_id: id(employee), unit_id: id(unit), position_group: group.to_owned() }
    }

    fn unmatched(participant: u128, trainee: Colleague) -> Unmatched {
        Unmatched {
            participant_id: id(participant),
            offering_id: id(7),
            course_id: id(8),
            questionnaire_id: id(9),
            run: Run { first_half_day: 0, last_half_day: 1 },
            trainee,
        }
    }

    #[test]
    fn colleagues_are_drawn_by_rank_and_once() {
        let mut pool = Pool {
            colleagues: vec![
                colleague(51, 31, "clerk"),
                colleague(52, 22, "clerk"),
                colleague(53, 21, "clerk"),
                colleague(54, 31, "driver"),
                colleague(55, 31, "clerk"),
                colleague(56, 21, "clerk"),
                colleague(100, 21, "clerk"),
            ],
            waiting: [(id(8), id(54)), (id(8), id(55))].into(),
            trained: [(id(8), id(56))].into(),
            used: HashSet::new(),
        };
        let trainees = (1..=7).map(|n| unmatched(n, colleague(n, 21, "clerk"))).collect();
        let drawn: Vec<_> = pool
            .draw(trainees, &units())
            .iter()
            .map(|(pair, c, by)| (pair.participant_id, c.employee_id, *by))
            .collect();
        let expected: Vec<_> =
            [55, 54, 53, 52, 51].iter().zip(1..).map(|(c, p)| (id(p), id(*c), id(100))).collect();
        assert_eq!(drawn, expected, "the head has no supervisor; two are left without");
    }

    #[test]
    fn agencies_stand_right_below_the_top() {
        assert_eq!(units().agency(id(21)), Some(id(2)));
        assert_eq!(units().agency(id(2)), Some(id(2)));
        assert_eq!(units().agency(id(31)), Some(id(3)));
    }
}
