//! Own business is decided by somebody else, and a stored answer is for who could still ask for it.

use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::fixtures::office::Scene;
use crate::support::app::PASSWORD;
use crate::support::client::Client;

/// Own business is decided by somebody else, in whatever capacity one comes.
#[tokio::test]
async fn nobody_endorses_or_approves_ones_own_nomination() {
    let s = Scene::new().await;
    let (boss, clerk) = (s.clerk("boss").await, s.clerk("deputy").await);
    s.app.set_head(s.unit, boss).await;
    let admin = s.app.as_role(Role::SystemAdmin);
    for (name, employee, roles) in [
        ("boss", boss, json!([{"role": "employee"}, {"role": "unit_head"}, {"role": "leader"}])),
        ("deputy", clerk, json!([{"role": "employee"}])),
    ] {
        let account = json!({"username": name, "display_name": name, "password": PASSWORD,
            "employee_id": employee, "roles": roles});
        admin.post("/v1/accounts", account).await.expect_status(201);
    }
    let own = |employee: Uuid| {
        let mut body = s.body(employee);
        body["motive"] = json!("own_wish");
        body
    };
    let head = s.app.sign_in("boss", PASSWORD).await;
    let made = head.post("/v1/nominations", own(boss)).await;
    assert_eq!((made.status, &made.body["status"]), (201, &json!("submitted")), "not endorsed by herself");
    let path = format!("/v1/nominations/{}", made.id());
    assert_eq!(head.act(&format!("{path}/endorse")).await.problem(), "409 nomination.own");

    // Her deputy acts with her rights: not for her, and not for himself.
    let delegation = json!({"unit_id": s.unit, "deputy_employee_id": clerk, "valid_from": "2026-03-02",
        "valid_to": "2026-03-06"});
    let delegation = head.post("/v1/delegations", delegation).await;
    let deputy = s.app.sign_in("deputy", PASSWORD).await;
    let acting = async |path: String, body: Option<Value>| {
        let request = deputy.request(reqwest::Method::POST, &path).header("On-Behalf-Of", delegation.id());
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        deputy.send(request).await
    };
    assert_eq!(acting(format!("{path}/endorse"), None).await.problem(), "409 nomination.own");
    let his = acting("/v1/nominations".to_owned(), Some(own(clerk))).await;
    assert_eq!((his.status, &his.body["status"]), (201, &json!("submitted")));
    let of_his = format!("/v1/nominations/{}", his.id());
    assert_eq!(acting(format!("{of_his}/endorse"), None).await.problem(), "409 nomination.own");
    head.act(&format!("{of_his}/endorse")).await.expect_status(200);

    // The head above endorses hers; as a leader she does not approve it.
    let above = s.app.as_another(Role::UnitHead);
    assert_eq!(above.act(&format!("{path}/endorse")).await.status, 404);
    s.head().act(&format!("{path}/endorse")).await.expect_status(200);
    assert_eq!(head.act(&format!("{path}/approve")).await.problem(), "409 nomination.own");
    s.officer().act(&format!("{path}/approve")).await.expect_status(200);
}

/// A stored answer is for who could still ask for it.
#[tokio::test]
async fn an_answer_is_not_repeated_to_who_lost_the_right_to_it() {
    let s = Scene::new().await;
    let (boss, clerk) = (s.clerk("boss").await, s.clerk("an").await);
    let elsewhere = s.app.unit("TCCB", None).await;
    s.app.set_head(s.unit, boss).await;
    s.app.set_head(elsewhere, boss).await;
    let admin = s.app.as_role(Role::SystemAdmin);
    let account = json!({"username": "boss", "display_name": "boss", "password": PASSWORD, "employee_id": boss,
        "roles": [{"role": "employee"}, {"role": "unit_head"}]});
    let account = admin.post("/v1/accounts", account).await;
    let sign_in = async || s.app.sign_in("boss", PASSWORD).await;
    let head = sign_in().await;
    let mut body = s.body(clerk);
    body["note"] = json!("Bệnh tim, cần gần nhà.");
    let absence = json!({"employee_id": clerk, "kind": "sick_leave", "starts_on": "2026-04-09",
        "starts_half": "morning", "ends_on": "2026-04-09", "ends_half": "afternoon", "note": "Bệnh tim"});
    let nominate = async |who: &Client| who.post_once("n", "/v1/nominations", body.clone()).await;
    let record = async |who: &Client| who.post_once("a", "/v1/absences", absence.clone()).await;
    nominate(&head).await.expect_status(201);
    record(&head).await.expect_status(201);
    for answer in [nominate(&head).await, record(&head).await] {
        assert_eq!((answer.status, answer.header("idempotency-replayed")), (201, "true"));
    }
    assert_eq!(s.officer().all("/v1/nominations").await.len(), 1);

    // The clerk moves out of the reach: same roles, same units, another answer.
    let portal = s.app.as_role(Role::HrPortal);
    let third = s.app.unit("KHTC", None).await;
    let path = format!("/v1/employees/{clerk}");
    portal.patch(&path, "*", json!({"unit_id": third})).await.expect_status(200);
    for answer in [nominate(&head).await, record(&head).await] {
        assert_eq!(answer.faults(), ["/employee_id unknown_reference"]);
        assert!(!answer.body.to_string().contains("tim"));
    }
    portal.patch(&path, "*", json!({"unit_id": s.unit})).await.expect_status(200);
    assert_eq!(nominate(&head).await.status, 201, "and back again");

    // The head loses the unit, and keeps another.
    s.app.set_head(s.unit, clerk).await;
    let head = sign_in().await;
    assert_eq!(nominate(&head).await.faults(), ["/employee_id unknown_reference"]);
    s.app.set_head(s.unit, boss).await;

    // Other roles: the key belongs to another request. No role, no answer.
    let place = format!("/v1/accounts/{}", account.id());
    let give =
        async |roles: Value| admin.patch(&place, "*", json!({"roles": roles})).await.expect_status(200);
    give(json!([{"role": "employee"}, {"role": "unit_head"}, {"role": "auditor"}])).await;
    assert_eq!(nominate(&sign_in().await).await.problem(), "422 idempotency.key_reused");
    give(json!([{"role": "auditor"}])).await;
    assert_eq!(nominate(&sign_in().await).await.problem(), "403 permission.missing");
    admin.patch(&place, "*", json!({"is_active": false})).await.expect_status(200);
    assert_eq!(nominate(&head).await.status, 401);
}

/// The same for an institute that was suspended, and for a deputy whose delegation ended.
#[tokio::test]
async fn a_suspended_institute_and_a_former_deputy_get_no_stored_answer() {
    let s = Scene::new().await;
    let school = s.school();
    let lecturer = s.app.lecturer(s.institute, "Nguyễn Thị Minh Hà").await;
    let halves = [
        ("2026-03-16", "morning"),
        ("2026-03-16", "afternoon"),
        ("2026-03-17", "morning"),
        ("2026-03-17", "afternoon"),
    ];
    let sessions = halves.map(|(date, half)| {
        json!({"date": date, "half": half, "periods": 6, "topic": "Xác định độ mật", "lecturer_id": lecturer})
    });
    let class = json!({"code": "BMNN-9", "course_id": s.course, "mode": "in_person", "attendance": "full_time",
        "location": "Hà Nội", "seats": 30, "nominations_close_on": "2026-03-13", "sessions": sessions});
    let plan = async || school.post_once("c", "/v1/offerings", class.clone()).await;
    plan().await.expect_status(201);
    assert_eq!(plan().await.header("idempotency-replayed"), "true");
    s.officer().act(&format!("/v1/institutes/{}/suspend", s.institute)).await.expect_status(200);
    assert_eq!(plan().await.problem(), "409 institute.not_approved");

    let (boss, deputy, clerk) = (s.clerk("boss").await, s.clerk("deputy").await, s.clerk("an").await);
    s.app.set_head(s.unit, boss).await;
    let admin = s.app.as_role(Role::SystemAdmin);
    for (name, employee) in [("boss", boss), ("deputy", deputy)] {
        let account = json!({"username": name, "display_name": name, "password": PASSWORD,
            "employee_id": employee, "roles": [{"role": "employee"}, {"role": "unit_head"}]});
        admin.post("/v1/accounts", account).await.expect_status(201);
    }
    let head = s.app.sign_in("boss", PASSWORD).await;
    let delegation = json!({"unit_id": s.unit, "deputy_employee_id": deputy, "valid_from": "2026-03-02",
        "valid_to": "2026-03-06"});
    let delegation = head.post("/v1/delegations", delegation).await;
    let deputy = s.app.sign_in("deputy", PASSWORD).await;
    let absence = json!({"employee_id": clerk, "kind": "sick_leave", "starts_on": "2026-04-09",
        "starts_half": "morning", "ends_on": "2026-04-09", "ends_half": "afternoon", "note": "Bệnh tim"});
    let record = async |acting: bool| {
        let request = deputy.request(reqwest::Method::POST, "/v1/absences").header("Idempotency-Key", "a");
        let request = if acting { request.header("On-Behalf-Of", delegation.id()) } else { request };
        deputy.send(request.json(&absence)).await
    };
    record(true).await.expect_status(201);
    assert_eq!(record(true).await.header("idempotency-replayed"), "true");
    head.act(&format!("/v1/delegations/{}/revoke", delegation.id())).await.expect_status(200);
    assert_eq!(record(true).await.faults(), ["On-Behalf-Of no_delegation"]);
    let alone = record(false).await;
    assert_eq!(alone.problem(), "422 idempotency.key_reused");
    assert!(!alone.body.to_string().contains("tim"));
}
