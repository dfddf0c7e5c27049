use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::fixtures::classes::{Ground, Person, moved, on, rated};
use crate::support::seed::day;

/// The report of one subject, as the training officer reads it.
pub async fn report(ground: &Ground, query: &str) -> Value {
    ground.release().await;
    let page = ground
        .app
        .as_role(Role::TrainingOfficer)
        .get(&format!("/v1/reports/effectiveness?{query}"))
        .await
        .expect_status(200);
    let items = page["items"].as_array().expect("items");
    assert_eq!(items.len(), 1, "{query}: {page:#}");
    items[0].clone()
}

pub async fn of_offering(ground: &Ground, offering: Uuid) -> Value {
    report(ground, &format!("by=offering&id={offering}")).await
}

/// Status, reason, n and how many are needed.
pub fn gate(figure: &Value) -> String {
    let text = |member: &str| figure[member].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}/{}", text("status"), text("reason"), figure["n"], figure["n_needed"])
}

#[track_caller]
pub fn close(figure: &Value, expected: &Value) {
    let (found, expected) = (figure.as_f64().expect("a number"), expected.as_f64().expect("a number"));
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

/// The worked course of the measurement model, from the vectors that scipy computed.
fn worked() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/statistics/tests/golden/vectors.json");
    let vectors: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("vectors")).expect("JSON");
    let found = vectors["difference"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|v| v["name"] == "worked course against comparison")
        .expect("the worked course");
    found.clone()
}

fn pairs(of: &Value) -> Vec<(f64, f64)> {
    of.as_array()
        .expect("pairs")
        .iter()
        .map(|p| (p[0].as_f64().expect("before"), p[1].as_f64().expect("after")))
        .collect()
}

fn people(pairs: &[(f64, f64)]) -> Vec<Person> {
    pairs.iter().map(|(before, after)| rated(*before, *after)).collect()
}

#[tokio::test]
async fn the_worked_course_comes_out_as_scipy_computed_it() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let vector = worked();
    let sent = ground.send(&class, &people(&pairs(&vector["trained"]))).await;
    ground.compare(&class, &sent, &pairs(&vector["comparison"])).await;

    let found = report(&ground, "by=course").await;
    let behaviour = &found["behaviour"];
    close(&behaviour["before"]["value"], &json!(3.1));
    close(&behaviour["after"]["value"], &json!(3.55));
    close(&behaviour["change"]["value"], &json!(0.45));
    close(&behaviour["comparison_change"]["value"], &json!(0.1));
    close(&behaviour["difference"]["value"], &vector["difference"]);
    let by_half_day = &found["per_half_day"];
    close(&by_half_day["half_days_away"], &json!(4.0));
    close(&by_half_day["effect"]["value"], &json!(0.35 / 4.0));
    assert_eq!(by_half_day["effect"]["unit"], "points_of_5_per_half_day");
    close(&behaviour["difference"]["ci95"][0], &vector["ci95"][0]);
    close(&behaviour["difference"]["ci95"][1], &vector["ci95"][1]);
    close(&behaviour["effect_size"]["value"], &vector["d_ppc2"]);
    assert_eq!(
        (&behaviour["headline"], &behaviour["verdict"]),
        (&json!("difference"), &json!("improvement_size_uncertain"))
    );
    assert_eq!(
        found["evidence"],
        json!({"grade": "B", "reasons": ["comparison_group", "few_raters"], "firm": false, "maryland_level": 3})
    );
    assert_eq!(
        found["follow_up"],
        json!({"participants": 12, "baseline_answered": 12, "follow_up_due": 12, "follow_up_answered": 12,
            "pairs_used": 12, "compared_pairs": 12, "comparison_pairs": 10, "raters": 1, "comparison_raters": 1, "lost": 0, "rater_changed": 0, "pairs_withheld": 0,
            "pairs_awaiting": 0, "offerings_awaiting": 0})
    );
    assert_eq!(
        found["sentence"]["vi"],
        "Sau 3 tháng, mức độ thực hiện hành vi trong công việc do lãnh đạo trực tiếp đánh giá tăng 0,45 điểm (thang 5); \
         nhóm không học (10 người) tăng 0,10. Phần tăng thêm 0,35 điểm, khoảng tin cậy 95% của chênh lệch từ 0,13 đến \
         0,57: có cải thiện, mức độ chưa chắc chắn. Khoảng tin cậy này có thể quá hẹp vì có ít lãnh đạo đánh giá nhóm đã học \
         (1 người) hoặc nhóm không học (1 người). Nếu lãnh đạo đã ưu ái người đi học từ \
         0,13 điểm trở lên thì không còn nói được là có cải thiện. 12/12 người có đủ hai lần đánh giá. Mức bằng chứng: B (mức 3/5 \
         theo thang Maryland)."
    );
    assert_eq!(found["warnings"], json!(["few_raters"]), "one supervisor rated all");
    let hash = found["method"]["input_hash"].as_str().expect("a hash");
    assert!(hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit()), "{hash}");
    assert_eq!(
        found["method"],
        json!({"version": "4", "smallest_change": 0.25, "phase": "three_months", "input_hash": hash})
    );
}

#[tokio::test]
async fn every_verdict_follows_from_data_with_that_effect() {
    let ground = Ground::new().await;
    let cases = [
        ("A-CLEAR", moved(12, 0.6, 0.2), "clear_improvement"),
        ("B-NONE", moved(12, 0.0, 0.2), "practically_no_change"),
        ("C-WORSE", moved(12, -0.6, 0.2), "worse"),
        ("D-SIZE", moved(12, 0.4, 0.4), "improvement_size_uncertain"),
        ("E-OPEN", moved(12, 0.1, 0.9), "cannot_tell_yet"),
    ];
    for (code, people, _) in &cases {
        ground.send(&ground.class(code).await, people).await;
    }
    ground.release().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let found: Vec<(String, String)> = officer
        .all("/v1/reports/effectiveness?by=offering")
        .await
        .iter()
        .map(|item| {
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            (text(&item["subject"]["code"]), text(&item["behaviour"]["verdict"]))
        })
        .collect();
    let expected = cases.map(|(code, _, verdict)| (code.to_owned(), verdict.to_owned()));
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_the_comparison_group_gained_as_well_is_no_effect() {
    let ground = Ground::new().await;
    let single = ground.class("BVBM-01").await;
    ground.send(&single, &moved(12, 0.6, 0.2)).await;
    let alone = of_offering(&ground, single.offering).await;
    assert_eq!(alone["behaviour"]["verdict"], "clear_improvement");
    assert_eq!(alone["evidence"]["grade"], "B");
    assert_eq!(gate(&alone["behaviour"]["difference"]), "insufficient_data no_comparison_group 0/10");

    let beside = ground.class("BVBM-02").await;
    let sent = ground.send(&beside, &moved(12, 0.6, 0.2)).await;
    let colleagues: Vec<(f64, f64)> = (0..10).map(|i| (3.0, if i % 2 == 0 { 3.5 } else { 3.7 })).collect();
    ground.compare(&beside, &sent, &colleagues).await;
    let compared = of_offering(&ground, beside.offering).await;
    close(&compared["behaviour"]["difference"]["value"], &json!(0.0));
    assert_eq!(compared["behaviour"]["verdict"], "practically_no_change");
    assert_eq!(compared["evidence"]["grade"], "B", "one supervisor rated all");
}

#[tokio::test]
async fn a_colleague_trained_before_the_follow_up_is_no_comparison() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let sent = ground.send(&class, &moved(12, 0.6, 0.2)).await;
    let colleagues: Vec<(f64, f64)> = (0..12).map(|i| (3.0, 3.0 + f64::from(i) / 100.0)).collect();
    let colleagues = ground.compare(&class, &sent, &colleagues).await;
    let twin =
        ground.class_of("BVBM-02", ground.course, ground.institute, ground.lecturer, "2026-05-11").await;
    let later =
        ground.class_of("BVBM-03", ground.course, ground.institute, ground.lecturer, "2026-08-10").await;
    let called_off = ground.class("BVBM-04").await;
    ground.train(&twin, colleagues[0]).await;
    ground.train(&later, colleagues[1]).await;
    ground.train(&called_off, colleagues[2]).await;
    ground.cancel(&called_off).await;
    let found = of_offering(&ground, class.offering).await;
    assert_eq!(found["follow_up"]["comparison_pairs"], 11, "only the one trained in May is out");
}

#[tokio::test]
async fn seven_of_ten_is_not_enough_and_says_until_when() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let mut people = moved(7, 0.6, 0.2);
    people.extend(moved(5, 0.6, 0.2).into_iter().map(|p| Person { after: None, ..p }));
    ground.send(&class, &people).await;
    // Nine days before the last of the three weeks.
    let as_of = on(&class, "three_months") + chrono::Days::new(12);
    let found = report(&ground, &format!("by=offering&as_of={as_of}")).await;
    assert_eq!(gate(&found["behaviour"]["change"]), "insufficient_data fewer_than_needed 7/10");
    assert_eq!(found["behaviour"]["change"]["n_invited"], 12);
    assert_eq!(found["behaviour"]["change"]["value"], Value::Null);
    assert_eq!(found["behaviour"]["verdict"], Value::Null);
    assert_eq!(
        found["sentence"]["vi"],
        "Chưa đủ dữ liệu: mới có 7/10 cặp đánh giá cần thiết; hạn còn 9 ngày."
    );
    let early = on(&class, "three_months") - chrono::Days::new(1);
    let early = report(&ground, &format!("by=offering&as_of={early}")).await;
    assert_eq!(
        early["sentence"]["en"],
        "Not enough data: 0 of the 10 pairs of ratings needed; the follow-up is not open yet."
    );
    let over = of_offering(&ground, class.offering).await;
    assert_eq!(
        over["sentence"]["en"],
        "Not enough data: 7 of the 10 pairs of ratings needed; the deadline has passed."
    );
}

#[tokio::test]
async fn everybody_changed_alike_has_no_interval_and_no_verdict() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    ground.send(&class, &vec![rated(3.0, 3.5); 12]).await;
    let found = of_offering(&ground, class.offering).await;
    let change = &found["behaviour"]["change"];
    assert_eq!(gate(change), "undefined zero_variance_of_change 12/10");
    assert_eq!((&change["value"], &change["ci95"]), (&json!(0.5), &Value::Null));
    assert_eq!(found["behaviour"]["verdict"], Value::Null);
    assert_eq!(found["sentence"]["vi"], "Không tính được: mọi người thay đổi như nhau (tăng 0,50 điểm).");
}

#[tokio::test]
async fn reactions_under_five_stay_hidden_also_from_arithmetic() {
    let ground = Ground::new().await;
    let (small, large) = (ground.class("BVBM-01").await, ground.class("BVBM-02").await);
    let in_small = ground.send(&small, &moved(6, 0.5, 0.2)).await;
    let in_large = ground.send(&large, &moved(10, 0.5, 0.2)).await;
    ground.react(&small, &in_small, &[1.0, 2.0, 1.5, 1.0]).await;
    ground.react(&large, &in_large, &[4.0, 4.5, 5.0, 3.5, 4.0]).await;

    let hidden = of_offering(&ground, small.offering).await;
    for figure in ["mean", "response_rate"] {
        assert_eq!(gate(&hidden["reaction"][figure]), "suppressed fewer_than_5 null/5");
        assert_eq!(hidden["reaction"][figure]["value"], Value::Null);
    }
    assert_eq!(hidden["reaction"]["sentence"]["vi"], "Ẩn để bảo vệ danh tính (dưới 5 phiếu).");
    let shown = of_offering(&ground, large.offering).await;
    close(&shown["reaction"]["mean"]["value"], &json!(4.2));
    close(&shown["reaction"]["response_rate"]["value"], &json!(50.0));
    let together = report(&ground, "by=course").await;
    assert_eq!(
        together["reaction"], shown["reaction"],
        "the total minus the large class would give the small one away"
    );

    let before = large.last + chrono::Days::new(7);
    let open = report(&ground, &format!("by=course&as_of={before}")).await;
    assert_eq!(
        gate(&open["reaction"]["mean"]),
        "insufficient_data no_invitations 0/5",
        "nothing before the forms are final"
    );
    let by_unit = report(&ground, &format!("by=unit&id={}", ground.unit)).await;
    assert_eq!(by_unit["reaction"], Value::Null, "anonymous forms do not know their unit");
}

#[tokio::test]
async fn who_is_not_rated_again_weighs_on_the_verdict() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let mut people = moved(12, 0.4, 0.2);
    people.extend([Person { after: None, left: true, ..rated(3.0, 3.0) }; 6]);
    ground.send(&class, &people).await;
    let found = of_offering(&ground, class.offering).await;
    assert_eq!(
        found["behaviour"]["verdict"], "improvement_size_uncertain",
        "it would be less clear if the six had not changed"
    );
    assert_eq!(
        (&found["follow_up"]["lost"], &found["follow_up"]["follow_up_due"]),
        (&json!(6), &json!(12)),
        "who left is no refusal"
    );
    assert_eq!(found["evidence"]["reasons"], json!(["supervisor_pairs"]));

    let silent = ground.class("BVBM-02").await;
    let mut people = moved(12, 0.6, 0.2);
    people.extend([Person { after: None, ..rated(3.0, 3.0) }; 19]);
    ground.send(&silent, &people).await;
    let found = of_offering(&ground, silent.offering).await;
    assert_eq!(found["behaviour"]["change"]["status"], "ok");
    assert_eq!(found["behaviour"]["verdict"], Value::Null, "12 of 31 are under 40 %");
    assert!(found["sentence"]["en"].as_str().unwrap().contains("no verdict, as fewer than 40 %"));
    assert_eq!(found["evidence"]["reasons"], json!(["supervisor_pairs", "follow_up_below_60"]));
}

#[tokio::test]
async fn only_participants_count_and_a_changed_rater_is_shown() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let mut people = moved(10, 0.6, 0.2);
    people.extend([Person { rater_changed: true, ..rated(3.0, 5.0) }; 5]);
    people.push(Person { status: "withdrawn", ..rated(1.0, 5.0) });
    ground.send(&class, &people).await;
    let called_off = ground.class("BVBM-02").await;
    ground.send(&called_off, &moved(20, -1.0, 0.2)).await;
    ground.cancel(&called_off).await;

    let found = report(&ground, "by=course").await;
    assert_eq!(found["follow_up"]["participants"], 15);
    assert_eq!(found["follow_up"]["rater_changed"], 5);
    assert_eq!(
        found["evidence"],
        json!({"grade": "C", "reasons": ["supervisor_pairs", "rater_changed"], "firm": false, "maryland_level": 1})
    );
    assert_eq!(found["warnings"], json!(["rater_changed", "few_raters"]));
    close(&found["behaviour"]["change"]["value"], &json!((10.0 * 0.6 + 5.0 * 2.0) / 15.0));
    close(&found["behaviour"]["same_rater"]["value"], &json!(0.6));
}

#[tokio::test]
async fn the_weakest_would_have_risen_anyway() {
    let ground = Ground::new().await;
    let (class, beside) = (ground.class("BVBM-01").await, ground.class("BVBM-02").await);
    let weak: Vec<Person> =
        moved(12, 0.6, 0.2).into_iter().map(|p| Person { motive: "weakness", ..p }).collect();
    ground.send(&class, &weak).await;
    let sent = ground.send(&beside, &weak).await;
    let colleagues: Vec<(f64, f64)> = (0..10).map(|i| (3.0, 3.0 + f64::from(i % 2) / 10.0)).collect();
    ground.compare(&beside, &sent, &colleagues).await;
    let found = of_offering(&ground, class.offering).await;
    assert_eq!(found["evidence"]["grade"], "C");
    assert_eq!(found["warnings"], json!(["regression_to_mean", "few_raters"]));
    let compared = of_offering(&ground, beside.offering).await;
    assert_eq!(compared["evidence"]["grade"], "B", "one supervisor rated all");
    assert_eq!(compared["warnings"], json!(["few_raters"]));
    assert_eq!(compared["behaviour"]["expected_without_effect"], Value::Null);

    // By how much, is known as soon as others were rated by the same questionnaire: the ten colleagues of one class are few.
    let expected = &found["behaviour"]["expected_without_effect"];
    for figure in ["expected", "remaining", "mean_before_of_others"] {
        assert_eq!(gate(&expected[figure]), "insufficient_data fewer_than_needed 0/30", "{figure}");
    }
    for code in ["BVBM-03", "BVBM-04"] {
        let others = ground.class(code).await;
        ground.send(&others, &[rated(3.4, 3.6); 15]).await;
    }
    let found = of_offering(&ground, class.offering).await;
    let expected = &found["behaviour"]["expected_without_effect"];
    assert_eq!(gate(&expected["expected"]), "ok - 40/30");
    close(&expected["mean_before_of_others"]["value"], &json!(3.3));
    close(&expected["expected"]["value"], &json!(0.15));
    close(&expected["at_other_reliabilities"][0], &json!(0.09));
    close(&expected["at_other_reliabilities"][1], &json!(0.21));
    assert_eq!(gate(&expected["remaining"]), "ok - 12/10");
    close(&expected["remaining"]["value"], &json!(0.45));
    assert_eq!(found["behaviour"]["verdict"], "cannot_tell_yet", "nobody knows how much remains");
    let words = found["sentence"]["en"].as_str().expect("words");
    assert!(
        words.contains("Of the gain of 0.60, about 0.15 is to be expected without any effect"),
        "{words}"
    );
}

#[tokio::test]
async fn self_ratings_alone_are_no_headline() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let people = [Person { before: None, own_view: Some((2.0, 4.5)), ..rated(3.0, 4.0) }; 12];
    ground.send(&class, &people).await;
    let found = of_offering(&ground, class.offering).await;
    assert_eq!(gate(&found["behaviour"]["change"]), "insufficient_data no_complete_pairs 0/10");
    assert_eq!(found["evidence"]["grade"], "C");
    assert_eq!(found["evidence"]["reasons"], json!(["self_pairs_only"]));
}

#[tokio::test]
async fn ratings_after_six_months_are_shown_too_and_can_be_the_main_figure() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let people: Vec<Person> = moved(12, 0.6, 0.2)
        .into_iter()
        .enumerate()
        .map(|(i, p)| Person { six_months: Some(if i % 2 == 0 { 3.1 } else { 2.9 }), ..p })
        .collect();
    ground.send(&class, &people).await;
    let found = of_offering(&ground, class.offering).await;
    close(&found["behaviour"]["change"]["value"], &json!(0.6));
    close(&found["behaviour"]["six_months"]["value"], &json!(0.0));
    let later = report(&ground, "by=offering&phase=six_months").await;
    assert_eq!(later["behaviour"]["verdict"], "practically_no_change", "it did not last");
    assert_eq!(later["method"]["phase"], "six_months");
    // Beside those of three months, they would reveal the rating of anyone who was rated at one of the two only.
    for level in ["before", "after", "effect_size"] {
        assert_eq!(gate(&found["behaviour"][level]), "ok - 12/10");
        assert_eq!(gate(&later["behaviour"][level]), "suppressed small_groups null/10", "{level}");
    }
    assert!(
        later["sentence"]["en"]
            .as_str()
            .unwrap()
            .starts_with("After 6 months, work behaviour as rated by the supervisor did not change")
    );
}

#[tokio::test]
async fn a_report_of_a_past_day_can_be_made_again() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let people = moved(12, 0.6, 0.2);
    ground.send(&class, &people).await;
    // The window closes three weeks after the ninetieth day; the figures are there on the day after.
    let released = on(&class, "three_months") + chrono::Days::new(22);
    let eve = released - chrono::Days::new(1);
    ground.release().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let at = |day| format!("/v1/reports/effectiveness?by=course&as_of={day}");

    let before = officer.get(&at(eve)).await.expect_status(200);
    let item = &before["items"][0];
    assert_eq!(gate(&item["behaviour"]["change"]), "insufficient_data window_open 12/10");
    assert_eq!(
        (&item["behaviour"]["change"]["value"], &item["behaviour"]["verdict"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        item["sentence"]["en"],
        "Not published yet: 12 pairs of ratings have come in; the figures are computed once, when the window has \
         closed; 0 days left."
    );
    let then = officer.get(&at(released)).await.expect_status(200);
    assert_eq!(then["items"][0]["behaviour"]["verdict"], "clear_improvement");

    // Half a year of life: more classes, more ratings.
    let next =
        ground.class_of("BVBM-02", ground.course, ground.institute, ground.lecturer, "2026-07-06").await;
    ground.send(&next, &moved(12, -0.9, 0.2)).await;
    ground.app.travel_to(day("2027-05-31"));
    let officer = ground.app.as_role(Role::TrainingOfficer);
    ground.release().await;
    for (day, known) in [(eve, before), (released, then)] {
        let again = officer.get(&at(day)).await.expect_status(200);
        assert_eq!(again.to_string(), known.to_string(), "as of {day}");
    }
    let now = report(&ground, "by=course").await;
    assert_eq!(now["follow_up"]["pairs_used"], 24);
    let only_spring = report(&ground, "by=course&from=2026-03-01&to=2026-03-31").await;
    assert_eq!(only_spring["follow_up"]["pairs_used"], 12);
}
