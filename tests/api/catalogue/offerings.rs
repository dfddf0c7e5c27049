use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use reqwest::Method;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema;
use uuid::Uuid;

use crate::fixtures::office::{self, Scene};
use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::seed::{day, id};

/// An institute with a published course of 24 periods and a lecturer.
struct School {
    institute: Uuid,
    course: Uuid,
    lecturer: Uuid,
    staff: Client,
}

async fn school(app: &TestApp, code: &str) -> School {
    let institute = app.institute(code).await;
    let competency = app.competency(&format!("NL-{code}")).await;
    School {
        institute,
        course: app.course(&format!("BMNN-{code}"), institute, competency).await,
        lecturer: app.lecturer(institute, "Nguyễn Thị Minh Hà").await,
        staff: app.as_institute(institute),
    }
}

fn session(date: &str, half: &str, lecturer: Uuid) -> Value {
    json!({"date": date, "half": half, "periods": 4, "topic": "Xác định độ mật", "lecturer_id": lecturer})
}

/// Three days from Monday 16 March 2026.
fn three_days(school: &School, code: &str) -> Value {
    let sessions: Vec<Value> = ["2026-03-16", "2026-03-17", "2026-03-18"]
        .iter()
        .flat_map(|d| ["morning", "afternoon"].map(|h| session(d, h, school.lecturer)))
        .collect();
    json!({
        "code": code, "course_id": school.course, "mode": "in_person", "attendance": "full_time",
        "location": "54 Hai Bà Trưng, Hà Nội", "seats": 30, "nominations_close_on": "2026-03-13", "sessions": sessions
    })
}

async fn holiday(app: &TestApp, date: &str, is_working_day: bool) {
    use schema::holidays as t;
    app.system(async |tx| {
        diesel::insert_into(t::table)
            .values((t::day.eq(day(date)), t::name.eq("Ngày lễ"), t::is_working_day.eq(is_working_day)))
            .execute(tx.conn())
            .await?;
        Ok(())
    })
    .await
    .expect("a holiday");
}

/// Somebody who takes part, or withdrew.
async fn participant(app: &TestApp, offering: Uuid, number: i32, status: &str) {
    let unit = app.unit(&format!("U{number}"), None).await;
    let position = app.position(&format!("P{number}"), "chuyen-vien", None).await;
    let employee = app.employee(&format!("E{number}"), "Trần Bình", unit, position).await;
    let nomination = app.nomination(offering, employee, "approved").await;
    app.participant(nomination, status).await;
}

#[tokio::test]
async fn an_offering_is_planned_opened_confirmed_and_closed() {
    let app = TestApp::spawn().await;
    let school = school(&app, "DHCN").await;
    let planned = school.staff.post("/v1/offerings", three_days(&school, "L1")).await;
    assert_eq!(planned.status, 201, "{:#}", planned.body);
    let path = format!("/v1/offerings/{}", planned.id());
    assert_eq!(planned.header("location"), path);
    assert_eq!(planned.body["status"], "draft");
    assert_eq!(
        (&planned.body["first_day"], &planned.body["last_day"]),
        (&json!("2026-03-16"), &json!("2026-03-18"))
    );
    assert_eq!(
        (&planned.body["half_days_away"], &planned.body["days"], &planned.body["seats_taken"]),
        (&json!(6), &json!(3), &json!(0))
    );
    let first = &planned.body["sessions"][0];
    assert_eq!(
        (&first["date"], &first["half"], &first["lecturer_name"]),
        (&json!("2026-03-16"), &json!("morning"), &json!("Nguyễn Thị Minh Hà"))
    );
    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.get(&path).await.problem(), "404 resource.not_found");

    let verb = async |verb: &str| school.staff.act(&format!("{path}/{verb}")).await;
    assert_eq!(verb("confirm").await.problem(), "409 state.wrong");
    assert_eq!(verb("open").await.expect_status(200)["status"], "open");
    officer.get(&path).await.expect_status(200);
    verb("confirm").await.expect_status(200);
    app.travel_to(day("2026-03-17"));
    let staff = app.as_institute(school.institute);
    let close = format!("{path}/close");
    assert_eq!(staff.act(&close).await.problem(), "409 offering.not_over");
    app.travel_to(day("2026-03-18"));
    let staff = app.as_institute(school.institute);
    assert_eq!(staff.act(&close).await.expect_status(200)["status"], "closed");
    let late = staff.act(&format!("{path}/cancel")).await;
    assert_eq!(late.problem(), "409 state.wrong");
    assert_eq!(late.body["allowed_states"], json!(["draft", "open", "confirmed"]));
}

#[tokio::test]
async fn a_cancellation_is_announced_and_frees_the_lecturer() {
    let app = TestApp::spawn().await;
    let school = school(&app, "DHCN").await;
    let first = school.staff.post("/v1/offerings", three_days(&school, "L1")).await;
    let busy = school.staff.post("/v1/offerings", three_days(&school, "L2")).await;
    assert_eq!(busy.problem(), "409 lecturer.busy");
    assert_eq!(busy.body["busy"].as_array().unwrap().len(), 6);
    assert_eq!(
        busy.body["busy"][0],
        json!({"lecturer_id": school.lecturer, "date": "2026-03-16", "half": "morning"})
    );
    school.staff.act(&format!("/v1/offerings/{}/cancel", first.id())).await.expect_status(200);
    school.staff.post("/v1/offerings", three_days(&school, "L2")).await.expect_status(201);
    assert_eq!(app.outbox().await, ["offering.created", "offering.cancelled", "offering.created"]);
}

#[tokio::test]
async fn two_offerings_planned_at_once_do_not_share_a_lecturer() {
    let app = TestApp::spawn().await;
    let school = school(&app, "DHCN").await;
    let bodies = [three_days(&school, "L1"), three_days(&school, "L2")];
    let answers =
        futures::future::join_all(bodies.map(|body| school.staff.post("/v1/offerings", body))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[tokio::test]
async fn a_timetable_that_does_not_fit_is_refused_fault_by_fault() {
    let app = TestApp::spawn().await;
    let (ours, theirs) = (school(&app, "DHCN").await, school(&app, "DHDL").await);
    holiday(&app, "2026-03-17", false).await;
    holiday(&app, "2026-03-21", true).await;
    let retired = app.lecturer(ours.institute, "Lê Văn An").await;
    ours.staff
        .patch(&format!("/v1/lecturers/{retired}"), "*", json!({"is_active": false}))
        .await
        .expect_status(200);

    let mut bad = three_days(&ours, "L1");
    bad["location"] = Value::Null;
    bad["nominations_close_on"] = json!("2026-03-17");
    bad["sessions"] = json!([
        session("2026-03-16", "morning", ours.lecturer),
        session("2026-03-16", "morning", ours.lecturer),
        session("2026-03-17", "morning", ours.lecturer),
        session("2026-03-21", "morning", theirs.lecturer),
        session("2026-03-22", "morning", retired),
    ]);
    assert_eq!(
        ours.staff.post("/v1/offerings", bad).await.faults(),
        [
            "/location required",
            "/nominations_close_on after_first_session",
            "/sessions periods_mismatch",
            "/sessions/1/half duplicate",
            "/sessions/2/date weekday",
            "/sessions/3/lecturer_id unknown_reference",
            "/sessions/4/date weekday",
            "/sessions/4/lecturer_id lecturer_inactive",
        ]
    );
    let mut wild = three_days(&ours, "L 1");
    wild["seats"] = json!(0);
    wild["sessions"][2]["periods"] = json!(7);
    wild["sessions"][3]["half"] = json!("noon");
    assert_eq!(
        ours.staff.post("/v1/offerings", wild.clone()).await.faults(),
        [
            "/code invalid",
            "/seats too_small",
            "/sessions/2/periods too_large",
            "/sessions/3/half not_allowed"
        ]
    );
    wild["sessions"][3]["half"] = json!("afternoon");
    assert_eq!(
        ours.staff.post("/v1/offerings", wild).await.faults(),
        ["/code code_format", "/seats too_small", "/sessions/2/periods too_large"]
    );
    let mut none = three_days(&ours, "L1");
    none["sessions"] = json!([]);
    assert_eq!(ours.staff.post("/v1/offerings", none).await.faults(), ["/sessions too_few"]);
    assert_eq!(ours.staff.all("/v1/offerings").await.len(), 0);
}

#[tokio::test]
async fn only_published_courses_of_ones_own_approved_institute_are_scheduled() {
    let app = TestApp::spawn().await;
    let (ours, theirs) = (school(&app, "DHCN").await, school(&app, "DHDL").await);
    let mut foreign = three_days(&ours, "L1");
    foreign["course_id"] = json!(theirs.course);
    assert_eq!(ours.staff.post("/v1/offerings", foreign).await.faults(), ["/course_id unknown_reference"]);
    let draft = ours.staff.post("/v1/offerings", three_days(&ours, "L1")).await.expect_status(201);
    let open = format!("/v1/offerings/{}/open", id(&draft));

    let officer = app.as_role(Role::TrainingOfficer);
    let place = format!("/v1/institutes/{}", ours.institute);
    officer.act(&format!("{place}/suspend")).await.expect_status(200);
    assert_eq!(ours.staff.act(&open).await.problem(), "409 institute.not_approved");
    assert_eq!(
        ours.staff.post("/v1/offerings", three_days(&ours, "L2")).await.problem(),
        "409 institute.not_approved"
    );
    officer
        .post(&format!("{place}/approve"), json!({"decision_number": "2646/QĐ-BCT"}))
        .await
        .expect_status(200);
    ours.staff.act(&format!("/v1/courses/{}/retire", ours.course)).await.expect_status(200);
    assert_eq!(ours.staff.act(&open).await.problem(), "409 course.not_published");
    assert_eq!(
        ours.staff.post("/v1/offerings", three_days(&ours, "L2")).await.problem(),
        "409 course.not_published"
    );
    assert_eq!(
        officer.post("/v1/offerings", three_days(&ours, "L3")).await.problem(),
        "403 permission.missing",
        "the ministry's offices do not organise"
    );
}

#[tokio::test]
async fn what_is_open_keeps_its_sessions_and_its_taken_seats() {
    let app = TestApp::spawn().await;
    let school = school(&app, "DHCN").await;
    let offering = school.staff.post("/v1/offerings", three_days(&school, "L1")).await;
    let (path, offering) = (format!("/v1/offerings/{}", offering.id()), id(&offering.body));

    // While it is a draft, its sessions move; the lecturer's own old sessions do not stand in the way.
    let later: Vec<Value> = ["2026-03-17", "2026-03-18", "2026-03-19"]
        .iter()
        .flat_map(|d| ["morning", "afternoon"].map(|h| session(d, h, school.lecturer)))
        .collect();
    let moved = school.staff.patch(&path, "*", json!({"sessions": later})).await.expect_status(200);
    assert_eq!(moved["first_day"], "2026-03-17");
    assert_eq!(moved["sessions"].as_array().unwrap().len(), 6);
    let short = json!({"sessions": [session("2026-03-17", "morning", school.lecturer)]});
    assert_eq!(school.staff.patch(&path, "*", short).await.faults(), ["/sessions periods_mismatch"]);
    school.staff.act(&format!("{path}/open")).await.expect_status(200);
    let frozen = school.staff.patch(&path, "*", json!({"sessions": later})).await;
    assert_eq!(frozen.problem(), "409 state.wrong");
    assert_eq!(frozen.body["allowed_states"], json!(["draft"]));

    let before = school.staff.get(&path).await;
    for (number, status) in [(1, "enrolled"), (2, "completed"), (3, "withdrawn")] {
        participant(&app, offering, number, status).await;
    }
    let known = school.staff.request(Method::GET, &path).header("If-None-Match", before.etag());
    let seats = school.staff.send(known).await.expect_status(200);
    assert_eq!(seats["seats_taken"], 2, "a known ETag hides no seat");
    assert_eq!(school.staff.all("/v1/offerings").await[0]["seats_taken"], 2);
    assert_eq!(
        school.staff.patch(&path, "*", json!({"seats": 1})).await.faults(),
        ["/seats below_seats_taken"]
    );
    let tight = json!({"seats": 2, "nominations_close_on": "2026-03-17", "location": "Hải Phòng"});
    let changed = school.staff.patch(&path, before.etag(), tight.clone()).await.expect_status(200);
    assert_eq!((&changed["seats"], &changed["location"]), (&json!(2), &json!("Hải Phòng")));
    assert_eq!(school.staff.patch(&path, before.etag(), tight).await.problem(), "412 resource.changed");
    let homeless = json!({"location": null, "nominations_close_on": "2026-03-18"});
    assert_eq!(
        school.staff.patch(&path, "*", homeless).await.faults(),
        ["/location required", "/nominations_close_on after_first_session"]
    );
    school.staff.act(&format!("{path}/confirm")).await.expect_status(200);
    assert_eq!(school.staff.patch(&path, "*", json!({"seats": 9})).await.problem(), "409 state.wrong");
}

#[tokio::test]
async fn lists_filter_and_stay_within_reach() {
    let app = TestApp::spawn().await;
    let (ours, theirs) = (school(&app, "DHCN").await, school(&app, "DHDL").await);
    let draft = id(&ours.staff.post("/v1/offerings", three_days(&ours, "L1")).await.expect_status(201));
    let mut online = three_days(&theirs, "L2");
    online["mode"] = json!("online");
    online["location"] = Value::Null;
    let open = id(&theirs.staff.post("/v1/offerings", online).await.expect_status(201));
    theirs.staff.act(&format!("/v1/offerings/{open}/open")).await.expect_status(200);

    let ids = async |who: &Client, query: &str| {
        let rows = who.all(&format!("/v1/offerings{query}")).await;
        rows.iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&ours.staff, "").await, [draft]);
    for (method, path) in [
        (Method::GET, format!("/v1/offerings/{open}")),
        (Method::POST, format!("/v1/offerings/{open}/cancel")),
    ] {
        let answer = ours.staff.send(ours.staff.request(method, &path)).await;
        assert_eq!(answer.problem(), "404 resource.not_found", "{path}");
    }
    let moved = ours.staff.patch(&format!("/v1/offerings/{open}"), "*", json!({"seats": 1})).await;
    assert_eq!(moved.problem(), "404 resource.not_found");
    for role in [Role::TrainingOfficer, Role::Employee, Role::HrPortal] {
        assert_eq!(ids(&app.as_role(role), "").await, [open], "{role:?}");
    }
    let officer = app.as_role(Role::TrainingOfficer);
    for (query, found) in [
        ("?mode=online".to_owned(), true),
        ("?mode=in_person".to_owned(), false),
        ("?status=open".to_owned(), true),
        ("?status=draft".to_owned(), false),
        (format!("?course_id={}", theirs.course), true),
        (format!("?course_id={}", ours.course), false),
        (format!("?institute_id={}", theirs.institute), true),
        ("?from=2026-03-18&to=2026-03-20".to_owned(), true),
        ("?from=2026-03-19".to_owned(), false),
        ("?to=2026-03-16".to_owned(), true),
        ("?to=2026-03-15".to_owned(), false),
    ] {
        assert_eq!(ids(&officer, &query).await.len(), usize::from(found), "{query}");
    }
}

/// A draft is its institute's alone: anyone else who names it is answered as if it were not there.
#[tokio::test]
async fn a_draft_cannot_be_distinguished_from_nothing_by_any_route() {
    use schema::{courses, offerings};
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    s.behind(async |tx| {
        let offering = offerings::table.find(s.offering);
        diesel::update(offering).set(offerings::status.eq("draft")).execute(tx.conn()).await?;
        let course = courses::table.find(s.course);
        diesel::update(course).set(courses::status.eq("draft")).execute(tx.conn()).await?;
        Ok(())
    })
    .await;
    let finding = json!({"finding": "Không thay đổi.", "reply_due_on": "2026-12-31"});
    let form = json!({
        "code": "f", "revision": 1, "title": "Phiếu", "level": 2, "audience": "learner", "is_anonymous": false,
        "items": [{"code": "c1", "kind": "scale", "text": {"vi": "Tự làm được."}}]
    });
    for (course, offering) in [(s.course, s.offering), (Uuid::nil(), Uuid::nil())] {
        let nomination = office::body(an, offering);
        for path in ["/v1/nominations", "/v1/nominations/check"] {
            let refused = s.head().post(path, nomination.clone()).await;
            assert_eq!(refused.faults(), ["/offering_id unknown_reference"], "{path}");
        }
        for (path, body, fault) in [
            (
                "/v1/corrective-actions",
                office::with(finding.clone(), &json!({"course_id": course})),
                "/course_id",
            ),
            (
                "/v1/corrective-actions",
                office::with(finding.clone(), &json!({"offering_id": offering})),
                "/offering_id",
            ),
            ("/v1/questionnaires", office::with(form.clone(), &json!({"course_id": course})), "/course_id"),
        ] {
            let refused = s.officer().post(path, body).await;
            assert_eq!(refused.faults(), [format!("{fault} unknown_reference")], "{path}");
        }
        for path in [
            format!("/v1/offerings/{offering}/participants"),
            format!("/v1/reports/effectiveness?by=course&id={course}"),
            format!("/v1/reports/effectiveness?by=offering&id={offering}"),
        ] {
            for who in [s.officer(), s.head(), s.app.as_role(Role::Leader)] {
                assert_eq!(who.get(&path).await.problem(), "404 resource.not_found", "{path}");
            }
        }
    }
    s.school().get(&format!("/v1/offerings/{}/participants", s.offering)).await.expect_status(200);
}
