//! How good the questionnaires themselves are, and that nobody follows from it.

use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::fixtures::classes::answered::Steps;
use crate::fixtures::classes::{Class, Enrolled, Ground, TODAY, moved};
use crate::support::seed::day;

const PATH: &str = "/v1/reports/questionnaire-quality";

async fn row(ground: &Ground, questionnaire: Uuid) -> Value {
    let officer = ground.app.as_role(Role::TrainingOfficer);
    officer.get(&format!("{PATH}?id={questionnaire}")).await.expect_status(200)["items"][0].clone()
}

async fn of_instrument(ground: &Ground, instrument: &str) -> Value {
    let officer = ground.app.as_role(Role::TrainingOfficer);
    officer.get(&format!("{PATH}?instrument={instrument}")).await.expect_status(200)["items"][0].clone()
}

fn item<'a>(row: &'a Value, code: &str) -> &'a Value {
    row["items"].as_array().unwrap().iter().find(|item| item["item"] == code).expect("the item")
}

/// Status, reason and n.
fn gate(figure: &Value) -> String {
    let text = |member: &str| figure[member].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}", text("status"), text("reason"), figure["n"])
}

/// Supervisors differ a little from item to item; learners rate themselves half a step to a step higher on some.
fn ratings(n: usize) -> Vec<(Steps, Steps)> {
    let step = |value: usize| Some(u8::try_from(value.clamp(1, 5)).unwrap());
    (0..n)
        .map(|i| {
            let level = 1 + i % 4;
            let supervisor = [0, 1, 2, 3, 4].map(|place| step(level + (i + place) % 5 / 4));
            let own = [0, 1, 2, 3, 4].map(|place| step(level + 1 - i % 3 / 2 + (i * 3 + place) % 4 / 3));
            (supervisor, own)
        })
        .collect()
}

async fn send(ground: &Ground, class: &Class, n: usize) -> Vec<Enrolled> {
    ground.send(class, &moved(n, 0.4, 0.2)).await
}

#[tokio::test]
async fn thirty_forms_say_what_a_form_may_be_used_for_and_how_learners_see_themselves() {
    let ground = Ground::new().await;
    let forms = ground.behaviour_forms().await;
    let class = ground.class("A").await;
    let people = send(&ground, &class, 40).await;
    let mut rated = ratings(40);
    rated[0].0[2] = None;
    ground.describe(&class, forms, &people, &rated).await;
    ground.release().await;

    let supervisors = row(&ground, forms.supervisors).await;
    let consistency = &supervisors["consistency"];
    assert_eq!(gate(&consistency["alpha"]), "ok - 39", "one form lacks an answer");
    let alpha = consistency["alpha"]["value"].as_f64().unwrap();
    let low = consistency["alpha"]["ci95"][0].as_f64().unwrap();
    assert!(alpha > low && low > 0.8, "{consistency:#}");
    assert_eq!(
        (&consistency["omega"], &consistency["omega_missing"]),
        (&json!(null), &json!("not_three_items"))
    );
    assert!(consistency["standard_error"]["value"].as_f64().unwrap() > 0.0);
    assert!(consistency["sentence"]["vi"].as_str().unwrap().contains("hệ số alpha 0,"), "{consistency:#}");
    assert_eq!((&supervisors["forms"], &supervisors["forms_waiting"]), (&json!(40), &json!(0)));
    assert_eq!((&supervisors["offerings"], &supervisors["counted_on"]), (&json!(1), &json!("2026-10-01")));
    let third = item(&supervisors, "b3");
    assert_eq!((gate(&third["left_out"]), &third["left_out"]["value"]), ("ok - 40".into(), &json!(2.5)));
    assert_eq!((gate(&third["median"]), &third["left_out_as"]), ("ok - 39".into(), &json!("not_observed")));
    assert_eq!(gate(&third["alpha_without"]), "ok - 39");
    assert_eq!(
        (&supervisors["valid"], &supervisors["self_against_supervisor"]),
        (&json!(null), &json!(null))
    );

    let own = row(&ground, forms.own).await;
    let beside = &own["self_against_supervisor"];
    assert_eq!(gate(&beside["gap"]), "ok - 40");
    // By hand: the mean of the scores, four items being enough for one.
    let mean = |steps: &Steps| {
        let given: Vec<f64> = steps.iter().flatten().map(|step| f64::from(*step)).collect();
        given.iter().sum::<f64>() / given.len() as f64
    };
    let gap = rated.iter().map(|(supervisor, own)| mean(own) - mean(supervisor)).sum::<f64>() / 40.0;
    assert!((beside["gap"]["value"].as_f64().unwrap() - gap).abs() < 1e-9, "{beside:#} {gap}");
    assert!(beside["absolute"]["value"].as_f64() < beside["consistency"]["value"].as_f64(), "all are kinder");
    assert!(
        beside["sentence"]["en"].as_str().unwrap().contains("higher than their supervisors"),
        "{beside:#}"
    );
}

#[tokio::test]
async fn figures_move_once_a_quarter_and_by_thirty_forms() {
    let ground = Ground::new().await;
    let forms = ground.behaviour_forms().await;
    ground.app.travel_to(day("2026-07-05"));
    let class = ground.class("A").await;
    let people = send(&ground, &class, 29).await;
    ground.describe(&class, forms, &people, &ratings(29)).await;
    ground.release().await;
    let few = row(&ground, forms.supervisors).await;
    assert_eq!(gate(&few["consistency"]["alpha"]), "insufficient_data fewer_than_needed 29");
    assert_eq!((&few["forms"], &few["forms_waiting"]), (&json!(0), &json!(29)));
    assert!(few["consistency"]["sentence"]["vi"].as_str().unwrap().contains("chưa đến 30"), "{few:#}");

    // Of another class, whose figures come out in August, the forms wait for the quarter to end.
    let later = ground.class_of("B", ground.course, ground.institute, ground.lecturer, "2026-04-20").await;
    let others = send(&ground, &later, 7).await;
    ground.describe(&later, forms, &others, &ratings(7)).await;
    ground.app.travel_to(day("2026-09-30"));
    ground.release().await;
    let waits = row(&ground, forms.supervisors).await;
    assert_eq!(gate(&waits["consistency"]["alpha"]), "insufficient_data window_open 36");
    assert!(waits["consistency"]["sentence"]["en"].as_str().unwrap().contains("next quarter"), "{waits:#}");
    ground.app.travel_to(day("2026-10-01"));
    ground.release().await;
    let counted = row(&ground, forms.supervisors).await;
    assert_eq!(gate(&counted["consistency"]["alpha"]), "ok - 36");

    // A class of seven more, a quarter later: what is shown stays as it is, or seven people would follow from it.
    let third = ground.class_of("C", ground.course, ground.institute, ground.lecturer, "2026-07-20").await;
    let seven = send(&ground, &third, 7).await;
    ground.describe(&third, forms, &seven, &ratings(7)).await;
    ground.app.travel_to(day("2027-01-02"));
    ground.release().await;
    let after = row(&ground, forms.supervisors).await;
    for member in ["forms", "response_rate", "consistency", "items"] {
        assert_eq!(after[member], counted[member], "{member}");
    }
    assert_eq!((&after["forms_waiting"], &after["counted_on"]), (&json!(7), &json!("2027-01-01")));
}

#[tokio::test]
async fn anonymous_forms_count_by_whole_offerings_of_five_and_more() {
    let ground = Ground::new().await;
    let form = |i: usize| {
        let step = |value: usize| Some(u8::try_from(value).unwrap());
        [3, 4, 3, 1, 4, 5]
            .map(|most| step(if most == 5 { 5 } else { most + (i % 2) * (1 + i % 3 / 2) }.min(5)))
    };
    let forms = |n: usize| (0..n).map(form).collect::<Vec<_>>();
    for (code, n) in [("A", 20), ("B", 4), ("C", 12)] {
        let class = ground.class(code).await;
        let asked = send(&ground, &class, n + 1).await;
        ground.office(&class, &asked, &forms(n)).await;
    }
    ground.release().await;
    let row = of_instrument(&ground, "environment").await;
    assert_eq!((&row["forms"], &row["offerings"], &row["forms_waiting"]), (&json!(32), &json!(2), &json!(0)));
    assert_eq!(row["response_rate"]["n_invited"], 34, "four forms and who was asked for them are in nothing");
    assert_eq!(gate(&row["consistency"]["alpha"]), "ok - 32");
    let recognition = item(&row, "recognition");
    assert_eq!((&recognition["at_ceiling"], &recognition["at_floor"]), (&json!(true), &json!(false)));
    assert_eq!(gate(&recognition["rest_correlation"]), "undefined no_spread_between_people 32");
    assert_eq!(recognition["findings"], json!(["at_ceiling"]));
    let said = row["items_sentence"]["en"].as_str().unwrap();
    assert!(said.contains("best answer") && said.contains("recognition"), "{said}");
}

#[tokio::test]
async fn readers_see_the_whole_ministry_or_nothing() {
    let ground = Ground::new().await;
    let forms = ground.behaviour_forms().await;
    let untouched = row(&ground, forms.own).await;
    assert_eq!(gate(&untouched["consistency"]["alpha"]), "insufficient_data no_complete_rows 0");
    assert_eq!(untouched["counted_on"], Value::Null);
    let school = ground.app.as_institute(ground.institute);
    assert_eq!(school.get(PATH).await.problem(), "403 permission.missing");
    let officer = ground.app.as_role(Role::TrainingOfficer);
    assert!(officer.all(PATH).await.len() >= 2);
    let missing = officer.get(&format!("{PATH}?id={}", Uuid::from_u128(7))).await;
    assert_eq!(missing.problem(), "404 resource.not_found");
    assert_eq!(officer.get(&format!("{PATH}?as_of={TODAY}")).await.status, 422);
    let page = officer.get(&format!("{PATH}?limit=1")).await.expect_status(200);
    let cursor = page["next_cursor"].as_str().expect("another page");
    let next = officer.get(&format!("{PATH}?limit=1&cursor={cursor}")).await.expect_status(200);
    assert_ne!(page["items"][0]["questionnaire"]["id"], next["items"][0]["questionnaire"]["id"]);
}
