//! The rows behind a report: that they are all of it (a script in another language computes it anew), and nothing more.

use std::io::Write;
use std::process::{Command, Stdio};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema::audit_log;
use uuid::Uuid;

use crate::fixtures::classes::{Class, Enrolled, Ground, Person, moved, rated};
use crate::support::client::Client;
use crate::support::seed::day;

const REPORT: &str = "/v1/reports/effectiveness";
const ROWS: &str = "/v1/reports/effectiveness/rows";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recompute/effectiveness.py");

async fn report(who: &Client, query: &str) -> Value {
    let page = who.get(&format!("{REPORT}?{query}")).await.expect_status(200);
    page["items"][0].clone()
}

async fn rows(who: &Client, query: &str) -> Value {
    who.get(&format!("{ROWS}?{query}")).await.expect_status(200)
}

/// How many rows there are of a group, in an offering if one is named.
fn count(outcome: &Value, group: &str, of: Option<&Class>) -> usize {
    let is_of = |row: &&Value| of.is_none_or(|class| row["offering_id"] == json!(class.offering));
    outcome["rows"].as_array().unwrap().iter().filter(is_of).filter(|row| row["group"] == group).count()
}

/// People whose ratings differ from each other in no simple way.
fn uneven(n: usize, seed: usize) -> Vec<Person> {
    let fifth = |i: usize| i as f64 / 5.0;
    let person = |i: usize| {
        let before = 2.0 + fifth((7 * i + seed) % 9);
        rated(before, (before + fifth((5 * i + 3 * seed) % 6) - 0.2).min(5.0))
    };
    (0..n).map(|i| Person { six_months: Some(3.0 + fifth((i + seed) % 5)), ..person(i) }).collect()
}

fn pairs(n: usize, seed: usize) -> Vec<(f64, f64)> {
    uneven(n, seed).iter().map(|p| (p.before.unwrap(), p.after.unwrap() - 0.2)).collect()
}

/// One institute with offerings of all kinds: with many raters, with a comparison group and without, and too small.
struct Scene {
    ground: Ground,
    many_raters: Class,
    beside: Class,
    alone: Class,
    small: Class,
}

impl Scene {
    async fn new() -> Self {
        let mut ground = Ground::new().await;
        let many_raters = ground.class("BVBM-01").await;
        for i in 0..11 {
            let code = format!("HEAD-{i}");
            let head = ground.app.employee(&code, "Trần Thị Trưởng", ground.unit, ground.position).await;
            ground.rated_by(head);
            let sent = ground.send(&many_raters, &uneven(1 + i % 3, i)).await;
            // Not everybody has somebody to be compared with.
            ground.compare(&many_raters, &sent, &pairs(if i < 5 { 3 } else { 1 }, i)).await;
        }
        let beside = ground.class("BVBM-02").await;
        let mut people = uneven(12, 1);
        people.iter_mut().take(2).for_each(|p| p.rater_changed = true);
        people.extend([Person { after: None, left: true, ..rated(2.4, 3.0) }; 2]);
        let sent = ground.send(&beside, &people).await;
        let colleagues = ground.compare(&beside, &sent, &pairs(10, 2)).await;
        let others = colleagues.into_iter().map(|employee| Enrolled { employee, participant: Uuid::nil() });
        for (i, who) in sent.iter().copied().chain(others).enumerate() {
            let score = |quarter: usize| 60.0 + ((7 * i + 3 * quarter) % 23) as f64;
            let quarters =
                [(2025, 3, score(1)), (2025, 4, score(2)), (2026, 3, score(5)), (2026, 4, score(6) + 0.25)];
            ground.score(who.employee, "2027-01-10", &quarters).await;
        }
        let alone = ground.class("BVBM-03").await;
        let sent = ground.send(&alone, &uneven(14, 3)).await;
        ground.compare(&alone, &sent, &pairs(3, 3)).await;
        let small = ground.class("BVBM-04").await;
        ground.send(&small, &uneven(4, 4)).await;
        ground.app.travel_to(day("2027-02-01"));
        ground.release().await;
        Self { ground, many_raters, beside, alone, small }
    }

    /// Everything that can be asked for.
    fn subjects(&self) -> Vec<String> {
        let ground = &self.ground;
        let offerings = [&self.many_raters, &self.beside, &self.alone, &self.small];
        let offerings = offerings.map(|class| format!("by=offering&id={}", class.offering));
        let wider =
            [("institute", ground.institute), ("course", ground.course), ("lecturer", ground.lecturer)];
        let wider = wider.map(|(by, id)| format!("by={by}&id={id}"));
        wider.into_iter().chain(offerings).collect()
    }
}

/// What the script makes of exported rows; in words, why it could not run.
fn recomputed(exported: &Value) -> Result<Value, String> {
    let python = Command::new("python3")
        .arg(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut python = python.map_err(|error| format!("python3: {error}"))?;
    python.stdin.take().expect("its input").write_all(exported.to_string().as_bytes()).expect("rows");
    let output = python.wait_with_output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout).expect("figures"))
}

/// Compare each figure of an outcome that is open, and see that the script has no other. How many there were.
fn agree(shown: &Value, found: &Value, what: &str) -> usize {
    let close = |shown: &Value, found: &Value, name: &str| match (shown.as_f64(), found.as_f64()) {
        (Some(shown), Some(found)) => {
            assert!(
                (shown - found).abs() < 1e-9,
                "{what} {name}: {shown} in the report, {found} computed anew"
            );
        }
        _ => assert!(shown.is_null() && found.is_null(), "{what} {name}: {shown} and {found}"),
    };
    let mut open = 0;
    let figures = [
        "/before",
        "/after",
        "/change",
        "/matched_change",
        "/comparison_change",
        "/difference",
        "/effect_size",
        "/baselines/trained",
        "/baselines/comparison",
        "/baselines/standardised",
    ];
    for name in figures {
        let Some(shown) = shown.pointer(name) else { continue };
        let found = found.pointer(name).unwrap_or(&Value::Null);
        close(&shown["value"], &found["value"], name);
        for end in [0, 1] {
            close(&shown["ci95"][end], &found["ci95"][end], name);
        }
        open += usize::from(shown["value"].is_number());
    }
    open
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "only CI must have Python")]
async fn another_language_computes_the_report_anew_from_the_rows() {
    let scene = Scene::new().await;
    let officer = scene.ground.app.as_role(Role::TrainingOfficer);
    let mut open = 0;
    for subject in scene.subjects() {
        for phase in ["three_months", "six_months"] {
            let query = format!("{subject}&phase={phase}");
            let shown = report(&officer, &query).await;
            let exported = rows(&officer, &query).await;
            for member in ["subject", "as_of", "method", "follow_up"] {
                assert_eq!(exported[member], shown[member], "{query}");
            }
            let found = match recomputed(&exported) {
                Ok(found) => found,
                Err(why) => {
                    assert!(std::env::var("CI").is_err(), "CI has Python: {why}");
                    eprintln!("NOT TRIED: computing reports anew needs Python 3 ({why})");
                    return;
                }
            };
            for outcome in ["behaviour", "work_score"] {
                open += agree(&shown[outcome], &found[outcome], &format!("{query} {outcome}"));
            }
        }
    }
    // Both phases: the work score of three subjects and an offering, and behaviour of all but the smallest offering.
    assert!(open > 70, "{open} figures are too few to prove anything");
}

/// No spread, no interval, no effect size: in both languages.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "only CI must have Python")]
async fn where_everybody_changed_alike_nothing_more_is_computed() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let sent = ground.send(&class, &moved(12, 0.5, 0.0)).await;
    ground.compare(&class, &sent, &[(3.0, 3.2); 10]).await;
    ground.release().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let query = format!("by=offering&id={}", class.offering);
    let (shown, exported) = (report(&officer, &query).await, rows(&officer, &query).await);
    assert_eq!(shown["behaviour"]["change"]["reason"], "zero_variance_of_change");
    match recomputed(&exported) {
        Ok(found) => assert!(agree(&shown["behaviour"], &found["behaviour"], &query) > 0),
        Err(why) => assert!(std::env::var("CI").is_err(), "CI has Python: {why}"),
    }
}

#[tokio::test]
async fn intervals_by_raters_are_among_what_is_computed_anew() {
    let scene = Scene::new().await;
    let officer = scene.ground.app.as_role(Role::TrainingOfficer);
    let of = |class: &Class| format!("by=offering&id={}", class.offering);
    let many = rows(&officer, &of(&scene.many_raters)).await;
    let raters = &many["behaviour"];
    assert_eq!(raters["raters_of_change"]["raters"], 11);
    let between = &raters["raters_of_difference"];
    assert_eq!((&between["raters"], &between["fewest"]), (&json!(11), &json!(11)));
    let few = rows(&officer, &of(&scene.alone)).await;
    assert_eq!(few["behaviour"]["raters_of_change"], Value::Null, "one rater is one person's eye");
    let institute = scene.ground.app.as_institute(scene.ground.institute);
    let own = rows(&institute, &of(&scene.many_raters)).await;
    assert_eq!(own["behaviour"]["rows"], many["behaviour"]["rows"]);
    for raters in ["raters_of_change", "raters_of_difference"] {
        assert_eq!(own["behaviour"][raters], Value::Null, "it knows who was sent by whom");
    }
}

#[tokio::test]
async fn nothing_comes_out_that_the_report_does_not_show() {
    let scene = Scene::new().await;
    let officer = scene.ground.app.as_role(Role::TrainingOfficer);
    let whole = rows(&officer, &format!("by=institute&id={}", scene.ground.institute)).await;
    let behaviour = &whole["behaviour"];
    assert_eq!(count(behaviour, "trained", None), 21 + 12 + 14);
    assert_eq!(count(behaviour, "trained", Some(&scene.small)), 0, "four stand in no total");
    assert_eq!(count(behaviour, "comparison", Some(&scene.beside)), 10);
    assert_eq!(count(behaviour, "comparison", Some(&scene.alone)), 0, "nor do three colleagues");
    assert_eq!((&behaviour["lost"], &behaviour["lost_withheld"]), (&json!([]), &json!(2)));
    let of_beside = |row: &&Value| row["offering_id"] == json!(scene.beside.offering);
    let flags = behaviour["rows"].as_array().unwrap().iter().filter(of_beside);
    assert!(flags.map(|row| &row["rater_changed"]).all(Value::is_null), "two of twelve are not told");

    for (class, reason) in [(&scene.small, "fewer_than_needed")] {
        let closed = rows(&officer, &format!("by=offering&id={}", class.offering)).await;
        let behaviour = &closed["behaviour"];
        assert_eq!(
            (&behaviour["status"], &behaviour["reason"], &behaviour["rows"], &behaviour["raters_of_change"]),
            (&json!("insufficient_data"), &json!(reason), &json!([]), &Value::Null)
        );
    }
    let eve = rows(&officer, &format!("by=course&id={}&as_of=2026-06-29", scene.ground.course)).await;
    assert_eq!(
        (&eve["behaviour"]["reason"], &eve["behaviour"]["rows"]),
        (&json!("window_open"), &json!([])),
        "the day before the release"
    );
    let text = whole.to_string();
    for hidden in ["employee", "unit", "respondent", "participant_id", "created_at"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn rows_are_for_officers_auditors_and_the_institute_itself() {
    let ground = Ground::new().await;
    let app = &ground.app;
    ground.send(&ground.class("BVBM-01").await, &moved(12, 0.6, 0.2)).await;
    ground.release().await;
    let foreign = app.institute("HVHC").await;
    let own = format!("{ROWS}?by=institute&id={}", ground.institute);
    let theirs = format!("{ROWS}?by=institute&id={foreign}");
    for role in [Role::TrainingOfficer, Role::Auditor] {
        let found = app.as_role(role).get(&own).await.expect_status(200);
        assert_eq!(
            (count(&found["behaviour"], "trained", None), found["work_score"].is_object()),
            (12, true)
        );
    }
    let institute = app.as_institute(ground.institute);
    let found = institute.get(&own).await.expect_status(200);
    assert_eq!((count(&found["behaviour"], "trained", None), &found["work_score"]), (12, &Value::Null));
    assert_eq!(institute.get(&theirs).await.problem(), "404 resource.not_found");
    for stranger in [app.as_role(Role::Leader), app.as_role(Role::HrPortal), app.as_head(ground.unit, None)] {
        assert_eq!(stranger.get(&own).await.problem(), "403 permission.missing");
        assert_eq!(stranger.get(&format!("{REPORT}?by=institute")).await.status, 200, "but reports");
    }
    let read: Vec<(Uuid, Option<String>)> = app
        .system(async |tx| {
            use audit_log as t;
            let read = t::table.filter(t::kind.eq("effectiveness.rows_read"));
            Ok(read.select((t::subject_id, t::purpose)).load(tx.conn()).await?)
        })
        .await
        .expect("the log");
    let what = "by=institute as_of=2026-11-23 phase=three_months".to_owned();
    assert_eq!(read, vec![(ground.institute, Some(what)); 3]);

    let officer = app.as_role(Role::TrainingOfficer);
    let id = ground.unit;
    for (query, fault) in [
        (format!("?id={id}"), "?by required"),
        ("?by=course".to_owned(), "?id required"),
        (format!("?by=unit&id={id}"), "?by not_allowed"),
        (format!("?by=mode&id={id}"), "?by not_allowed"),
        (format!("?by=course&id={id}&as_of=2026-11-24"), "?as_of too_large"),
        (format!("?by=course&id={id}&phase=baseline"), "?phase not_allowed"),
        (format!("?by=course&id={id}&from=2026-01-01"), "?from unknown_member"),
    ] {
        let answer = officer.get(&format!("{ROWS}{query}")).await;
        assert_eq!((answer.status, answer.faults()), (422, vec![fault.to_owned()]), "{query}");
    }
}

#[tokio::test]
async fn the_same_input_has_the_same_hash() {
    let ground = Ground::new().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let query = format!("by=course&id={}", ground.course);
    let hash = async || report(&officer, &query).await["method"]["input_hash"].clone();
    let empty = hash().await;
    ground.send(&ground.class("BVBM-01").await, &moved(12, 0.6, 0.2)).await;
    ground.release().await;
    let first = hash().await;
    assert_ne!(first, empty);
    assert_eq!(first, hash().await);
    assert_eq!(first, rows(&officer, &query).await["method"]["input_hash"]);
    // The only offering of the course is the same people.
    let offering = officer.all(&format!("{REPORT}?by=offering")).await;
    assert_eq!(offering[0]["method"]["input_hash"], first);
    let second =
        ground.class_of("BVBM-02", ground.course, ground.institute, ground.lecturer, "2026-04-06").await;
    ground.send(&second, &moved(12, 0.6, 0.2)).await;
    ground.release().await;
    assert_ne!(hash().await, first);
    let before = report(&officer, &format!("{query}&as_of=2026-07-01&to=2026-03-31")).await;
    assert_eq!(before["method"]["input_hash"], first, "of the first class alone");
}
