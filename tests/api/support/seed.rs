//! Small builders. What a test is about goes through the API; what it merely needs is written here, straight into
//! the database and under its constraints.

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::Tx;
use thuocdo::db::schema;
use thuocdo::error::Result;
use thuocdo::half_day::{Half, HalfDay};
use thuocdo::text;
use uuid::Uuid;

use super::TestApp;

pub fn id(value: &Value) -> Uuid {
    value["id"].as_str().expect("an id").parse().expect("a UUID")
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Mornings and afternoons of working days from a first day on.
pub fn full_days(first: NaiveDate, days: i64) -> Vec<HalfDay> {
    (0..days)
        .flat_map(|d| [Half::Morning, Half::Afternoon].map(|h| HalfDay::new(first + Duration::days(d), h)))
        .collect()
}

/// Mornings only.
pub fn mornings(first: NaiveDate, days: i64) -> Vec<HalfDay> {
    (0..days).map(|d| HalfDay::new(first + Duration::days(d), Half::Morning)).collect()
}

/// Insert a row with a new identifier, made now; gives the identifier. The caller's `schema` names the table.
macro_rules! row {
    ($tx:ident, $table:ident { $($column:ident : $value:expr),+ $(,)? }) => {{
        let (id, now) = ($tx.new_id(), $tx.now);
        diesel::insert_into(schema::$table::table)
            .values((
                schema::$table::id.eq(id),
                $(schema::$table::$column.eq($value),)+
                schema::$table::created_at.eq(now),
            ))
            .execute($tx.conn())
            .await?;
        id
    }};
}
pub(crate) use row;

impl TestApp {
    /// A unit below another.
    pub async fn unit(&self, code: &str, parent: Option<Uuid>) -> Uuid {
        let body = json!({"code": code, "name": format!("Đơn vị {code}"), "kind": "department", "parent_id": parent});
        id(&self.as_role(Role::TrainingOfficer).post("/v1/units", body).await.expect_status(201))
    }

    /// Write straight into the database, under its constraints.
    pub async fn seeded<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> T {
        self.system(work).await.expect("the database takes the seed")
    }

    /// A competency of professional skill.
    pub async fn competency(&self, code: &str) -> Uuid {
        self.seeded(async |tx| {
            Ok(row!(
                tx,
                competencies {
                    code: code,
                    name: format!("Năng lực {code}"),
                    content_area: "professional_skill",
                    updated_at: tx.now,
                }
            ))
        })
        .await
    }

    /// A job position of a group, with the longest absence it allows.
    pub async fn position(&self, code: &str, group: &str, max_absence: Option<i32>) -> Uuid {
        self.seeded(async |tx| {
            Ok(row!(
                tx,
                job_positions {
                    code: code,
                    name: format!("Vị trí {code}"),
                    position_group: group,
                    is_leadership: false,
                    max_consecutive_absence_days: max_absence,
                    updated_at: tx.now,
                }
            ))
        })
        .await
    }

    /// From 2025 on, a position requires a competency at level 3.
    pub async fn requirement(&self, position: Uuid, competency: Uuid) -> Uuid {
        self.seeded(async |tx| {
            Ok(row!(
                tx,
                position_requirements {
                    job_position_id: position,
                    competency_id: competency,
                    level: 3_i16,
                    is_hard: true,
                    valid_from: day("2025-01-01"),
                }
            ))
        })
        .await
    }

    /// An employee of a unit in a position.
    pub async fn employee(&self, code: &str, full_name: &str, unit: Uuid, position: Uuid) -> Uuid {
        self.seeded(async |tx| {
            Ok(row!(
                tx,
                employees {
                    code: code,
                    full_name: full_name,
                    name_key: text::name_sort_key(full_name),
                    email: format!("{}@moit.gov.vn", code.to_lowercase()),
                    unit_id: unit,
                    job_position_id: position,
                    category: "civil_servant",
                    status: "active",
                    joined_on: day("2015-01-01"),
                    updated_at: tx.now,
                }
            ))
        })
        .await
    }

    /// Make an employee the head of a unit: the supervisor that evaluations go to.
    pub async fn set_head(&self, unit: Uuid, employee: Uuid) {
        let officer = self.as_role(Role::TrainingOfficer);
        officer
            .patch(&format!("/v1/units/{unit}"), "*", json!({"head_employee_id": employee}))
            .await
            .expect_status(200);
    }

    /// An approved institute.
    pub async fn institute(&self, code: &str) -> Uuid {
        self.seeded(async |tx| {
            Ok(row!(
                tx,
                institutes {
                    code: code,
                    name: format!("Trường {code}"),
                    kind: "ministry_school",
                    contact_email: format!("{code}@example.edu.vn"),
                    contact_name: "Phòng đào tạo",
                    status: "approved",
                    updated_at: tx.now,
                }
            ))
        })
        .await
    }

    /// A lecturer of an institute.
    pub async fn lecturer(&self, institute: Uuid, full_name: &str) -> Uuid {
        self.seeded(async |tx| {
            Ok(row!(
                tx,
                lecturers {
                    institute_id: institute,
                    full_name: full_name,
                    degree: "master",
                    role: "principal_lecturer",
                    subjects: vec!["Bảo mật"],
                    is_active: true,
                    updated_at: tx.now,
                }
            ))
        })
        .await
    }

    /// A published course of 24 periods that builds a competency to level 3.
    pub async fn course(&self, code: &str, institute: Uuid, competency: Uuid) -> Uuid {
        let behaviours: Vec<String> = (1..=5).map(|i| format!("Hành vi {i}")).collect();
        self.seeded(async |tx| {
            let course = row!(
                tx,
                courses {
                    code: code,
                    institute_id: institute,
                    title: format!("Khóa {code}"),
                    content_area: "professional_skill",
                    objectives: "Mục tiêu",
                    periods: 24,
                    obligation: "mandatory",
                    behaviours: &behaviours,
                    smallest_change: 0.25,
                    minimum_attendance_percent: 80,
                    status: "published",
                    updated_at: tx.now,
                }
            );
            use schema::course_competencies as t;
            diesel::insert_into(t::table)
                .values((t::course_id.eq(course), t::competency_id.eq(competency), t::level.eq(3_i16)))
                .execute(tx.conn())
                .await?;
            Ok(course)
        })
        .await
    }

    /// An open offering in person, with a session in each half-day; nominations close the day before it starts.
    pub async fn offering(
        &self,
        code: &str,
        course: Uuid,
        lecturer: Uuid,
        seats: i32,
        half_days: &[HalfDay],
    ) -> Uuid {
        let (first, last) = (half_days[0], half_days[half_days.len() - 1]);
        self.seeded(async |tx| {
            let institute: Uuid = schema::courses::table
                .find(course)
                .select(schema::courses::institute_id)
                .first(tx.conn())
                .await?;
            let offering = row!(
                tx,
                offerings {
                    code: code,
                    course_id: course,
                    institute_id: institute,
                    mode: "in_person",
                    attendance: "full_time",
                    location: "Hà Nội",
                    seats: seats,
                    nominations_close_on: first.date() - Duration::days(1),
                    status: "open",
                    first_half_day: first.0,
                    last_half_day: last.0,
                    updated_at: tx.now,
                }
            );
            for half_day in half_days {
                use schema::sessions as t;
                let id = tx.new_id();
                diesel::insert_into(t::table)
                    .values((
                        t::id.eq(id),
                        t::offering_id.eq(offering),
                        t::half_day.eq(half_day.0),
                        t::periods.eq(4),
                        t::topic.eq("Bài học"),
                        t::lecturer_id.eq(lecturer),
                    ))
                    .execute(tx.conn())
                    .await?;
            }
            Ok(offering)
        })
        .await
    }

    /// A nomination in a state.
    pub async fn nomination(&self, offering: Uuid, employee: Uuid, status: &str) -> Uuid {
        self.seeded(async |tx| {
            let (course, institute): (Uuid, Uuid) = schema::offerings::table
                .find(offering)
                .select((schema::offerings::course_id, schema::offerings::institute_id))
                .first(tx.conn())
                .await?;
            let unit: Uuid = schema::employees::table
                .find(employee)
                .select(schema::employees::unit_id)
                .first(tx.conn())
                .await?;
            Ok(row!(
                tx,
                nominations {
                    offering_id: offering,
                    course_id: course,
                    institute_id: institute,
                    employee_id: employee,
                    unit_id: unit,
                    basis: "position_need",
                    motive: "planned",
                    expected_effect: "Hồ sơ nộp đúng hạn",
                    status: status,
                    waitlisted_at: (status == "waitlisted").then_some(tx.now),
                    checks: json!([]),
                    rule_set: "2026",
                    nominated_by: Uuid::nil(),
                    updated_at: tx.now,
                }
            ))
        })
        .await
    }

    /// The participant of an approved nomination, in a state.
    pub async fn participant(&self, nomination: Uuid, status: &str) -> Uuid {
        self.seeded(async |tx| {
            use schema::{nominations as n, participants as t};
            let (offering, employee, institute, unit): (Uuid, Uuid, Uuid, Uuid) = n::table
                .find(nomination)
                .select((n::offering_id, n::employee_id, n::institute_id, n::unit_id))
                .first(tx.conn())
                .await?;
            let before: i64 =
                t::table.filter(t::offering_id.eq(offering)).count().get_result(tx.conn()).await?;
            Ok(row!(
                tx,
                participants {
                    nomination_id: nomination,
                    offering_id: offering,
                    institute_id: institute,
                    employee_id: employee,
                    unit_id: unit,
                    number: i32::try_from(before).expect("few") + 1,
                    status: status,
                    updated_at: tx.now,
                }
            ))
        })
        .await
    }

    /// A unit must keep this many of a position group at work.
    pub async fn coverage_rule(&self, unit: Uuid, group: Option<&str>, minimum: i32) -> Uuid {
        self.seeded(async |tx| {
            Ok(row!(
                tx,
                coverage_rules {
                    unit_id: unit,
                    position_group: group,
                    minimum_present: minimum,
                    updated_at: tx.now,
                }
            ))
        })
        .await
    }
}
