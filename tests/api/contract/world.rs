//! Two units, two institutes, and people in them: of everything an object inside and one outside the reach of each
//! limited role. A new resource needs one line, in [`ground`] or in [`person`].

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::{Permission, Role, policy};
use thuocdo::db::schema;
use thuocdo::half_day::{Half, HalfDay};
use uuid::Uuid;

use super::document::{Call, Operation, operations};
use super::probe::refer;
use crate::support::TestApp;
use crate::support::app::patient;
use crate::support::client::Client;
use crate::support::seed::{day, full_days, row};

/// Day of the document's examples.
const TODAY: &str = "2026-11-23";

/// The list that a member of a body, or a filter, refers to.
const REFERENCES: &[(&str, &str)] = &[
    ("competency_id", "/v1/competencies"),
    ("course_id", "/v1/courses"),
    ("deputy_employee_id", "/v1/employees"),
    ("employee_id", "/v1/employees"),
    ("head_employee_id", "/v1/employees"),
    ("institute_id", "/v1/institutes"),
    ("job_position_id", "/v1/job-positions"),
    ("lecturer_id", "/v1/lecturers"),
    ("offering_id", "/v1/offerings"),
    ("parent_id", "/v1/units"),
    ("participant_id", "/v1/offerings/{id}/participants"),
    ("participant_ids", "/v1/offerings/{id}/participants"),
    ("plan_line_id", "/v1/training-plan-lines"),
    ("session_id", "session"),
    ("stand_in_id", "/v1/employees"),
    ("succession_entry_id", "/v1/succession-lists"),
    ("unit_id", "/v1/units"),
];

/// Where an example does not fit the world: the operation, a JSON pointer, and what fits.
fn overrides() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        // The only motive that is open to everybody who may nominate.
        ("nominations_create", "/motive", json!("own_wish")),
        ("nominations_check", "/motive", json!("own_wish")),
        ("units_batch", "/items/0/parent_code", Value::Null),
    ]
}

/// Filters that an operation needs, and the list that their value is of.
const FILTERS: &[(&str, &str, &str)] = &[("effectiveness_rows", "id", "/v1/courses")];

/// The list that a member refers to.
pub fn referred(member: &str) -> Option<&'static str> {
    REFERENCES.iter().find(|(name, _)| *name == member).map(|(_, list)| *list)
}

/// Objects that belong together, by the list they are in, and words that name their person.
#[derive(Clone, Default)]
pub struct Side {
    objects: BTreeMap<&'static str, Uuid>,
    /// Who leads the unit.
    head: Uuid,
    codes: BTreeMap<&'static str, String>,
    words: Vec<String>,
}

impl Side {
    pub fn get(&self, list: &str) -> Option<Uuid> {
        self.objects.get(list).copied()
    }

    fn of(&self, list: &str) -> Uuid {
        self.objects[list]
    }

    /// What a member of a body refers to.
    fn value(&self, member: &str, is_id: bool) -> Option<String> {
        let code = self.codes.get(member).cloned();
        let id = || {
            let id = referred(member).and_then(|list| self.get(list));
            let id = id.unwrap_or_else(|| {
                panic!("a body names {member}: add it to REFERENCES (tests/api/contract/world.rs)")
            });
            id.to_string()
        };
        code.or_else(|| is_id.then(id))
    }
}

pub struct World {
    pub app: TestApp,
    /// What the limited roles reach.
    pub own: Side,
    /// Of the same unit, on the same roster.
    colleague: Side,
    /// Of the other unit and the other institute.
    foreign: Side,
}

impl World {
    pub async fn new() -> Self {
        let app = TestApp::spawn_with(patient()).await;
        app.travel_to(day(TODAY));
        let ministry = app.unit("BCT", None).await;
        let here = ground(&app, ministry, "HERE", 2026).await;
        let there = ground(&app, ministry, "THERE", 2025).await;
        let own = person(&app, &here, "AN", "Nguyễn Văn An").await;
        let colleague = person(&app, &here, "BINH", "Trần Thị Bình").await;
        let foreign = person(&app, &there, "CUC", "Lê Thị Cúc").await;
        let (own, colleague, foreign) = accounts(&app, own, colleague, foreign).await;
        Self { app, own, colleague, foreign }
    }

    /// All callers are one account, whose attempts would slow each other down.
    pub async fn forget_wrong_passwords(&self) {
        self.app
            .seeded(async |tx| {
                diesel::delete(schema::login_attempts::table).execute(tx.conn()).await?;
                Ok(())
            })
            .await;
    }

    /// Someone with this role and no other.
    pub fn caller(&self, role: Role) -> Client {
        self.app.as_actor(|actor| {
            actor.roles = vec![role];
            match role {
                Role::UnitHead => actor.unit_ids = vec![self.own.of("/v1/units")],
                Role::Employee => actor.employee_id = self.own.get("/v1/employees"),
                Role::Institute => actor.institute_id = self.own.get("/v1/institutes"),
                _ => {}
            }
        })
    }

    /// What a role does not reach: for an employee that begins with the colleague.
    pub fn foreign(&self, role: Role, list: &str) -> Option<Uuid> {
        let near = self.colleague.get(list).filter(|id| Some(*id) != self.own.get(list));
        near.filter(|_| role == Role::Employee).or_else(|| self.foreign.get(list))
    }

    /// Name, address and code of somebody outside every limited reach.
    pub fn words(&self) -> Vec<String> {
        self.foreign.words.iter().map(|word| word.trim_matches('"').to_owned()).collect()
    }

    /// What the identifiers of this world are of. What two sides share is named after what the limited roles reach.
    pub fn names(&self) -> BTreeMap<Uuid, String> {
        let mut names = BTreeMap::from([(Uuid::nil(), "the caller or the service".to_owned())]);
        for (whose, side) in
            [("foreign", &self.foreign), ("colleague's", &self.colleague), ("own", &self.own)]
        {
            names.insert(side.head, format!("{whose} unit head"));
            let objects = side.objects.iter();
            names.extend(
                objects.map(|(list, id)| (*id, format!("{whose} {}", list.trim_start_matches("/v1/")))),
            );
        }
        names
    }

    /// What lies outside every limited reach.
    pub fn stranger(&self, list: &str) -> Option<Uuid> {
        self.foreign.get(list)
    }

    /// The operation as the example has it, about an object and in the terms of this world.
    pub fn call(&self, op: &Operation, id: Option<Uuid>) -> Call {
        let mut call = op.call(&id.unwrap_or_default().to_string());
        for (_, filter, list) in FILTERS.iter().filter(|(name, ..)| *name == op.id) {
            call.query.retain(|(name, _)| name != filter);
            call.query.push(((*filter).to_owned(), self.own.of(list).to_string()));
        }
        if let Some(body) = &mut call.body {
            refer(body, "", &mut |member, is_id| self.own.value(member, is_id));
            for (_, pointer, value) in overrides().into_iter().filter(|(name, ..)| *name == op.id) {
                *body.pointer_mut(pointer).expect("a member to override") = value;
            }
        }
        call
    }

    /// Foreign objects that a role may not read, by their lists.
    pub fn hidden(&self, role: Role) -> BTreeMap<&'static str, Uuid> {
        let lists = self.foreign.objects.keys().filter(|list| hides(role, list));
        lists.filter_map(|list| Some((*list, self.foreign(role, list)?))).collect()
    }

    /// What must not be in any answer to a role.
    pub fn secrets(&self, role: Role) -> Vec<String> {
        let mut secrets: Vec<String> = self.foreign.words.clone();
        let lists = self.foreign.objects.keys().filter(|list| hides(role, list));
        secrets.extend(lists.map(|list| self.foreign.of(list).to_string()));
        match role {
            Role::Employee => {
                secrets.extend(self.colleague.words.clone());
                secrets.extend(self.hidden(role).values().map(Uuid::to_string));
            }
            // It meets participants, and nobody else.
            Role::Institute => secrets.extend([self.own.head, self.foreign.head].map(|id| id.to_string())),
            _ => {}
        }
        secrets
    }
}

/// Lists of which other answers inform the whole ministry by design.
const IN_THE_OPEN: [(&str, &str); 2] = [
    ("/v1/lecturers", "an offering says who teaches"),
    ("/v1/training-plans", "a plan says nothing of a unit; its lines do"),
];

/// Whether a role reaches only some of a list, or none of it.
fn hides(role: Role, list: &str) -> bool {
    let one = format!("{list}/{{id}}");
    let read =
        operations().into_iter().filter(|op| op.is_read() && [one.as_str(), list].contains(&op.template));
    let permission = read.min_by_key(|op| op.template == list).and_then(|op| op.permission);
    permission.is_some_and(|p: Permission| policy::grant(role, p) != Some(policy::Scope::All))
        && (role == Role::Institute || IN_THE_OPEN.iter().all(|(open, _)| *open != list))
}

/// A unit with what belongs to it, and an institute with what it offers.
async fn ground(app: &TestApp, ministry: Uuid, code: &str, year: i32) -> Side {
    let unit = app.unit(code, Some(ministry)).await;
    let position = app.position(code, "clerk", None).await;
    let competency = app.competency(code).await;
    app.requirement(position, competency).await;
    let head = app.employee(&format!("{code}-HEAD"), "Phạm Văn Trưởng", unit, position).await;
    app.set_head(unit, head).await;
    let institute = app.institute(code).await;
    let lecturer = app.lecturer(institute, &format!("Đỗ Thị {code}")).await;
    let course = app.course(code, institute, competency).await;
    let offering = app.offering(code, course, lecturer, 20, &full_days(day("2026-12-07"), 3)).await;
    let mut side = Side { head, ..Side::default() };
    for (member, of) in [("unit_code", code), ("job_position_code", code)] {
        side.codes.insert(member, of.to_owned());
    }
    app.seeded(async |tx| {
        let now = tx.now;
        // As many as the example of an offering has.
        diesel::update(schema::courses::table.find(course))
            .set(schema::courses::periods.eq(8))
            .execute(tx.conn())
            .await?;
        let session: Uuid = schema::sessions::table
            .filter(schema::sessions::offering_id.eq(offering))
            .select(schema::sessions::id)
            .first(tx.conn())
            .await?;
        diesel::insert_into(schema::seat_draws::table)
            .values((
                schema::seat_draws::offering_id.eq(offering),
                schema::seat_draws::status.eq("called_off"),
                schema::seat_draws::seed.eq("0".repeat(64)),
                schema::seat_draws::seed_digest.eq("0".repeat(64)),
                schema::seat_draws::created_at.eq(now),
                schema::seat_draws::updated_at.eq(now),
            ))
            .execute(tx.conn())
            .await?;
        let plan =
            row!(tx, training_plans { year: year, title: "Kế hoạch", status: "draft", updated_at: now });
        let line = row!(
            tx,
            training_plan_lines { training_plan_id: plan, unit_id: unit, course_id: course, quota: 5 }
        );
        let items: Vec<Value> = (1..=5)
            .map(|i| {
                let text = json!({"vi": format!("Hành vi {i}")});
                json!({"code": format!("b{i}"), "kind": "scale", "text": text, "reverse": false})
            })
            .collect();
        let questionnaire = row!(
            tx,
            questionnaires {
                code: code,
                revision: 1,
                title: "Phiếu hành vi",
                level: 3_i16,
                audience: "supervisor",
                course_id: course,
                is_anonymous: false,
                items: json!(items),
            }
        );
        let action = row!(
            tx,
            corrective_actions {
                institute_id: institute,
                course_id: course,
                finding: "Không thay đổi.",
                status: "open",
                reply_due_on: day("2026-12-31"),
                updated_at: now,
            }
        );
        side.objects.extend([
            ("/v1/units", unit),
            ("/v1/job-positions", position),
            ("/v1/competencies", competency),
            ("/v1/institutes", institute),
            ("/v1/lecturers", lecturer),
            ("/v1/courses", course),
            ("/v1/offerings", offering),
            ("/v1/training-plans", plan),
            ("/v1/training-plan-lines", line),
            ("/v1/questionnaires", questionnaire),
            ("/v1/corrective-actions", action),
            ("session", session),
        ]);
        Ok(())
    })
    .await;
    side.objects.insert("/v1/coverage-rules", app.coverage_rule(unit, None, 1).await);
    side
}

/// A person of a unit who takes part in its institute's offering.
async fn person(app: &TestApp, ground: &Side, code: &str, full_name: &str) -> Side {
    let mut side = ground.clone();
    let (unit, offering) = (ground.of("/v1/units"), ground.of("/v1/offerings"));
    let (course, institute) = (ground.of("/v1/courses"), ground.of("/v1/institutes"));
    let employee = app.employee(code, full_name, unit, ground.of("/v1/job-positions")).await;
    for member in ["employee_code", "head_employee_code"] {
        side.codes.insert(member, code.to_owned());
    }
    side.words = vec![full_name.to_owned(), format!("{code}@moit.gov.vn"), format!("\"{code}\"")];
    let nomination = app.nomination(offering, employee, "submitted").await;
    let participant = app.participant(nomination, "enrolled").await;
    app.seeded(async |tx| {
        let now = tx.now;
        diesel::insert_into(schema::second_raters::table)
            .values((
                schema::second_raters::participant_id.eq(participant),
                schema::second_raters::employee_id.eq(ground.head),
                schema::second_raters::relation.eq("deputy"),
                schema::second_raters::unit_id.eq(unit),
                schema::second_raters::created_at.eq(now),
                schema::second_raters::updated_at.eq(now),
            ))
            .execute(tx.conn())
            .await?;
        let certificate = row!(
            tx,
            certificates {
                number: format!("{code}-2026-000001"),
                participant_id: participant,
                offering_id: offering,
                institute_id: institute,
                employee_id: employee,
                holder_name: full_name,
                course_title: "Bảo mật",
                periods: 24,
                issued_on: day(TODAY),
                status: "issued",
                updated_at: now,
            }
        );
        let evaluation = row!(
            tx,
            evaluations {
                offering_id: offering,
                course_id: course,
                questionnaire_id: ground.of("/v1/questionnaires"),
                phase: "baseline",
                subject_id: employee,
                subject_group: "trained",
                participant_id: participant,
                unit_id: unit,
                respondent_id: employee,
                opens_on: day(TODAY),
                due_on: day("2026-12-06"),
                status: "pending",
                updated_at: now,
            }
        );
        let entry = row!(
            tx,
            succession_entries {
                employee_id: employee,
                job_position_id: ground.of("/v1/job-positions"),
                decision_number: "12/QĐ-BCT",
                valid_from: day("2026-01-01"),
                valid_to: day("2027-01-01"),
                updated_at: now,
            }
        );
        let absence = row!(
            tx,
            absences {
                employee_id: employee,
                kind: "duty",
                first_half_day: HalfDay::new(day("2026-11-25"), Half::Morning).0,
                last_half_day: HalfDay::new(day("2026-11-25"), Half::Afternoon).0,
                updated_at: now,
            }
        );
        let rating = row!(
            tx,
            performance_ratings {
                employee_id: employee,
                regime: "decree_335_2025",
                period_kind: "quarter",
                period_start: day("2026-04-01"),
                period_end: day("2026-06-30"),
                score: 80.0,
                common_score: 26.5,
                task_score: 53.5,
                class: "good",
                revision: 1,
                is_current: true,
            }
        );
        let account = row!(
            tx,
            accounts {
                username: code.to_lowercase(),
                display_name: full_name,
                kind: "person",
                secret_hash: "none",
                employee_id: employee,
                is_active: true,
                updated_at: now,
            }
        );
        let request = row!(
            tx,
            personal_data_requests {
                employee_id: employee,
                kind: "view",
                status: "received",
                received_on: day(TODAY),
                recorded_by: Uuid::nil(),
                acknowledge_by: day("2026-11-25"),
                due_on: day("2026-12-03"),
                updated_at: now,
            }
        );
        side.objects.extend([
            ("/v1/employees", employee),
            ("/v1/personal-data-requests", request),
            ("/v1/nominations", nomination),
            ("/v1/offerings/{id}/participants", participant),
            ("/v1/participants", participant),
            ("/v1/certificates", certificate),
            ("/v1/evaluations", evaluation),
            ("/v1/succession-lists", entry),
            ("/v1/absences", absence),
            ("/v1/performance-ratings", rating),
            ("/v1/accounts", account),
        ]);
        Ok(())
    })
    .await;
    side
}

/// What belongs to accounts: the callers of the matrix are the account of no id, whatever their role.
async fn accounts(
    app: &TestApp,
    mut own: Side,
    mut colleague: Side,
    mut foreign: Side,
) -> (Side, Side, Side) {
    app.seeded(async |tx| {
        let now = tx.now;
        diesel::insert_into(schema::accounts::table)
            .values((
                schema::accounts::id.eq(Uuid::nil()),
                schema::accounts::username.eq("test"),
                schema::accounts::display_name.eq("test"),
                schema::accounts::kind.eq("person"),
                schema::accounts::secret_hash.eq("none"),
                schema::accounts::is_active.eq(true),
                schema::accounts::created_at.eq(now),
                schema::accounts::updated_at.eq(now),
            ))
            .execute(tx.conn())
            .await?;
        let client = row!(
            tx,
            accounts {
                username: "portal",
                display_name: "Cổng nhân sự",
                kind: "machine",
                secret_hash: "none",
                is_active: true,
                updated_at: now,
            }
        );
        let head = own.of("/v1/accounts");
        for (side, deputy) in [(&mut own, Uuid::nil()), (&mut colleague, head), (&mut foreign, head)] {
            let login = row!(
                tx,
                login_sessions {
                    account_id: if deputy.is_nil() { deputy } else { side.of("/v1/accounts") },
                    user_agent: "",
                    last_used_at: now,
                    expires_at: now,
                }
            );
            let principal = if side.of("/v1/accounts") == head { client } else { side.of("/v1/accounts") };
            let delegation = row!(
                tx,
                delegations {
                    unit_id: side.of("/v1/units"),
                    principal_account_id: principal,
                    deputy_account_id: deputy,
                    valid_from: day(TODAY),
                    valid_to: day("2026-12-31"),
                    updated_at: now,
                }
            );
            side.objects.extend([
                ("/v1/login-sessions", login),
                ("/v1/delegations", delegation),
                ("/v1/clients", client),
            ]);
        }
        Ok(())
    })
    .await;
    (own, colleague, foreign)
}
