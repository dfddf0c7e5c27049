use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema;
use thuocdo::digest::sha256;
use thuocdo::evaluation::evaluations;
use uuid::Uuid;

use crate::fixtures::office::{Scene, body, with};
use crate::support::client::Answer;
use crate::support::seed::{day, full_days};

const NOMINATIONS: &str = "/v1/nominations";

fn path(offering: Uuid) -> String {
    format!("/v1/offerings/{offering}/seat-draw")
}

/// An offering with two seats that takes nominations until 5 March and begins on 24 March.
async fn scarce(s: &Scene) -> Uuid {
    run(s, "KHAN-1", "2026-03-24", 2).await
}

async fn run(s: &Scene, code: &str, first: &str, seats: i32) -> Uuid {
    let offering = s.other_offering(code, seats, &full_days(day(first), 2)).await;
    let read = s.school().get(&format!("/v1/offerings/{offering}")).await;
    let closes = json!({"nominations_close_on": day(first) - chrono::Days::new(19)});
    s.school().patch(&format!("/v1/offerings/{offering}"), read.etag(), closes).await.expect_status(200);
    offering
}

async fn announced(s: &Scene, offering: Uuid) -> Value {
    s.officer().post(&path(offering), json!({})).await.expect_status(201)
}

/// Clerks who are nominated and approved: who they are, and their nominations.
async fn approved(s: &Scene, codes: &[&str], offering: Uuid) -> Vec<(Uuid, String)> {
    let mut nominated = Vec::new();
    for code in codes {
        let clerk = s.clerk(code).await;
        let answer = s.approved(clerk, offering).await;
        nominated.push((clerk, answer.body["id"].as_str().unwrap().to_owned()));
    }
    nominated
}

async fn hold(s: &Scene, offering: Uuid) -> Answer {
    s.officer().act(&format!("{}/hold", path(offering))).await
}

fn outcomes(draw: &Value) -> Vec<&str> {
    draw["entries"].as_array().unwrap().iter().map(|entry| entry["outcome"].as_str().unwrap()).collect()
}

fn nth(draw: &Value, place: usize) -> String {
    draw["entries"][place - 1]["nomination_id"].as_str().unwrap().to_owned()
}

async fn status(s: &Scene, nomination: &str) -> Value {
    s.officer().get(&format!("{NOMINATIONS}/{nomination}")).await.expect_status(200)["status"].clone()
}

#[tokio::test]
async fn more_people_than_seats_draw_lots_that_everybody_can_check() {
    let s = Scene::new().await;
    let offering = scarce(&s).await;
    let draw = announced(&s, offering).await;
    assert_eq!(
        (&draw["status"], &draw["seed"], &draw["candidates"]),
        (&"announced".into(), &Value::Null, &0.into())
    );
    let read = s.officer().get(&format!("/v1/offerings/{offering}")).await.expect_status(200);
    assert_eq!(read["seats_by_lot"], true);

    let people = approved(&s, &["an", "binh", "chi", "dung", "em"], offering).await;
    for (_, nomination) in &people {
        assert_eq!(status(&s, nomination).await, "waitlisted", "nobody has a seat before the draw");
    }
    // Who is free may be sent elsewhere meanwhile, and who gives up leaves the draw.
    let gone =
        s.officer().post(&format!("{NOMINATIONS}/{}/withdraw", people[4].1), json!({"reason": "Ốm."})).await;
    gone.expect_status(200);
    assert_eq!(hold(&s, offering).await.body["reason"], "nominations_open");

    s.app.travel_to(day("2026-03-06"));
    let held = hold(&s, offering).await.expect_status(200);
    assert_eq!((&held["status"], &held["candidates"]), (&"held".into(), &4.into()));
    assert_eq!(outcomes(&held), ["drawn", "drawn", "waiting", "waiting"]);

    // The seed is the one that was announced, and the lots follow from it.
    let seed = held["seed"].as_str().unwrap();
    assert_eq!(
        (sha256(seed), &held["seed_digest"]),
        (draw["seed_digest"].as_str().unwrap().to_owned(), &draw["seed_digest"])
    );
    let mut lots: Vec<String> = people[..4].iter().map(|(_, id)| sha256(&format!("{seed}:{id}"))).collect();
    lots.sort();
    let found: Vec<&str> =
        held["entries"].as_array().unwrap().iter().map(|e| e["lot"].as_str().unwrap()).collect();
    assert_eq!(
        (found, &held["last_lot_drawn"]),
        (lots.iter().map(String::as_str).collect(), &lots[1].clone().into())
    );

    // A seat that comes free goes to the next lot, for whomever somebody asks.
    let [first, second, third, fourth] = [1, 2, 3, 4].map(|place| nth(&held, place));
    assert_eq!([status(&s, &first).await, status(&s, &second).await], ["approved", "approved"]);
    let asked = s.officer().act(&format!("{NOMINATIONS}/{fourth}/approve")).await.expect_status(200);
    assert_eq!(asked["status"], "waitlisted");
    let declined =
        s.officer().post(&format!("{NOMINATIONS}/{first}/decline"), json!({"reason": "Nhầm."})).await;
    declined.expect_status(200);
    assert_eq!([status(&s, &third).await, status(&s, &fourth).await], ["approved", "waitlisted"]);
    let asked = s.officer().act(&format!("{NOMINATIONS}/{fourth}/approve")).await.expect_status(200);
    assert_eq!(asked["status"], "waitlisted", "both seats are taken again");

    let events: Vec<String> =
        s.app.outbox().await.into_iter().filter(|e| e.starts_with("seat_draw")).collect();
    assert_eq!(events, ["seat_draw.announced", "seat_draw.held"]);
    assert_eq!(hold(&s, offering).await.problem(), "409 state.wrong");
    let now = s.officer().get(&path(offering)).await.expect_status(200);
    assert_eq!(
        (&now["drawn"], &now["gave_back"]),
        (&2.into(), &1.into()),
        "everybody sees that a seat went to another lot"
    );
}

#[tokio::test]
async fn who_is_approved_after_the_draw_comes_after_those_who_were_in_it() {
    let s = Scene::new().await;
    let offering = scarce(&s).await;
    announced(&s, offering).await;
    approved(&s, &["an", "binh", "chi"], offering).await;
    let late = s.clerk("dung").await;
    let own = with(body(late, offering), &json!({"motive": "own_wish"}));
    let late = s.app.as_employee(late).post(NOMINATIONS, own).await.expect_status(201);
    let late = late["id"].as_str().unwrap();

    // People rely on what was announced.
    let read = s.school().get(&format!("/v1/offerings/{offering}")).await;
    let more = json!({"seats": 3, "nominations_close_on": "2026-03-23"});
    let refused = s.school().patch(&format!("/v1/offerings/{offering}"), read.etag(), more).await;
    assert_eq!(refused.faults(), ["/nominations_close_on draw_announced", "/seats draw_announced"]);

    s.app.travel_to(day("2026-03-06"));
    let held = hold(&s, offering).await.expect_status(200);
    assert_eq!(outcomes(&held), ["drawn", "drawn", "waiting"], "what no head endorsed is not in it");
    let read = s.school().get(&format!("/v1/offerings/{offering}")).await;
    let more = s.school().patch(&format!("/v1/offerings/{offering}"), read.etag(), json!({"seats": 3})).await;
    more.expect_status(200);
    s.head().act(&format!("{NOMINATIONS}/{late}/endorse")).await.expect_status(200);
    let asked = s.officer().act(&format!("{NOMINATIONS}/{late}/approve")).await.expect_status(200);
    assert_eq!(
        (&asked["status"], status(&s, &nth(&held, 3)).await),
        (&"waitlisted".into(), "approved".into())
    );
}

#[tokio::test]
async fn a_draw_is_announced_in_time_and_held_when_all_is_decided() {
    let s = Scene::new().await;
    let officer = s.officer();
    let reason = |answer: Answer| {
        assert_eq!(answer.problem(), "409 seat_draw.not_possible", "{:#}", answer.body);
        answer.body["reason"].as_str().unwrap().to_owned()
    };
    // The scene's own offering takes nominations until the day before it begins.
    assert_eq!(reason(officer.post(&path(s.offering), json!({})).await), "no_day_left");
    assert_eq!(officer.post(&path(Uuid::nil()), json!({})).await.problem(), "404 resource.not_found");
    assert_eq!(officer.get(&path(s.offering)).await.problem(), "404 resource.not_found");
    assert_eq!(hold(&s, s.offering).await.problem(), "404 resource.not_found");

    let given = run(&s, "KHAN-2", "2026-03-24", 2).await;
    approved(&s, &["an"], given).await;
    assert_eq!(reason(officer.post(&path(given), json!({})).await), "seats_given");

    let offering = scarce(&s).await;
    announced(&s, offering).await;
    assert_eq!(reason(officer.post(&path(offering), json!({})).await), "announced");
    let endorsed = s.clerk("binh").await;
    let endorsed = s.head().post(NOMINATIONS, body(endorsed, offering)).await.expect_status(201);
    s.app.travel_to(day("2026-03-06"));
    assert_eq!(reason(hold(&s, offering).await), "undecided");
    let late = s.officer().act(&format!("{NOMINATIONS}/{}/approve", endorsed["id"].as_str().unwrap())).await;
    assert_eq!(late.expect_status(200)["status"], "waitlisted");
    s.app.travel_to(day("2026-03-24"));
    assert_eq!(reason(hold(&s, offering).await), "started");

    let other = run(&s, "KHAN-3", "2026-05-05", 2).await;
    for (body, fault) in [
        (json!({"next_offering_id": Uuid::nil()}), "/next_offering_id unknown_reference"),
        (json!({"next_offering_id": 7}), "/next_offering_id wrong_type"),
        (json!({"seed": "0"}), "/seed unknown_member"),
    ] {
        assert_eq!(s.officer().post(&path(other), body).await.faults(), [fault]);
    }
}

#[tokio::test]
async fn who_was_not_drawn_has_a_seat_in_the_next_run() {
    let s = Scene::new().await;
    let (offering, officer) = (scarce(&s).await, s.officer());
    let early = run(&s, "KHAN-2", "2026-07-14", 2).await;
    let next = run(&s, "KHAN-3", "2026-07-15", 2).await;
    let too_early = officer.post(&path(offering), json!({"next_offering_id": early})).await;
    assert_eq!(too_early.faults(), ["/next_offering_id starts_too_early"]);
    officer.post(&path(offering), json!({"next_offering_id": next})).await.expect_status(201);
    approved(&s, &["an", "binh", "chi"], offering).await;
    s.app.travel_to(day("2026-03-06"));
    let held = hold(&s, offering).await.expect_status(200);
    let waits: Uuid = held["entries"][2]["employee_id"].as_str().unwrap().parse().unwrap();

    // Two seats, one of them held: of two others the second waits.
    let others = approved(&s, &["giang", "ha"], next).await;
    assert_eq!([status(&s, &others[0].1).await, status(&s, &others[1].1).await], ["approved", "waitlisted"]);
    assert_eq!(s.approved(waits, next).await.body["status"], "approved");
}

#[tokio::test]
async fn more_who_wait_than_the_next_run_has_seats_get_them_before_others() {
    let s = Scene::new().await;
    let offering = scarce(&s).await;
    let next = run(&s, "KHAN-3", "2026-07-15", 2).await;
    s.officer().post(&path(offering), json!({"next_offering_id": next})).await.expect_status(201);
    approved(&s, &["an", "binh", "chi", "dung", "em"], offering).await;
    s.app.travel_to(day("2026-03-06"));
    let held = hold(&s, offering).await.expect_status(200);
    let other = approved(&s, &["giang"], next).await;
    assert_eq!(status(&s, &other[0].1).await, "waitlisted");
    let mut found = Vec::new();
    for place in [3, 4, 5] {
        let waits: Uuid = held["entries"][place - 1]["employee_id"].as_str().unwrap().parse().unwrap();
        found.push(s.approved(waits, next).await.body["status"].clone());
    }
    assert_eq!(found, ["approved", "approved", "waitlisted"]);
}

#[tokio::test]
async fn the_held_seat_is_free_again_when_nominations_have_closed() {
    let s = Scene::new().await;
    let offering = scarce(&s).await;
    let next = run(&s, "KHAN-3", "2026-07-15", 1).await;
    s.officer().post(&path(offering), json!({"next_offering_id": next})).await.expect_status(201);
    approved(&s, &["an", "binh", "chi"], offering).await;
    let other = approved(&s, &["giang"], next).await;
    assert_eq!(status(&s, &other[0].1).await, "approved", "nobody has drawn yet");
    s.officer()
        .post(&format!("{NOMINATIONS}/{}/decline", other[0].1), json!({"reason": "Nhầm."}))
        .await
        .expect_status(200);
    s.app.travel_to(day("2026-03-06"));
    hold(&s, offering).await.expect_status(200);
    let ha = approved(&s, &["ha"], next).await;
    assert_eq!(status(&s, &ha[0].1).await, "waitlisted");
    s.app.travel_to(day("2026-06-27"));
    let now = s.officer().act(&format!("{NOMINATIONS}/{}/approve", ha[0].1)).await.expect_status(200);
    assert_eq!(now["status"], "approved");
}

#[tokio::test]
async fn everybody_sees_the_draw_and_of_its_people_those_within_reach() {
    let s = Scene::new().await;
    let offering = scarce(&s).await;
    announced(&s, offering).await;
    let people = approved(&s, &["an", "binh", "chi"], offering).await;
    s.app.travel_to(day("2026-03-06"));
    hold(&s, offering).await.expect_status(200);
    let elsewhere = s.app.unit("CDL", None).await;
    for (who, rows) in [
        (s.officer(), 3),
        (s.app.as_role(Role::Auditor), 3),
        (s.head(), 3),
        (s.app.as_employee(people[0].0), 1),
        (s.app.as_head(elsewhere, None), 0),
    ] {
        let draw = who.get(&path(offering)).await.expect_status(200);
        assert_eq!((draw["entries"].as_array().unwrap().len(), &draw["candidates"]), (rows, &3.into()));
        assert!(draw["seed"].is_string() && draw["last_lot_drawn"].is_string());
    }
    assert_eq!(s.school().get(&path(offering)).await.problem(), "403 permission.missing");
    for verb in ["", "/hold", "/call-off"] {
        let act = s.head().post(&format!("{}{verb}", path(offering)), json!({})).await;
        assert_eq!(act.problem(), "403 permission.missing");
    }
    let vietnamese =
        s.app.as_employee(people[0].0).speaking("vi").get(&path(offering)).await.expect_status(200);
    assert!(
        vietnamese["explanation"]
            .as_str()
            .unwrap()
            .starts_with("Số chỗ của lớp đã được xếp bằng bốc thăm: 2; số người tham gia: 3.")
    );
}

#[tokio::test]
async fn a_draw_that_is_called_off_gives_the_seats_to_those_who_waited_longest() {
    let s = Scene::new().await;
    let offering = scarce(&s).await;
    announced(&s, offering).await;
    let people = approved(&s, &["an", "binh", "chi"], offering).await;
    let off = s.officer().act(&format!("{}/call-off", path(offering))).await.expect_status(200);
    assert_eq!((&off["status"], &off["seed"]), (&"called_off".into(), &Value::Null));
    let mut found = Vec::new();
    for (_, nomination) in &people {
        found.push(status(&s, nomination).await);
    }
    assert_eq!(found, ["approved", "approved", "waitlisted"]);
    let again = s.officer().act(&format!("{}/call-off", path(offering))).await;
    assert_eq!(again.problem(), "409 state.wrong");
    let read = s.officer().get(&format!("/v1/offerings/{offering}")).await.expect_status(200);
    assert_eq!(read["seats_by_lot"], false);
}

#[tokio::test]
async fn who_does_not_pass_the_checks_on_the_day_is_passed_over() {
    let s = Scene::new().await;
    let offering = scarce(&s).await;
    announced(&s, offering).await;
    let people = approved(&s, &["an", "binh", "chi"], offering).await;
    use thuocdo::half_day::{Half, HalfDay};
    let first = HalfDay::new(day("2026-03-24"), Half::Morning);
    s.absence(people[1].0, first, first).await;
    s.app.travel_to(day("2026-03-06"));
    let held = hold(&s, offering).await.expect_status(200);
    let of = |who: &str| {
        let entry = held["entries"].as_array().unwrap().iter().find(|e| e["nomination_id"] == who).unwrap();
        entry["outcome"].clone()
    };
    let found: Vec<Value> = people.iter().map(|(_, nomination)| of(nomination)).collect();
    assert_eq!(found, ["drawn", "passed_over", "drawn"]);
    assert_eq!(status(&s, &people[1].1).await, "waitlisted");
}

#[tokio::test]
async fn those_who_wait_are_the_comparison_group_and_nobody_else() {
    let s = Scene::new().await;
    let head = s.clerk("truong").await;
    s.app.set_head(s.unit, head).await;
    let (offering, officer) = (scarce(&s).await, s.officer());
    let next = run(&s, "KHAN-3", "2026-07-15", 2).await;
    officer.post(&path(offering), json!({"next_offering_id": next})).await.expect_status(201);
    let codes: Vec<String> = (1..=12).map(|n| format!("nv{n}")).collect();
    approved(&s, &codes.iter().map(String::as_str).collect::<Vec<_>>(), offering).await;
    // Colleagues alike in everything, whom the lot did not leave waiting.
    for code in ["giang", "ha"] {
        s.clerk(code).await;
    }
    s.app.travel_to(day("2026-03-06"));
    let held = hold(&s, offering).await.expect_status(200);
    // The next offering begins after the three-month ratings: who is sent to it is compared all the same.
    let third: Uuid = held["entries"][2]["employee_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(s.approved(third, next).await.body["status"], "approved");
    schedule(&s).await;
    assert_eq!(compared(&s, offering).await, waiting(&held, &[3, 4]));
    schedule(&s).await;
    assert_eq!(compared(&s, offering).await, waiting(&held, &[3, 4]));

    // Somebody moves up before the course: his or her ratings become those of a participant, and the next lot is compared.
    let gone = s
        .officer()
        .post(&format!("{NOMINATIONS}/{}/withdraw", nth(&held, 1)), json!({"reason": "Ốm."}))
        .await;
    gone.expect_status(200);
    schedule(&s).await;
    schedule(&s).await;
    let moved = [3, 4, 5].map(|place| (place, nth(&held, place)));
    let mut up = Vec::new();
    for (place, nomination) in moved {
        if status(&s, &nomination).await == "approved" {
            up.push(place);
        }
    }
    let left: Vec<usize> = [3, 4, 5].into_iter().filter(|place| !up.contains(place)).collect();
    assert_eq!((up.len(), compared(&s, offering).await), (1, waiting(&held, &left)));
}

#[tokio::test]
async fn a_draw_that_leaves_few_waiting_matches_people_as_ever() {
    let s = Scene::new().await;
    let head = s.clerk("truong").await;
    s.app.set_head(s.unit, head).await;
    let offering = scarce(&s).await;
    announced(&s, offering).await;
    approved(&s, &["an", "binh", "chi"], offering).await;
    for code in ["giang", "ha"] {
        s.clerk(code).await;
    }
    s.app.travel_to(day("2026-03-06"));
    hold(&s, offering).await.expect_status(200);
    schedule(&s).await;
    assert_eq!(compared(&s, offering).await.len(), 2, "one of them who waits, and a colleague");
}

async fn schedule(s: &Scene) {
    s.behind(async |tx| evaluations::schedule(tx).await).await;
}

/// The members of the comparison group.
async fn compared(s: &Scene, offering: Uuid) -> Vec<Uuid> {
    use schema::evaluations as t;
    s.behind(async |tx| {
        Ok(t::table
            .filter(t::offering_id.eq(offering))
            .filter(t::subject_group.eq("comparison"))
            .filter(t::phase.eq("three_months"))
            .filter(t::status.eq("pending"))
            .order(t::subject_id)
            .select(t::subject_id)
            .load(tx.conn())
            .await?)
    })
    .await
}

/// The people at some places of a draw.
fn waiting(held: &Value, places: &[usize]) -> Vec<Uuid> {
    let id = |place: &usize| held["entries"][place - 1]["employee_id"].as_str().unwrap().parse().unwrap();
    let mut ids: Vec<Uuid> = places.iter().map(id).collect();
    ids.sort();
    ids
}
