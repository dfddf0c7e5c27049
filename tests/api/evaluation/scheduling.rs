use serde_json::Value;
use thuocdo::access::Role;
use thuocdo::evaluation::evaluations;
use uuid::Uuid;

use super::given::{Given, rating};
use super::questionnaires::knowledge;
use crate::support::app::patient;
use crate::support::killed::killed_before_writing;
use crate::support::seed::{day, id};

/// Ratings of a subject by the supervisor, and the subject's reaction.
fn by_phase(tasks: &[Value], subject: Uuid) -> Vec<(String, String, String)> {
    let mut phases: Vec<_> = tasks
        .iter()
        .filter(|t| t["subject_id"] == subject.to_string())
        .filter(|t| t["instrument"] == "behaviour" || t["instrument"] == "reaction")
        .map(|t| ["phase", "opens_on", "due_on"].map(|m| t[m].as_str().unwrap().to_owned()))
        .map(|[phase, opens, due]| (phase, opens, due))
        .collect();
    phases.sort_by_key(|(_, opens, _)| opens.clone());
    phases
}

fn subjects(tasks: &[Value], group: &str) -> Vec<String> {
    let mut subjects: Vec<_> = tasks
        .iter()
        .filter(|t| t["subject_group"] == group && t["phase"] == "three_months" && t["state"] != "excused")
        .filter(|t| t["instrument"] == "behaviour")
        .map(|t| t["subject_name"].as_str().unwrap().replace("Nguyễn Văn ", ""))
        .collect();
    subjects.sort();
    subjects
}

/// What one participant means: behaviour and self-rating three times, reaction and look back, environment twice.
const EACH: usize = 10;

#[tokio::test]
async fn a_participant_is_asked_about_before_at_the_close_and_three_and_six_months_after() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    assert_eq!(g.schedule().await, EACH + 1);
    let tasks = g.tasks("").await;
    let (baseline, close) = (("2026-03-09", "2026-03-22"), ("2026-03-27", "2026-04-03"));
    let (three, six) = (("2026-06-11", "2026-07-16"), ("2026-09-02", "2026-10-23"));
    let expected = [
        ("baseline", "behaviour", baseline, g.head),
        ("baseline", "self_behaviour", baseline, an),
        ("close", "reaction", close, an),
        ("close", "then_test", close, an),
        ("six_months", "behaviour", six, g.head),
        ("six_months", "environment", six, an),
        ("six_months", "self_behaviour", six, an),
        ("three_months", "behaviour", three, g.head),
        ("three_months", "beneficiary", three, g.head),
        ("three_months", "environment", three, an),
        ("three_months", "self_behaviour", three, an),
    ];
    let mut found: Vec<_> = tasks
        .iter()
        .map(|t| {
            ["phase", "instrument", "opens_on", "due_on", "respondent_id"].map(|m| t[m].as_str().unwrap())
        })
        .collect();
    found.sort_unstable();
    let expected = expected.map(|(p, i, (o, d), r)| [p, i, o, d, &r.to_string()].map(str::to_owned));
    assert_eq!(found, expected);
    for task in &tasks {
        let anonymous = ["reaction", "environment"].contains(&task["instrument"].as_str().unwrap());
        assert_eq!(task["is_anonymous"], anonymous, "{task:#}");
        assert_eq!((&task["state"], &task["moved_days"]), (&"scheduled".into(), &0.into()));
    }
    for instrument in ["behaviour", "self_behaviour", "environment"] {
        let mut forms: Vec<_> = tasks
            .iter()
            .filter(|t| t["instrument"] == instrument)
            .map(|t| t["questionnaire_id"].clone())
            .collect();
        forms.dedup();
        assert_eq!(forms.len(), 1, "{instrument}: the same items each time");
    }
}

/// The connection of a replica that hands out forms is cut in the middle: nobody is asked by halves, and the next one asks
/// everybody once.
#[tokio::test]
async fn a_replica_that_dies_while_it_hands_out_forms_loses_and_doubles_nothing() {
    let g = Given::new().await;
    g.participants(&["AN", "BINH", "CHI"]).await;
    let told = g.app.outbox().await;
    let work = g.app.system(async |tx| evaluations::schedule(tx).await);
    assert!(killed_before_writing(&g.app, "outbox", work).await.is_err());
    assert_eq!((g.tasks("").await, g.app.outbox().await), (Vec::new(), told));

    let all = (0..3).map(|_| g.app.system(async |tx| evaluations::schedule(tx).await));
    let created = futures::future::join_all(all).await.into_iter().map(|n| n.expect("a turn"));
    assert_eq!(created.sum::<usize>(), 3 * EACH + 1);
    assert_eq!(g.tasks("").await.len(), 3 * EACH + 1);
    assert_eq!(g.schedule().await, 0);
}

#[tokio::test]
async fn tests_are_handed_out_where_a_course_has_any() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    assert!(g.tasks("?instrument=knowledge").await.is_empty());
    let first = g.publish(knowledge("knowledge-KH01-a", g.course)).await;
    assert_eq!(g.schedule().await, 2, "also to those who are enrolled already");
    let window = |task: &Value| ["opens_on", "due_on"].map(|m| task[m].as_str().unwrap().to_owned());
    let before = g.task_for(an, "knowledge", "baseline").await;
    let after = g.task_for(an, "knowledge", "close").await;
    assert_eq!(window(&before), ["2026-03-09", "2026-03-22"]);
    assert_eq!(window(&after), ["2026-03-27", "2026-03-30"], "three days");
    for task in [&before, &after] {
        assert_eq!(task["questionnaire_id"], first["id"], "one test is asked twice");
        assert_eq!(task["respondent_id"], an.to_string());
    }
    let second = g.publish(knowledge("knowledge-KH01-b", g.course)).await;
    assert_eq!(g.schedule().await, 0, "what was handed out stays");
    let binh = g.participants(&["BINH"]).await[0];
    assert_eq!(g.schedule().await, EACH + 2);
    assert_eq!(g.task_for(binh, "knowledge", "close").await["questionnaire_id"], second["id"]);
    assert_eq!(g.task_for(binh, "knowledge", "baseline").await["questionnaire_id"], first["id"]);
}

#[tokio::test]
async fn each_unit_that_nominated_is_asked_once_for_all_its_people() {
    let g = Given::new().await;
    let other = g.app.unit("CDL-2", Some(g.agency)).await;
    let an = g.clerk_in(g.division, "AN").await;
    let participant = g.enrol(g.offering, an).await;
    g.participants(&["BINH"]).await;
    let chi = g.clerk_in(other, "CHI").await;
    g.enrol(g.offering, chi).await;
    g.schedule().await;
    let of_units = async || {
        let mut found: Vec<_> = g
            .tasks("?instrument=beneficiary")
            .await
            .into_iter()
            .map(|t| ["unit_id", "respondent_id", "state"].map(|m| t[m].as_str().unwrap().to_owned()))
            .collect();
        found.sort();
        found
    };
    let line = |unit: Uuid, head: Uuid, state: &str| [unit.to_string(), head.to_string(), state.to_owned()];
    let expected = |state: &str| {
        let mut lines = vec![line(g.division, g.head, state), line(other, g.director, state)];
        lines.sort();
        lines
    };
    assert_eq!(
        of_units().await,
        expected("scheduled"),
        "a unit without a head answers through the one above"
    );

    // The participant that the form happens to name leaves: it is still due from the unit. Then nobody of it attends.
    g.withdraw(participant).await;
    g.schedule().await;
    assert_eq!(of_units().await, expected("scheduled"));
    g.leave(an).await;
    g.schedule().await;
    assert_eq!(of_units().await, expected("scheduled"));
    let of_chi = g.tasks("?instrument=reaction").await;
    let of_chi = of_chi.iter().find(|t| t["subject_id"] == chi.to_string()).unwrap();
    g.withdraw(of_chi["participant_id"].as_str().unwrap().parse().unwrap()).await;
    g.schedule().await;
    let excused = line(other, g.director, "excused");
    assert!(of_units().await.contains(&excused), "{:?}", of_units().await);
    g.enrol(g.offering, chi).await;
    assert_eq!(g.schedule().await, 0, "what there was comes back");
    assert_eq!(of_units().await, expected("scheduled"));

    // It goes to who is the head when it opens.
    let lead = g.app.position("LEAD2", "lead", None).await;
    let head = g.app.employee("H2", "Đỗ Minh Châu", other, lead).await;
    g.app.set_head(other, head).await;
    g.travel("2026-06-01");
    g.schedule().await;
    assert!(of_units().await.contains(&line(other, head, "scheduled")));
}

#[tokio::test]
async fn doing_it_twice_or_in_parallel_hands_nothing_out_twice() {
    let g = Given::new().await;
    g.publish(knowledge("knowledge-KH01-a", g.course)).await;
    g.participants(&["AN", "BINH", "CHI"]).await;
    for code in ["W1", "W2", "W3", "W4"] {
        g.clerk_in(g.division, code).await;
    }
    let replica = g.app.replica(patient());
    let here = || async { thuocdo::worker::tick(&g.app.gate).await };
    let there = || async { thuocdo::worker::tick(&replica.gate).await };
    let (one, two, three, four) = futures::future::join4(here(), there(), here(), there()).await;
    for round in [one, two, three, four] {
        round.unwrap();
    }
    let tasks = g.tasks("").await;
    assert_eq!(tasks.len(), 3 * (EACH + 2) + 1 + 3 * 3);
    let mut keys: Vec<_> =
        tasks.iter().map(|t| ["subject_id", "instrument", "phase"].map(|m| t[m].as_str().unwrap())).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), tasks.len(), "each once");
    let counts = futures::future::join_all((0..4).map(|_| g.schedule())).await;
    assert_eq!(counts, [0; 4]);
    assert_eq!(g.tasks("").await.len(), tasks.len());
}

#[tokio::test]
async fn the_most_comparable_colleagues_are_the_comparison_group_each_once() {
    let g = Given::new().await;
    let [other_division, other_agency, remote] = [
        g.app.unit("CDL-2", Some(g.agency)).await,
        g.app.unit("VP", Some(g.ministry)).await,
        g.app.unit("TCT", Some(g.ministry)).await,
    ];
    g.app.set_head(g.ministry, g.director).await;
    let driver = g.app.position("DRIVER", "driver", None).await;

    // From best to worst: waits for the course, same unit, same agency, elsewhere.
    let waiting = g.clerk_in(other_agency, "WAITS").await;
    g.app.nomination(g.offering, waiting, "waitlisted").await;
    g.clerk_in(g.division, "UNIT").await;
    g.clerk_in(other_division, "AGENCY").await;
    g.clerk_in(remote, "REMOTE").await;
    // Never: other work, nominated, trained before, gone.
    g.app.employee("DRIVER", "Nguyễn Văn DRIVER", g.division, driver).await;
    let nominated = g.clerk_in(g.division, "NOMINATED").await;
    g.app.nomination(g.offering, nominated, "submitted").await;
    let earlier = g.another_offering("KH01-0", "2026-01-12").await;
    let trained = g.clerk_in(g.division, "TRAINED").await;
    g.enrol(earlier, trained).await;
    let gone = g.clerk_in(g.division, "GONE").await;
    g.leave(gone).await;

    let mut expected: Vec<&str> = Vec::new();
    for (participant, next) in [("P1", "WAITS"), ("P2", "UNIT"), ("P3", "AGENCY"), ("P4", "REMOTE")] {
        g.participants(&[participant]).await;
        g.schedule().await;
        expected.push(next);
        expected.sort_unstable();
        let tasks = g.tasks(&format!("?offering_id={}", g.offering)).await;
        assert_eq!(subjects(&tasks, "comparison"), expected, "after {participant}");
    }
    g.participants(&["P5"]).await;
    assert_eq!(g.schedule().await, EACH, "nobody is left for the fifth");

    let baseline = g.task(waiting, "baseline").await;
    assert_eq!(baseline["subject_group"], "comparison");
    assert_eq!(baseline["respondent_id"], g.director.to_string(), "rated by the nearest head of one's own");
    let phases = by_phase(&g.tasks("").await, waiting);
    assert_eq!(phases.len(), 3, "no reaction: there was no course for them");
    let about_waiting = g.tasks("").await.iter().filter(|t| t["subject_id"] == waiting.to_string()).count();
    assert_eq!(about_waiting, 3, "only what the supervisor saw");
}

#[tokio::test]
async fn colleagues_of_the_same_official_class_come_first() {
    let g = Given::new().await;
    g.app.set_head(g.ministry, g.director).await;
    let remote = g.app.unit("TCT", Some(g.ministry)).await;
    let an = g.participants(&["AN"]).await[0];
    for code in ["NEAR", "UNRATED", "CORRECTED", "RUNNING", "EARLIER"] {
        g.clerk_in(g.division, code).await;
    }
    g.clerk_in(remote, "ALIKE").await;
    let (february, march) = (("month", "2026-02-01"), ("month", "2026-03-01"));
    let of = |code, (kind, start), class| (code, kind, start, 60.0, class);
    g.rate(&[
        of("AN", february, "completed"),
        of("NEAR", february, "good"),
        of("CORRECTED", february, "completed"),
        // The month that runs has no rating of the whole month yet.
        of("RUNNING", february, "good"),
        of("RUNNING", march, "completed"),
        // Of an earlier month the class counts no more.
        of("EARLIER", ("month", "2026-01-01"), "completed"),
        of("EARLIER", february, "excellent"),
        of("ALIKE", ("month", "2026-01-01"), "good"),
        of("ALIKE", february, "completed"),
    ])
    .await;
    g.rate(&[of("CORRECTED", february, "good")]).await;
    g.schedule().await;
    let tasks = g.tasks("").await;
    assert_eq!(subjects(&tasks, "comparison"), ["ALIKE"], "the class before the unit");
    let alike = tasks.iter().find(|t| t["subject_name"] == "Nguyễn Văn ALIKE").unwrap();
    assert_eq!(alike["participant_id"], g.task(an, "baseline").await["participant_id"]);
}

#[tokio::test]
async fn colleagues_with_an_official_score_as_low_for_four_periods_come_first() {
    let g = Given::new().await;
    g.participants(&["AN"]).await;
    for code in ["RECENT", "ALIKE", "CLASS"] {
        g.clerk_in(g.division, code).await;
    }
    let quarters = ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"];
    let all = |code, scores: [f64; 4]| {
        let of_quarter = move |(start, score)| (code, "quarter", start, score, "completed");
        quarters.into_iter().zip(scores).map(of_quarter)
    };
    let ratings: Vec<_> = all("AN", [58.0, 62.0, 60.0, 56.0])
        .chain(all("RECENT", [80.0, 82.0, 78.0, 56.0]))
        .chain(all("ALIKE", [61.0, 57.0, 60.0, 64.0]))
        // A fifth quarter is too long ago.
        .chain([("ALIKE", "quarter", "2024-10-01", 99.0, "excellent")])
        .collect();
    g.rate(&ratings).await;
    g.schedule().await;
    assert_eq!(subjects(&g.tasks("").await, "comparison"), ["ALIKE"], "not who had one such quarter");
}

#[tokio::test]
async fn people_are_compared_with_two_offerings_of_twelve_months_at_most() {
    let g = Given::new().await;
    g.clerk_in(g.division, "SPARE").await;
    let mut standing = Vec::new();
    let (second, third, next_year) = (
        g.another_offering("KH01-2", "2026-06-08").await,
        g.another_offering("KH01-3", "2026-09-07").await,
        g.another_offering("KH01-4", "2027-06-14").await,
    );
    for (offering, code) in [(g.offering, "P1"), (second, "P2"), (third, "P3"), (next_year, "P4")] {
        let participant = g.clerk_in(g.division, code).await;
        g.enrol(offering, participant).await;
        g.schedule().await;
        let tasks = g.tasks(&format!("?offering_id={offering}")).await;
        standing.push(subjects(&tasks, "comparison") == ["SPARE"]);
    }
    assert_eq!(standing, [true, true, false, true]);
    // A place that is given back is free again.
    g.set_offering_status("cancelled").await;
    g.schedule().await;
    let tasks = g.tasks(&format!("?offering_id={third}")).await;
    assert_eq!(subjects(&tasks, "comparison"), ["SPARE"]);
}

#[tokio::test]
async fn a_colleague_who_comes_to_be_trained_is_replaced_while_the_course_has_not_begun() {
    let g = Given::new().await;
    g.participants(&["AN"]).await;
    let binh = g.clerk_in(g.division, "BINH").await;
    g.schedule().await;
    assert_eq!(subjects(&g.tasks("").await, "comparison"), ["BINH"]);

    g.clerk_in(g.division, "CHI").await;
    g.enrol(g.offering, binh).await;
    g.clerk_in(g.division, "DUNG").await;
    g.schedule().await;
    let tasks = g.tasks("").await;
    assert_eq!(subjects(&tasks, "trained"), ["AN", "BINH"]);
    assert_eq!(subjects(&tasks, "comparison"), ["CHI", "DUNG"]);
    let about_binh = tasks.iter().filter(|t| t["subject_id"] == binh.to_string());
    assert_eq!(about_binh.count(), EACH, "what was handed out became the participant's");

    // Another offering of the same course: the forms are excused, and somebody else steps in.
    let later = g.another_offering("KH01-2", "2026-05-11").await;
    let chi: Uuid = tasks.iter().find(|t| t["subject_name"] == "Nguyễn Văn CHI").unwrap()["subject_id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    g.enrol(later, chi).await;
    g.clerk_in(g.division, "EN").await;
    g.schedule().await;
    let tasks = g.tasks(&format!("?offering_id={}", g.offering)).await;
    assert_eq!(subjects(&tasks, "comparison"), ["DUNG", "EN"]);
    let excused: Vec<_> = tasks.iter().filter(|t| t["state"] == "excused").collect();
    assert!(excused.len() == 3 && excused.iter().all(|t| t["excuse"] == "comparison_trained"));
}

#[tokio::test]
async fn the_rater_is_settled_when_the_form_opens() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    let lead = g.app.position("LEAD2", "lead", None).await;
    let successor = g.app.employee("H2", "Đỗ Minh Châu", g.division, lead).await;

    g.travel("2026-03-10");
    g.app.set_head(g.division, successor).await;
    g.schedule().await;
    let rater = async |phase| g.task(an, phase).await["respondent_name"].as_str().unwrap().to_owned();
    assert_eq!(rater("baseline").await, "Trần Văn Bình", "an open form stays");
    assert_eq!(rater("three_months").await, "Trần Văn Bình", "not looked at yet");
    g.travel("2026-06-01");
    g.schedule().await;
    assert_eq!(rater("three_months").await, "Đỗ Minh Châu");

    let changed = async |phase| g.task(an, phase).await["rater_changed"].clone();
    assert_eq!(changed("three_months").await, true);
    assert_eq!(changed("six_months").await, false, "as long as it is not looked at");
    assert_eq!(changed("baseline").await, Value::Null);
    assert_eq!(g.task_for(an, "self_behaviour", "three_months").await["rater_changed"], Value::Null);

    g.travel("2026-06-15");
    g.leave(successor).await;
    g.schedule().await;
    assert_eq!(rater("three_months").await, "Lê Thị Cúc", "who left is replaced by the next head above");
    let second_day = g.participants(&["LATE"]).await[0];
    g.schedule().await;
    assert_eq!(
        g.task(second_day, "six_months").await["rater_changed"],
        Value::Null,
        "nothing to compare with"
    );
}

#[tokio::test]
async fn a_head_is_rated_by_the_head_above_and_nobody_without_one() {
    let g = Given::new().await;
    g.enrol(g.offering, g.head).await;
    g.enrol(g.offering, g.director).await;
    g.schedule().await;
    assert_eq!(g.task(g.head, "baseline").await["respondent_id"], g.director.to_string());
    let about_director = by_phase(&g.tasks("").await, g.director);
    assert_eq!(about_director.len(), 1, "only the own reaction, and what one says of oneself");
    assert_eq!(g.task_for(g.director, "self_behaviour", "baseline").await["state"], "scheduled");

    let lead = g.app.position("LEAD2", "lead", None).await;
    let minister = g.app.employee("M1", "Võ Quốc Em", g.ministry, lead).await;
    g.app.set_head(g.ministry, minister).await;
    g.schedule().await;
    assert_eq!(g.task(g.director, "baseline").await["respondent_id"], minister.to_string());
}

#[tokio::test]
async fn forms_no_longer_due_are_withdrawn_and_due_again_from_those_who_return() {
    let g = Given::new().await;
    let an = g.clerk_in(g.division, "AN").await;
    let participant = g.enrol(g.offering, an).await;
    let binh = g.participants(&["BINH"]).await[0];
    g.schedule().await;
    g.travel("2026-03-10");
    let baseline = g.task(binh, "baseline").await;
    let head = g.app.as_head(g.division, Some(g.head));
    head.post(&Given::response(&baseline), rating(3)).await.expect_status(200);

    g.withdraw(participant).await;
    g.schedule().await;
    let state = async |subject, phase| {
        let task = g.task(subject, phase).await;
        (task["state"].as_str().unwrap().to_owned(), task["excuse"].clone())
    };
    for phase in ["baseline", "close", "three_months", "six_months"] {
        assert_eq!(state(an, phase).await, ("excused".into(), "participant_withdrawn".into()));
    }
    let withdrawn = g.tasks("?state=excused").await;
    assert_eq!(withdrawn.len(), EACH, "everything about the person, nothing of the unit");
    let again = g.enrol(g.offering, an).await;
    g.schedule().await;
    let baseline = g.task(an, "baseline").await;
    assert_eq!(
        (&baseline["state"], &baseline["participant_id"]),
        (&"open".into(), &again.to_string().into())
    );

    assert_eq!(g.tasks("?state=excused").await.len(), 0);
    g.leave(an).await;
    g.schedule().await;
    assert_eq!(state(an, "six_months").await, ("excused".into(), "subject_left".into()));
    g.set_offering_status("cancelled").await;
    g.schedule().await;
    assert_eq!(state(binh, "close").await, ("excused".into(), "offering_cancelled".into()));
    assert_eq!(state(binh, "baseline").await.0, "answered", "what was said stays");
}

#[tokio::test]
async fn windows_move_with_the_offering() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    g.move_offering(day("2026-04-06"), 2).await;
    g.schedule().await;
    let windows: Vec<_> =
        by_phase(&g.tasks("").await, an).into_iter().map(|(_, opens, due)| (opens, due)).collect();
    let expected = [
        ("2026-03-23", "2026-04-05"),
        ("2026-04-07", "2026-04-14"),
        ("2026-06-22", "2026-07-27"),
        ("2026-09-13", "2026-11-03"),
    ];
    assert_eq!(windows, expected.map(|(o, d)| (o.to_owned(), d.to_owned())));
    for (instrument, phase) in [("self_behaviour", "baseline"), ("environment", "six_months")] {
        let task = g.task_for(an, instrument, phase).await;
        assert_eq!(task["opens_on"], g.task(an, phase).await["opens_on"], "{instrument}");
    }
    let of_unit = g.task_for(an, "beneficiary", "three_months").await;
    assert_eq!(of_unit["due_on"], "2026-07-27");
}

#[tokio::test]
async fn follow_ups_wait_for_who_is_away_for_long() {
    let g = Given::new().await;
    let [an, binh] = g.participants(&["AN", "BINH"]).await[..] else { panic!("two") };
    g.schedule().await;
    let window = async |subject, instrument: &str, phase: &str| {
        let task = g.task_for(subject, instrument, phase).await;
        let days = task["moved_days"].as_i64().unwrap();
        (task["opens_on"].as_str().unwrap().to_owned(), task["due_on"].as_str().unwrap().to_owned(), days)
    };
    let at = |opens: &str, due: &str, days: i64| (opens.to_owned(), due.to_owned(), days);
    let (three, six) = (at("2026-06-11", "2026-07-16", 0), at("2026-09-02", "2026-10-23", 0));

    let short = g.absent(an, "2026-04-01", "2026-04-30").await;
    g.schedule().await;
    assert_eq!(window(an, "behaviour", "three_months").await, three, "thirty days are not more than thirty");
    g.app.as_role(Role::TrainingOfficer).delete(&short, "\"1\"").await.expect_status(204);

    let long = g.absent(an, "2026-04-01", "2026-05-10").await;
    for _ in 0..3 {
        g.schedule().await;
        for instrument in ["behaviour", "self_behaviour", "environment"] {
            let (three, six) = (at("2026-07-21", "2026-08-25", 40), at("2026-10-12", "2026-12-02", 40));
            assert_eq!(window(an, instrument, "three_months").await, three, "{instrument}");
            assert_eq!(window(an, instrument, "six_months").await, six, "{instrument}");
        }
    }
    assert_eq!(window(an, "beneficiary", "three_months").await, three, "the unit is there");
    assert_eq!(window(an, "reaction", "close").await.2, 0);
    assert_eq!(window(binh, "behaviour", "three_months").await, three, "nobody else's moves");

    g.move_offering(day("2026-03-24"), 5).await;
    g.schedule().await;
    assert_eq!(window(an, "behaviour", "three_months").await, at("2026-07-22", "2026-08-26", 40));
    g.move_offering(day("2026-03-23"), 5).await;
    g.app.as_role(Role::TrainingOfficer).delete(&long, "\"1\"").await.expect_status(204);
    g.schedule().await;
    assert_eq!(window(an, "behaviour", "three_months").await, three, "the absence is taken back");
    assert_eq!(window(an, "environment", "six_months").await, six);
}

#[tokio::test]
async fn what_was_answered_or_lapsed_does_not_move() {
    let g = Given::new().await;
    let [an, binh] = g.participants(&["AN", "BINH"]).await[..] else { panic!("two") };
    g.schedule().await;
    g.travel("2026-06-20");
    let answered = g.task(an, "three_months").await;
    g.app
        .as_head(g.division, Some(g.head))
        .post(&Given::response(&answered), rating(4))
        .await
        .expect_status(200);
    g.absent(an, "2026-04-01", "2026-05-10").await;
    g.schedule().await;
    assert_eq!(g.task(an, "three_months").await["moved_days"], 0);
    assert_eq!(g.task(an, "six_months").await["moved_days"], 40);
    g.travel("2026-07-20");
    g.absent(binh, "2026-04-01", "2026-05-10").await;
    g.schedule().await;
    let of_binh = g.task(binh, "three_months").await;
    assert_eq!((&of_binh["moved_days"], &of_binh["state"]), (&0.into(), &"lapsed".into()));
    assert_eq!(g.task(binh, "six_months").await["moved_days"], 40);
}

#[tokio::test]
async fn who_joins_late_is_asked_what_can_still_be_answered() {
    let g = Given::new().await;
    g.clerk_in(g.division, "SPARE").await;
    g.travel("2026-03-23");
    let first_day = g.participants(&["AN"]).await[0];
    assert_eq!(g.schedule().await, EACH + 1 + 3);
    assert_eq!(g.task(first_day, "baseline").await["due_on"], "2026-03-23");
    assert_eq!(g.task(first_day, "baseline").await["state"], "open");

    g.travel("2026-03-24");
    let second_day = g.participants(&["BINH"]).await[0];
    assert_eq!(g.schedule().await, EACH - 2, "neither a baseline nor a comparison");
    assert_eq!(g.task_for(first_day, "self_behaviour", "baseline").await["state"], "lapsed");
    let phases = by_phase(&g.tasks("").await, second_day);
    assert!(phases.iter().all(|(phase, ..)| phase != "baseline"));
    assert_eq!(id(&g.task(first_day, "baseline").await).get_version_num(), 7);

    let long_ago = g.another_offering("KH01-0", "2025-06-02").await;
    let late = g.clerk_in(g.division, "LATE").await;
    g.enrol(long_ago, late).await;
    assert_eq!(g.schedule().await, 0);
}
