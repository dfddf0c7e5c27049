//! The demo ministry's units and its people.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::names::Registry;
use super::positions::Positions;
use super::rows::{Employee, EmployeeCompetency, Unit};
use super::units::{HCVT, Staffing, UNITS};
use crate::text;

/// Days ago that the ministry got its present structure.
const STRUCTURE_SINCE_DAYS: i64 = 900;

/// What the other steps ask about a person.
#[derive(Clone)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub unit: Uuid,
    pub unit_code: &'static str,
    pub position: &'static str,
    pub group: &'static str,
    pub is_leadership: bool,
    /// Who rates this person's work.
    pub supervisor: Uuid,
    /// How good the work is, in points of 5 around 3.2.
    pub merit: f64,
    pub works: bool,
}

/// Units and people.
#[derive(Default)]
pub struct Ministry {
    pub units: HashMap<&'static str, Uuid>,
    /// Units in the order of the list, with their heads.
    pub heads: Vec<(&'static str, Uuid)>,
    pub people: Vec<Person>,
}

impl Ministry {
    pub fn unit(&self, code: &str) -> Option<Uuid> {
        self.units.get(code).copied()
    }

    pub fn head(&self, code: &str) -> Option<&Person> {
        let (_, id) = self.heads.iter().find(|(c, _)| *c == code)?;
        self.people.iter().find(|p| p.id == *id)
    }

    /// Those who work in a unit.
    pub fn staff(&self, code: &str) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |p| p.unit_code == code)
    }
}

pub fn build(b: &mut Builder, positions: &Positions) -> Ministry {
    let mut ministry = Ministry::default();
    let mut registry = Registry::default();
    let at = b.calendar.morning(plus(b.calendar.today, -STRUCTURE_SINCE_DAYS));
    for (code, name, kind, above, staffing) in &UNITS {
        let id = b.dice.id(at);
        ministry.units.insert(code, id);
        b.rows.units.push(Unit {
            id,
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            kind,
            parent_id: ministry.unit(above),
            created_at: at,
            updated_at: at,
        });
        for place in 0..staffing.count {
            hire(b, positions, &mut ministry, &mut registry, (code, above, staffing), place);
        }
    }
    ministry
}

/// Fill one place of a unit: the head's, a deputy's, or one of the others in turn.
fn hire(
    b: &mut Builder,
    positions: &Positions,
    ministry: &mut Ministry,
    registry: &mut Registry,
    (unit_code, above, staffing): (&'static str, &str, &Staffing),
    place: usize,
) {
    let (deputy, deputies) = staffing.deputies;
    let position = match place.checked_sub(1) {
        None => staffing.head,
        Some(n) if n < deputies => deputy,
        Some(n) => match staffing.others.len() {
            0 => deputy,
            kinds => staffing.others.get((n - deputies) % kinds).copied().unwrap_or(deputy),
        },
    };
    let (Some(facts), Some(unit)) = (positions.by_code.get(position), ministry.unit(unit_code)) else {
        return;
    };
    let years = if facts.is_leadership { b.dice.between(12, 28) } else { b.dice.between(2, 24) };
    let joined_on = plus(b.calendar.today, -i64::from(years * 365 + b.dice.between(100, 364)));
    let created = b.calendar.morning(plus(b.calendar.today, -STRUCTURE_SINCE_DAYS));
    let full_name = Registry::full_name(&mut b.dice);
    let number = ministry.people.len() + 1;
    let code = format!("CT{number:04}");
    // The story needs the whole division at work.
    let works = facts.is_leadership || unit_code == HCVT || !b.dice.percent(2);
    let id = b.dice.id(created);
    let head = ministry.heads.iter().find(|(c, _)| *c == unit_code).map(|(_, head)| *head);
    let above = ministry.heads.iter().find(|(c, _)| *c == above).map(|(_, head)| *head);
    if head.is_none() {
        ministry.heads.push((unit_code, id));
        b.rows.heads.push((unit, id));
    }
    ministry.people.push(Person {
        id,
        name: full_name.clone(),
        unit,
        unit_code,
        position,
        group: facts.group,
        is_leadership: facts.is_leadership,
        supervisor: head.or(above).unwrap_or(id),
        merit: 3.2 + 0.35 * b.dice.normal(),
        works,
    });
    learn_at_work(b, id, facts, unit_code);
    let category = category(b, unit_code, facts.group);
    let mut employee = Employee {
        id,
        name_key: text::name_sort_key(&full_name),
        email: registry.email(&full_name, "moit.gov.vn"),
        phone: Some(format!("024{}", b.dice.between(22_200_000, 22_299_999))),
        full_name,
        code,
        unit_id: unit,
        job_position_id: facts.id,
        category,
        status: if works { "active" } else { "on_leave" },
        birth_date: Some(plus(joined_on, -i64::from(b.dice.between(22 * 365, 29 * 365)))),
        joined_on,
        personal_number: None,
        created_at: created,
        updated_at: created,
    };
    employee.personal_number = personal_number(number, employee.birth_date);
    b.rows.employees.push(employee);
}

/// Provinces of birth: Hà Nội, Hải Phòng, Nam Định, Thanh Hóa, Thành phố Hồ Chí Minh.
const PROVINCES: [&str; 5] = ["001", "031", "036", "038", "079"];

/// The personal number of every third person: the HR portal has not told the others' yet. Nothing of it is left to
/// chance, so that it moves nothing else.
fn personal_number(number: usize, birth_date: Option<NaiveDate>) -> Option<String> {
    let year = birth_date.filter(|_| number.is_multiple_of(3))?.year();
    let province = PROVINCES.get(number % PROVINCES.len())?;
    let century_and_sex = (year - 1900) / 100 * 2 + i32::from(number.is_multiple_of(2));
    Some(format!("{province}{century_and_sex}{:02}{number:06}", year % 100))
}

fn category(b: &mut Builder, unit_code: &str, group: &str) -> &'static str {
    match (unit_code, group) {
        ("VIEN" | "BAO" | "TRUONG", _) => "public_employee",
        ("BCT", _) => "cadre",
        (_, super::positions::CLERICAL) if b.dice.percent(15) => "contract_worker",
        _ => "civil_servant",
    }
}

/// What a person could do before the demo begins: most of what the position requires. Some of it runs out, and the
/// division of the story has not learned to protect state secrets yet.
fn learn_at_work(
    b: &mut Builder,
    employee_id: Uuid,
    facts: &super::positions::PositionFacts,
    unit_code: &str,
) {
    for (place, (competency_id, level)) in facts.requires.iter().enumerate() {
        let secrets = place == 0;
        let chance = match (secrets, facts.is_leadership) {
            (true, _) if unit_code == HCVT => 0,
            (true, true) => 80,
            (true, false) => 35,
            (false, true) => 85,
            (false, false) => 70,
        };
        if !b.dice.percent(chance) {
            continue;
        }
        let valid_from = plus(b.calendar.today, -i64::from(b.dice.between(620, 1400)));
        let below = b.dice.percent(12);
        b.rows.employee_competencies.push(EmployeeCompetency {
            id: b.dice.id(b.calendar.morning(valid_from)),
            employee_id,
            competency_id: *competency_id,
            level: if below && *level > 1 { level - 1 } else { *level },
            source: if b.dice.percent(50) { "assessment" } else { "import" },
            certificate_id: None,
            valid_from,
            valid_to: b.dice.percent(25).then(|| plus(valid_from, 3 * 365)),
            created_at: b.calendar.morning(valid_from),
        });
    }
}
