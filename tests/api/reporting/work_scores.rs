//! Official work scores around courses: what the trained changed more than those not yet trained.

use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use super::effectiveness::close;
use crate::fixtures::classes::{Ground, rated};
use crate::support::client::Client;
use crate::support::seed::day;

const REPORT: &str = "/v1/reports/work-scores";
const PICTURE: &str = "/v1/reports/work-scores/picture";
/// Day on which the scores of 2027 are pushed.
const PUSHED: &str = "2028-01-10";

/// What somebody's score is apart from any course: a level of his or her own, ups and downs that all have, and chance that adds up
/// to nothing over any four people in a row.
fn score(who: usize, quarter: usize) -> f64 {
    let common = [0.0, 1.2, -0.8, 0.5, 2.0, 1.0, -1.5, 0.3];
    let with = [[0, 1], [0, 2], [0, 3]][quarter % 3];
    let size = 0.2 + quarter as f64 / 20.0;
    let chance = if with.contains(&(who % 4)) { size } else { -size };
    70.0 + (who % 7) as f64 + common[quarter % 8] + chance
}

/// The eight quarters of 2026 and 2027 of people, who gain something from one of them on.
async fn score_all(ground: &Ground, people: &[Uuid], from: usize, gain: f64) {
    for (who, employee) in people.iter().enumerate() {
        let quarters: Vec<(i32, u32, f64)> = (0..8)
            .map(|at| {
                let more = if at >= from { gain } else { 0.0 };
                (2026 + at as i32 / 4, at as u32 % 4 + 1, score(who, at) + more)
            })
            .collect();
        ground.score(*employee, PUSHED, &quarters).await;
    }
}

/// People of a class of the ground's course that begins on a day.
async fn sent(ground: &Ground, code: &str, first: &str, n: usize) -> Vec<Uuid> {
    let class = ground.class_of(code, ground.course, ground.institute, ground.lecturer, first).await;
    let people = ground.send(&class, &vec![rated(3.0, 3.4); n]).await;
    people.into_iter().map(|who| who.employee).collect()
}

async fn colleagues(ground: &Ground, n: usize) -> Vec<Uuid> {
    let mut found = Vec::new();
    for _ in 0..n {
        found.push(ground.colleague().await);
    }
    found
}

async fn rows(who: &Client, query: &str) -> Vec<Value> {
    let page = who.get(&format!("{REPORT}?{query}")).await.expect_status(200);
    page["items"].as_array().unwrap().clone()
}

fn officer(ground: &Ground) -> Client {
    ground.app.as_role(Role::TrainingOfficer)
}

async fn picture(who: &Client, query: &str) -> (String, String) {
    let answer = who.get(&format!("{PICTURE}{query}")).await;
    let kind = answer.header("content-type").to_owned();
    (kind, answer.expect_status(200).as_str().unwrap().to_owned())
}

/// Classes of two quarters, one too small to count, and colleagues who were not sent.
async fn two_years() -> Ground {
    let ground = Ground::new().await;
    ground.app.travel_to(day("2028-01-10"));
    let first = sent(&ground, "BVBM-01", "2026-07-06", 16).await;
    let second = sent(&ground, "BVBM-02", "2027-04-05", 12).await;
    let few = sent(&ground, "BVBM-03", "2026-10-05", 3).await;
    let others = colleagues(&ground, 20).await;
    score_all(&ground, &first, 2, 3.0).await;
    score_all(&ground, &second, 5, 3.0).await;
    score_all(&ground, &few, 3, 20.0).await;
    score_all(&ground, &others, 8, 0.0).await;
    assert!(ground.seal().await, "the third quarter of 2027, which nobody waits for any more");
    ground
}

#[tokio::test]
async fn what_became_of_scores_around_a_course_is_seen_quarter_by_quarter() {
    let ground = two_years().await;
    assert_eq!(rows(&officer(&ground), "").await[0]["to"], "2027-09-30");
    assert!(!ground.seal().await, "the portal may still be pushing");
    ground.app.travel_to(day("2028-01-11"));
    assert!(ground.seal().await);
    assert!(!ground.seal().await, "once");
    let officer = officer(&ground);

    let found = rows(&officer, &format!("course_id={}", ground.course)).await;
    let course = &found[0];
    assert_eq!((&course["from"], &course["to"]), (&json!("2026-01-01"), &json!("2027-12-31")));
    assert_eq!((&course["quarters"], &course["sealed_on"]), (&json!(8), &json!("2028-01-11")));
    assert_eq!(
        course["groups"],
        json!([{"quarter": "2026-07-01", "people": 16}, {"quarter": "2027-04-01", "people": 12}])
    );
    assert_eq!(course["left_out"], json!([{"quarter": "2026-10-01", "people": 3}]));
    assert_eq!((&course["untrained"], &course["warnings"]), (&json!(20), &json!(["few_people"])));
    let effects = course["effects"].as_array().unwrap();
    let counted = |of: &Value| {
        ["event_time", "trained", "comparison", "groups"].map(|member| of[member].as_i64().unwrap())
    };
    assert_eq!(
        effects.iter().map(counted).collect::<Vec<_>>(),
        [
            [-4, 12, 20, 1],
            [-3, 12, 20, 1],
            [-2, 28, 32, 2],
            [0, 28, 32, 2],
            [1, 28, 32, 2],
            [2, 28, 32, 2],
            [3, 16, 20, 1],
        ],
        "those trained later stand for comparison until they are trained themselves"
    );
    for effect in effects {
        let expected = if effect["event_time"].as_i64().unwrap() < 0 { 0.0 } else { 3.0 };
        assert!((effect["value"].as_f64().unwrap() - expected).abs() < 1e-9, "{effect}");
        assert!(effect["ci95"][0].as_f64().unwrap() < expected, "{effect}");
    }
    close(&course["after"]["value"], &json!(3.0));
    assert_eq!(course["after"]["quarters"], 4);
    let sensitivity = &course["sensitivity"];
    assert!(sensitivity["largest_trend"].as_f64().unwrap() < 1e-9, "{sensitivity}");
    assert!(sensitivity["breakdown"].as_f64().unwrap() > 0.5, "{sensitivity}");
    let [vi, en] = ["vi", "en"].map(|language| course["sentence"][language].as_str().unwrap());
    assert!(
        vi.starts_with(
            "Trong 4 quý kể từ quý bắt đầu khóa học, mức thay đổi điểm xếp loại chính thức (thang 100) của 28 người đã \
             học chênh lệch trung bình 3,00 điểm so với 32 người chưa học, khoảng tin cậy 95% từ 2,"
        ) && vi.contains("Kết luận này còn đúng nếu sau khóa học"),
        "{vi}"
    );
    assert!(en.contains("This holds as long as, in each quarter after the course, the trends"), "{en}");

    // The ministry has one course: the same people, the same figures.
    let all = rows(&officer, "").await;
    assert_eq!((all.len(), &all[0]["course"], &all[1]["course"]["code"]), (2, &Value::Null, &json!("BVBM")));
    assert_eq!((&all[0]["effects"], &all[1]["effects"]), (&course["effects"], &course["effects"]));
    let first = officer.get(&format!("{REPORT}?limit=1")).await.expect_status(200);
    let next = first["next_cursor"].as_str().unwrap();
    let second = officer.get(&format!("{REPORT}?limit=1&cursor={next}")).await.expect_status(200);
    assert_eq!((&second["items"][0], &second["next_cursor"]), (&all[1], &Value::Null));
}

#[tokio::test]
async fn a_quarter_waits_for_everybody_and_not_for_ever() {
    let ground = two_years().await;
    let late = ground.colleague().await;
    ground.score(late, "2027-10-10", &[(2027, 3, 80.0)]).await;
    ground.app.travel_to(day("2028-01-11"));
    assert!(!ground.seal().await, "one was rated for the third quarter and not for the fourth");
    ground.app.travel_to(day("2028-03-29"));
    assert!(!ground.seal().await);
    ground.app.travel_to(day("2028-03-30"));
    assert!(ground.seal().await, "ninety days after the end of the quarter");
    let course = rows(&officer(&ground), &format!("course_id={}", ground.course)).await;
    assert_eq!(course[0]["untrained"], 20, "who has no score in some quarter does not count");

    // What is corrected later stands in the figures of the next quarter, not in these.
    ground.score(late, "2028-04-01", &[(2027, 4, 90.0)]).await;
    assert!(!ground.seal().await);
    assert_eq!(rows(&officer(&ground), &format!("course_id={}", ground.course)).await, course);

    // A quarter with hardly any scores does not take the place of a good one, however long it is over.
    ground.score(late, "2028-04-10", &[(2028, 1, 80.0)]).await;
    ground.app.travel_to(day("2028-06-29"));
    assert!(!ground.seal().await, "one person is rated");
    assert_eq!(rows(&officer(&ground), &format!("course_id={}", ground.course)).await, course);
}

#[tokio::test]
async fn scores_of_other_rules_are_left_out_and_it_is_said() {
    let ground = Ground::new().await;
    let sent = sent(&ground, "BVBM-01", "2026-07-06", 12).await;
    let others = colleagues(&ground, 12).await;
    for (who, employee) in sent.iter().chain(&others).enumerate() {
        let old: Vec<_> = (1..=4).map(|quarter| (2025, quarter, 95.0)).collect();
        ground.score_under("unit_regulation", *employee, "2026-01-10", &old).await;
        // Months count as a quarter where there are all three.
        let months: Vec<_> =
            (0..9).map(|at| (2026, at as u32 + 1, score(who, at / 3) + [1.0, -1.0, 0.0][at % 3])).collect();
        ground.score_months(*employee, "2026-10-10", &months).await;
    }
    ground.app.travel_to(day("2026-10-11"));
    assert!(ground.seal().await);
    let officer = officer(&ground);
    let course = &rows(&officer, &format!("course_id={}", ground.course)).await[0];
    assert_eq!((&course["from"], &course["quarters"]), (&json!("2026-01-01"), &json!(3)));
    assert_eq!(course["warnings"], json!(["few_quarters", "regime_change"]));
    let events: Vec<i64> =
        course["effects"].as_array().unwrap().iter().map(|of| of["event_time"].as_i64().unwrap()).collect();
    assert_eq!(events, [-2, 0]);
    assert!(course["after"]["value"].as_f64().unwrap().abs() < 1e-9, "nothing happened: {course}");
    let words = course["sentence"]["vi"].as_str().unwrap();
    assert!(words.ends_with("Khoảng này chứa 0: chưa thể nói hai nhóm thay đổi khác nhau."), "{words}");
}

#[tokio::test]
async fn too_few_people_are_said_to_be_too_few() {
    let ground = Ground::new().await;
    let sent = sent(&ground, "BVBM-01", "2026-07-06", 9).await;
    let others = colleagues(&ground, 30).await;
    let three = |who: usize| (0..3).map(move |at| (2026, at as u32 + 1, score(who, at))).collect::<Vec<_>>();
    for (who, employee) in sent.iter().chain(&others).enumerate() {
        ground.score(*employee, "2026-10-10", &three(who)).await;
    }
    ground.app.travel_to(day("2026-10-11"));
    let officer = officer(&ground);
    assert_eq!(rows(&officer, "").await, Vec::<Value>::new(), "nothing is added up yet");
    let (_, nothing) = picture(&officer, "").await;
    assert!(nothing.contains("The whole ministry") && nothing.contains("Not enough data"), "{nothing}");
    assert!(ground.seal().await);
    let course = &rows(&officer, &format!("course_id={}", ground.course)).await[0];
    assert_eq!((&course["effects"], &course["after"]), (&json!([]), &Value::Null));
    assert_eq!(course["warnings"], json!(["few_people", "few_quarters"]));
    assert!(course["sentence"]["en"].as_str().unwrap().starts_with("Not enough data"), "{course}");
    let (_, drawing) = picture(&officer, &format!("?course_id={}", ground.course)).await;
    assert!(drawing.contains("Not enough data") && !drawing.contains("<circle"), "{drawing}");
}

#[tokio::test]
async fn the_picture_speaks_both_languages_and_takes_no_markup() {
    let ground = two_years().await;
    ground.app.travel_to(day("2028-01-11"));
    assert!(ground.seal().await);
    let english = officer(&ground);
    let officer = english.speaking("vi");
    ground.rename_course("Bảo vệ <script>alert(1)</script> & bí mật").await;
    let course = format!("?course_id={}", ground.course);
    let (kind, vi) = picture(&officer, &course).await;
    assert_eq!(kind, "image/svg+xml");
    assert!(vi.contains("xml:lang=\"vi\"") && vi.contains("Bảo vệ &lt;script&gt;alert(1)"), "{vi}");
    assert!(!vi.contains("<script"), "{vi}");
    assert!(vi.contains("<desc id=\"description\">Trong 4 quý kể từ quý bắt đầu khóa học"), "{vi}");
    // Seven quarters, and the one that all are compared with.
    assert_eq!(vi.matches("<circle").count(), 8, "{vi}");
    let (_, en) = picture(&english, &course).await;
    assert!(en.contains("Quarters since the one in which the course began"), "{en}");
    let nowhere = officer.get(&format!("{PICTURE}?course_id={}", Uuid::from_u128(7))).await;
    assert_eq!(nowhere.problem(), "404 resource.not_found");
}

#[tokio::test]
async fn only_those_read_it_who_may_read_everybodys_scores() {
    let ground = two_years().await;
    ground.app.travel_to(day("2028-01-11"));
    assert!(ground.seal().await);
    assert_eq!(rows(&officer(&ground), "").await.len(), 2);
    let head = ground.app.as_head(ground.unit, None);
    for path in [REPORT, PICTURE] {
        head.get(path).await.expect_status(403);
    }
}
