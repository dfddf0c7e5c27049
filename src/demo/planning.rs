//! Training plans of last year, this year and (as a draft) next year; holidays; succession lists.

use std::collections::HashMap;

use chrono::Datelike;
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::catalogue::Catalogue;
use super::courses::{COURSES, STORY_COURSE};
use super::ministry::Ministry;
use super::positions::Positions;
use super::rows::{Plan, PlanLine, Succession};
use super::units::HCVT;

/// Lines by year, unit and course; succession entries by person.
#[derive(Default)]
pub struct Plans {
    pub lines: HashMap<(i32, Uuid, Uuid), Uuid>,
    pub successions: HashMap<Uuid, Uuid>,
}

pub fn build(b: &mut Builder, positions: &Positions, ministry: &Ministry, catalogue: &Catalogue) -> Plans {
    let mut plans = Plans::default();
    let this_year = b.calendar.today.year();
    for (year, status, chance) in
        [(this_year - 1, "approved", 50), (this_year, "approved", 50), (this_year + 1, "draft", 20)]
    {
        let decided = b.calendar.today.with_ordinal(15).unwrap_or(b.calendar.today);
        let decided = if year < this_year { plus(decided, -365) } else { decided };
        let at = b.calendar.morning(if year > this_year { plus(b.calendar.today, -6) } else { decided });
        let plan = b.dice.id(at);
        b.rows.training_plans.push(Plan {
            id: plan,
            year,
            title: format!("Kế hoạch đào tạo, bồi dưỡng công chức, viên chức năm {year}"),
            decision_number: (status == "approved").then(|| format!("{}/QĐ-BCT", b.dice.between(100, 400))),
            status,
            created_at: at,
            updated_at: at,
        });
        for (unit_code, _) in ministry.heads.iter().skip(1) {
            let Some(unit) = ministry.unit(unit_code) else {
                continue;
            };
            for data in &COURSES {
                let Some(course) = catalogue.courses.get(data.code).filter(|_| data.status == "published")
                else {
                    continue;
                };
                let concerned =
                    ministry.staff(unit_code).filter(|p| data.is_for(p.position, p.group)).count();
                // The story's nominations cite a line.
                let story = *unit_code == HCVT && data.code == STORY_COURSE;
                if !story && (concerned < 3 || !b.dice.percent(chance)) {
                    continue;
                }
                let id = b.dice.id(at);
                plans.lines.insert((year, unit, course.id), id);
                b.rows.training_plan_lines.push(PlanLine {
                    id,
                    training_plan_id: plan,
                    unit_id: unit,
                    course_id: course.id,
                    quota: if story { 5 } else { b.dice.between(2, 8) },
                    created_at: at,
                });
            }
        }
    }
    succession(b, positions, ministry, &mut plans);
    plans
}

/// One or two people of each unit are planned for its leadership.
fn succession(b: &mut Builder, positions: &Positions, ministry: &Ministry, plans: &mut Plans) {
    for (unit_code, _) in ministry.heads.iter().skip(2) {
        let deputy = ministry.staff(unit_code).nth(1).map(|p| p.position).unwrap_or_default();
        let Some(post) = positions.by_code.get(deputy) else {
            continue;
        };
        let candidates: Vec<Uuid> = ministry
            .staff(unit_code)
            .filter(|p| !p.is_leadership && p.works)
            // In the story's division the one who is no clerk.
            .filter(|p| *unit_code != HCVT || p.position == "CV-TH")
            .map(|p| p.id)
            .take(2)
            .collect();
        for employee_id in candidates {
            let valid_from = plus(b.calendar.today, -i64::from(b.dice.between(200, 500)));
            let at = b.calendar.morning(valid_from);
            let id = b.dice.id(at);
            plans.successions.insert(employee_id, id);
            b.rows.succession_entries.push(Succession {
                id,
                employee_id,
                job_position_id: post.id,
                decision_number: format!("{}/QĐ-BCT", b.dice.between(1000, 2999)),
                valid_from,
                valid_to: plus(valid_from, 5 * 365),
                created_at: at,
                updated_at: at,
            });
        }
    }
}
