//! What people see in lists: the rows of the units that they head and of all below, and their own, each once and in order.
//! Somebody who sees everything is asked for the whole, and what others should see of it is worked out row by row.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::patient;
use crate::support::client::Client;
use crate::support::seed::{day, full_days, id, row};

const EMPLOYEES: &str = "/v1/employees";
const ABSENCES: &str = "/v1/absences";
const RATINGS: &str = "/v1/performance-ratings";
const SUCCESSION: &str = "/v1/succession-lists";
const NOMINATIONS: &str = "/v1/nominations";
const CERTIFICATES: &str = "/v1/certificates";
const COVERAGE: &str = "/v1/coverage-rules";

/// A ministry made by chance.
struct World {
    app: TestApp,
    dice: ChaCha8Rng,
    units: Vec<Uuid>,
    people: Vec<Uuid>,
    left: BTreeSet<Uuid>,
    /// Of each participant, the unit that nominated the person, and the person.
    sent: BTreeMap<Uuid, (Uuid, Uuid)>,
}

fn uuid_of(value: &Value) -> Uuid {
    value.as_str().expect("an identifier").parse().expect("a UUID")
}

impl World {
    /// Units in trees, two of which have no superior unit, and people in them.
    async fn new(seed: u64) -> Self {
        let (app, mut dice) = (TestApp::spawn_with(patient()).await, ChaCha8Rng::seed_from_u64(seed));
        let position = app.position("CV", "cv", None).await;
        let mut units: Vec<Uuid> = Vec::new();
        for n in 0..9 {
            let parent = if n < 2 { None } else { Some(units[dice.random_range(0..units.len())]) };
            units.push(app.unit(&format!("DV-{n}"), parent).await);
        }
        let mut people = Vec::new();
        for n in 0..18 {
            let unit = units[dice.random_range(0..units.len())];
            let name = ["Lê An", "Đỗ Chi", "Trần An", "Lê Bình", "Nguyễn An"][n % 5];
            people.push(app.employee(&format!("NV-{n}"), name, unit, position).await);
        }
        let world = Self { app, dice, units, people, left: BTreeSet::new(), sent: BTreeMap::new() };
        for unit in &world.units {
            world.app.coverage_rule(*unit, None, 1).await;
        }
        world
    }

    fn unit(&mut self) -> Uuid {
        self.units[self.dice.random_range(0..self.units.len())]
    }

    /// Somebody who has not left.
    fn person(&mut self) -> Uuid {
        let present: Vec<Uuid> = self.people.iter().copied().filter(|who| !self.left.contains(who)).collect();
        present[self.dice.random_range(0..present.len())]
    }

    /// People are away, rated, planned for posts, and nominated. `time` distinguishes what is done again later.
    async fn time_passes(&mut self, time: i64) {
        let officer = self.app.as_role(Role::TrainingOfficer);
        let starts = ["2026-01-01", "2026-02-01"][usize::from(time > 0)];
        let mut rated = Vec::new();
        for (n, who) in self.people.iter().enumerate() {
            if self.dice.random_range(0..3) > 0 && !self.left.contains(who) {
                rated.push(json!({"employee_code": format!("NV-{n}"), "regime": "decree_335_2025",
                    "period_kind": "month", "period_start": starts, "score": 80, "class": "good"}));
            }
        }
        let portal = self.app.as_role(Role::HrPortal);
        portal.post(&format!("{RATINGS}/batch"), json!({ "items": rated })).await.expect_status(200);
        let post = self.app.position(&format!("TP-{time}"), "ld", None).await;
        for (n, first) in [2, 3, 4, 5, 6, 9, 10, 11].into_iter().enumerate() {
            let on = format!("2026-03-{:02}", first + 14 * time);
            let who = self.person();
            let away = json!({"employee_id": who, "kind": "annual_leave", "starts_on": on,
                "starts_half": "morning", "ends_on": on, "ends_half": "afternoon"});
            officer.post(ABSENCES, away).await.expect_status(201);
            let who = self.person();
            let planned = json!({"employee_id": who, "job_position_id": post, "decision_number": "15-QĐ/BCSĐ",
                "valid_from": format!("20{}-01-01", 26 + n), "valid_to": format!("20{}-01-01", 27 + n)});
            officer.post(SUCCESSION, planned).await.expect_status(201);
        }
        self.classes(time).await;
    }

    /// A class with some of the people, most of whom get a certificate.
    async fn classes(&mut self, time: i64) {
        let institute = self.app.institute(&format!("CS-{time}")).await;
        let competency = self.app.competency(&format!("NL-{time}")).await;
        let course = self.app.course(&format!("KH-{time}"), institute, competency).await;
        let lecturer = self.app.lecturer(institute, "Phạm Thị Hoa").await;
        let half_days = full_days(day("2026-05-04"), 2);
        let offering = self.app.offering(&format!("LOP-{time}"), course, lecturer, 30, &half_days).await;
        for employee in self.people.clone() {
            if self.dice.random_range(0..2) == 0 {
                continue;
            }
            let nomination = self.app.nomination(offering, employee, "approved").await;
            let participant = self.app.participant(nomination, "completed").await;
            let officer = self.app.as_role(Role::TrainingOfficer);
            let nominated = officer.get(&format!("{NOMINATIONS}/{nomination}")).await.expect_status(200);
            self.sent.insert(participant, (uuid_of(&nominated["unit_id"]), employee));
            if self.dice.random_range(0..4) == 0 {
                continue;
            }
            self.app
                .seeded(async |tx| {
                    Ok(row!(
                        tx,
                        certificates {
                            number: format!("{participant}"),
                            participant_id: participant,
                            offering_id: offering,
                            institute_id: institute,
                            employee_id: employee,
                            holder_name: "Lê Văn",
                            course_title: "Khóa",
                            periods: 24,
                            issued_on: day("2026-05-30"),
                            status: "issued",
                            updated_at: tx.now,
                        }
                    ))
                })
                .await;
        }
    }

    /// People move and leave, and units are placed elsewhere: below another one, or at the top.
    async fn people_and_units_move(&mut self) {
        let (officer, portal) = (self.app.as_role(Role::TrainingOfficer), self.app.as_role(Role::HrPortal));
        for n in 0..6 {
            let (who, unit) = (self.person(), self.unit());
            let change =
                if n == 0 { json!({"unit_id": unit, "status": "left"}) } else { json!({"unit_id": unit}) };
            portal.patch(&format!("{EMPLOYEES}/{who}"), "*", change).await.expect_status(200);
            self.left.extend((n == 0).then_some(who));
        }
        for n in 0..4 {
            let (unit, parent) = (self.unit(), self.unit());
            let parent = if n == 0 { Value::Null } else { json!(parent) };
            let moved = officer.patch(&format!("/v1/units/{unit}"), "*", json!({"parent_id": parent})).await;
            // Below itself it cannot be placed.
            assert!(moved.status == 200 || moved.problem() == "409 unit.below_itself", "{}", moved.body);
        }
    }

    /// The units below each unit, and itself.
    async fn trees(&self) -> BTreeMap<Uuid, BTreeSet<Uuid>> {
        let rows = self.app.as_role(Role::TrainingOfficer).all("/v1/units?limit=200").await;
        let parents: BTreeMap<Uuid, Option<Uuid>> = rows
            .iter()
            .map(|unit| (id(unit), unit["parent_id"].as_str().map(|parent| parent.parse().expect("a UUID"))))
            .collect();
        let mut trees: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for unit in parents.keys() {
            let mut above = Some(*unit);
            while let Some(top) = above {
                trees.entry(top).or_default().insert(*unit);
                above = parents[&top];
            }
        }
        trees
    }

    /// All rows of a list in its order, each with its unit and its person.
    async fn whole(&self, list: &str) -> Vec<(Value, Uuid, Option<Uuid>)> {
        let officer = self.app.as_role(Role::TrainingOfficer);
        let employees = officer.all(&format!("{EMPLOYEES}?limit=200")).await;
        let units: BTreeMap<Uuid, Uuid> = employees.iter().map(|e| (id(e), uuid_of(&e["unit_id"]))).collect();
        let rows = officer.all(&format!("{list}?limit=200")).await;
        let about = |row: &Value| match list {
            EMPLOYEES => (uuid_of(&row["unit_id"]), Some(id(row))),
            ABSENCES | RATINGS | SUCCESSION => {
                let person = uuid_of(&row["employee_id"]);
                (units[&person], Some(person))
            }
            NOMINATIONS => (uuid_of(&row["unit_id"]), Some(uuid_of(&row["employee_id"]))),
            CERTIFICATES => {
                let (unit, person) = self.sent[&uuid_of(&row["participant_id"])];
                (unit, Some(person))
            }
            _ => (uuid_of(&row["unit_id"]), None),
        };
        rows.into_iter()
            .map(|row| (row.clone(), about(&row)))
            .map(|(row, (unit, who))| (row, unit, who))
            .collect()
    }
}

/// Someone who looks: everybody's, or those of some units and one's own.
struct Reader {
    client: Client,
    everything: bool,
    tops: Vec<Uuid>,
    own: Option<Uuid>,
}

impl World {
    fn head(&mut self) -> Reader {
        let tops: Vec<Uuid> = (0..self.dice.random_range(1..4)).map(|_| self.unit()).collect();
        let person = self.person();
        let own = self.dice.random_bool(0.5).then_some(person);
        let client = self.app.as_actor(|actor| {
            actor.roles = vec![Role::UnitHead, Role::Employee];
            actor.unit_ids.clone_from(&tops);
            actor.employee_id = own;
        });
        Reader { client, everything: false, tops, own }
    }

    fn employee(&mut self) -> Reader {
        let person = self.person();
        Reader {
            client: self.app.as_employee(person),
            everything: false,
            tops: Vec::new(),
            own: Some(person),
        }
    }

    fn leader(&self) -> Reader {
        let client = self.app.as_role(Role::Leader);
        Reader { client, everything: true, tops: Vec::new(), own: None }
    }

    /// Hold the pages that a reader gets against the whole list.
    async fn check(&mut self, reader: &Reader, list: &str) {
        let trees = self.trees().await;
        let unit = (list != CERTIFICATES && self.dice.random_bool(0.5)).then(|| self.unit());
        let since = (list == RATINGS && self.dice.random_bool(0.5)).then_some("2026-02-01");
        // Nobody is planned for a post, or keeps a unit at work, by themselves.
        let own = reader.own.filter(|_| list != SUCCESSION && list != COVERAGE);
        let within = |tops: &[Uuid], unit: Uuid| tops.iter().any(|top| trees[top].contains(&unit));
        let expected: Vec<Uuid> = self
            .whole(list)
            .await
            .into_iter()
            .filter(|(_, of, who)| {
                reader.everything || within(&reader.tops, *of) || own.is_some_and(|own| *who == Some(own))
            })
            .filter(|(_, of, _)| unit.is_none_or(|unit| within(&[unit], *of)))
            .filter(|(row, ..)| since.is_none_or(|since| row["period_start"].as_str() >= Some(since)))
            .map(|(row, ..)| id(&row))
            .collect();
        let mut query = format!("{list}?limit={}", self.dice.random_range(2..7));
        for (name, value) in
            [("unit_id", unit.map(|u| u.to_string())), ("from", since.map(ToOwned::to_owned))]
        {
            if let Some(value) = value {
                query.push_str(&format!("&{name}={value}"));
            }
        }
        let seen: Vec<Uuid> = reader.client.all(&query).await.iter().map(id).collect();
        assert_eq!(seen, expected, "{query} of the units {:?} and {own:?}", reader.tops);
        if let Some(hidden) = self
            .whole(list)
            .await
            .iter()
            .map(|(row, ..)| id(row))
            .find(|id| !reader.everything && unit.is_none() && since.is_none() && !expected.contains(id))
        {
            // A rating is only read in the list.
            if list != RATINGS {
                let answer = reader.client.get(&format!("{list}/{hidden}")).await;
                assert_eq!(answer.problem(), "404 resource.not_found", "{list}/{hidden}");
            }
        }
    }
}

#[tokio::test]
async fn lists_hold_what_lies_within_reach_wherever_people_and_units_moved() {
    for seed in [3, 4] {
        let mut world = World::new(seed).await;
        world.time_passes(0).await;
        world.people_and_units_move().await;
        world.time_passes(1).await;
        world.people_and_units_move().await;
        let mut readers = vec![world.leader()];
        for _ in 0..4 {
            readers.push(world.head());
        }
        for reader in &readers {
            for list in [EMPLOYEES, ABSENCES, RATINGS, SUCCESSION, NOMINATIONS, CERTIFICATES, COVERAGE] {
                world.check(reader, list).await;
            }
        }
        let employee = world.employee();
        for list in [EMPLOYEES, ABSENCES, RATINGS, NOMINATIONS, CERTIFICATES] {
            world.check(&employee, list).await;
        }
    }
}

/// What belongs to a person follows the person, in the same unit of work; what was of the unit then stays with it.
#[tokio::test]
async fn what_belongs_to_people_moves_with_them() {
    let app = TestApp::spawn().await;
    let (office, agency) = (app.unit("VP", None).await, app.unit("CDL", None).await);
    let position = app.position("CV", "cv", None).await;
    let an = app.employee("NV-1", "Lê An", office, position).await;
    let portal = app.as_role(Role::HrPortal);
    let rating = json!({"employee_code": "NV-1", "regime": "decree_335_2025", "period_kind": "month",
        "period_start": "2026-01-01", "score": 80, "class": "good"});
    portal.post(&format!("{RATINGS}/batch"), json!({"items": [rating]})).await.expect_status(200);
    let before = app.as_role(Role::Auditor).all("/v1/audit-log?kind=performance_ratings.updated").await.len();
    let (old, new) = (app.as_head(office, None), app.as_head(agency, None));
    assert_eq!((old.all(RATINGS).await.len(), new.all(RATINGS).await.len()), (1, 0));

    portal.patch(&format!("{EMPLOYEES}/{an}"), "*", json!({"unit_id": agency})).await.expect_status(200);
    assert_eq!((old.all(RATINGS).await.len(), new.all(RATINGS).await.len()), (0, 1));
    // The move is logged for the person, and not once more for each of the ratings.
    let after = app.as_role(Role::Auditor).all("/v1/audit-log?kind=performance_ratings.updated").await.len();
    assert_eq!(after, before);

    // A batch moves people as well.
    let batch = json!({"items": [{"code": "NV-1", "full_name": "Lê An", "email": "nv-1@moit.gov.vn",
        "unit_code": "VP", "job_position_code": "CV", "category": "civil_servant", "status": "active",
        "joined_on": "2015-01-01"}]});
    portal.post(&format!("{EMPLOYEES}/batch"), batch).await.expect_status(200);
    assert_eq!((old.all(RATINGS).await.len(), new.all(RATINGS).await.len()), (1, 0));
}

/// Those who record something about a person and those who move the person do not see each other's work until it is done.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_during_a_move_is_of_the_new_unit() {
    let app = TestApp::spawn_with(patient()).await;
    let units = [app.unit("VP", None).await, app.unit("CDL", None).await];
    let position = app.position("CV", "cv", None).await;
    let an = app.employee("NV-1", "Lê An", units[0], position).await;
    let (officer, portal) = (app.as_role(Role::TrainingOfficer), app.as_role(Role::HrPortal));
    for week in 0..5_u8 {
        let absences = (0..5).map(|n| {
            let on = (day("2026-03-02") + Duration::days(7 * i64::from(week) + n)).to_string();
            let away = json!({"employee_id": an, "kind": "annual_leave", "starts_on": on, "starts_half": "morning",
                "ends_on": on, "ends_half": "afternoon"});
            let officer = &officer;
            async move { officer.post(ABSENCES, away).await.expect_status(201) }
        });
        let moves = async {
            for n in 1..3 {
                let change = json!({"unit_id": units[n % 2]});
                portal.patch(&format!("{EMPLOYEES}/{an}"), "*", change).await.expect_status(200);
            }
        };
        futures::future::join(futures::future::join_all(absences), moves).await;
        let here = app.as_head(units[0], None).all(ABSENCES).await.len();
        let there = app.as_head(units[1], None).all(ABSENCES).await.len();
        assert_eq!((here, there), (5 * (usize::from(week) + 1), 0), "week {week}");
    }
}
