use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures::future::join_all;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema;
use thuocdo::half_day::{Half, HalfDay};
use uuid::Uuid;

use crate::fixtures::office::{Scene, body, check, failed, tuesday, with};
use crate::support::seed::{full_days, mornings};

const PATH: &str = "/v1/nominations";

fn action(id: &str, verb: &str) -> String {
    format!("{PATH}/{id}/{verb}")
}

#[tokio::test]
async fn an_employee_asks_the_head_endorses_and_the_officer_approves() {
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    let own = with(s.body(an), &json!({"motive": "own_wish"}));
    let asked = s.app.as_employee(an).post(PATH, own).await;
    assert_eq!((asked.status, asked.body["status"].as_str()), (201, Some("submitted")));
    assert_eq!(asked.header("location"), action(asked.id(), "").trim_end_matches('/'));
    let id = asked.id().to_owned();

    let early = s.officer().act(&action(&id, "approve")).await;
    assert_eq!(early.problem(), "409 state.wrong");
    assert_eq!(early.body["allowed_states"], json!(["endorsed", "waitlisted"]));

    let endorsed = s.head().act(&action(&id, "endorse")).await.expect_status(200);
    assert_eq!(endorsed["status"], "endorsed");
    let approved = s.officer().act(&action(&id, "approve")).await.expect_status(200);
    assert_eq!(approved["status"], "approved");
    assert_eq!(approved["rule_set"], "2026-01");
    assert_eq!(check(&approved, "need")["verdict"], "warning", "a gap outside the plan");
    assert_eq!(check(&approved, "need")["facts"]["gaps"][0]["competency_code"], "BMNN");

    let events: Vec<String> = s.app.outbox().await.into_iter().filter(|e| e.starts_with("nom")).collect();
    assert_eq!(events, ["nomination.created", "nomination.endorsed", "nomination.approved"]);
    let read = s.app.as_employee(an).get(&format!("{PATH}/{id}")).await;
    assert_eq!((read.status, read.version()), (200, "3"));
}

#[tokio::test]
async fn who_asks_for_oneself_says_so_and_nobody_asks_for_a_colleague() {
    let s = Scene::new().await;
    let (an, binh) = (s.clerk("an").await, s.clerk("binh").await);
    let me = s.app.as_employee(an);
    assert_eq!(me.post(PATH, s.body(an)).await.faults(), ["/motive not_allowed"]);
    let colleague = with(s.body(binh), &json!({"motive": "own_wish"}));
    assert_eq!(me.post(PATH, colleague).await.faults(), ["/employee_id unknown_reference"]);
}

#[tokio::test]
async fn nobody_sees_or_touches_nominations_beyond_their_own_unit() {
    let s = Scene::new().await;
    let (an, binh) = (s.clerk("an").await, s.clerk("binh").await);
    let nominated = s.head().post(PATH, s.body(an)).await;
    let id = nominated.id();
    let elsewhere = s.app.unit("CDL", None).await;
    let stranger = s.app.as_head(elsewhere, None);
    assert_eq!(stranger.get(&format!("{PATH}/{id}")).await.problem(), "404 resource.not_found");
    assert_eq!(stranger.act(&action(id, "endorse")).await.problem(), "404 resource.not_found");
    assert_eq!(stranger.all(PATH).await.len(), 0);
    assert_eq!(stranger.post(PATH, s.body(binh)).await.faults(), ["/employee_id unknown_reference"]);
    let colleague = s.app.as_employee(binh);
    assert_eq!(colleague.get(&format!("{PATH}/{id}")).await.problem(), "404 resource.not_found");
    let institute = s.app.as_institute(s.institute);
    assert_eq!(institute.get(PATH).await.problem(), "403 permission.missing");
    assert_eq!(s.head().act(&action(id, "approve")).await.problem(), "403 permission.missing");

    let below = s.app.unit("VP-LT", Some(s.unit)).await;
    let cuong = s.app.employee("cuong", "Lê Cường", below, s.position).await;
    s.head().post(PATH, s.body(cuong)).await.expect_status(201);
    for (query, rows) in [
        (String::new(), 2),
        (format!("?unit_id={}", s.unit), 2),
        (format!("?unit_id={below}"), 1),
        (format!("?employee_id={an}"), 1),
        (format!("?offering_id={}&status=endorsed", s.offering), 2),
        ("?status=approved".to_owned(), 0),
    ] {
        assert_eq!(s.head().all(&format!("{PATH}{query}")).await.len(), rows, "{query}");
    }
}

/// The third official of the product's story.
#[tokio::test]
async fn a_unit_that_would_fall_short_on_tuesday_morning_gets_the_online_offering_proposed() {
    let s = Scene::new().await;
    s.app.coverage_rule(s.unit, None, 2).await;
    let (an, binh) = (s.clerk("an").await, s.clerk("binh").await);
    s.clerk("cuong").await;
    let morning = HalfDay::new(tuesday(), Half::Morning);
    s.absence(binh, morning, morning).await;
    let online = s.other_offering("BMNN-2", 10, &mornings(tuesday() + Duration::days(7), 3)).await;

    let dry = s.head().post(&format!("{PATH}/check"), s.body(an)).await.expect_status(200);
    assert_eq!(dry["verdict"], "fail");
    let refused = s.head().post(PATH, s.body(an)).await;
    assert_eq!(refused.problem(), "409 nomination.refused");
    assert_eq!(failed(&refused.body), ["coverage"]);
    let coverage = check(&refused.body, "coverage");
    assert_eq!(
        coverage["message"],
        "The unit would fall below its minimum presence: morning of 10 March 2026."
    );
    let half_days = coverage["facts"]["half_days"].as_array().unwrap();
    assert_eq!(half_days.len(), 6);
    assert_eq!(half_days[0], json!({"date": "2026-03-10", "half": "morning", "present": 1, "minimum": 2}));
    assert_eq!(half_days[1]["present"], 2);
    assert!(!refused.body.to_string().contains(&binh.to_string()), "counts, never people");

    let alternatives = refused.body["alternatives"].as_array().unwrap();
    assert_eq!(alternatives.len(), 1);
    assert_eq!(alternatives[0]["offering_id"], json!(online));
    assert_eq!((&alternatives[0]["half_days"], &alternatives[0]["seats_left"]), (&json!(3), &json!(10)));
    assert_eq!(dry["alternatives"], refused.body["alternatives"]);

    let vietnamese = s.head().speaking("vi").post(PATH, s.body(an)).await;
    assert_eq!(check(&vietnamese.body, "coverage")["message"], "Đơn vị sẽ thiếu người: sáng 10/03/2026.");
    let accepted = s.head().post(PATH, body(an, online)).await;
    assert_eq!((accepted.status, accepted.body["status"].as_str()), (201, Some("endorsed")));
}

#[tokio::test]
async fn coverage_counts_the_persons_group_and_the_nominations_of_others() {
    let s = Scene::new().await;
    s.app.coverage_rule(s.unit, Some("clerk"), 1).await;
    s.app.coverage_rule(s.unit, Some("driver"), 1).await;
    let (an, binh) = (s.clerk("an").await, s.clerk("binh").await);
    let driver = s.app.position("LX", "driver", None).await;
    s.app.requirement(driver, s.competency).await;
    let dung = s.app.employee("dung", "Vũ Dũng", s.unit, driver).await;
    s.head().post(PATH, s.body(an)).await.expect_status(201);
    let second = s.head().post(PATH, s.body(binh)).await;
    assert_eq!(failed(&second.body), ["coverage"]);
    assert_eq!(check(&second.body, "coverage")["facts"]["half_days"][0]["position_group"], "clerk");
    let only_driver = s.head().post(PATH, s.body(dung)).await;
    assert_eq!(failed(&only_driver.body), ["coverage"], "nobody else drives");
}

#[tokio::test]
async fn a_need_is_a_gap_or_a_place_in_the_plan() {
    let s = Scene::new().await;
    let skilled = s.clerk("an").await;
    s.masters(skilled).await;
    let idle = with(s.body(skilled), &json!({"outside_plan_reason": "Có nguyện vọng."}));
    let refused = s.head().post(PATH, idle).await;
    assert_eq!(failed(&refused.body), ["need"]);
    assert_eq!(check(&refused.body, "need")["facts"]["gaps"], json!([]));

    let line = s.plan_line(s.unit, 1).await;
    let below = s.app.unit("VP-LT", Some(s.unit)).await;
    let binh = s.app.employee("binh", "Lê Bình", below, s.position).await;
    s.masters(binh).await;
    let planned = s.head().post(PATH, s.body(binh)).await.expect_status(201);
    assert_eq!(planned["plan_line_id"], json!(line), "found by itself, above the unit");
    assert_eq!(check(&planned, "need")["facts"]["quota_left"], 1);
    let used_up = s.head().post(PATH, s.body(skilled)).await;
    assert_eq!(failed(&used_up.body), ["need"]);

    let id = planned["id"].as_str().unwrap();
    s.head().post(&action(id, "withdraw"), json!({"reason": "Bận."})).await.expect_status(200);
    let cited = with(s.body(skilled), &json!({"plan_line_id": line}));
    s.head().post(PATH, cited).await.expect_status(201);
}

#[tokio::test]
async fn succession_prepares_for_the_planned_post() {
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    s.masters(an).await;
    let post = s.app.position("PCVP", "deputy", None).await;
    let entry = s.succession(an, post).await;
    let planned = with(s.body(an), &json!({"basis": "succession", "succession_entry_id": entry}));
    let refused = s.head().post(PATH, planned.clone()).await;
    assert_eq!(failed(&refused.body), ["succession"], "secrets do not make a deputy chief");

    let course = s.course;
    s.behind(async |tx| {
        use schema::{course_audiences as a, courses as c};
        diesel::update(c::table.find(course))
            .set(c::content_area.eq("political_theory"))
            .execute(tx.conn())
            .await?;
        diesel::insert_into(a::table)
            .values((a::course_id.eq(course), a::job_position_id.eq(post)))
            .execute(tx.conn())
            .await?;
        Ok(())
    })
    .await;
    let on_need = s.head().post(PATH, s.body(an)).await;
    assert_eq!(failed(&on_need.body), ["audience", "need"]);
    let accepted = s.head().post(PATH, planned).await.expect_status(201);
    assert_eq!(check(&accepted, "need")["verdict"], "not_applicable");

    let binh = s.clerk("binh").await;
    let foreign = with(s.body(binh), &json!({"basis": "succession", "succession_entry_id": entry}));
    let refused = s.head().post(PATH, foreign).await;
    assert_eq!(failed(&refused.body), ["succession"], "one cause, one reason");
    assert_eq!(check(&refused.body, "audience")["verdict"], "not_applicable");
}

#[tokio::test]
async fn a_clash_names_each_half_day() {
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    let wednesday = tuesday() + Duration::days(1);
    let other = s.other_offering("BMNN-2", 10, &mornings(wednesday, 1)).await;
    s.head().post(PATH, body(an, other)).await.expect_status(201);
    let afternoon = HalfDay::new(tuesday(), Half::Afternoon);
    s.absence(an, afternoon, afternoon).await;
    let refused = s.head().post(PATH, s.body(an)).await;
    assert_eq!(failed(&refused.body), ["clash"]);
    assert_eq!(
        check(&refused.body, "clash")["facts"]["half_days"],
        json!([
            {"date": "2026-03-10", "half": "afternoon", "cause": "absence"},
            {"date": "2026-03-11", "half": "morning", "cause": "nomination"},
        ])
    );
    let twice = s.head().post(PATH, body(an, other)).await;
    assert_eq!(twice.problem(), "409 nomination.already_exists");
}

#[tokio::test]
async fn a_cancelled_offering_holds_nobody() {
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    s.head().post(PATH, s.body(an)).await.expect_status(201);
    let offering = s.offering;
    s.behind(async |tx| {
        use schema::offerings as t;
        diesel::update(t::table.find(offering)).set(t::status.eq("cancelled")).execute(tx.conn()).await?;
        Ok(())
    })
    .await;
    let other = s.other_offering("BMNN-2", 10, &full_days(tuesday(), 3)).await;
    s.head().post(PATH, body(an, other)).await.expect_status(201);
}

#[tokio::test]
async fn a_post_is_not_left_alone_for_long() {
    let s = Scene::new().await;
    let position = s.app.position("TB", "cashier", Some(3)).await;
    s.app.requirement(position, s.competency).await;
    let an = s.app.employee("an", "Đỗ An", s.unit, position).await;
    let dry = s.head().post(&format!("{PATH}/check"), s.body(an)).await.expect_status(200);
    assert_eq!(check(&dry, "absence_limit")["facts"], json!({"days": 3, "limit_days": 3}));
    let friday = full_days(tuesday() + Duration::days(3), 1);
    s.absence(an, friday[0], friday[1]).await;
    let refused = s.head().post(PATH, s.body(an)).await;
    assert_eq!(failed(&refused.body), ["absence_limit"]);
    assert_eq!(check(&refused.body, "absence_limit")["facts"]["days"], 4);
}

#[tokio::test]
async fn a_stand_in_must_be_there() {
    let s = Scene::new().await;
    let (an, binh) = (s.clerk("an").await, s.clerk("binh").await);
    let named = with(s.body(an), &json!({"stand_in_id": binh}));
    let first = HalfDay::new(tuesday(), Half::Morning);
    s.absence(binh, first, HalfDay(first.0 + 1)).await;
    let refused = s.head().post(PATH, named).await;
    assert_eq!(failed(&refused.body), ["stand_in"]);
    assert_eq!(check(&refused.body, "stand_in")["facts"], json!({"suitable": true, "half_days_away": 2}));
    let oneself = with(s.body(an), &json!({"stand_in_id": an}));
    assert_eq!(failed(&s.head().post(PATH, oneself).await.body), ["stand_in"]);
    let nobody = with(s.body(an), &json!({"stand_in_id": Uuid::nil()}));
    assert_eq!(s.head().post(PATH, nobody).await.faults(), ["/stand_in_id unknown_reference"]);
}

#[tokio::test]
async fn people_on_leave_and_closed_offerings_are_refused() {
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    s.behind(async |tx| {
        use schema::employees as t;
        diesel::update(t::table.find(an)).set(t::status.eq("on_leave")).execute(tx.conn()).await?;
        Ok(())
    })
    .await;
    assert_eq!(failed(&s.head().post(PATH, s.body(an)).await.body), ["employee_active"]);
    let binh = s.clerk("binh").await;
    let nominated = s.head().post(PATH, s.body(binh)).await;
    s.app.travel_to(tuesday());
    let late = s.head().post(PATH, s.body(an)).await;
    assert_eq!(failed(&late.body), ["offering_open", "employee_active"]);
    let started = s.officer().act(&action(nominated.id(), "approve")).await;
    assert_eq!(failed(&started.body), ["offering_open"]);
    let back = s.head().post(&action(nominated.id(), "withdraw"), json!({"reason": "Muộn."})).await;
    assert_eq!(back.problem(), "409 nomination.offering_started");
}

#[tokio::test]
async fn members_that_do_not_fit_are_named() {
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    let some = Uuid::from_u128(1);
    for (more, faults) in [
        (json!({"basis": "succession"}), vec!["/succession_entry_id required"]),
        (json!({"succession_entry_id": some}), vec!["/succession_entry_id not_applicable"]),
        (
            json!({"plan_line_id": some, "outside_plan_reason": "x"}),
            vec!["/outside_plan_reason not_applicable"],
        ),
        (json!({"expected_effect": " "}), vec!["/expected_effect too_short"]),
        (json!({"motive": "curiosity"}), vec!["/motive not_allowed"]),
        (json!({"offering_id": some}), vec!["/offering_id unknown_reference"]),
        (json!({"status": "approved"}), vec!["/status unknown_member"]),
    ] {
        let answer = s.head().post(PATH, with(s.body(an), &more)).await;
        assert_eq!(answer.faults(), faults, "{more}");
    }
    let nominated = s.head().post(PATH, s.body(an)).await;
    let declined = s.officer().post(&action(nominated.id(), "decline"), json!({})).await;
    assert_eq!(declined.faults(), ["/reason required"]);
}

#[tokio::test]
async fn what_is_returned_or_declined_frees_the_half_days() {
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    let other = s.other_offering("BMNN-2", 10, &full_days(tuesday(), 1)).await;
    let own = with(s.body(an), &json!({"motive": "own_wish"}));
    let asked = s.app.as_employee(an).post(PATH, own).await;
    assert_eq!(failed(&s.head().post(PATH, body(an, other)).await.body), ["clash"]);
    let reason = json!({"reason": "Đợt sau."});
    let returned = s.head().post(&action(asked.id(), "return"), reason.clone()).await.expect_status(200);
    assert_eq!((&returned["status"], &returned["decision_reason"]), (&json!("returned"), &json!("Đợt sau.")));
    let second = s.head().post(PATH, body(an, other)).await;
    assert_eq!(second.status, 201);
    let declined = s.officer().post(&action(second.id(), "decline"), reason.clone()).await.expect_status(200);
    assert_eq!(declined["status"], "declined");
    let again = s.officer().post(&action(second.id(), "decline"), reason).await;
    assert_eq!(again.problem(), "409 state.wrong");
    s.head().post(PATH, body(an, other)).await.expect_status(201);
}

#[tokio::test]
async fn fifty_at_once_never_oversell_five_seats() {
    let s = Scene::new().await;
    let offering = s.other_offering("BMNN-5", 5, &full_days(tuesday(), 1)).await;
    let mut clerks = Vec::new();
    for i in 0..50 {
        clerks.push(s.clerk(&format!("c{i}")).await);
    }
    let (head, officer) = (s.head(), s.officer());
    let statuses: Vec<String> = join_all(clerks.iter().map(async |clerk| {
        // On a slow machine a place in the queue may not come free in time; then nothing was changed.
        let mut nominated = head.post(PATH, body(*clerk, offering)).await;
        while nominated.status == 503 {
            nominated = head.post(PATH, body(*clerk, offering)).await;
        }
        assert_eq!(nominated.status, 201, "{:#}", nominated.body);
        let mut approved = officer.act(&action(nominated.id(), "approve")).await;
        while approved.status == 503 {
            approved = officer.act(&action(nominated.id(), "approve")).await;
        }
        approved.expect_status(200)["status"].as_str().unwrap().to_owned()
    }))
    .await;
    assert_eq!(statuses.iter().filter(|s| *s == "approved").count(), 5);
    assert_eq!(statuses.iter().filter(|s| *s == "waitlisted").count(), 45);
    let mut numbers: Vec<i32> = s
        .behind(async |tx| {
            use schema::participants as t;
            Ok(t::table.filter(t::offering_id.eq(offering)).select(t::number).load(tx.conn()).await?)
        })
        .await;
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn two_of_one_unit_at_the_same_instant_cannot_leave_it_short() {
    let s = Scene::new().await;
    s.app.coverage_rule(s.unit, None, 1).await;
    let (an, binh) = (s.clerk("an").await, s.clerk("binh").await);
    let head = s.head();
    let (a, b) = futures::join!(head.post(PATH, s.body(an)), head.post(PATH, s.body(binh)));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[tokio::test]
async fn the_waiting_list_moves_by_itself_and_skips_who_can_no_longer_come() {
    let s = Scene::new().await;
    let offering = s.other_offering("BMNN-1S", 1, &full_days(tuesday(), 1)).await;
    let clerks = [s.clerk("an").await, s.clerk("binh").await, s.clerk("cuong").await];
    let mut answers = Vec::new();
    for clerk in clerks {
        answers.push(s.approved(clerk, offering).await);
    }
    let statuses: Vec<&Value> = answers.iter().map(|a| &a.body["status"]).collect();
    assert_eq!(statuses, ["approved", "waitlisted", "waitlisted"]);
    assert_eq!(check(&answers[1].body, "seats")["verdict"], "warning");

    // Who waits may be elsewhere meanwhile.
    let first = HalfDay::new(tuesday(), Half::Morning);
    s.absence(clerks[1], first, first).await;
    let employee = s.app.as_employee(clerks[0]);
    let withdrawn = employee.post(&action(answers[0].id(), "withdraw"), json!({"reason": "Ốm."})).await;
    assert_eq!(withdrawn.expect_status(200)["status"], "withdrawn");
    let now = |id: String| {
        let officer = s.officer();
        async move { officer.get(&format!("{PATH}/{id}")).await.expect_status(200)["status"].clone() }
    };
    assert_eq!(now(answers[1].id().to_owned()).await, "waitlisted", "absent that morning");
    assert_eq!(now(answers[2].id().to_owned()).await, "approved");
    assert!(s.app.outbox().await.contains(&"nomination.promoted".to_owned()));

    // More seats: an officer may approve who still waits, once the checks pass.
    let refused = s.officer().act(&action(answers[1].id(), "approve")).await;
    assert_eq!(failed(&refused.body), ["clash"]);
    s.behind(async |tx| {
        use schema::absences as t;
        diesel::delete(t::table).execute(tx.conn()).await?;
        Ok(())
    })
    .await;
    let full = s.officer().act(&action(answers[1].id(), "approve")).await.expect_status(200);
    assert_eq!(full["status"], "waitlisted", "still no seat");
    let declined = s.officer().post(&action(answers[2].id(), "decline"), json!({"reason": "Nhầm."})).await;
    assert_eq!(declined.status, 200);
    assert_eq!(now(answers[1].id().to_owned()).await, "approved");
}

#[tokio::test]
async fn a_repeated_request_nominates_once() {
    let s = Scene::new().await;
    let an = s.clerk("an").await;
    let head = s.head();
    let first = head.post_once("k", PATH, s.body(an)).await;
    let second = head.post_once("k", PATH, s.body(an)).await;
    assert_eq!((first.status, second.status, first.id()), (201, 201, second.id()));
    assert_eq!(s.app.as_role(Role::Auditor).all(PATH).await.len(), 1);
}

#[tokio::test]
async fn a_stand_in_from_elsewhere_is_as_good_as_none() {
    let s = Scene::new().await;
    let (an, binh) = (s.clerk("an").await, s.clerk("binh").await);
    let elsewhere = s.app.unit("CDL", None).await;
    let stranger = s.app.employee("cuc", "Lê Thị Cúc", elsewhere, s.position).await;
    for who in [s.head(), s.app.as_employee(an)] {
        for path in [PATH, "/v1/nominations/check"] {
            for nobody in [stranger, Uuid::nil()] {
                let named = with(s.body(an), &json!({"stand_in_id": nobody, "motive": "own_wish"}));
                assert_eq!(who.post(path, named).await.faults(), ["/stand_in_id unknown_reference"]);
            }
        }
        let colleague = with(s.body(an), &json!({"stand_in_id": binh, "motive": "own_wish"}));
        who.post("/v1/nominations/check", colleague).await.expect_status(200);
    }
    let named = with(s.body(an), &json!({"stand_in_id": stranger}));
    s.officer().post("/v1/nominations/check", named).await.expect_status(200);
}
