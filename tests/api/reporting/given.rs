//! Classes with ratings of a known effect, written straight into the database and under its constraints.

pub mod answered;
mod scores;
pub mod voices;

use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;
use thuocdo::clock::random_id;
use thuocdo::db::Tx;
use thuocdo::db::schema;
use thuocdo::error::Result;
use thuocdo::evaluation::effectiveness;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::seed::{day, full_days};

/// Day on which the tests look back at their classes.
pub const TODAY: &str = "2026-11-23";

/// A ministry with one unit, one institute and one course.
pub struct Ground {
    pub app: TestApp,
    pub ministry: Uuid,
    pub unit: Uuid,
    pub position: Uuid,
    pub competency: Uuid,
    pub institute: Uuid,
    pub lecturer: Uuid,
    pub course: Uuid,
    supervisor: Uuid,
    successor: Uuid,
    behaviours: Uuid,
    own_view: Uuid,
    reaction: Uuid,
}

/// A run of a course.
#[derive(Clone, Copy)]
pub struct Class {
    pub offering: Uuid,
    pub course: Uuid,
    pub institute: Uuid,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// Someone who took part.
#[derive(Clone, Copy)]
pub struct Enrolled {
    pub employee: Uuid,
    pub participant: Uuid,
}

/// Someone to be sent, with the ratings to come.
#[derive(Clone, Copy)]
pub struct Person {
    pub before: Option<f64>,
    pub after: Option<f64>,
    pub six_months: Option<f64>,
    pub own_view: Option<(f64, f64)>,
    pub motive: &'static str,
    pub status: &'static str,
    pub rater_changed: bool,
    pub left: bool,
    pub unit: Option<Uuid>,
}

/// Rated before and three months after.
pub fn rated(before: f64, after: f64) -> Person {
    Person {
        before: Some(before),
        after: Some(after),
        six_months: None,
        own_view: None,
        motive: "planned",
        status: "completed",
        rater_changed: false,
        left: false,
        unit: None,
    }
}

/// So many people who change by about this much: half a little more, half a little less.
pub fn moved(n: usize, by: f64, give_or_take: f64) -> Vec<Person> {
    (0..n)
        .map(|i| {
            let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
            rated(3.0, 3.0 + by + sign * give_or_take)
        })
        .collect()
}

fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(2, 0, 0).expect("a time").and_utc()
}

macro_rules! insert {
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

/// A form owed, with its answer if there is one.
struct Owed {
    questionnaire: Uuid,
    phase: &'static str,
    subject: Uuid,
    group: &'static str,
    respondent: Uuid,
    opens: NaiveDate,
    excused: bool,
    answer: Option<(f64, NaiveDate)>,
    rater: &'static str,
}

impl Ground {
    pub async fn new() -> Self {
        Self::on(TestApp::spawn().await).await
    }

    /// The same in a service of one's own choice.
    pub async fn on(app: TestApp) -> Self {
        app.travel_to(day(TODAY));
        let ministry = app.unit("BCT", None).await;
        let unit = app.unit("VP", Some(ministry)).await;
        let position = app.position("CV", "chuyên viên", None).await;
        let competency = app.competency("BM").await;
        let institute = app.institute("TDT").await;
        let lecturer = app.lecturer(institute, "Nguyễn Văn Giảng").await;
        let course = app.course("BVBM", institute, competency).await;
        let supervisor = app.employee("HEAD", "Trần Thị Trưởng", unit, position).await;
        let successor = app.employee("NEXT", "Lê Văn Mới", unit, position).await;
        let behaviours = form(&app, "HV", 3, "supervisor", Some(course)).await;
        let own_view = form(&app, "TU", 3, "learner", Some(course)).await;
        let reaction = form(&app, "PH", 1, "learner", None).await;
        Self {
            app,
            ministry,
            unit,
            position,
            competency,
            institute,
            lecturer,
            course,
            supervisor,
            successor,
            behaviours,
            own_view,
            reaction,
        }
    }

    /// Two days of the ground's course, in March.
    pub async fn class(&self, code: &str) -> Class {
        self.class_of(code, self.course, self.institute, self.lecturer, "2026-03-09").await
    }

    pub async fn class_of(
        &self,
        code: &str,
        course: Uuid,
        institute: Uuid,
        lecturer: Uuid,
        first: &str,
    ) -> Class {
        // A lecturer teaches one class at a time, an offering's sessions are its own: any class may use any days.
        let half_days = full_days(day(first), 2);
        let offering = self.app.offering(code, course, lecturer, 200, &half_days).await;
        Class { offering, course, institute, first: day(first), last: day(first) + Days::new(1) }
    }

    /// From here on this one rates before and after.
    pub fn rated_by(&mut self, supervisor: Uuid) {
        self.supervisor = supervisor;
    }

    /// The background loop's part: add up what is due today.
    pub async fn release(&self) {
        let keys = self.app.gate.keys();
        while self.system(async |tx| effectiveness::roll_up(tx, keys).await).await > 0 {}
    }

    pub async fn cancel(&self, class: &Class) {
        use schema::offerings as t;
        self.system(async |tx| {
            diesel::update(t::table.find(class.offering))
                .set(t::status.eq("cancelled"))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await;
    }

    /// Somebody else holds the first session (of four).
    pub async fn teach_one_session(&self, class: &Class, lecturer: Uuid) {
        use schema::sessions as t;
        self.system(async |tx| {
            let first: i32 = t::table
                .filter(t::offering_id.eq(class.offering))
                .select(diesel::dsl::min(t::half_day).assume_not_null())
                .first(tx.conn())
                .await?;
            let session = t::table.filter(t::offering_id.eq(class.offering)).filter(t::half_day.eq(first));
            diesel::update(session).set(t::lecturer_id.eq(lecturer)).execute(tx.conn()).await?;
            Ok(())
        })
        .await;
    }

    /// Send people, and have their supervisor rate them.
    pub async fn send(&self, class: &Class, people: &[Person]) -> Vec<Enrolled> {
        let mut enrolled = Vec::new();
        for person in people {
            enrolled.push(
                self.system(async |tx| {
                    let unit = person.unit.unwrap_or(self.unit);
                    let who = self.enrol(tx, class, unit, person).await?;
                    for owed in self.owed(class, &who, person) {
                        owe(tx, class, who.participant, unit, owed).await?;
                    }
                    Ok(who)
                })
                .await,
            );
        }
        enrolled
    }

    /// Untrained colleagues with their ratings, matched to participants one by one.
    pub async fn compare(&self, class: &Class, to: &[Enrolled], pairs: &[(f64, f64)]) -> Vec<Uuid> {
        let mut colleagues = Vec::new();
        for (pair, to) in pairs.iter().zip(to.iter().cycle()) {
            let colleague = self.system(async |tx| self.employee(tx, self.unit).await).await;
            self.match_to(class, to, colleague, Some(*pair)).await;
            colleagues.push(colleague);
        }
        colleagues
    }

    /// Somebody else's colleague is matched to a participant as well; ratings before and after, if there are any.
    pub async fn match_to(&self, class: &Class, to: &Enrolled, colleague: Uuid, pair: Option<(f64, f64)>) {
        let scores = [pair.map(|(before, _)| before), pair.map(|(_, after)| after)];
        self.system(async |tx| {
            for (phase, score) in ["baseline", "three_months"].into_iter().zip(scores) {
                let on = on(class, phase);
                let owed = Owed {
                    questionnaire: self.behaviours,
                    phase,
                    subject: colleague,
                    group: "comparison",
                    respondent: self.supervisor,
                    opens: on,
                    excused: false,
                    answer: score.map(|score| (score, on)),
                    rater: "first",
                };
                owe(tx, class, to.participant, self.unit, owed).await?;
            }
            Ok(())
        })
        .await;
    }

    /// Somebody beside the supervisor rates people of a class: phase by phase, where there is a score.
    pub async fn rate_beside(&self, class: &Class, rater: Uuid, people: &[(Enrolled, [Option<f64>; 3])]) {
        for (who, scores) in people {
            self.system(async |tx| {
                for (phase, score) in ["baseline", "three_months", "six_months"].into_iter().zip(scores) {
                    let Some(score) = *score else { continue };
                    let opens = on(class, phase);
                    let owed = Owed {
                        questionnaire: self.behaviours,
                        phase,
                        subject: who.employee,
                        group: "trained",
                        respondent: rater,
                        opens,
                        excused: false,
                        answer: Some((score, opens)),
                        rater: "second",
                    };
                    owe(tx, class, who.participant, self.unit, owed).await?;
                }
                Ok(())
            })
            .await;
        }
    }

    /// Forget all that was released, as if no day of release had come yet.
    pub async fn forget_released(&self) {
        self.system(async |tx| {
            for table in [
                "offering_rollup_rows",
                "unit_rollups",
                "unit_quarters",
                "form_quarters",
                "form_rollups",
                "offering_rollups",
                "corrective_actions",
            ] {
                diesel::sql_query(format!("DELETE FROM {table}")).execute(tx.conn()).await?;
            }
            Ok(())
        })
        .await;
    }

    /// The seats of a class were drawn by lot, and some were left waiting; of those drawn, so many gave the seat back before
    /// the class.
    pub async fn drawn_by_lot(
        &self,
        class: &Class,
        enrolled: &[Enrolled],
        waiting: &[Uuid],
        gave_back: usize,
    ) {
        use schema::{nominations, participants, seat_draw_entries as e, seat_draws as d};
        self.system(async |tx| {
            let now = tx.now;
            let seed = "0".repeat(64);
            diesel::insert_into(d::table)
                .values((
                    d::offering_id.eq(class.offering),
                    d::status.eq("held"),
                    d::seed.eq(&seed),
                    d::seed_digest.eq(&seed),
                    d::held_at.eq(now),
                    d::created_at.eq(now),
                    d::updated_at.eq(now),
                ))
                .execute(tx.conn())
                .await?;
            for (place, who) in (1..).zip(enrolled) {
                let nomination: Uuid = participants::table
                    .find(who.participant)
                    .select(participants::nomination_id)
                    .first(tx.conn())
                    .await?;
                diesel::insert_into(e::table)
                    .values((
                        e::nomination_id.eq(nomination),
                        e::offering_id.eq(class.offering),
                        e::employee_id.eq(who.employee),
                        e::place.eq(place),
                        e::outcome.eq("drawn"),
                    ))
                    .execute(tx.conn())
                    .await?;
                if enrolled.len() < gave_back + usize::try_from(place).expect("few") {
                    diesel::update(participants::table.find(who.participant))
                        .set(participants::status.eq("withdrawn"))
                        .execute(tx.conn())
                        .await?;
                    diesel::update(nominations::table.find(nomination))
                        .set(nominations::status.eq("withdrawn"))
                        .execute(tx.conn())
                        .await?;
                }
            }
            for (place, employee) in (1001..).zip(waiting) {
                let since = Some(morning(class.first - Days::new(20)));
                let nomination = self
                    .nominate(tx, class, (*employee, self.unit), ("planned", "waitlisted", None, since))
                    .await?;
                diesel::insert_into(e::table)
                    .values((
                        e::nomination_id.eq(nomination),
                        e::offering_id.eq(class.offering),
                        e::employee_id.eq(employee),
                        e::place.eq(place),
                        e::outcome.eq("waiting"),
                    ))
                    .execute(tx.conn())
                    .await?;
            }
            Ok(())
        })
        .await;
    }

    /// Anonymous forms at the end: all are asked, so many answer.
    pub async fn react(&self, class: &Class, asked: &[Enrolled], scores: &[f64]) {
        self.system(async |tx| {
            for who in asked {
                let owed = Owed {
                    questionnaire: self.reaction,
                    phase: "close",
                    subject: who.employee,
                    group: "trained",
                    respondent: who.employee,
                    opens: class.last,
                    excused: false,
                    answer: None,
                    rater: "first",
                };
                owe(tx, class, who.participant, self.unit, owed).await?;
            }
            for score in scores {
                use schema::anonymous_responses as t;
                diesel::insert_into(t::table)
                    .values((
                        t::id.eq(random_id()),
                        t::offering_id.eq(class.offering),
                        t::questionnaire_id.eq(self.reaction),
                        t::answers.eq(json!([])),
                        t::score.eq(score),
                    ))
                    .execute(tx.conn())
                    .await?;
            }
            Ok(())
        })
        .await;
    }

    /// Put somebody into another class, without any rating.
    pub async fn train(&self, class: &Class, employee: Uuid) -> Enrolled {
        let participant = self
            .system(async |tx| self.participate(tx, class, employee, self.unit, &rated(3.0, 3.0)).await)
            .await;
        Enrolled { employee, participant }
    }

    async fn system<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> T {
        self.app.system(work).await.expect("the database takes the seed")
    }

    fn owed(&self, class: &Class, who: &Enrolled, person: &Person) -> Vec<Owed> {
        let about = |questionnaire, phase, respondent, score: Option<f64>| Owed {
            questionnaire,
            phase,
            subject: who.employee,
            group: "trained",
            respondent,
            opens: on(class, phase),
            excused: false,
            answer: score.map(|score| (score, on(class, phase))),
            rater: "first",
        };
        let later = if person.rater_changed { self.successor } else { self.supervisor };
        let mut owed = vec![
            about(self.behaviours, "baseline", self.supervisor, person.before),
            Owed { excused: person.left, ..about(self.behaviours, "three_months", later, person.after) },
        ];
        if let Some(score) = person.six_months {
            owed.push(about(self.behaviours, "six_months", later, Some(score)));
        }
        if let Some((before, after)) = person.own_view {
            owed.push(about(self.own_view, "baseline", who.employee, Some(before)));
            owed.push(about(self.own_view, "three_months", who.employee, Some(after)));
        }
        owed
    }

    async fn enrol(&self, tx: &mut Tx<'_>, class: &Class, unit: Uuid, person: &Person) -> Result<Enrolled> {
        let employee = self.employee(tx, unit).await?;
        let participant = self.participate(tx, class, employee, unit, person).await?;
        Ok(Enrolled { employee, participant })
    }

    async fn employee(&self, tx: &mut Tx<'_>, unit: Uuid) -> Result<Uuid> {
        let code = tx.new_id().simple().to_string();
        Ok(insert!(
            tx,
            employees {
                code: &code,
                full_name: "Phạm Thị Học",
                name_key: "hoc pham thi",
                search_text: "pham thi hoc",
                email: format!("{code}@moit.gov.vn"),
                unit_id: unit,
                job_position_id: self.position,
                category: "civil_servant",
                status: "active",
                joined_on: day("2015-01-01"),
                updated_at: tx.now,
            }
        ))
    }

    /// A person of a unit is nominated: why, how it stands, and since when it is decided or waits.
    async fn nominate(
        &self,
        tx: &mut Tx<'_>,
        class: &Class,
        (employee, unit): (Uuid, Uuid),
        (motive, status, decided, waits): (&str, &str, Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    ) -> Result<Uuid> {
        Ok(insert!(
            tx,
            nominations {
                offering_id: class.offering,
                course_id: class.course,
                institute_id: class.institute,
                employee_id: employee,
                unit_id: unit,
                basis: "position_need",
                motive: motive,
                outside_plan_reason: "Cần",
                expected_effect: "Làm đúng quy trình",
                status: status,
                checks: json!([]),
                rule_set: "1",
                nominated_by: self.supervisor,
                decided_at: decided,
                waitlisted_at: waits,
                updated_at: tx.now,
            }
        ))
    }

    async fn participate(
        &self,
        tx: &mut Tx<'_>,
        class: &Class,
        employee: Uuid,
        unit: Uuid,
        person: &Person,
    ) -> Result<Uuid> {
        use schema::participants as t;
        let decided = Some(morning(class.first - Days::new(20)));
        let nomination =
            self.nominate(tx, class, (employee, unit), (person.motive, "approved", decided, None)).await?;
        let seated: i64 =
            t::table.filter(t::offering_id.eq(class.offering)).count().get_result(tx.conn()).await?;
        Ok(insert!(
            tx,
            participants {
                nomination_id: nomination,
                offering_id: class.offering,
                institute_id: class.institute,
                employee_id: employee,
                unit_id: unit,
                number: i32::try_from(seated).expect("few") + 1,
                status: person.status,
                updated_at: tx.now,
            }
        ))
    }
}

/// A week before the class for the baseline, then three and six months after it.
pub fn on(class: &Class, phase: &str) -> NaiveDate {
    match phase {
        "baseline" => class.first - Days::new(7),
        "six_months" => class.last + Days::new(180),
        _ => class.last + Days::new(90),
    }
}

async fn form(app: &TestApp, code: &str, level: i16, audience: &str, course: Option<Uuid>) -> Uuid {
    app.system(async |tx| {
        Ok(insert!(
            tx,
            questionnaires {
                code: code,
                revision: 1,
                title: format!("Phiếu {code}"),
                level: level,
                audience: audience,
                course_id: course,
                is_anonymous: level == 1,
                items: json!([]),
            }
        ))
    })
    .await
    .expect("a questionnaire")
}

async fn owe(tx: &mut Tx<'_>, class: &Class, participant: Uuid, unit: Uuid, owed: Owed) -> Result<Uuid> {
    let status = match (&owed.answer, owed.excused) {
        (Some(_), _) => "answered",
        (None, true) => "excused",
        (None, false) => "pending",
    };
    let evaluation = insert!(
        tx,
        evaluations {
            offering_id: class.offering,
            course_id: class.course,
            questionnaire_id: owed.questionnaire,
            phase: owed.phase,
            subject_id: owed.subject,
            subject_group: owed.group,
            participant_id: participant,
            unit_id: unit,
            respondent_id: owed.respondent,
            rater: owed.rater,
            opens_on: owed.opens,
            due_on: owed.opens + Days::new(21),
            status: status,
            excuse: owed.excused.then_some("Đã nghỉ việc"),
            answered_on: owed.answer.map(|(_, on)| on),
            updated_at: morning(owed.opens),
        }
    );
    if let Some((score, on)) = owed.answer {
        use schema::evaluation_responses as t;
        diesel::insert_into(t::table)
            .values((
                t::evaluation_id.eq(evaluation),
                t::answers.eq(json!([])),
                t::score.eq(score),
                t::submitted_at.eq(morning(on)),
            ))
            .execute(tx.conn())
            .await?;
    }
    Ok(evaluation)
}
