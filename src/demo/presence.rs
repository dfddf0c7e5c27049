//! Who is away, and how many must stay; with the Tuesday morning on which the story's third nomination fails.

use chrono::Datelike;
use chrono::Weekday;
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::{date_of, half_day, plus};
use super::courses::STORY_COURSE;
use super::ministry::Person;
use super::nominations::Class;
use super::rows::{Absence, CoverageRule, EmployeeCompetency};
use super::runs::Stage;
use super::units::HCVT;
use super::world::World;
use crate::half_day::Half::{Afternoon, Morning};

/// Kind, longest duration in days, how often.
const KINDS: [(&str, i32, i32); 6] = [
    ("annual_leave", 5, 45),
    ("business_trip", 4, 25),
    ("duty", 1, 15),
    ("sick_leave", 3, 10),
    ("secondment", 30, 2),
    ("other", 1, 3),
];
/// Absences that the demo tries to give.
const ABSENCES: usize = 420;
/// Of the story's division's twelve people, so many must be at work.
const HCVT_MINIMUM: i32 = 8;
/// Makes the chance of what those who are away have learned another than the ministry's.
const LEARNED_CHANCE: u64 = 0x6c65_6172;

pub fn build(b: &mut Builder, world: &World, classes: &[Class]) {
    story(b, world, classes);
    rules(b, world);
    let mut people: Vec<Person> = world.ministry.people.clone();
    b.dice.shuffle(&mut people);
    for person in people.iter().cycle().take(ABSENCES) {
        let weights = KINDS.map(|(kind, _, weight)| (kind, weight));
        let kind = b.dice.weighted(&weights);
        let longest = KINDS.iter().find(|(k, ..)| *k == kind).map_or(1, |(_, days, _)| *days);
        let from = b.calendar.day(i64::from(b.dice.between(-200, 70)));
        let days = b.dice.between(1, longest);
        // The story's division keeps the days ahead as the story needs them.
        let reaches = plus(from, i64::from(days)) >= b.calendar.today;
        if person.unit_code == HCVT && reaches {
            continue;
        }
        let first = half_day(from, if b.dice.percent(75) { Morning } else { Afternoon });
        let last = half_day(plus(from, i64::from(days - 1)), Afternoon);
        absent(b, person.id, kind, first, last, None);
    }
    for person in world.ministry.people.iter().filter(|p| !p.works) {
        let first = half_day(b.calendar.day(-45), Morning);
        let last = half_day(b.calendar.day(135), Afternoon);
        absent(b, person.id, "maternity_leave", first, last, None);
    }
}

/// Two of the division are away on the Tuesday morning of the course in person. With two in class eight are left, as
/// many as the rule asks for; a third cannot go.
fn story(b: &mut Builder, world: &World, classes: &[Class]) {
    if let Some(unit_id) = world.ministry.unit(HCVT) {
        let at = b.calendar.morning(b.calendar.day(-300));
        b.rows.coverage_rules.push(CoverageRule {
            id: b.dice.id(at),
            unit_id,
            position_group: None,
            minimum_present: HCVT_MINIMUM,
            created_at: at,
            updated_at: at,
        });
    }
    let tuesday = classes
        .iter()
        .filter(|c| c.run.course == STORY_COURSE && c.run.stage == Stage::Open && c.run.is_full_time)
        .flat_map(|c| c.run.half_days.iter().copied())
        .find(|h| date_of(*h).weekday() == Weekday::Tue);
    let Some(tuesday) = tuesday else { return };
    let away: Vec<Uuid> = world.ministry.staff(HCVT).map(|p| p.id).collect();
    let reasons =
        [("duty", "Trực tiếp nhận công văn khẩn"), ("business_trip", "Họp tại Văn phòng Chính phủ")];
    for (person, (kind, note)) in away.iter().rev().zip(reasons) {
        absent(b, *person, kind, tuesday, tuesday, Some(note.to_owned()));
    }
    let away: Vec<Uuid> = away.into_iter().rev().take(reasons.len()).collect();
    b.aside(LEARNED_CHANCE, |b| have_learned(b, world, &away));
}

/// Those who are away are none of those who lack the competency: whoever is picked among these, the third is refused
/// for the division's sake alone.
fn have_learned(b: &mut Builder, world: &World, people: &[Uuid]) {
    let Some(competency_id) = world.catalogue.courses.get(STORY_COURSE).and_then(|c| c.competency) else {
        return;
    };
    let valid_from = b.calendar.day(-700);
    let created_at = b.calendar.morning(valid_from);
    for employee_id in people {
        b.rows.employee_competencies.push(EmployeeCompetency {
            id: b.dice.id(created_at),
            employee_id: *employee_id,
            competency_id,
            level: 4,
            source: "assessment",
            certificate_id: None,
            valid_from,
            valid_to: None,
            created_at,
        });
    }
}

fn rules(b: &mut Builder, world: &World) {
    for code in ["VP-LT", "VP-QT", "KHTC", "PC", "DIENLUC", "XNK", "PVTM", "BAO"] {
        let Some(unit_id) = world.ministry.unit(code) else {
            continue;
        };
        let staff = i32::try_from(world.ministry.staff(code).count()).unwrap_or(0);
        let at = b.calendar.morning(b.calendar.day(-300));
        let group = world.ministry.staff(code).last().map(|p| p.group);
        let of_group = world.ministry.staff(code).filter(|p| Some(p.group) == group).count();
        let of_group = i32::try_from(of_group).unwrap_or(0);
        for (position_group, minimum_present) in [(None, staff / 2), (group, of_group / 3)] {
            if minimum_present < 1 {
                continue;
            }
            b.rows.coverage_rules.push(CoverageRule {
                id: b.dice.id(at),
                unit_id,
                position_group,
                minimum_present,
                created_at: at,
                updated_at: at,
            });
        }
    }
}

fn absent(
    b: &mut Builder,
    employee_id: Uuid,
    kind: &'static str,
    first: i32,
    last: i32,
    note: Option<String>,
) {
    let half_days: Vec<i32> = (first..=last).collect();
    if !b.is_free(employee_id, &half_days) {
        return;
    }
    b.occupy(employee_id, &half_days);
    let at = b.calendar.morning(plus(date_of(first), -7));
    b.rows.absences.push(Absence {
        id: b.dice.id(at),
        employee_id,
        kind,
        first_half_day: first,
        last_half_day: last,
        note,
        created_at: at,
        updated_at: at,
    });
}
