//! Statutory forms: learners as evaluations, lecturers by tokens, and what they come to.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema;
use thuocdo::half_day::{Half, HalfDay};
use uuid::Uuid;

use super::given::{Given, LAST, filled};
use crate::support::seed::{day, id};

const RESPONSES: &str = "/v1/quality-responses";

fn opening(code: &str) -> Value {
    json!({"questionnaire_code": code, "opens_on": LAST, "due_on": "2026-04-06"})
}

fn path(g: &Given) -> String {
    format!("/v1/offerings/{}/quality-forms", g.offering)
}

/// Five more lecturers teach in the offering, a morning each.
async fn more_lecturers(g: &Given) {
    for (n, name) in ["Hà", "Hải", "Hân", "Hiền", "Hùng"].iter().enumerate() {
        let lecturer = g.app.lecturer(g.institute, &format!("Đặng {name}")).await;
        let date = day("2026-03-23") + chrono::Duration::days(i64::try_from(n).unwrap());
        let morning = HalfDay::new(date, Half::Morning).0;
        g.app
            .system(async |tx| {
                use schema::sessions as t;
                let of_morning =
                    t::table.filter(t::offering_id.eq(g.offering)).filter(t::half_day.eq(morning));
                let changed =
                    diesel::update(of_morning).set(t::lecturer_id.eq(lecturer)).execute(tx.conn()).await?;
                assert_eq!(changed, 1);
                Ok(())
            })
            .await
            .unwrap();
    }
}

/// Tokens that are good, and answers that wait for the end of the window.
async fn rows(g: &Given) -> (i64, i64) {
    g.app
        .system(async |tx| {
            let tokens = schema::quality_tokens::table.count().get_result(tx.conn()).await?;
            let answers = schema::waiting_responses::table.count().get_result(tx.conn()).await?;
            Ok((tokens, answers))
        })
        .await
        .unwrap()
}

async fn form(g: &Given, opened: &Value) -> Value {
    let path = format!("/v1/questionnaires/{}", opened["questionnaire_id"].as_str().unwrap());
    g.app.as_role(Role::TrainingOfficer).get(&path).await.expect_status(200)
}

/// Answers to a form: one step throughout, so many indicators of the programme blank.
fn statutory(form: &Value, step: u8, blank: usize) -> Value {
    let mut answers = filled(form, step);
    for answer in answers["answers"].as_array_mut().unwrap().iter_mut().take(blank) {
        answer["value"] = Value::Null;
    }
    answers
}

fn with_token(mut answers: Value, token: &Value) -> Value {
    answers["token"] = token["token"].clone();
    answers
}

#[tokio::test]
async fn learners_find_the_form_and_lecturers_get_numbered_tokens_once() {
    let g = Given::new().await;
    more_lecturers(&g).await;
    let [an, _] = g.participants(&["AN", "BINH"]).await[..] else { panic!("two") };
    g.travel(LAST);
    let officer = g.app.as_role(Role::TrainingOfficer);
    let opened = officer.post(&path(&g), opening("quality-03-2023")).await;
    assert_eq!(opened.status, 201, "{:#}", opened.body);
    assert_eq!(opened.header("location"), format!("/v1/offerings/{}/quality", g.offering));
    let opened = opened.body;
    assert_eq!(opened["learners"], 2);
    let tokens = opened["lecturer_tokens"].as_array().unwrap();
    let numbers: Vec<_> = tokens.iter().map(|t| t["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    let task = g.task_for(an, "quality", "on_request").await;
    assert_eq!((&task["is_anonymous"], &task["state"]), (&json!(true), &json!("open")));
    assert_eq!((&task["opens_on"], &task["due_on"]), (&json!(LAST), &json!("2026-04-06")));
    let known: Vec<String> = g
        .app
        .system(async |tx| {
            use diesel::sql_types::Text;
            #[derive(QueryableByName)]
            struct Line {
                #[diesel(sql_type = Text)]
                line: String,
            }
            let all = "SELECT row(t.*)::text AS line FROM quality_tokens t
                UNION ALL SELECT row(o.*)::text FROM outbox o UNION ALL SELECT row(a.*)::text FROM audit_log a
                UNION ALL SELECT row(i.*)::text FROM idempotency_keys i";
            Ok(diesel::sql_query(all).load::<Line>(tx.conn()).await?.into_iter().map(|l| l.line).collect())
        })
        .await
        .unwrap();
    for token in tokens {
        let token = token["token"].as_str().unwrap();
        assert!(known.iter().all(|line| !line.contains(token)), "kept as a hash only");
    }
    g.schedule().await;
    assert_eq!(g.task_for(an, "quality", "on_request").await, task, "the schedule leaves it alone");
    let again = officer.post(&path(&g), opening("quality-03-2023")).await;
    assert_eq!(again.problem(), "409 quality_form.exists");
}

#[tokio::test]
async fn an_institute_that_opens_the_form_gets_no_token_and_the_officer_gets_new_ones_at_any_time() {
    let g = Given::new().await;
    more_lecturers(&g).await;
    g.travel(LAST);
    let school = g.app.as_institute(g.institute);
    let opened = school.post(&path(&g), opening("quality-10-2017")).await.expect_status(201);
    assert_eq!((&opened["lecturers"], &opened["lecturer_tokens"]), (&json!(6), &json!([])));
    let issue = format!("{}/issue-tokens", path(&g));
    assert_eq!(school.act(&issue).await.problem(), "403 permission.missing");

    let officer = g.app.as_role(Role::TrainingOfficer);
    let lost = officer.act(&issue).await.expect_status(200)["forms"][0].clone();
    assert_eq!(lost["quality_form_id"], opened["id"]);
    let form = form(&g, &opened).await;
    let answer = |token: &Value| {
        let (public, body) = (g.app.public(), with_token(statutory(&form, 7, 0), token));
        async move { public.post(RESPONSES, body).await }
    };
    answer(&lost["lecturer_tokens"][0]).await.expect_status(204);
    let again = officer.act(&issue).await.expect_status(200)["forms"][0].clone();
    assert_eq!(again["lecturer_tokens"].as_array().unwrap().len(), 5, "who answered needs none");
    assert_eq!(answer(&lost["lecturer_tokens"][1]).await.faults(), ["/token quality_token_bad"], "void");
    for token in again["lecturer_tokens"].as_array().unwrap() {
        answer(token).await.expect_status(204);
    }
    assert_eq!(rows(&g).await, (0, 6));
    g.travel("2026-04-07");
    let officer = g.app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.act(&issue).await.expect_status(200)["forms"], json!([]), "over");
}

#[tokio::test]
async fn a_token_is_good_once_in_its_window_and_leaves_nothing_behind() {
    let g = Given::new().await;
    g.participants(&["AN"]).await;
    g.travel(LAST);
    let officer = g.app.as_role(Role::TrainingOfficer);
    let mut later = opening("quality-03-2023");
    later["opens_on"] = json!("2026-03-30");
    let opened = officer.post(&path(&g), later).await.expect_status(201);
    let token = &opened["lecturer_tokens"][0];
    assert_eq!(token["lecturer_id"], g.lecturer.to_string());
    let form = form(&g, &opened).await;
    let body = with_token(statutory(&form, 8, 0), token);
    let public = g.app.public();
    let early = public.post(RESPONSES, body.clone()).await;
    assert_eq!(early.problem(), "409 evaluation.not_open");
    assert_eq!((&early.body["state"], &early.body["opens_on"]), (&json!("scheduled"), &json!("2026-03-30")));

    g.travel("2026-03-30");
    let mut wrong = body.clone();
    wrong["answers"][0]["value"] = json!(11);
    assert_eq!(public.post(RESPONSES, wrong).await.faults(), ["/answers/0/value too_large"]);
    let mut unknown = body.clone();
    unknown["token"] = json!("0".repeat(32));
    assert_eq!(public.post(RESPONSES, unknown).await.faults(), ["/token quality_token_bad"]);
    assert_eq!(rows(&g).await, (1, 0), "a refused answer uses nothing up");

    let events = g.app.outbox().await.len();
    let answers = futures::future::join_all((0..4).map(|_| public.post(RESPONSES, body.clone()))).await;
    let mut statuses: Vec<_> = answers.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422, 422, 422]);
    assert_eq!(rows(&g).await, (0, 1), "the tie to the person is gone");
    assert_eq!(g.app.outbox().await.len(), events, "no event tells of it");
    close(&g).await;
    let stored: (String, String, Option<f64>) = g
        .app
        .system(async |tx| {
            use schema::anonymous_responses as t;
            Ok(t::table.select((t::phase, t::respondent_group, t::score)).first(tx.conn()).await?)
        })
        .await
        .unwrap();
    assert_eq!(stored, ("on_request".to_owned(), "lecturer".to_owned(), Some(8.0)));
}

#[tokio::test]
async fn tokens_are_over_with_the_window_and_forgotten() {
    let g = Given::new().await;
    g.travel(LAST);
    let officer = g.app.as_role(Role::TrainingOfficer);
    let opened = officer.post(&path(&g), opening("quality-03-2023")).await.expect_status(201);
    let body = with_token(statutory(&form(&g, &opened).await, 8, 0), &opened["lecturer_tokens"][0]);
    g.travel("2026-04-07");
    let late = g.app.public().post(RESPONSES, body.clone()).await;
    assert_eq!(late.faults(), ["/token quality_token_bad"]);
    assert_eq!(rows(&g).await.0, 1);
    thuocdo::worker::tick(&g.app.gate).await.unwrap();
    assert_eq!(rows(&g).await.0, 0);
    assert_eq!(g.app.public().post(RESPONSES, body).await.faults(), ["/token quality_token_bad"]);
}

/// Six learners give 9 and one spoils the form; lecturers give 7.
async fn answered(g: &Given, lecturers: usize) -> Value {
    let codes = ["A1", "A2", "A3", "A4", "A5", "A6", "A7"];
    let learners = g.participants(&codes).await;
    g.travel(LAST);
    let officer = g.app.as_role(Role::TrainingOfficer);
    let opened = officer.post(&path(g), opening("quality-03-2023")).await.expect_status(201);
    let form = form(g, &opened).await;
    for (n, learner) in learners.iter().enumerate() {
        let task = g.task_for(*learner, "quality", "on_request").await;
        let blank = if n == 6 { 2 } else { usize::from(n == 0) };
        g.app
            .as_employee(*learner)
            .post(&Given::response(&task), statutory(&form, 9, blank))
            .await
            .expect_status(200);
    }
    for token in &opened["lecturer_tokens"].as_array().unwrap()[..lecturers] {
        g.app.public().post(RESPONSES, with_token(statutory(&form, 7, 0), token)).await.expect_status(204);
    }
    opened
}

/// The window closes, and the background loop looks.
async fn close(g: &Given) {
    g.travel("2026-04-07");
    thuocdo::worker::tick(&g.app.gate).await.unwrap();
}

async fn quality(g: &Given) -> Value {
    let path = format!("/v1/offerings/{}/quality", g.offering);
    g.app.as_institute(g.institute).get(&path).await.expect_status(200)
}

#[tokio::test]
async fn the_index_is_shown_when_the_window_has_closed_and_never_changes() {
    let g = Given::new().await;
    more_lecturers(&g).await;
    answered(&g, 5).await;
    let open = quality(&g).await;
    assert_eq!((&open["forms"][0]["stage"], &open["forms"][0]["result"]), (&json!("open"), &Value::Null));

    g.travel("2026-04-07");
    let soon = quality(&g).await;
    let soon = (&soon["forms"][0]["stage"], &soon["forms"][0]["result"]);
    assert_eq!(
        soon,
        (&json!("closed"), &Value::Null),
        "no part of the answers, as long as they are not written"
    );
    close(&g).await;
    let closed = quality(&g).await;
    let form = &closed["forms"][0];
    assert_eq!((&form["stage"], &form["questionnaire_code"]), (&json!("closed"), &json!("quality-03-2023")));
    assert_eq!(form["legal_basis"], "Thông tư 03/2023/TT-BNV, Điều 24");
    let result = &form["result"];
    assert_eq!(result["index"]["value"], 8.0, "the mean of 9 and 7, however many there are: {result:#}");
    assert_eq!((&result["band"], &result["index"]["n"]), (&json!("excellent"), &json!(11)));
    let groups = result["groups"].as_array().unwrap();
    let means: Vec<_> = groups.iter().map(|g| (&g["group"], &g["mean"]["value"], &g["mean"]["n"])).collect();
    assert_eq!(
        means,
        [(&json!("learner"), &json!(9.0), &json!(6)), (&json!("lecturer"), &json!(7.0), &json!(5))],
        "two blanks of thirty-two spoil a form, one does not"
    );
    assert_eq!(groups[0]["mean"]["n_invited"], 7);
    assert_eq!(groups[1]["mean"]["n_invited"], 6);
    let codes: Vec<_> =
        result["criteria"].as_array().unwrap().iter().map(|c| c["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["programme", "learners", "lecturers", "facilities", "course", "effect"]);
    assert_eq!(result["criteria"][0]["mean"]["value"], 8.0);
    assert_eq!(result["criteria"][0]["text"]["en"], "Programme and materials");
    assert_eq!(groups[0]["indicators"].as_array().unwrap().len(), 32);
    g.travel("2026-09-01");
    assert_eq!(quality(&g).await, closed);
}

#[tokio::test]
async fn four_lecturers_are_hidden_and_in_no_figure() {
    let g = Given::new().await;
    more_lecturers(&g).await;
    answered(&g, 4).await;
    close(&g).await;
    let result = quality(&g).await["forms"][0]["result"].clone();
    assert_eq!((&result["index"]["value"], &result["index"]["n"]), (&json!(9.0), &json!(6)));
    let lecturers = &result["groups"][1];
    assert_eq!(lecturers["mean"]["reason"], "fewer_than_5");
    assert_eq!((&lecturers["mean"]["n"], &lecturers["criteria"]), (&Value::Null, &json!([])));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_others_offerings_are_nobodys() {
    let g = Given::new().await;
    g.travel("2026-03-20");
    let officer = g.app.as_role(Role::TrainingOfficer);
    let post = async |body: Value| officer.post(&path(&g), body).await;
    let changed = |member: &str, value: &str| {
        let mut body = opening("quality-03-2023");
        body[member] = json!(value);
        body
    };
    assert_eq!(post(changed("opens_on", "2026-03-26")).await.problem(), "409 offering.not_over");
    assert_eq!(post(changed("due_on", "2026-03-26")).await.faults(), ["/due_on date_order"]);
    assert_eq!(post(changed("due_on", "2026-05-01")).await.faults(), ["/due_on window_too_long"]);
    assert_eq!(
        post(changed("questionnaire_code", "reaction")).await.faults(),
        ["/questionnaire_code unknown_reference"]
    );
    g.set_offering_status("cancelled").await;
    assert_eq!(post(opening("quality-03-2023")).await.problem(), "409 state.wrong");
    g.set_offering_status("closed").await;

    let other = g.app.as_institute(g.app.institute("TR2").await);
    let read = format!("/v1/offerings/{}/quality", g.offering);
    assert_eq!(other.post(&path(&g), opening("quality-03-2023")).await.problem(), "404 resource.not_found");
    assert_eq!(other.get(&read).await.problem(), "404 resource.not_found");
    let head = g.app.as_head(g.division, Some(g.head));
    assert_eq!(head.get(&read).await.problem(), "403 permission.missing");
    assert_eq!(quality(&g).await["forms"], json!([]));
    for reader in [Role::Leader, Role::Auditor] {
        g.app.as_role(reader).get(&read).await.expect_status(200);
        assert_eq!(
            g.app.as_role(reader).post(&path(&g), opening("quality-03-2023")).await.problem(),
            "403 permission.missing"
        );
    }
    let _: Uuid = id(&post(opening("quality-03-2023")).await.expect_status(201));
}
