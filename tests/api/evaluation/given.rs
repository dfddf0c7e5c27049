//! A small ministry with a course that starts in three weeks, and what happens in it.

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema;
use thuocdo::evaluation::evaluations;
use thuocdo::half_day::HalfDay;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::seed::{day, full_days, id};

/// First session of the offering; it lasts five days.
pub const FIRST: &str = "2026-03-23";
/// Its last session.
pub const LAST: &str = "2026-03-27";

/// Two divisions of one agency, each with a head; an institute with one course and one offering.
pub struct Given {
    pub app: TestApp,
    pub ministry: Uuid,
    pub agency: Uuid,
    pub division: Uuid,
    pub clerk: Uuid,
    /// Head of the agency.
    pub director: Uuid,
    /// Head of the division.
    pub head: Uuid,
    pub institute: Uuid,
    pub course: Uuid,
    pub offering: Uuid,
    pub lecturer: Uuid,
}

impl Given {
    pub async fn new() -> Self {
        let app = TestApp::spawn().await;
        let ministry = app.unit("BCT", None).await;
        let agency = app.unit("CDL", Some(ministry)).await;
        let division = app.unit("CDL-1", Some(agency)).await;
        let lead = app.position("LEAD", "lead", None).await;
        let clerk = app.position("CLERK", "clerk", None).await;
        let director = app.employee("D1", "Lê Thị Cúc", agency, lead).await;
        let head = app.employee("H1", "Trần Văn Bình", division, lead).await;
        app.set_head(agency, director).await;
        app.set_head(division, head).await;
        let institute = app.institute("TR1").await;
        let lecturer = app.lecturer(institute, "Phạm Hữu Dũng").await;
        let competency = app.competency("VT").await;
        let course = app.course("KH01", institute, competency).await;
        let sessions = full_days(day(FIRST), 5);
        let offering = app.offering("KH01-1", course, lecturer, 30, &sessions).await;
        Self { app, ministry, agency, division, clerk, director, head, institute, course, offering, lecturer }
    }

    /// A clerk of a unit.
    pub async fn clerk_in(&self, unit: Uuid, code: &str) -> Uuid {
        self.app.employee(code, &format!("Nguyễn Văn {code}"), unit, self.clerk).await
    }

    /// Participants from the division, by their codes.
    pub async fn participants(&self, codes: &[&str]) -> Vec<Uuid> {
        let mut people = Vec::new();
        for code in codes {
            let employee = self.clerk_in(self.division, code).await;
            self.enrol(self.offering, employee).await;
            people.push(employee);
        }
        people
    }

    /// A participant of an offering.
    pub async fn enrol(&self, offering: Uuid, employee: Uuid) -> Uuid {
        let nomination = self.app.nomination(offering, employee, "approved").await;
        self.app.participant(nomination, "enrolled").await
    }

    /// A participant leaves the offering.
    pub async fn withdraw(&self, participant: Uuid) {
        self.write(async |tx| {
            use schema::{nominations as n, participants as t};
            let nomination: Uuid = diesel::update(t::table.find(participant))
                .set(t::status.eq("withdrawn"))
                .returning(t::nomination_id)
                .get_result(tx.conn())
                .await?;
            diesel::update(n::table.find(nomination))
                .set(n::status.eq("withdrawn"))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await;
    }

    /// Another offering of the course.
    pub async fn another_offering(&self, code: &str, first: &str) -> Uuid {
        let sessions = full_days(day(first), 2);
        self.app.offering(code, self.course, self.lecturer, 30, &sessions).await
    }

    /// Move the offering's sessions.
    pub async fn move_offering(&self, first: NaiveDate, days: i64) {
        let sessions = full_days(first, days);
        let (first, last): (HalfDay, HalfDay) = (sessions[0], sessions[sessions.len() - 1]);
        self.write(async |tx| {
            use schema::offerings as t;
            diesel::update(t::table.find(self.offering))
                .set((t::first_half_day.eq(first.0), t::last_half_day.eq(last.0)))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await;
    }

    pub async fn set_offering_status(&self, status: &str) {
        self.write(async |tx| {
            use schema::offerings as t;
            diesel::update(t::table.find(self.offering)).set(t::status.eq(status)).execute(tx.conn()).await?;
            Ok(())
        })
        .await;
    }

    pub async fn set_behaviours(&self, behaviours: &[&str]) {
        self.write(async |tx| {
            use schema::courses as t;
            diesel::update(t::table.find(self.course))
                .set(t::behaviours.eq(behaviours))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await;
    }

    /// Someone leaves the ministry.
    pub async fn leave(&self, employee: Uuid) {
        self.write(async |tx| {
            use schema::employees as t;
            diesel::update(t::table.find(employee)).set(t::status.eq("left")).execute(tx.conn()).await?;
            Ok(())
        })
        .await;
    }

    async fn write<T>(
        &self,
        work: impl AsyncFnOnce(&mut thuocdo::db::Tx<'_>) -> thuocdo::error::Result<T>,
    ) -> T {
        self.app.seeded(work).await
    }

    /// What the worker does every minute.
    pub async fn schedule(&self) -> usize {
        self.write(async |tx| evaluations::schedule(tx).await).await
    }

    pub fn travel(&self, to: &str) {
        self.app.travel_to(day(to));
    }

    /// Days after the last session.
    pub fn travel_after(&self, days: i64) {
        self.app.travel_to(day(LAST) + Duration::days(days));
    }

    /// Evaluations as the officer sees them.
    pub async fn tasks(&self, query: &str) -> Vec<Value> {
        let officer = self.app.as_role(Role::TrainingOfficer);
        officer.all(&format!("/v1/evaluations{query}")).await
    }

    /// The rating of a subject by the supervisor in a phase; at the close the subject's reaction.
    pub async fn task(&self, subject: Uuid, phase: &str) -> Value {
        self.task_for(subject, if phase == "close" { "reaction" } else { "behaviour" }, phase).await
    }

    /// The one evaluation of a subject that is for something in a phase.
    pub async fn task_for(&self, subject: Uuid, instrument: &str, phase: &str) -> Value {
        let tasks = self.tasks(&format!("?phase={phase}&instrument={instrument}")).await;
        let mut found = tasks.into_iter().filter(|t| t["subject_id"] == subject.to_string());
        let task = found.next().unwrap_or_else(|| panic!("no {phase} task"));
        assert!(found.next().is_none(), "one {phase} task only");
        task
    }

    /// Publish a form as the officer does.
    pub async fn publish(&self, form: Value) -> Value {
        self.app.as_role(Role::TrainingOfficer).post("/v1/questionnaires", form).await.expect_status(201)
    }

    /// Someone is away, both days included.
    pub async fn absent(&self, employee: Uuid, first: &str, last: &str) -> String {
        let body = json!({"employee_id": employee, "kind": "maternity_leave", "starts_on": first,
            "starts_half": "morning", "ends_on": last, "ends_half": "afternoon"});
        let absence = self.app.as_role(Role::TrainingOfficer).post("/v1/absences", body).await;
        assert_eq!(absence.status, 201, "{:#}", absence.body);
        absence.header("location").to_owned()
    }

    /// Push official ratings under the unit's own rules as the HR portal does: employee code, kind and first day of the
    /// period, points and class.
    pub async fn rate(&self, ratings: &[(&str, &str, &str, f64, &str)]) {
        let item = |(code, kind, start, score, class): &(&str, &str, &str, f64, &str)| {
            json!({"employee_code": code, "regime": "unit_regulation", "period_kind": kind,
                "period_start": start, "score": score, "class": class})
        };
        let body = json!({"items": ratings.iter().map(item).collect::<Vec<_>>()});
        let portal = self.app.as_role(Role::HrPortal);
        portal.post("/v1/performance-ratings/batch", body).await.expect_status(200);
    }

    /// Path to answer a task.
    pub fn response(task: &Value) -> String {
        format!("/v1/evaluations/{}/response", id(task))
    }
}

/// The same step for each of the five behaviours.
pub fn rating(step: u8) -> Value {
    let answers: Vec<_> = (1..=5).map(|n| json!({"item": format!("b{n}"), "value": step})).collect();
    json!({"answers": answers})
}

/// A learner's reaction: one step for everything, and a comment.
pub fn reaction(step: u8, comment: Option<&str>) -> Value {
    let scales = [("relevance", 4), ("engagement", 3), ("lecturer", 4), ("organisation", 3)];
    let mut answers: Vec<_> = scales
        .iter()
        .flat_map(|(scale, number)| (1..=*number).map(move |n| format!("{scale}_{n}")))
        .map(|item| json!({"item": item, "value": step}))
        .collect();
    answers.push(json!({"item": "comment_1", "value": comment}));
    answers.push(json!({"item": "comment_2", "value": null}));
    json!({"answers": answers})
}

/// Answers to every item of a form: one step for the scales, a first option, a text.
pub fn filled(form: &Value, step: u8) -> Value {
    let answers: Vec<_> = form["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| {
            let value = match item["kind"].as_str() {
                Some("scale") => json!(step),
                Some("choice") => item["options"][0]["code"].clone(),
                Some("number") => json!(1),
                _ => json!("Có tiến bộ."),
            };
            json!({"item": item["code"], "value": value})
        })
        .collect();
    json!({"answers": answers})
}
