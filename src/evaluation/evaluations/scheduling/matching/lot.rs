//! Who is compared where the seats of an offering were drawn by lot: those who were not drawn, and nobody else.
//!
//! Only chance parts them from the participants, so no likeness is looked for; that would do nothing but choose. Nor does it
//! matter in how many comparison groups somebody is, or that he or she is nominated for a later run.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Colleague, Unmatched};
use crate::evaluation::evaluations::scheduling::model::Units;

/// A draw that was held.
#[derive(Debug, Default)]
pub struct Draw {
    /// Everybody who passed the checks: place in the order of the lots, by employee.
    pub places: HashMap<Uuid, i32>,
    /// How many the draw left waiting.
    pub left_waiting: usize,
    /// Those who wait and are compared with nobody yet, in the order of their lots.
    pub waiting: Vec<Colleague>,
}

/// Draws by offering.
pub type Draws = HashMap<Uuid, Draw>;

/// A participant, the colleague whom he or she is compared with, and who rates the latter.
pub type Pairing = (Unmatched, Colleague, Uuid);

/// Take the participants of offerings whose seats were drawn, and give each, in the order of the lots, the next of those who
/// wait. Participants who were not in the draw are compared with nobody, as are those for whom nobody is left. A person
/// without a supervisor cannot be rated.
pub fn pair_off(unmatched: &mut Vec<Unmatched>, draws: Draws, units: &Units) -> Vec<Pairing> {
    let mut of_draws: HashMap<Uuid, Vec<(i32, Unmatched)>> = HashMap::new();
    unmatched.retain(|participant| {
        let Some(draw) = draws.get(&participant.offering_id) else { return true };
        if let Some(place) = draw.places.get(&participant.trainee.employee_id) {
            of_draws.entry(participant.offering_id).or_default().push((*place, participant.clone()));
        }
        false
    });
    let mut pairings = Vec::new();
    for (offering, draw) in draws {
        let mut participants = of_draws.remove(&offering).unwrap_or_default();
        participants.sort_unstable_by_key(|(place, _)| *place);
        let rated = draw.waiting.into_iter().filter_map(|colleague| {
            let supervisor = units.supervisor(colleague.unit_id, colleague.employee_id)?;
            Some((colleague, supervisor))
        });
        pairings.extend(
            participants
                .into_iter()
                .zip(rated)
                .map(|((_, participant), (colleague, supervisor))| (participant, colleague, supervisor)),
        );
    }
    pairings
}

#[cfg(test)]
mod tests {
    use super::super::Run;
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn person(n: u128) -> Colleague {
        Colleague { employee_id: id(n), unit_id: id(900), position_group: format!("group {n}") }
    }

    fn participant(n: u128, offering: u128) -> Unmatched {
        Unmatched {
            participant_id: id(100 + n),
            offering_id: id(offering),
            course_id: id(700),
            questionnaire_id: id(701),
            run: Run { first_half_day: 10, last_half_day: 12 },
            trainee: person(n),
        }
    }

    fn units() -> Units {
        Units::new(vec![(id(900), id(900), Some(id(999)))])
    }

    #[test]
    fn those_who_wait_stand_for_comparison_in_the_order_of_the_lots() {
        // Participant 4 was not in the draw, 9 takes part in another offering, and for 3 nobody is left.
        let mut unmatched: Vec<Unmatched> =
            [3, 1, 4, 2].map(|n| participant(n, 50)).into_iter().chain([participant(9, 51)]).collect();
        let places = HashMap::from([(id(1), 1), (id(2), 2), (id(3), 3)]);
        // The head of the unit has no supervisor.
        let draw = Draw { places, left_waiting: 3, waiting: [999, 21, 22].map(person).into() };
        let found = pair_off(&mut unmatched, HashMap::from([(id(50), draw)]), &units());
        let found: Vec<_> =
            found.iter().map(|(who, other, by)| (who.trainee.employee_id, other.employee_id, *by)).collect();
        assert_eq!(found, [(id(1), id(21), id(999)), (id(2), id(22), id(999))]);
        assert_eq!(unmatched, [participant(9, 51)], "the others are matched as ever");
    }
}
