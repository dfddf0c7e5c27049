//! What the stories of this area stand on, written straight into the database.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::Tx;
use thuocdo::db::schema;
use thuocdo::error::Result;
use thuocdo::half_day::HalfDay;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::seed::{day, full_days, id};

/// The Tuesday after the Monday on which tests start.
pub fn tuesday() -> NaiveDate {
    day("2026-03-10")
}

/// An office whose clerks need a competency, a course that builds it, and an offering of three full days with 20 seats.
pub struct Scene {
    pub app: TestApp,
    pub unit: Uuid,
    pub position: Uuid,
    pub competency: Uuid,
    pub institute: Uuid,
    pub course: Uuid,
    pub offering: Uuid,
}

impl Scene {
    pub async fn new() -> Self {
        let app = TestApp::spawn().await;
        let unit = app.unit("VP", None).await;
        let position = app.position("VT", "clerk", None).await;
        let competency = app.competency("BMNN").await;
        app.requirement(position, competency).await;
        let institute = app.institute("TDT").await;
        let lecturer = app.lecturer(institute, "Trần Văn Thầy").await;
        let course = app.course("BMNN", institute, competency).await;
        let offering = app.offering("BMNN-1", course, lecturer, 20, &full_days(tuesday(), 3)).await;
        Self { app, unit, position, competency, institute, course, offering }
    }

    /// Another offering of the course; its lecturer is somebody else, who is free.
    pub async fn other_offering(&self, code: &str, seats: i32, half_days: &[HalfDay]) -> Uuid {
        let lecturer = self.app.lecturer(self.institute, "Lê Thị Cô").await;
        self.app.offering(code, self.course, lecturer, seats, half_days).await
    }

    /// A clerk of the office.
    pub async fn clerk(&self, code: &str) -> Uuid {
        self.app.employee(code, &format!("Nguyễn Văn {code}"), self.unit, self.position).await
    }

    pub fn head(&self) -> Client {
        self.app.as_head(self.unit, None)
    }

    pub fn officer(&self) -> Client {
        self.app.as_role(Role::TrainingOfficer)
    }

    /// A nomination's body for the first offering.
    pub fn body(&self, employee: Uuid) -> Value {
        body(employee, self.offering)
    }

    /// Nominated by the head and approved by the officer.
    pub async fn approved(&self, employee: Uuid, offering: Uuid) -> Answer {
        let nominated = self.head().post("/v1/nominations", body(employee, offering)).await;
        assert_eq!(nominated.status, 201, "{:#}", nominated.body);
        let answer = self.officer().act(&format!("/v1/nominations/{}/approve", nominated.id())).await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        answer
    }

    /// Some clerks with a seat in an offering, as the roster shows them.
    pub async fn enrolled(&self, codes: &[&str], offering: Uuid) -> Vec<Uuid> {
        for code in codes {
            let clerk = self.clerk(code).await;
            self.approved(clerk, offering).await;
        }
        self.officer().all(&format!("/v1/offerings/{offering}/participants")).await.iter().map(id).collect()
    }

    pub fn school(&self) -> Client {
        self.app.as_institute(self.institute)
    }

    /// Sessions of an offering, in their order.
    pub async fn sessions(&self, offering: Uuid) -> Vec<Uuid> {
        use schema::sessions as t;
        self.behind(async |tx| {
            Ok(t::table
                .filter(t::offering_id.eq(offering))
                .order(t::half_day)
                .select(t::id)
                .load(tx.conn())
                .await?)
        })
        .await
    }

    /// Someone was in some sessions, as the institute reports.
    pub async fn attended(&self, offering: Uuid, participant: Uuid, sessions: &[Uuid]) {
        let records: Vec<Value> = sessions
            .iter()
            .map(|s| json!({"participant_id": participant, "session_id": s, "status": "present"}))
            .collect();
        self.school()
            .post(&format!("/v1/offerings/{offering}/attendance"), json!({"items": records}))
            .await
            .expect_status(200);
    }

    /// Someone reached some points of 100, as the institute reports.
    pub async fn scored(&self, offering: Uuid, participant: Uuid, assessment: &str, score: f64) {
        let result =
            json!({"participant_id": participant, "assessment": assessment, "score": score, "maximum": 100});
        self.school()
            .post(&format!("/v1/offerings/{offering}/results"), json!({"items": [result]}))
            .await
            .expect_status(200);
    }

    /// Change the database behind the service.
    pub async fn behind<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> T {
        self.app.system(work).await.expect("the database takes it")
    }

    pub async fn absence(&self, employee: Uuid, first: HalfDay, last: HalfDay) {
        use schema::absences as t;
        self.behind(async |tx| {
            let (id, now) = (tx.new_id(), tx.now);
            diesel::insert_into(t::table)
                .values((
                    t::id.eq(id),
                    t::employee_id.eq(employee),
                    t::kind.eq("duty"),
                    t::first_half_day.eq(first.0),
                    t::last_half_day.eq(last.0),
                    t::created_at.eq(now),
                    t::updated_at.eq(now),
                ))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await;
    }

    /// A line of the approved plan of 2026 for a unit and the course.
    pub async fn plan_line(&self, unit: Uuid, quota: i32) -> Uuid {
        use schema::{training_plan_lines as l, training_plans as p};
        let course = self.course;
        self.behind(async |tx| {
            let (plan, line, now) = (tx.new_id(), tx.new_id(), tx.now);
            diesel::insert_into(p::table)
                .values((
                    p::id.eq(plan),
                    p::year.eq(2026),
                    p::title.eq("Kế hoạch 2026"),
                    p::status.eq("approved"),
                    p::created_at.eq(now),
                    p::updated_at.eq(now),
                ))
                .execute(tx.conn())
                .await?;
            diesel::insert_into(l::table)
                .values((
                    l::id.eq(line),
                    l::training_plan_id.eq(plan),
                    l::unit_id.eq(unit),
                    l::course_id.eq(course),
                    l::quota.eq(quota),
                    l::created_at.eq(now),
                ))
                .execute(tx.conn())
                .await?;
            Ok(line)
        })
        .await
    }

    /// A place on a succession list, valid through 2026.
    pub async fn succession(&self, employee: Uuid, post: Uuid) -> Uuid {
        use schema::succession_entries as t;
        self.behind(async |tx| {
            let (id, now) = (tx.new_id(), tx.now);
            diesel::insert_into(t::table)
                .values((
                    t::id.eq(id),
                    t::employee_id.eq(employee),
                    t::job_position_id.eq(post),
                    t::decision_number.eq("12/QĐ-BCT"),
                    t::valid_from.eq(day("2026-01-01")),
                    t::valid_to.eq(day("2027-01-01")),
                    t::created_at.eq(now),
                    t::updated_at.eq(now),
                ))
                .execute(tx.conn())
                .await?;
            Ok(id)
        })
        .await
    }

    /// Someone masters the competency already.
    pub async fn masters(&self, employee: Uuid) {
        use schema::employee_competencies as t;
        let competency = self.competency;
        self.behind(async |tx| {
            let (id, now) = (tx.new_id(), tx.now);
            diesel::insert_into(t::table)
                .values((
                    t::id.eq(id),
                    t::employee_id.eq(employee),
                    t::competency_id.eq(competency),
                    t::level.eq(3_i16),
                    t::source.eq("assessment"),
                    t::valid_from.eq(day("2025-01-01")),
                    t::created_at.eq(now),
                ))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await;
    }
}

/// A nomination's body.
pub fn body(employee: Uuid, offering: Uuid) -> Value {
    json!({
        "employee_id": employee, "offering_id": offering, "basis": "position_need", "motive": "planned",
        "expected_effect": "Không còn sai sót khi kiểm tra."
    })
}

/// A body with some members more.
pub fn with(mut body: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    body
}

/// One check of an answer, by its code.
pub fn check<'a>(answer: &'a Value, code: &str) -> &'a Value {
    answer["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .find(|c| c["code"] == code)
        .unwrap_or_else(|| panic!("no check {code} in {answer:#}"))
}

/// Codes of the checks that fail.
pub fn failed(answer: &Value) -> Vec<&str> {
    answer["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter(|c| c["verdict"] == "fail")
        .map(|c| c["code"].as_str().expect("a code"))
        .collect()
}
