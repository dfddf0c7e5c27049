use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;
use thuocdo::db::schema::*;
use thuocdo::demo::{self, Outcome};
use thuocdo::evaluation::questionnaires::{Answer, Instrument, Items, Scoring, fitting};
use thuocdo::half_day::{Half, HalfDay};
use thuocdo::i18n::Locale;

use super::{provide, with_ministry};
use crate::support::TestApp;

/// Rows per word of a column, or of a table as a whole.
macro_rules! counts {
    ($app:expr, $table:ident) => {
        $app.system(async |tx| Ok($table::table.count().get_result::<i64>(tx.conn()).await?)).await.unwrap()
    };
    ($app:expr, $table:ident . $column:ident) => {
        $app.system(async |tx| {
            Ok($table::table
                .group_by($table::$column)
                .select(($table::$column, count_star()))
                .load::<(String, i64)>(tx.conn())
                .await?
                .into_iter()
                .collect::<BTreeMap<_, _>>())
        })
        .await
        .unwrap()
    };
}

#[tokio::test]
async fn it_is_a_whole_ministry_in_every_state() {
    let app = TestApp::spawn().await;
    let mut told = Vec::new();
    let outcome = demo::provide(&app.gate, demo::SEED, false, &mut |line| told.push(line))
        .await
        .expect("the constraints of the database hold");
    let Outcome::Built { rows, took } = outcome else { panic!("nothing was there") };
    #[expect(clippy::print_stdout, reason = "how long it takes is worth a look, not a failure")]
    {
        println!("{rows} rows in {took:?}\n{}", told.join("\n"));
    }
    assert!(told.len() == 10 && told[9].starts_with("9/9 "), "{told:?}");

    assert_eq!(counts!(app, units), 28);
    assert_eq!(counts!(app, employees), 600);
    assert_eq!(counts!(app, job_positions), 30);
    assert_eq!(counts!(app, institutes), 8);
    assert_eq!(counts!(app, courses), 40);
    assert_eq!(counts!(app, performance_ratings) / 600, 24);
    let words = |counts: BTreeMap<String, i64>| counts.into_keys().collect::<Vec<_>>();
    assert_eq!(
        words(counts!(app, nominations.status)),
        ["approved", "declined", "endorsed", "returned", "submitted", "waitlisted", "withdrawn"]
    );
    assert_eq!(words(counts!(app, offerings.status)), ["cancelled", "closed", "confirmed", "draft", "open"]);
    assert_eq!(words(counts!(app, offerings.mode)), ["blended", "distance", "in_person", "online"]);
    assert_eq!(words(counts!(app, participants.status)), ["completed", "enrolled", "not_completed"]);
    assert_eq!(words(counts!(app, evaluations.status)), ["answered", "excused", "pending"]);
    assert_eq!(words(counts!(app, corrective_actions.status)), ["closed", "disputed", "open", "replied"]);
    assert_eq!(words(counts!(app, courses.status)).len(), 6);
    assert_eq!(words(counts!(app, training_plans.status)), ["approved", "draft"]);
}

#[tokio::test]
async fn the_same_seed_and_day_make_the_same_ministry() {
    let (one, two) = (with_ministry().await, with_ministry().await);
    assert_eq!(people(&one).await, people(&two).await);
    assert_eq!(counts!(one, nominations.status), counts!(two, nominations.status));
    assert_eq!(counts!(one, evaluations.status), counts!(two, evaluations.status));
    let before = people(&one).await;
    demo::provide(&one.gate, demo::SEED + 1, true, &mut |_| {}).await.unwrap();
    assert_ne!(people(&one).await, before);
}

async fn people(app: &TestApp) -> Vec<(uuid::Uuid, String, String)> {
    app.system(async |tx| {
        let rows = employees::table
            .order(employees::code)
            .select((employees::id, employees::full_name, employees::email))
            .load(tx.conn())
            .await?;
        Ok(rows)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn there_is_an_account_for_every_role() {
    let app = with_ministry().await;
    for (name, ..) in demo::ACCOUNTS {
        let me = app.sign_in(name, demo::PASSWORD).await.get("/v1/me").await.expect_status(200);
        assert!(me["roles"].as_array().unwrap().contains(&json!(name)), "{me}");
        for locale in [Locale::Vi, Locale::En] {
            assert!(demo::note(locale, &[]).contains(&format!("`{name}`")), "{name}");
        }
        assert!(demo::welcome("http://x").contains(name));
    }
    let request = app.public().request(reqwest::Method::POST, "/oauth/token");
    let request =
        request.basic_auth(demo::CLIENT, Some(demo::PASSWORD)).form(&[("grant_type", "client_credentials")]);
    app.public().send(request).await.expect_status(200);
}

#[tokio::test]
async fn the_past_is_consistent() {
    let app = with_ministry().await;
    provide(&app, false).await;
    app.system(async |tx| {
        // Seats are never oversold, and the full offering is the one with a waiting list.
        let seats: Vec<(uuid::Uuid, i32)> =
            offerings::table.select((offerings::id, offerings::seats)).load(tx.conn()).await?;
        let taken: Vec<(uuid::Uuid, String)> = nominations::table
            .select((nominations::offering_id, nominations::status))
            .load(tx.conn())
            .await?;
        let announced: Vec<uuid::Uuid> = seat_draws::table
            .filter(seat_draws::status.eq("announced"))
            .select(seat_draws::offering_id)
            .load(tx.conn())
            .await?;
        assert_eq!(announced.len(), 1);
        for (offering, seats) in seats {
            let of = |status: &str| taken.iter().filter(|(o, s)| *o == offering && s == status).count();
            let approved = i32::try_from(of("approved")).unwrap();
            assert!(approved <= seats);
            let waits_for_draw = announced.contains(&offering);
            assert!(of("waitlisted") == 0 || approved == if waits_for_draw { 0 } else { seats });
        }
        // Certificate numbers run without a hole up to the counter.
        let issued: i64 = certificates::table.count().get_result(tx.conn()).await?;
        let counted: Vec<i32> =
            certificate_counters::table.select(certificate_counters::last_number).load(tx.conn()).await?;
        assert_eq!(i64::from(counted.iter().sum::<i32>()), issued);
        // Whoever completed has a certificate, and nobody else.
        let completed: i64 = participants::table
            .filter(participants::status.eq("completed"))
            .count()
            .get_result(tx.conn())
            .await?;
        assert_eq!(completed, issued);
        // Scores are what the service would store: means of five answers, percents of right ones.
        type Filled = (Instrument, Option<i16>, Items, serde_json::Value, Option<f64>);
        let forms: Vec<Filled> = evaluation_responses::table
            .inner_join(evaluations::table.inner_join(questionnaires::table))
            .select((
                questionnaires::instrument,
                questionnaires::max_blank_percent,
                questionnaires::items,
                evaluation_responses::answers,
                evaluation_responses::score,
            ))
            .load(tx.conn())
            .await?;
        let mut instruments: Vec<Instrument> = forms.iter().map(|form| form.0).collect();
        for (instrument, max_blank_percent, items, answers, score) in forms {
            let given: Vec<Answer> = serde_json::from_value(answers).unwrap();
            let given = fitting(&items.0, &given).expect("answers that the service would take");
            let scoring = Scoring { instrument, max_blank_percent, items: &items.0 };
            assert_eq!(scoring.score(&given), score, "{instrument:?}");
        }
        instruments.sort();
        instruments.dedup();
        let told = [
            Instrument::Knowledge,
            Instrument::Behaviour,
            Instrument::SelfBehaviour,
            Instrument::ThenTest,
            Instrument::Beneficiary,
        ];
        assert_eq!(instruments, told);
        let phases: Vec<String> = anonymous_responses::table
            .select(anonymous_responses::phase)
            .distinct()
            .order(anonymous_responses::phase)
            .load(tx.conn())
            .await?;
        assert_eq!(phases, ["close", "six_months", "three_months"], "reactions, and the environment twice");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_story_has_its_tuesday_morning() {
    let app = with_ministry().await;
    app.system(async |tx| {
        let runs: Vec<(uuid::Uuid, String)> = offerings::table
            .inner_join(courses::table)
            .filter(courses::code.eq("BMNN-01").and(offerings::status.eq("open")))
            .select((offerings::id, offerings::mode))
            .load(tx.conn())
            .await?;
        let in_person = runs.iter().find(|(_, mode)| mode == "in_person").expect("dates in person").0;
        assert!(runs.iter().any(|(_, mode)| mode == "online"), "an alternative online");
        let half_days: Vec<i32> = sessions::table
            .filter(sessions::offering_id.eq(in_person))
            .select(sessions::half_day)
            .load(tx.conn())
            .await?;
        let people: Vec<uuid::Uuid> = employees::table
            .inner_join(units::table.on(units::id.eq(employees::unit_id)))
            .filter(units::code.eq("VP-HCVT").and(employees::status.eq("active")))
            .select(employees::id)
            .load(tx.conn())
            .await?;
        let minimum: i32 = coverage_rules::table
            .inner_join(units::table)
            .filter(units::code.eq("VP-HCVT"))
            .select(coverage_rules::minimum_present)
            .first(tx.conn())
            .await?;
        let away: Vec<(i32, i32)> = absences::table
            .filter(absences::employee_id.eq_any(&people))
            .select((absences::first_half_day, absences::last_half_day))
            .load(tx.conn())
            .await?;
        // Two can go; a third only if it were not for Tuesday morning.
        for half_day in half_days {
            let absent = away.iter().filter(|(a, b)| (*a..=*b).contains(&half_day)).count();
            let spare = people.len() - absent - usize::try_from(minimum).unwrap();
            let is_tuesday_morning = HalfDay(half_day).half() == Half::Morning
                && chrono::Datelike::weekday(&HalfDay(half_day).date()) == chrono::Weekday::Tue;
            assert_eq!(spare == 2, is_tuesday_morning, "{half_day}: {spare} to spare");
            assert!(spare >= 2);
        }
        // None of them has learned it yet but the two who are away.
        let learned: i64 = employee_competencies::table
            .inner_join(competencies::table)
            .filter(competencies::code.eq("BMNN").and(employee_competencies::level.ge(3)))
            .filter(employee_competencies::employee_id.eq_any(&people))
            .count()
            .get_result(tx.conn())
            .await?;
        assert_eq!(learned, 2);
        Ok(())
    })
    .await
    .unwrap();
}
