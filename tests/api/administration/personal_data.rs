use chrono::Duration;
use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use super::identity::readings;
use crate::fixtures::office::{Scene, body, tuesday};
use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::seed::day;

const PATH: &str = "/v1/personal-data-requests";

struct Desk {
    app: TestApp,
    person: Uuid,
    colleague: Uuid,
}

impl Desk {
    async fn open() -> Self {
        let app = TestApp::spawn().await;
        let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
        let person = app.employee("nv-1", "Nguyễn Văn An", unit, position).await;
        let colleague = app.employee("nv-2", "Lê Bình", unit, position).await;
        Self { app, person, colleague }
    }

    fn person(&self) -> Client {
        self.app.as_employee(self.person)
    }

    fn officer(&self) -> Client {
        self.app.as_role(Role::TrainingOfficer)
    }

    async fn ask(&self, body: Value) -> String {
        let asked = self.person().post(PATH, body).await;
        assert_eq!(asked.status, 201, "{:#}", asked.body);
        asked.header("location").to_owned()
    }

    async fn act(&self, place: &str, action: &str) -> Answer {
        self.officer().act(&format!("{place}/{action}")).await
    }
}

#[tokio::test]
async fn a_person_asks_to_see_the_data_and_reads_them() {
    let desk = Desk::open().await;
    let holiday = json!({"day": "2026-03-03", "name": "Nghỉ bù", "is_working_day": false});
    desk.officer().post("/v1/holidays", holiday).await.expect_status(200);
    let place = desk.ask(json!({"kind": "view", "details": "Tôi muốn xem."})).await;
    let seen = desk.person().get(&place).await;
    assert_eq!(seen.status, 200);
    let clocks = |body: &Value| {
        ["status", "received_on", "acknowledge_by", "acknowledged_on", "due_on", "extended_on", "decided_on"]
            .map(|member| body[member].as_str().unwrap_or("-").to_owned())
    };
    assert_eq!(clocks(&seen.body), ["received", "2026-03-02", "2026-03-05", "-", "2026-03-12", "-", "-"]);
    let early = desk.person().get(&format!("{place}/export")).await;
    assert_eq!(early.problem(), "409 personal_data_request.export_not_available");

    let acknowledged = desk.act(&place, "acknowledge").await.expect_status(200);
    assert_eq!(clocks(&acknowledged)[3], "2026-03-02");
    let more = json!({"days": 7, "reason": "Hồ sơ giấy ở kho lưu trữ."});
    let extended = desk.officer().post(&format!("{place}/extend"), more.clone()).await.expect_status(200);
    assert_eq!(clocks(&extended)[4..6], ["2026-03-19", "2026-03-02"]);
    let twice = desk.officer().post(&format!("{place}/extend"), more).await;
    assert_eq!(twice.problem(), "409 personal_data_request.extension_not_possible");
    assert_eq!(twice.body["extended_on"], "2026-03-02");
    let fulfilled = desk.act(&place, "fulfil").await.expect_status(200);
    assert_eq!((&fulfilled["status"], &fulfilled["decided_on"]), (&json!("fulfilled"), &json!("2026-03-02")));

    assert!(readings(&desk.app).await.is_empty());
    let export = desk.person().get(&format!("{place}/export")).await.expect_status(200);
    assert_eq!(export["data"]["employee"][0]["full_name"], "Nguyễn Văn An");
    let read = "personal_data_request.export_read".to_owned();
    assert_eq!(readings(&desk.app).await, [(read, desk.person, "personal_data_requests:export".to_owned())]);
    let events = desk.app.outbox().await;
    let told: Vec<&str> =
        events.iter().filter_map(|kind| kind.strip_prefix("personal_data_request.")).collect();
    assert_eq!(told, ["created", "acknowledged", "extended", "fulfilled"]);
}

#[tokio::test]
async fn requests_are_ones_own_or_for_who_handles_or_audits_them() {
    let desk = Desk::open().await;
    let place = desk.ask(json!({"kind": "view"})).await;
    desk.act(&place, "fulfil").await.expect_status(200);
    let colleague = desk.app.as_employee(desk.colleague);
    let auditor = desk.app.as_role(Role::Auditor);
    for (who, rows, status) in [
        (desk.person(), 1, 200),
        (desk.officer(), 1, 200),
        (auditor.clone(), 1, 200),
        (colleague.clone(), 0, 404),
    ] {
        assert_eq!(who.all(PATH).await.len(), rows);
        assert_eq!(who.get(&place).await.status, status);
    }
    assert_eq!(colleague.get(&format!("{place}/export")).await.problem(), "404 resource.not_found");
    assert_eq!(auditor.get(&format!("{place}/export")).await.problem(), "403 permission.missing");
    assert_eq!(desk.officer().get(&format!("{place}/export")).await.status, 200);
    assert_eq!(auditor.post(PATH, json!({"kind": "view"})).await.problem(), "403 permission.missing");
    assert_eq!(desk.person().act(&format!("{place}/fulfil")).await.problem(), "403 permission.missing");
    for role in [Role::Institute, Role::HrPortal, Role::Leader, Role::SystemAdmin] {
        assert_eq!(desk.app.as_role(role).get(PATH).await.problem(), "403 permission.missing");
    }
    let other = desk.person().post(PATH, json!({"kind": "view", "employee_id": desk.colleague})).await;
    assert_eq!(other.faults(), ["/employee_id unknown_reference"]);
}

#[tokio::test]
async fn what_came_on_paper_is_recorded_with_the_day_it_came() {
    let desk = Desk::open().await;
    let paper = json!({"kind": "restriction", "employee_id": desk.person, "received_on": "2026-02-27"});
    let recorded = desk.officer().post(PATH, paper).await.expect_status(201);
    assert_eq!(
        (&recorded["acknowledge_by"], &recorded["due_on"]),
        (&json!("2026-03-03"), &json!("2026-03-14"))
    );
    for (body, fault) in [
        (json!({"kind": "view"}), "/employee_id required"),
        (json!({"kind": "view", "employee_id": Uuid::nil()}), "/employee_id unknown_reference"),
        (
            json!({"kind": "view", "employee_id": desk.person, "received_on": "2026-03-03"}),
            "/received_on out_of_range",
        ),
    ] {
        assert_eq!(desk.officer().post(PATH, body).await.faults(), [fault]);
    }
    let earlier = desk.person().post(PATH, json!({"kind": "view", "received_on": "2026-02-27"})).await;
    assert_eq!(earlier.faults(), ["/received_on not_applicable"]);
}

#[tokio::test]
async fn the_list_finds_what_is_late() {
    let desk = Desk::open().await;
    let refused = desk.ask(json!({"kind": "erasure"})).await;
    let reason = json!({"reason": "Đang công tác."});
    desk.officer().post(&format!("{refused}/refuse"), reason).await.expect_status(200);
    let acknowledged = desk.ask(json!({"kind": "copy"})).await;
    desk.act(&acknowledged, "acknowledge").await.expect_status(200);
    desk.ask(json!({"kind": "objection"})).await;
    let late = async |day_text: &str| {
        desk.app.travel_to(day(day_text));
        let rows = desk.officer().all(&format!("{PATH}?overdue=true")).await;
        let others = desk.officer().all(&format!("{PATH}?overdue=false")).await;
        assert_eq!(rows.len() + others.len(), 3);
        assert!(rows.iter().all(|r| r["overdue"] == true) && others.iter().all(|r| r["overdue"] == false));
        rows.iter().map(|r| r["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(late("2026-03-04").await.is_empty());
    assert_eq!(late("2026-03-05").await, ["objection"], "nobody acknowledged it");
    assert_eq!(late("2026-03-12").await, ["objection"]);
    // Whether it is late is shown as of today, so an answer of yesterday is not taken for today's.
    let known = async |etag: &str| {
        let again = desk.officer().request(reqwest::Method::GET, &acknowledged);
        desk.officer().send(again.header("If-None-Match", etag)).await
    };
    let yesterday = desk.officer().get(&acknowledged).await;
    assert_eq!(known(yesterday.etag()).await.status, 304);
    assert_eq!(late("2026-03-13").await, ["objection", "copy"]);
    let today = known(yesterday.etag()).await;
    assert_eq!((today.status, &today.body["overdue"]), (200, &json!(true)));
    assert_eq!(desk.officer().all(&format!("{PATH}?status=refused&kind=erasure")).await.len(), 1);
    assert_eq!(desk.officer().all(&format!("{PATH}?employee_id={}", desk.colleague)).await.len(), 0);
    let too_late = json!({"days": 5, "reason": "Quá hạn."});
    let too_late = desk.officer().post(&format!("{acknowledged}/extend"), too_late).await;
    assert_eq!(too_late.problem(), "409 personal_data_request.extension_not_possible");
}

#[tokio::test]
async fn what_does_not_fit_the_state_is_refused_with_the_states_that_do() {
    let desk = Desk::open().await;
    let place = desk.ask(json!({"kind": "view"})).await;
    let more = json!({"days": 10, "reason": "Cần thêm thời gian."});
    let early = desk.officer().post(&format!("{place}/extend"), more.clone()).await;
    assert_eq!(
        (early.problem().as_str(), &early.body["allowed_states"]),
        ("409 state.wrong", &json!(["acknowledged"]))
    );
    desk.act(&place, "acknowledge").await.expect_status(200);
    let long = json!({"days": 11, "reason": "Cần thêm thời gian."});
    let long = desk.officer().post(&format!("{place}/extend"), long).await;
    assert_eq!(long.faults(), ["/days too_large"]);
    desk.act(&place, "fulfil").await.expect_status(200);
    for action in ["acknowledge", "fulfil"] {
        assert_eq!(desk.act(&place, action).await.problem(), "409 state.wrong", "{action}");
    }
    for (action, body) in [("extend", more), ("refuse", json!({"reason": "Không."}))] {
        let answer = desk.officer().post(&format!("{place}/{action}"), body).await;
        assert_eq!(answer.problem(), "409 state.wrong", "{action}");
    }
}

#[tokio::test]
async fn a_correction_is_applied_under_the_rules_of_every_change() {
    let desk = Desk::open().await;
    for (body, fault) in [
        (json!({"kind": "correction"}), "/corrections required"),
        (json!({"kind": "correction", "corrections": {}}), "/corrections empty_patch"),
        (json!({"kind": "view", "corrections": {"full_name": "An"}}), "/corrections not_applicable"),
        (json!({"kind": "correction", "corrections": {"phone": "12"}}), "/corrections/phone phone_format"),
        (
            json!({"kind": "correction", "corrections": {"personal_number": "12"}}),
            "/corrections/personal_number personal_number_format",
        ),
    ] {
        assert_eq!(desk.person().post(PATH, body).await.faults(), [fault]);
    }
    let right = json!({"full_name": "Nguyễn Văn Ân", "phone": "0912 345 678", "birth_date": "1999-05-19",
        "personal_number": "001099012345"});
    let place = desk.ask(json!({"kind": "correction", "corrections": right})).await;
    let asked = desk.officer().get(&place).await.expect_status(200);
    assert_eq!(
        asked["corrections"],
        json!({"full_name": "Nguyễn Văn Ân", "email": null, "phone": "+84******678", "birth_date": "1999-05-19",
            "personal_number": "001******345"})
    );
    let employee = format!("/v1/employees/{}", desk.person);
    assert_eq!(desk.officer().get(&employee).await.body["full_name"], "Nguyễn Văn An");
    desk.act(&place, "fulfil").await.expect_status(200);
    let corrected = desk.officer().get(&employee).await.expect_status(200);
    assert_eq!(corrected["full_name"], "Nguyễn Văn Ân");
    assert_eq!(corrected["personal_number"], "001******345");
    assert_eq!(desk.officer().all("/v1/employees?q=van%20an").await.len(), 1, "search follows the name");

    let wrong = json!({"kind": "correction", "corrections": {"birth_date": "1998-05-19"}});
    let wrong = desk.ask(wrong).await;
    assert_eq!(desk.act(&wrong, "fulfil").await.faults(), ["/personal_number personal_number_birth"]);
    let taken = json!({"kind": "correction", "corrections": {"email": "NV-2@moit.gov.vn"}});
    let taken = desk.ask(taken).await;
    assert_eq!(desk.act(&taken, "fulfil").await.problem(), "409 employee.email_taken");
    assert_eq!(desk.officer().get(&taken).await.body["status"], "received", "nothing was done");
}

#[tokio::test]
async fn who_restricts_is_suggested_nothing_but_can_still_be_sent() {
    let s = Scene::new().await;
    let clerk = s.clerk("an").await;
    let suggestions = async || {
        let seen = s.officer().get(&format!("/v1/employees/{clerk}/suggestions")).await.expect_status(200);
        seen["items"].as_array().unwrap().len()
    };
    assert_eq!(suggestions().await, 1);
    for kind in ["restriction", "objection", "consent_withdrawal"] {
        let asked = s.app.as_employee(clerk).post(PATH, json!({"kind": kind})).await;
        let fulfil = format!("{}/fulfil", asked.header("location"));
        s.officer().act(&fulfil).await.expect_status(200);
        assert_eq!(suggestions().await, 0, "{kind}");
        let portal = s.app.as_role(Role::HrPortal);
        let employee = portal.get(&format!("/v1/employees/{clerk}")).await.expect_status(200);
        assert_eq!(employee["restricted"], true);
        let lift = portal.patch(&format!("/v1/employees/{clerk}"), "*", json!({"restricted": false})).await;
        lift.expect_status(200);
        assert_eq!(suggestions().await, 1);
    }
    let asked = s.app.as_employee(clerk).post(PATH, json!({"kind": "restriction"})).await;
    s.officer().act(&format!("{}/fulfil", asked.header("location"))).await.expect_status(200);
    s.head().post("/v1/nominations", body(clerk, s.offering)).await.expect_status(201);
}

#[tokio::test]
async fn a_copy_holds_everything_about_the_person_and_nothing_about_others() {
    let s = Scene::new().await;
    let participants = s.enrolled(&["an", "binh"], s.offering).await;
    let sessions = s.sessions(s.offering).await;
    s.app.travel_to(tuesday() + Duration::days(2));
    for participant in &participants {
        s.attended(s.offering, *participant, &sessions).await;
        s.scored(s.offering, *participant, "Bài thu hoạch", 80.0).await;
    }
    let issue = format!("/v1/offerings/{}/certificates", s.offering);
    s.school().post(&issue, json!({})).await.expect_status(200);
    let people = s.officer().all("/v1/employees").await;
    let person: Uuid =
        people.iter().find(|p| p["code"] == "an").unwrap()["id"].as_str().unwrap().parse().unwrap();
    let account = json!({"username": "hoc.vien", "display_name": "Nguyễn Văn an", "password": "một mật khẩu đủ dài",
        "employee_id": person, "roles": [{"role": "employee"}]});
    s.app.as_role(Role::SystemAdmin).post("/v1/accounts", account).await.expect_status(201);
    s.succession(person, s.position).await;
    let absence = json!({"employee_id": person, "kind": "annual_leave", "starts_on": "2026-04-01",
        "starts_half": "afternoon", "ends_on": "2026-04-02", "ends_half": "morning", "note": "Về quê."});
    s.officer().post("/v1/absences", absence).await.expect_status(201);

    let copy = s.app.as_employee(person).post(PATH, json!({"kind": "copy"})).await;
    let place = copy.header("location").to_owned();
    s.officer().act(&format!("{place}/fulfil")).await.expect_status(200);
    let export = s.app.as_employee(person).get(&format!("{place}/export")).await.expect_status(200);
    let data = &export["data"];
    let count = |kind: &str| data[kind].as_array().unwrap().len();
    for kind in [
        "employee",
        "account",
        "competencies",
        "absences",
        "nominations",
        "participation",
        "certificates",
        "succession",
        "requests",
    ] {
        assert_eq!(count(kind), 1, "{kind}: {data:#}");
    }
    assert_eq!(data["account"][0]["roles"], json!(["employee"]));
    assert_eq!(
        data["absences"][0],
        json!({"kind": "annual_leave", "note": "Về quê.", "starts_on": "2026-04-01", "starts_half": "afternoon",
            "ends_on": "2026-04-02", "ends_half": "morning", "version": 1,
            "created_at": data["absences"][0]["created_at"], "updated_at": data["absences"][0]["updated_at"]})
    );
    assert_eq!(
        data["participation"][0]["results"],
        json!([{"assessment": "Bài thu hoạch", "score": 80, "maximum": 100}])
    );
    assert_eq!(data["participation"][0]["attendance"].as_array().unwrap().len(), 6);
    assert_eq!(data["certificates"][0]["number"], "TDT-2026-000001");
    let text = export.to_string();
    for never in ["argon2", "secret", "Nguyễn Văn binh", "binh@moit.gov.vn"] {
        assert!(!text.contains(never), "{never} in {export:#}");
    }
}

#[tokio::test]
async fn who_records_a_request_for_somebody_does_not_fulfil_it_and_the_person_sees_it() {
    let desk = Desk::open().await;
    let paper =
        json!({"kind": "correction", "employee_id": desk.person, "corrections": {"phone": "0912 345 678"}});
    let recorded = desk.officer().post(PATH, paper).await;
    assert_eq!(recorded.body["asked_by_person"], false);
    let place = recorded.header("location").to_owned();
    desk.act(&place, "acknowledge").await.expect_status(200);
    assert_eq!(desk.act(&place, "fulfil").await.problem(), "409 personal_data_request.four_eyes");
    let seen = desk.person().all(PATH).await;
    assert_eq!((seen.len(), &seen[0]["asked_by_person"]), (1, &json!(false)), "the person sees it");
    // Nor does an officer fulfil what concerns the officer.
    let concerned = desk.app.as_actor(|actor| {
        (actor.id, actor.employee_id) = (Uuid::from_u128(7), Some(desk.person));
        actor.roles = vec![Role::TrainingOfficer, Role::Employee];
    });
    let own = concerned.act(&format!("{place}/fulfil")).await;
    assert_eq!(own.problem(), "409 personal_data_request.four_eyes");
    let asked = concerned.post(PATH, json!({"kind": "view"})).await;
    assert_eq!((asked.status, &asked.body["asked_by_person"]), (201, &json!(true)));
    let own = concerned.act(&format!("{}/fulfil", asked.header("location"))).await;
    assert_eq!(own.problem(), "409 personal_data_request.four_eyes");
    let second = desk.app.as_another(Role::TrainingOfficer);
    second.act(&format!("{place}/fulfil")).await.expect_status(200);
}
