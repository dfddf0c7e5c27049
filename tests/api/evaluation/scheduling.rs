use serde_json::Value;
use uuid::Uuid;

use super::given::{Given, rating};
use crate::support::seed::{day, id};

fn by_phase(tasks: &[Value], subject: Uuid) -> Vec<(String, String, String)> {
    let mut phases: Vec<_> = tasks
        .iter()
        .filter(|t| t["subject_id"] == subject.to_string())
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
        .map(|t| t["subject_name"].as_str().unwrap().replace("Nguyễn Văn ", ""))
        .collect();
    subjects.sort();
    subjects
}

#[tokio::test]
async fn a_participant_is_asked_about_before_at_the_close_and_three_and_six_months_after() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    assert_eq!(g.schedule().await, 4);
    let tasks = g.tasks("").await;
    let expected = [
        ("baseline", "2026-03-09", "2026-03-22"),
        ("close", "2026-03-27", "2026-04-03"),
        ("three_months", "2026-06-11", "2026-07-16"),
        ("six_months", "2026-09-02", "2026-10-23"),
    ];
    assert_eq!(by_phase(&tasks, an), expected.map(|(p, o, d)| (p.to_owned(), o.to_owned(), d.to_owned())));
    let mut forms = Vec::new();
    for task in &tasks {
        let is_reaction = task["phase"] == "close";
        assert_eq!(task["is_anonymous"], is_reaction);
        let respondent = if is_reaction { an } else { g.head };
        assert_eq!(task["respondent_id"], respondent.to_string());
        assert_eq!(task["state"], "scheduled");
        if !is_reaction {
            forms.push(task["questionnaire_id"].clone());
        }
    }
    forms.dedup();
    assert_eq!(forms.len(), 1, "the same items each time");
}

#[tokio::test]
async fn doing_it_twice_or_in_parallel_hands_nothing_out_twice() {
    let g = Given::new().await;
    g.participants(&["AN", "BINH", "CHI"]).await;
    for code in ["W1", "W2", "W3", "W4"] {
        g.clerk_in(g.division, code).await;
    }
    let counts = futures::future::join_all((0..4).map(|_| g.schedule())).await;
    let total: usize = counts.iter().sum();
    assert_eq!(total, 3 * 4 + 3 * 3, "{counts:?}");
    assert_eq!(g.schedule().await, 0);
    assert_eq!(g.tasks("").await.len(), total);
    thuocdo::worker::tick(&g.app.gate).await.unwrap();
    assert_eq!(g.tasks("").await.len(), total, "the worker does the same");
}

#[tokio::test]
async fn comparison_colleagues_are_the_most_comparable_ones_and_each_stands_once() {
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
    g.nominate(g.offering, waiting, "waitlisted").await;
    g.clerk_in(g.division, "UNIT").await;
    g.clerk_in(other_division, "AGENCY").await;
    g.clerk_in(remote, "REMOTE").await;
    // Never: other work, nominated, trained before, gone.
    g.app.employee("DRIVER", "Nguyễn Văn DRIVER", g.division, driver).await;
    let nominated = g.clerk_in(g.division, "NOMINATED").await;
    g.nominate(g.offering, nominated, "submitted").await;
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
    assert_eq!(g.schedule().await, 4, "nobody is left for the fifth");

    let baseline = g.task(waiting, "baseline").await;
    assert_eq!(baseline["subject_group"], "comparison");
    assert_eq!(baseline["respondent_id"], g.director.to_string(), "rated by the nearest head of one's own");
    let phases = by_phase(&g.tasks("").await, waiting);
    assert_eq!(phases.len(), 3, "no reaction: there was no course for them");
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
    assert_eq!(by_phase(&tasks, binh).len(), 4, "what was handed out became the participant's");

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

    g.travel("2026-06-15");
    g.leave(successor).await;
    g.schedule().await;
    assert_eq!(rater("three_months").await, "Lê Thị Cúc", "who left is replaced by the next head above");
}

#[tokio::test]
async fn a_head_is_rated_by_the_head_above_and_nobody_without_one() {
    let g = Given::new().await;
    g.enrol(g.offering, g.head).await;
    g.enrol(g.offering, g.director).await;
    g.schedule().await;
    assert_eq!(g.task(g.head, "baseline").await["respondent_id"], g.director.to_string());
    let about_director = by_phase(&g.tasks("").await, g.director);
    assert_eq!(about_director.len(), 1, "only the own reaction");

    let lead = g.app.position("LEAD2", "lead", None).await;
    let minister = g.app.employee("M1", "Võ Quốc Em", g.ministry, lead).await;
    g.app.set_head(g.ministry, minister).await;
    g.schedule().await;
    assert_eq!(g.task(g.director, "baseline").await["respondent_id"], minister.to_string());
}

#[tokio::test]
async fn what_is_not_owed_any_more_is_taken_back_and_asked_again_of_who_returns() {
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
    let again = g.enrol(g.offering, an).await;
    g.schedule().await;
    let baseline = g.task(an, "baseline").await;
    assert_eq!(
        (&baseline["state"], &baseline["participant_id"]),
        (&"open".into(), &again.to_string().into())
    );

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
}

#[tokio::test]
async fn who_joins_late_is_asked_what_can_still_be_answered() {
    let g = Given::new().await;
    g.clerk_in(g.division, "SPARE").await;
    g.travel("2026-03-23");
    let first_day = g.participants(&["AN"]).await[0];
    assert_eq!(g.schedule().await, 4 + 3);
    assert_eq!(g.task(first_day, "baseline").await["due_on"], "2026-03-23");
    assert_eq!(g.task(first_day, "baseline").await["state"], "open");

    g.travel("2026-03-24");
    let second_day = g.participants(&["BINH"]).await[0];
    assert_eq!(g.schedule().await, 3, "neither a baseline nor a comparison");
    let phases = by_phase(&g.tasks("").await, second_day);
    assert!(phases.iter().all(|(phase, ..)| phase != "baseline"));
    assert_eq!(id(&g.task(first_day, "baseline").await).get_version_num(), 7);

    let long_ago = g.another_offering("KH01-0", "2025-06-02").await;
    let late = g.clerk_in(g.division, "LATE").await;
    g.enrol(long_ago, late).await;
    assert_eq!(g.schedule().await, 0);
}
