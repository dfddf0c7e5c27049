//! What stood in the way of using what was learned, what units say, and what learners wrote.

use chrono::Days;
use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::fixtures::classes::{Class, Enrolled, Ground, moved, on};
use crate::support::client::Client;
use crate::support::seed::day;

/// Learners who have all it takes but time.
fn without_time(n: usize) -> Vec<[Option<u8>; 6]> {
    let steps = |i: usize| {
        let less = u8::try_from(i % 2).expect("0 or 1");
        [4, 4, 5, 2, 4, 4].map(|step| Some(step - less))
    };
    (0..n).map(steps).collect()
}

async fn report(ground: &Ground, query: &str) -> Value {
    ground.release().await;
    let path = format!("/v1/reports/effectiveness?{query}");
    let page = ground.app.as_role(Role::TrainingOfficer).get(&path).await.expect_status(200);
    page["items"][0].clone()
}

async fn of_offering(ground: &Ground, class: &Class) -> Value {
    report(ground, &format!("by=offering&id={}", class.offering)).await
}

/// Status, reason and n.
fn gate(figure: &Value) -> String {
    let text = |member: &str| figure[member].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}", text("status"), text("reason"), figure["n"])
}

fn item<'a>(block: &'a Value, code: &str) -> &'a Value {
    let items = block["items"].as_array().expect("items");
    items.iter().find(|item| item["item"] == code).expect("the item")
}

async fn send(ground: &Ground, class: &Class, n: usize) -> Vec<Enrolled> {
    ground.send(class, &moved(n, 0.4, 0.2)).await
}

#[tokio::test]
async fn barriers_are_shown_of_five_learners_and_suppressed_of_four() {
    let ground = Ground::new().await;
    let large = ground.class("A").await;
    let asked = send(&ground, &large, 6).await;
    ground.office(&large, &asked, &without_time(5)).await;
    let alone = report(&ground, "by=course").await["environment"].clone();

    let told = &of_offering(&ground, &large).await["environment"];
    assert_eq!(*told, alone);
    assert_eq!(gate(&item(told, "time")["mean"]), "ok - 5");
    assert_eq!(item(told, "time")["mean"]["value"], 1.6);
    assert_eq!(item(told, "time")["bottom_two"]["value"], 100.0);
    assert_eq!(told["barrier_limit"], 3.0);
    let barriers = json!([{"item": "time", "name": {"vi": "thời gian", "en": "time"}}]);
    assert_eq!(told["barriers"], barriers);
    assert_eq!(
        told["sentence"]["vi"],
        "Điều kiện áp dụng còn hạn chế, hạn chế nhất nêu trước: thời gian (1,60 điểm, thang 5); 5/6 phiếu."
    );

    // Another class of the course is added up later: no total moves by its four forms.
    let small = ground.class("B").await;
    let asked = send(&ground, &small, 6).await;
    ground.office(&small, &asked, &without_time(4)).await;
    let hidden = &of_offering(&ground, &small).await["environment"];
    for figure in
        [&item(hidden, "time")["mean"], &item(hidden, "chance")["bottom_two"], &hidden["response_rate"]]
    {
        assert_eq!(gate(figure), "suppressed fewer_than_5 null");
    }
    assert_eq!(hidden["barriers"], json!([]));
    assert_eq!(hidden["sentence"]["en"], "Hidden to protect those who answered (fewer than 5 forms).");
    for by in ["course", "lecturer", "institute", "mode", "content_area"] {
        assert_eq!(report(&ground, &format!("by={by}")).await["environment"], alone, "{by}");
    }
}

#[tokio::test]
async fn a_condition_that_few_could_not_judge_is_hidden() {
    let ground = Ground::new().await;
    let class = ground.class("A").await;
    let asked = send(&ground, &class, 10).await;
    let mut forms = without_time(10);
    forms[0][3] = None;
    ground.office(&class, &asked, &forms).await;
    let told = &of_offering(&ground, &class).await["environment"];
    assert_eq!(gate(&item(told, "time")["mean"]), "suppressed small_groups null");
    assert_eq!(gate(&item(told, "chance")["mean"]), "ok - 10");
    assert_eq!(told["barriers"], json!([]));
}

#[tokio::test]
async fn answers_are_shown_of_five_units_and_suppressed_of_four() {
    let ground = Ground::new().await;
    let (large, small) = (ground.class("A").await, ground.class("B").await);
    let says = [[4, 1], [5, 2], [3, 1], [4, 2], [4, 1]];
    let in_time = on(&large, "three_months");
    let units = send(&ground, &large, 7).await;
    ground.units_say(&large, &units, in_time, &says).await;
    // They come on the day of the release, when it is too late, and would be seven.
    ground.units_say(&large, &units[5..], in_time + Days::new(22), &[[1, 5], [1, 5]]).await;
    let few = send(&ground, &small, 6).await;
    ground.units_say(&small, &few, in_time, &says[..4]).await;

    let told = &of_offering(&ground, &large).await["beneficiary"];
    assert_eq!(
        (gate(&item(told, "used")["mean"]), &item(told, "used")["mean"]["value"]),
        ("ok - 5".into(), &json!(4.0))
    );
    assert_eq!(item(told, "rework")["mean"]["value"], 4.6, "turned round: 5 is never sent back");
    assert_eq!(
        told["sentence"]["en"],
        "Units gave 4.00 points of 5 for how often those they sent used what they had learned; 5 of 7 forms."
    );
    let hidden = &of_offering(&ground, &small).await["beneficiary"];
    assert_eq!(gate(&item(hidden, "used")["mean"]), "suppressed fewer_than_5 null");
    assert_eq!(report(&ground, "by=course").await["beneficiary"], *told, "four are in no total");
}

#[tokio::test]
async fn no_answers_are_shown_by_unit_and_late_ones_change_nothing() {
    let ground = Ground::new().await;
    let class = ground.class("A").await;
    let asked = send(&ground, &class, 12).await;
    ground.office(&class, &asked, &without_time(6)).await;
    ground
        .units_say(&class, &asked, on(&class, "three_months"), &[[4, 1], [5, 2], [3, 1], [4, 2], [4, 1]])
        .await;

    let eve = on(&class, "three_months") + Days::new(21);
    let open = report(&ground, &format!("by=offering&as_of={eve}")).await;
    for block in ["environment", "beneficiary"] {
        assert_eq!(open[block]["items"], json!([]), "{block} before the window has closed");
    }
    let before = of_offering(&ground, &class).await;
    ground.office(&class, &[], &[[Some(1); 6]; 9]).await;
    ground.units_say(&class, &asked[5..], day("2026-11-22"), &[[1, 5]; 6]).await;
    let after = of_offering(&ground, &class).await;
    for block in ["environment", "beneficiary"] {
        assert_eq!(after[block], before[block]);
    }
    let unit = report(&ground, &format!("by=unit&id={}", ground.unit)).await;
    assert_eq!((&unit["environment"], &unit["beneficiary"]), (&Value::Null, &Value::Null));
}

fn comments_of(class: &Class) -> String {
    format!("/v1/offerings/{}/comments", class.offering)
}

fn wrote(n: usize) -> Vec<Option<String>> {
    (0..n).map(|i| (i != 3).then(|| format!("Cần thêm thực hành ({i})"))).collect()
}

async fn read(client: &Client, class: &Class) -> Value {
    client.get(&comments_of(class)).await.expect_status(200)
}

#[tokio::test]
async fn nine_forms_hide_what_was_written_and_ten_show_it_in_no_order() {
    let ground = Ground::new().await;
    let (few, enough, none) = (ground.class("A").await, ground.class("B").await, ground.class("C").await);
    ground.write(&few, &wrote(9)).await;
    ground.write(&enough, &wrote(10)).await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let open = read(&officer, &enough).await;
    assert_eq!((&open["status"], &open["reason"]), (&json!("insufficient_data"), &json!("window_open")));
    assert_eq!((&open["n"], &open["questions"]), (&Value::Null, &json!([])));

    ground.release().await;
    for class in [&few, &none] {
        let hidden = read(&officer, class).await;
        assert_eq!(
            hidden,
            json!({"offering_id": class.offering, "status": "suppressed", "reason": "fewer_than_10", "n": null,
                "n_needed": 10, "questions": [],
                "sentence": {"vi": "Ẩn để bảo vệ danh tính (dưới 10 phiếu).",
                    "en": "Hidden to protect those who answered (fewer than 10 forms)."}})
        );
    }
    let told = read(&officer, &enough).await;
    assert_eq!((&told["status"], &told["n"]), (&json!("ok"), &json!(10)));
    let question = &told["questions"][0];
    assert_eq!(
        (&question["item"], &question["text"]["en"]),
        (&json!("comment_1"), &json!("Question comment_1?"))
    );
    let found: Vec<&str> = question["comments"]
        .as_array()
        .expect("comments")
        .iter()
        .map(|c| c.as_str().expect("words"))
        .collect();
    let written: Vec<String> = wrote(10).into_iter().flatten().collect();
    let mut sorted = found.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, written, "nothing is lost");
    assert_ne!(found, written, "nor in the order in which it came");
    assert_eq!(told, read(&officer, &enough).await, "the same whenever it is read");

    ground.write(&enough, &[Some("Muộn".to_owned())]).await;
    let late = read(&officer, &enough).await;
    assert_eq!(
        (&late["reason"], &late["questions"]),
        (&json!("small_groups"), &json!([])),
        "it would stand out"
    );
}

#[tokio::test]
async fn comments_are_for_those_who_mend_courses() {
    let ground = Ground::new().await;
    let app = &ground.app;
    let class = ground.class("A").await;
    ground.write(&class, &wrote(10)).await;
    ground.release().await;
    for reader in [app.as_role(Role::Auditor), app.as_institute(ground.institute)] {
        assert_eq!(read(&reader, &class).await["n"], 10);
    }
    let other = app.institute("HVHC").await;
    let foreign = app.as_institute(other).get(&comments_of(&class)).await;
    assert_eq!(foreign.problem(), "404 resource.not_found");
    let nowhere = app.as_institute(other).get(&format!("/v1/offerings/{}/comments", Uuid::nil())).await;
    assert_eq!(nowhere.problem(), foreign.problem());
    for stranger in [app.as_role(Role::Leader), app.as_head(ground.unit, None), app.as_role(Role::HrPortal)] {
        assert_eq!(stranger.get(&comments_of(&class)).await.problem(), "403 permission.missing");
    }
}

#[tokio::test]
async fn barriers_beside_the_effect_say_whom_to_talk_to() {
    let ground = Ground::new().await;
    let class = ground.class("A").await;
    let asked = send(&ground, &class, 14).await;
    let same: Vec<(f64, f64)> = (0..14).map(|i| (3.0, 3.4 + if i % 2 == 0 { 0.2 } else { -0.2 })).collect();
    ground.compare(&class, &asked, &same).await;
    let early = &of_offering(&ground, &class).await["barriers"];
    assert_eq!((&early["conditions"], &early["talk_to"]), (&json!("unknown"), &json!("nobody_yet")));

    let other = ground.class("B").await;
    let sent = send(&ground, &other, 14).await;
    ground.compare(&other, &sent, &same).await;
    ground.office(&other, &sent, &without_time(6)).await;
    let found = of_offering(&ground, &other).await;
    let barriers = &found["barriers"];
    assert_eq!(barriers["conditions"], "poor");
    let whom = match found["behaviour"]["verdict"].as_str() {
        Some("practically_no_change" | "worse") => "both",
        _ => "unit_heads",
    };
    assert_eq!(barriers["talk_to"], whom, "{found:#}");
    assert!(barriers["sentence"]["vi"].as_str().unwrap().contains("thủ trưởng đơn vị"), "{barriers}");
    assert_eq!(report(&ground, "by=course").await["barriers"]["conditions"], "poor");
    for by in ["lecturer", "institute", "mode", "content_area"] {
        assert_eq!(report(&ground, &format!("by={by}")).await["barriers"], Value::Null, "{by}");
    }
}
