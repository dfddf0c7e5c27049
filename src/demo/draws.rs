//! Seats drawn by lot: a class of the year before, whose draw everybody can check, and one that is announced.
//!
//! It has chance of its own, so that nothing else in the ministry changes because of it.

use std::collections::{BTreeMap, HashSet};

use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::nominations::Class;
use super::rows::{Nomination, SeatDraw, SeatDrawEntry};
use super::runs::{Run, Stage};
use super::world::World;
use crate::digest::sha256;
use crate::participation::seat_draws::lot;

const OWN_CHANCE: u64 = 0x10_7e;

/// The course whose finished run had too few seats.
const HELD: (&str, Stage) = ("NL-01", Stage::Finished);
/// The course whose next run has.
const ANNOUNCED: (&str, Stage) = ("QPAN-01", Stage::Open);
/// Seats of the latter.
const FEW_SEATS: i32 = 3;

/// Days before the first session on which a draw was announced and held; nominations closed the day before.
const ANNOUNCED_BEFORE: i64 = 46;
const HELD_BEFORE: i64 = 18;

pub fn build(b: &mut Builder, world: &World, classes: &[Class]) {
    let of = |(course, stage): (&str, Stage)| {
        classes.iter().find(|class| class.run.course == course && class.run.stage == stage)
    };
    b.aside(OWN_CHANCE, |b| {
        if let Some(class) = of(HELD) {
            held(b, world, &class.run);
        }
        if let Some(class) = of(ANNOUNCED) {
            announced(b, &class.run);
        }
    });
}

fn seed(b: &mut Builder) -> String {
    sha256(&b.dice.anonymous_id().to_string())
}

/// A draw after which those who took part had the smaller lots, and their comparison group the larger ones.
fn held(b: &mut Builder, world: &World, run: &Run) {
    let seed = seed(b);
    let (announced_at, held_at) = (
        b.calendar.morning(plus(run.first, -ANNOUNCED_BEFORE)),
        b.calendar.morning(plus(run.first, -HELD_BEFORE)),
    );
    let is_seated = |n: &&mut Nomination| n.offering_id == run.offering && n.status == "approved";
    let mut lots: BTreeMap<String, (Uuid, Uuid, &'static str)> = BTreeMap::new();
    let mut like = None;
    for nomination in b.rows.nominations.iter_mut().filter(is_seated) {
        (nomination.decided_at, nomination.updated_at) = (Some(held_at), held_at);
        lots.insert(lot(&seed, nomination.id), (nomination.id, nomination.employee_id, "drawn"));
        like = Some(nomination.clone());
    }
    for participant in b.rows.participants.iter_mut().filter(|p| p.offering_id == run.offering) {
        (participant.created_at, participant.updated_at) = (held_at, held_at);
    }
    // Scarce they were: as many seats as people who took part.
    for offering in b.rows.offerings.iter_mut().filter(|offering| offering.id == run.offering) {
        offering.seats = i32::try_from(lots.len()).unwrap_or(offering.seats);
        offering.nominations_close_on = plus(run.first, -HELD_BEFORE - 1);
    }
    let (Some(like), Some(last)) = (like, lots.keys().next_back().cloned()) else { return };
    let compared: HashSet<Uuid> = b
        .rows
        .evaluations
        .iter()
        .filter(|e| e.offering_id == run.offering && e.subject_group == "comparison")
        .map(|e| e.subject_id)
        .collect();
    for person in world.ministry.people.iter().filter(|person| compared.contains(&person.id)) {
        // The lot follows from the id, so an id is looked for whose lot is larger than those that were drawn.
        let id = (0..10_000).map(|_| b.dice.id(announced_at)).find(|id| lot(&seed, *id) > last);
        let Some(id) = id else { continue };
        lots.insert(lot(&seed, id), (id, person.id, "waiting"));
        b.rows.nominations.push(Nomination {
            id,
            employee_id: person.id,
            unit_id: person.unit,
            nominated_by: world.accounts.nominator(person.unit_code),
            status: "waitlisted",
            waitlisted_at: Some(held_at),
            stand_in_id: None,
            plan_line_id: None,
            outside_plan_reason: Some(
                "Yêu cầu của vị trí việc làm phát sinh sau khi kế hoạch được duyệt".to_owned(),
            ),
            ..like.clone()
        });
    }
    let entry = |(place, (nomination_id, employee_id, outcome))| SeatDrawEntry {
        nomination_id,
        offering_id: run.offering,
        employee_id,
        place,
        outcome,
    };
    b.rows.seat_draw_entries.extend((1..).zip(lots.into_values()).map(entry));
    b.rows.seat_draws.push(SeatDraw {
        offering_id: run.offering,
        status: "held",
        seed_digest: sha256(&seed),
        seed,
        next_offering_id: None,
        held_at: Some(held_at),
        version: 2,
        created_at: announced_at,
        updated_at: held_at,
    });
}

/// A draw that is yet to come: everybody approved waits for it.
fn announced(b: &mut Builder, run: &Run) {
    let seed = seed(b);
    let at = b.calendar.morning(plus(run.first, -ANNOUNCED_BEFORE).min(plus(b.calendar.today, -10)));
    for offering in b.rows.offerings.iter_mut().filter(|offering| offering.id == run.offering) {
        offering.seats = FEW_SEATS;
    }
    let mut waiting = HashSet::new();
    let of_run = |n: &&mut Nomination| n.offering_id == run.offering && n.status == "approved";
    for nomination in b.rows.nominations.iter_mut().filter(of_run) {
        nomination.status = "waitlisted";
        nomination.waitlisted_at = nomination.decided_at;
        waiting.insert(nomination.id);
    }
    b.rows.nomination_half_days.retain(|taken| !waiting.contains(&taken.nomination_id));
    b.rows.participants.retain(|participant| participant.offering_id != run.offering);
    b.rows.evaluations.retain(|evaluation| evaluation.offering_id != run.offering);
    b.rows.seat_draws.push(SeatDraw {
        offering_id: run.offering,
        status: "announced",
        seed_digest: sha256(&seed),
        seed,
        next_offering_id: None,
        held_at: None,
        version: 1,
        created_at: at,
        updated_at: at,
    });
}
