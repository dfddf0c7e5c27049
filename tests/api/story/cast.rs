//! Who plays in the story, and the chores they share.

use std::collections::HashMap;

use serde_json::{Value, json};
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Client;

/// The actors, signed in, and the ids they know by name.
pub struct Cast {
    pub app: TestApp,
    pub admin: Client,
    pub portal: Client,
    pub officer: Client,
    pub leader: Client,
    /// Head of the records division.
    pub hanh: Client,
    /// Head of the Industry Agency.
    pub khoi: Client,
    pub institute: Client,
    pub ids: HashMap<String, String>,
    /// Places of those whom the service chose for comparison.
    comparison: Vec<usize>,
    secret: String,
}

/// Answers to the five behaviours, each 1 to 5.
pub fn scale(values: &[i64; 5]) -> Value {
    values.iter().enumerate().map(|(i, v)| json!({"item": format!("b{}", i + 1), "value": v})).collect()
}

/// How the supervisor rates the i-th person before the course.
pub fn answers_before(i: usize, _trained: bool) -> [i64; 5] {
    [3, 3, 3, 3, [2, 3, 4][i % 3]]
}

/// And months after: the trained got better, by a fifth of a point more or less; the others wander.
pub fn answers_after(i: usize, trained: bool) -> [i64; 5] {
    if trained { [4, 4, 4, 4, [3, 4][i % 2]] } else { [3, 3, 3, 3, [3, 4, 2][i % 3]] }
}

impl Cast {
    pub async fn gather() -> Self {
        let app = TestApp::spawn().await;
        app.account("admin", Role::SystemAdmin).await;
        let nobody = app.public();
        let mut cast = Self {
            admin: nobody.clone(),
            portal: nobody.clone(),
            officer: nobody.clone(),
            leader: nobody.clone(),
            hanh: nobody.clone(),
            khoi: nobody.clone(),
            institute: nobody,
            ids: HashMap::new(),
            comparison: Vec::new(),
            secret: String::new(),
            app,
        };
        cast.admin = cast.app.sign_in("admin", PASSWORD).await;
        for (name, role) in [("officer", "training_officer"), ("leader", "leader")] {
            cast.open_account(name, json!({"roles": [{"role": role}]})).await;
        }
        let portal = json!({"client_id": "hr-portal", "display_name": "Cổng nhân sự", "roles": [{"role": "hr_portal"}]});
        let made = cast.admin.post("/v1/clients", portal).await.expect_status(201);
        cast.secret = made["client_secret"].as_str().unwrap().to_owned();
        cast
    }

    async fn open_account(&self, name: &str, more: Value) {
        let mut account = json!({"username": name, "display_name": name, "password": PASSWORD});
        account.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.post("/v1/accounts", account).await.expect_status(201);
    }

    /// Tokens live ten minutes: after a journey in time everyone signs in again.
    pub async fn sign_in(&mut self) {
        self.admin = self.app.sign_in("admin", PASSWORD).await;
        self.officer = self.app.sign_in("officer", PASSWORD).await;
        self.leader = self.app.sign_in("leader", PASSWORD).await;
        let public = self.app.public();
        let request = public.request(reqwest::Method::POST, "/oauth/token");
        let request = request.basic_auth("hr-portal", Some(&self.secret));
        let token =
            public.send(request.form(&[("grant_type", "client_credentials")])).await.expect_status(200);
        self.portal = self.app.with_token(token["access_token"].as_str().unwrap());
        if self.ids.contains_key("hanh") {
            self.hanh = self.app.sign_in("hanh", PASSWORD).await;
            self.khoi = self.app.sign_in("khoi", PASSWORD).await;
        }
        if self.ids.contains_key("institute") {
            self.institute = self.app.sign_in("tdt", PASSWORD).await;
        }
    }

    pub async fn sign_in_institute(&mut self, institute: &str) {
        self.open_account("tdt", json!({"institute_id": institute, "roles": [{"role": "institute"}]})).await;
        self.institute = self.app.sign_in("tdt", PASSWORD).await;
    }

    pub fn id(&self, name: &str) -> String {
        self.ids.get(name).unwrap_or_else(|| panic!("nobody knows {name}")).clone()
    }

    pub fn nomination(&self, clerk: &str) -> String {
        self.id(&format!("nomination {clerk}"))
    }

    pub fn remember_nomination(&mut self, clerk: &str, nomination: &Value) {
        let id = nomination["id"].as_str().unwrap().to_owned();
        self.ids.insert(format!("nomination {clerk}"), id);
    }

    /// Who went to the course in the end.
    pub fn trained(&self) -> Vec<String> {
        let agency = (1..=12).filter(|i| *i != 11).map(|i| format!("CCN-{i:02}"));
        ["An", "Bình", "Cường"].map(str::to_owned).into_iter().chain(agency).collect()
    }

    /// The portal adds something and keeps its id.
    pub async fn add(&self, path: &str, body: Value) -> String {
        self.portal.post(path, body).await.expect_status(201)["id"].as_str().unwrap().to_owned()
    }

    fn people() -> Vec<(String, String, &'static str, &'static str)> {
        let mut people: Vec<(String, String, &str, &str)> = [
            ("hanh", "Nguyễn Thị Hạnh", "HCVT", "TP"),
            ("An", "Trần Văn An", "HCVT", "CVVT"),
            ("Bình", "Lê Thị Bình", "HCVT", "CVVT"),
            ("Cường", "Phạm Mạnh Cường", "HCVT", "CVVT"),
            ("Dũng", "Nguyễn Tiến Dũng", "HCVT", "CVVT"),
            ("Em", "Hoàng Thị Em", "HCVT", "CVVT"),
            ("khoi", "Đỗ Minh Khôi", "CCN", "TP"),
        ]
        .map(|(code, name, unit, position)| (code.to_owned(), name.to_owned(), unit, position))
        .to_vec();
        people
            .extend((1..=30).map(|i| (format!("CCN-{i:02}"), format!("Nguyễn Văn Thứ {i}"), "CCN", "CVVT")));
        people
    }

    /// The portal pushes everybody; heads get their units and accounts the first time.
    pub async fn load_employees(&mut self) -> Value {
        let items: Vec<Value> = Self::people()
            .iter()
            .enumerate()
            .map(|(i, (code, name, unit, position))| {
                json!({"code": code, "full_name": name, "email": format!("nv{i}@moit.gov.vn"), "unit_code": unit,
                    "job_position_code": position, "category": "civil_servant", "status": "active",
                    "joined_on": "2015-09-01"})
            })
            .collect();
        let counts =
            self.portal.post("/v1/employees/batch", json!({"items": items})).await.expect_status(200);
        if self.ids.contains_key("hanh") {
            return counts;
        }
        for employee in self.portal.all("/v1/employees").await {
            let code = employee["code"].as_str().unwrap().to_owned();
            self.ids.insert(code, employee["id"].as_str().unwrap().to_owned());
        }
        for (head, unit) in [("hanh", "HCVT"), ("khoi", "CCN")] {
            let body = json!({"head_employee_id": self.id(head)});
            self.portal
                .patch(&format!("/v1/units/{}", self.id(unit)), "\"1\"", body)
                .await
                .expect_status(200);
            let roles = json!([{"role": "unit_head", "unit_id": self.id(unit)}, {"role": "employee"}]);
            self.open_account(head, json!({"employee_id": self.id(head), "roles": roles})).await;
        }
        self.sign_in().await;
        counts
    }

    /// Quarterly ratings of everybody: the trained follow the given scores, the others stay where they began.
    pub async fn load_ratings(&self, quarters: &[(&str, f64)]) {
        let trained = self.trained();
        for (start, score) in quarters {
            let items: Vec<Value> = Self::people()
                .iter()
                .enumerate()
                .map(|(i, (code, ..))| {
                    let own = if trained.contains(code) { *score } else { 75.0 };
                    let score = own
                        + [0.0, 1.0, 2.0, 4.0][i % 4]
                        + if start.starts_with("2027") { (i % 3) as f64 } else { 0.0 };
                    json!({"employee_code": code, "regime": "decree_335_2025", "period_kind": "quarter",
                        "period_start": start, "score": score, "class": "good"})
                })
                .collect();
            let body = json!({"items": items});
            self.portal.post("/v1/performance-ratings/batch", body).await.expect_status(200);
        }
    }

    pub async fn approve(&self, clerk: &str) -> Value {
        self.officer
            .act(&format!("/v1/nominations/{}/approve", self.nomination(clerk)))
            .await
            .expect_status(200)
    }

    pub async fn roster(&self, offering: &str) -> Vec<Value> {
        self.institute.all(&format!("/v1/offerings/{}/participants", self.id(offering))).await
    }

    /// Each supervisor answers what is open for a phase; gives the number of answers.
    pub async fn supervisors_answer(&mut self, phase: &str, answers: fn(usize, bool) -> [i64; 5]) -> usize {
        let mut answered = 0;
        self.comparison.clear();
        for supervisor in [self.hanh.clone(), self.khoi.clone()] {
            for task in supervisor
                .all(&format!("/v1/evaluations?mine=true&state=open&phase={phase}&instrument=behaviour"))
                .await
            {
                let i = self.place(task["subject_id"].as_str().unwrap());
                let trained = task["subject_group"] == "trained";
                if !trained {
                    self.comparison.push(i);
                }
                let values = answers(i, trained);
                let path = format!("/v1/evaluations/{}/response", task["id"].as_str().unwrap());
                supervisor.post(&path, json!({"answers": scale(&values)})).await.expect_status(200);
                answered += 1;
            }
        }
        answered
    }

    /// A person's place in the list of people.
    fn place(&self, employee: &str) -> usize {
        let code = self.ids.iter().find(|(_, id)| *id == employee).expect("a person").0;
        Self::people().iter().position(|(c, ..)| c == code).expect("a place")
    }

    /// What the report must find: the mean change of those who were trained online.
    pub fn expected_change(&self) -> f64 {
        let online: Vec<usize> = self
            .trained()
            .iter()
            .filter(|code| *code != "An" && *code != "Bình")
            .map(|code| self.place(&self.id(code)))
            .collect();
        let total = |a: [i64; 5]| a.iter().sum::<i64>();
        let sum: i64 =
            online.iter().map(|i| total(answers_after(*i, true)) - total(answers_before(*i, true))).sum();
        sum as f64 / 5.0 / online.len() as f64
    }

    /// The institute records full attendance and one test.
    pub async fn deliver(&self, offering: &str, score: impl Fn(usize) -> f64) {
        let path = format!("/v1/offerings/{}", self.id(offering));
        let sessions =
            self.institute.get(&path).await.expect_status(200)["sessions"].as_array().unwrap().clone();
        let roster: Vec<Value> =
            self.roster(offering).await.into_iter().filter(|p| p["status"] == "enrolled").collect();
        let attendance: Vec<Value> = roster
            .iter()
            .flat_map(|p| sessions.iter().map(move |s| (p, s)))
            .map(|(p, s)| json!({"participant_id": p["id"], "session_id": s["id"], "status": "present"}))
            .collect();
        let items = json!({"items": attendance});
        self.institute.post(&format!("{path}/attendance"), items).await.expect_status(200);
        let results: Vec<Value> = roster
            .iter()
            .enumerate()
            .map(|(i, p)| {
                json!({"participant_id": p["id"], "assessment": "Bài kiểm tra", "score": score(i), "maximum": 100.0})
            })
            .collect();
        self.institute.post(&format!("{path}/results"), json!({"items": results})).await.expect_status(200);
    }

    pub async fn certify(&self, offering: &str) -> Value {
        let path = format!("/v1/offerings/{}/certificates", self.id(offering));
        self.institute.post(&path, json!({})).await.expect_status(200)
    }
}
