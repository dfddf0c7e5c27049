//! What happened in class: attendance, results, certificates, and the competencies they prove.

use std::collections::HashMap;

use chrono::{Datelike, Months};
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::date_of;
use super::nominations::Class;
use super::rows::{Attendance, Certificate, CertificateCounter, EmployeeCompetency, Participant, TestResult};
use super::runs::Stage;
use super::world::World;
use crate::participation::certificates::certificate_number;

/// Below so many learners nobody fails: small classes carry a verdict that needs each of them.
const SMALL_CLASS: usize = 15;
/// Best result of a test.
const MAXIMUM: f64 = 10.0;

pub fn build(b: &mut Builder, world: &World, classes: &[Class]) {
    let mut participants = std::mem::take(&mut b.rows.participants);
    let places: HashMap<Uuid, usize> = participants.iter().enumerate().map(|(i, p)| (p.id, i)).collect();
    let mut counters: HashMap<(&'static str, i32), i32> = HashMap::new();
    for class in classes {
        for learner in &class.learners {
            let Some(row) = places.get(&learner.participant).and_then(|i| participants.get_mut(*i)) else {
                continue;
            };
            attend(b, class, row);
            if matches!(class.run.stage, Stage::Finished | Stage::Recent) && sit_tests(b, class, row) {
                certify(b, world, class, row, &learner.person.name, &mut counters);
            }
        }
    }
    b.rows.participants = participants;
    let mut counters: Vec<_> = counters.into_iter().collect();
    counters.sort_unstable();
    for ((institute, year), last_number) in counters {
        if let Some(institute_id) = world.catalogue.institutes.get(institute).copied() {
            b.rows.certificate_counters.push(CertificateCounter { institute_id, year, last_number });
        }
    }
}

/// Attendance of every session that is over.
fn attend(b: &mut Builder, class: &Class, row: &mut Participant) {
    let truant = class.learners.len() >= SMALL_CLASS && b.dice.percent(3);
    let (mut present, mut held) = (0, 0);
    for (session_id, half_day) in &class.run.sessions {
        if date_of(*half_day) >= b.calendar.today {
            break;
        }
        held += 1;
        let missed = if truant { b.dice.percent(60) } else { b.dice.percent(3) };
        let status = match (missed, b.dice.percent(60)) {
            (false, _) => "present",
            (true, true) => "excused",
            (true, false) => "absent",
        };
        present += i32::from(!missed);
        b.rows.attendance.push(Attendance {
            participant_id: row.id,
            session_id: *session_id,
            status,
            recorded_at: b.calendar.morning(date_of(*half_day)),
        });
    }
    if held > 0 && class.run.last < b.calendar.today {
        row.attendance_percent = Some(f64::from(present) * 100.0 / f64::from(held));
        row.updated_at = b.calendar.morning(class.run.last);
    }
}

/// The final test; whether the course was completed (Circular 03/2023, Art. 6).
fn sit_tests(b: &mut Builder, class: &Class, row: &mut Participant) -> bool {
    let fails = class.learners.len() >= SMALL_CLASS && b.dice.percent(2);
    let score = if fails { 4.0 } else { (7.6 + 1.1 * b.dice.normal()).clamp(5.0, MAXIMUM) };
    b.rows.results.push(TestResult {
        participant_id: row.id,
        assessment: "Bài kiểm tra cuối khóa",
        score: (score * 4.0).round() / 4.0,
        maximum: MAXIMUM,
        recorded_at: b.calendar.morning(class.run.last),
    });
    let attended = row.attendance_percent.unwrap_or(0.0) >= 80.0;
    let completed = !fails && (attended || class.learners.len() < SMALL_CLASS);
    if completed && !attended {
        // A missed half-day of a short course was made up for.
        row.attendance_percent = Some(100.0);
        for mark in b.rows.attendance.iter_mut().filter(|a| a.participant_id == row.id) {
            mark.status = "present";
        }
    }
    row.status = if completed { "completed" } else { "not_completed" };
    completed
}

fn certify(
    b: &mut Builder,
    world: &World,
    class: &Class,
    row: &Participant,
    holder_name: &str,
    counters: &mut HashMap<(&'static str, i32), i32>,
) {
    let Some(course) = world.catalogue.courses.get(class.run.course) else {
        return;
    };
    let issued_on = class.run.last;
    let at = b.calendar.morning(issued_on);
    let institute = course.data.institute;
    let number = counters.entry((institute, issued_on.year())).or_insert(0);
    *number += 1;
    let id = b.dice.id(at);
    let revoked = *number == 40;
    b.rows.certificates.push(Certificate {
        id,
        number: certificate_number(institute, issued_on.year(), *number),
        participant_id: row.id,
        offering_id: row.offering_id,
        institute_id: row.institute_id,
        employee_id: row.employee_id,
        holder_name: holder_name.to_owned(),
        course_title: course.data.title.to_owned(),
        periods: course.data.periods,
        issued_on,
        status: if revoked { "revoked" } else { "issued" },
        revoked_reason: revoked.then(|| "Cấp nhầm do lỗi của cơ sở đào tạo, bồi dưỡng".to_owned()),
        created_at: at,
        updated_at: at,
    });
    let Some(competency_id) = course.competency.filter(|_| !revoked) else {
        return;
    };
    let competency = b.dice.id(at);
    b.rows.employee_competencies.push(EmployeeCompetency {
        id: competency,
        employee_id: row.employee_id,
        competency_id,
        level: course.data.level,
        source: "certificate",
        certificate_id: Some(id),
        valid_from: issued_on,
        valid_to: course
            .refresh_months
            .and_then(|m| issued_on.checked_add_months(Months::new(m.unsigned_abs()))),
        created_at: at,
    });
}
