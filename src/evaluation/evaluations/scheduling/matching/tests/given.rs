//! People and offerings for the tests.

use super::super::*;
use crate::half_day::{Half, HalfDay};
use crate::organisation::ratings::{PeriodKind, RatingRegime};

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Ministry 1 over agencies 2 and 3; divisions 21 and 22 in agency 2, 31 in agency 3. The head of all is 100; unit 4 has
/// none.
pub fn units() -> Units {
    let chains = [(2, vec![2, 1]), (21, vec![21, 2, 1]), (22, vec![22, 2, 1]), (31, vec![31, 3, 1])];
    let rows = chains
        .into_iter()
        .flat_map(|(unit, chain)| chain.into_iter().map(move |above| (id(unit), id(above), Some(id(100)))));
    Units::new(rows.chain([(id(4), id(4), None)]).collect())
}

pub fn colleague(employee: u128, unit: u128, group: &str) -> Colleague {
    Colleague { employee_id: id(employee), unit_id: id(unit), position_group: group.to_owned() }
}

pub const FIRST: &str = "2026-03-23";

/// A clerk of division 21 who takes part in an offering of course 8.
pub fn clerk(participant: u128) -> Unmatched {
    unmatched(participant, 7, 8, FIRST)
}

pub fn unmatched(participant: u128, offering: u128, course: u128, first: &str) -> Unmatched {
    let first = HalfDay::new(day(first), Half::Morning).0;
    Unmatched {
        participant_id: id(participant),
        offering_id: id(offering),
        course_id: id(course),
        questionnaire_id: id(9),
        run: Run { first_half_day: first, last_half_day: first + 1 },
        trainee: colleague(participant, 21, "clerk"),
    }
}

pub fn work(class: RatingClass, mean: f64) -> EarlierWork {
    let score = EarlierScore { regime: RatingRegime::Decree335, kind: PeriodKind::Quarter, mean };
    EarlierWork { class: Some(class), score: Some(score) }
}

pub fn only(class: RatingClass) -> EarlierWork {
    EarlierWork { class: Some(class), score: None }
}

/// Clerks of division 21, with what is known of their work.
pub fn clerks(known: &[(u128, Option<EarlierWork>)]) -> Pool {
    let colleagues = known.iter().filter(|(n, _)| *n > 50).map(|(n, _)| colleague(*n, 21, "clerk"));
    let earlier_work = known.iter().filter_map(|(n, work)| Some((id(*n), (*work)?)));
    Pool { colleagues: colleagues.collect(), earlier_work: earlier_work.collect(), ..Pool::default() }
}

/// Participants and their colleagues, by participant.
pub fn drawn(pool: &mut Pool, participants: Vec<Unmatched>) -> Vec<(u128, u128)> {
    let matched = pool.draw(participants, &units());
    let number = |id: Uuid| id.as_u128();
    let pair = |m: &Matched| (number(m.participant.participant_id), number(m.colleague.employee_id));
    let mut pairs: Vec<_> = matched.iter().map(pair).collect();
    pairs.sort_unstable();
    pairs
}

/// In which order a participant would take some colleagues: each is taken away once drawn.
pub fn order(mut pool: Pool, participant: &Unmatched) -> Vec<u128> {
    let mut order = Vec::new();
    while let [(_, colleague)] = drawn(&mut pool, vec![participant.clone()])[..] {
        order.push(colleague);
        pool.engaged.stood.clear();
    }
    order
}
