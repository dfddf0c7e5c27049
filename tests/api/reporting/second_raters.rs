//! What second raters saw beside the supervisors: their agreement is computed as by hand, no other figure hears of them, and
//! nobody is left by subtraction.

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use super::effectiveness::{close, gate, of_offering, report};
use crate::fixtures::classes::{Class, Enrolled, Ground, Person, rated};

/// Supervisors' ratings of somebody, before and after.
fn seen(i: usize) -> (f64, f64) {
    let before = 2.4 + (i % 5) as f64 / 5.0;
    (before, before + 0.2 + (i % 4) as f64 / 5.0)
}

/// A second rater's ratings of the same: stricter, and not quite in the same order.
fn seen_beside(i: usize) -> (f64, f64) {
    let (before, after) = seen(i);
    (before - 0.2 + (i % 3) as f64 / 5.0, after - 0.4 + (i % 3) as f64 / 5.0)
}

fn people(n: usize) -> Vec<Person> {
    (0..n)
        .map(|i| {
            let (before, after) = seen(i);
            Person { six_months: Some(after - 0.2), ..rated(before, after) }
        })
        .collect()
}

/// A class of so many; the first ones are rated by somebody else as well.
async fn class(ground: &Ground, code: &str, n: usize) -> (Class, Vec<Enrolled>) {
    let class = ground.class(code).await;
    let sent = ground.send(&class, &people(n)).await;
    (class, sent)
}

async fn beside(ground: &Ground, class: &Class, sent: &[Enrolled], rated: usize, before: usize) {
    let code = format!("BESIDE-{}", class.offering);
    let rater = ground.app.employee(&code, "Vũ Thị Hai", ground.unit, ground.position).await;
    let scores = |i: usize| {
        let (first, after) = seen_beside(i);
        [(i < before).then_some(first), Some(after), Some(after - 0.2)]
    };
    let people: Vec<_> = sent.iter().take(rated).enumerate().map(|(i, who)| (*who, scores(i))).collect();
    ground.rate_beside(class, rater, &people).await;
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Mean and 95 % interval; `t` is the quantile of 0.975.
fn mean_with_interval(values: &[f64], t: f64) -> [f64; 3] {
    let (n, mean) = (values.len() as f64, mean(values));
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half = t * (variance / n).sqrt();
    [mean, mean - half, mean + half]
}

/// ICC(A,1) of McGraw and Wong from its table of mean squares.
fn icc(pairs: &[[f64; 2]]) -> f64 {
    let n = pairs.len() as f64;
    let grand = mean(&pairs.concat());
    let of_rater = |rater: usize| mean(&pairs.iter().map(|pair| pair[rater]).collect::<Vec<_>>());
    let raters = [of_rater(0), of_rater(1)];
    let between_people = pairs.iter().map(|pair| 2.0 * (mean(pair) - grand).powi(2)).sum::<f64>() / (n - 1.0);
    let between_raters = raters.iter().map(|rater| n * (rater - grand).powi(2)).sum::<f64>();
    let residual = pairs
        .iter()
        .flat_map(|pair| (0..2).map(move |rater| (pair, rater)))
        .map(|(pair, rater)| (pair[rater] - mean(pair) - raters[rater] + grand).powi(2))
        .sum::<f64>()
        / (n - 1.0);
    (between_people - residual) / (between_people + residual + 2.0 * (between_raters - residual) / n)
}

fn is(figure: &Value, [value, low, high]: [f64; 3]) {
    close(&figure["value"], &json!(value));
    for (end, expected) in [low, high].into_iter().enumerate() {
        close(&figure["ci95"][end], &json!(expected));
    }
    assert_eq!((&figure["unit"], &figure["probably_too_narrow"]), (&json!("points_of_5"), &json!(true)));
}

#[tokio::test]
async fn the_figures_are_those_computed_by_hand() {
    let ground = Ground::new().await;
    let (class, sent) = class(&ground, "BVBM-01", 40).await;
    beside(&ground, &class, &sent, 34, 31).await;
    let report = of_offering(&ground, class.offering).await;
    let found = &report["second_raters"];
    assert_eq!([&found["asked"], &found["rated_by_both"], &found["supervisor_pairs"]], [34, 34, 40]);

    let both: Vec<[f64; 2]> = (0..34).map(|i| [seen(i).1, seen_beside(i).1]).collect();
    close(&found["agreement"]["value"], &json!(icc(&both)));
    assert_eq!(gate(&found["agreement"]), "ok - 34/30");
    let [low, high] = [0, 1].map(|end| found["agreement"]["ci95"][end].as_f64().unwrap());
    let band = |end: f64| match end {
        end if end > 0.9 => "excellent",
        end if end >= 0.75 => "good",
        end if end >= 0.5 => "moderate",
        _ => "poor",
    };
    assert_eq!(found["bands"], json!([band(low), band(high)]));
    let difference: Vec<f64> = both.iter().map(|[supervisor, second]| second - supervisor).collect();
    // Student's t with 33 and with 30 degrees of freedom.
    is(&found["difference"], mean_with_interval(&difference, 2.034_515_297_449_338_3));
    let change =
        |seen: fn(usize) -> (f64, f64)| -> Vec<f64> { (0..31).map(|i| seen(i).1 - seen(i).0).collect() };
    is(&found["change"], mean_with_interval(&change(seen_beside), 2.042_272_456_301_238));
    is(&found["supervisors_change"], mean_with_interval(&change(seen), 2.042_272_456_301_238));
    let said = found["sentence"]["en"].as_str().unwrap();
    assert!(said.starts_with("A second rater rated 34 of 40 people."), "{said}");

    for by in ["course", "institute"] {
        let id = if by == "course" { class.course } else { class.institute };
        let total = self::report(&ground, &format!("by={by}&id={id}")).await;
        assert_eq!(&total["second_raters"], found, "{by}");
    }
    for query in [
        format!("by=unit&id={}", ground.unit),
        format!("by=lecturer&id={}", ground.lecturer),
        "by=mode".to_owned(),
    ] {
        assert_eq!(self::report(&ground, &query).await["second_raters"], Value::Null, "{query}");
    }
    let later = self::report(&ground, &format!("by=offering&id={}&phase=six_months", class.offering)).await;
    assert_eq!(later["second_raters"]["rated_by_both"], 34);
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Everything that is stored of releases, but what is said of second raters themselves.
const STORED: &str = "
    SELECT concat_ws(' ', offering_id, measure, released_on, revision, sums - 'second') AS line FROM offering_rollups
    UNION ALL SELECT concat_ws(' ', offering_id, measure, revision, rows) FROM offering_rollup_rows
    UNION ALL SELECT concat_ws(' ', offering_id, measure, unit_id, revision, sums - 'second') FROM unit_rollups
    UNION ALL SELECT concat_ws(' ', quarter_start, measure, unit_id, sums - 'second') FROM unit_quarters
    UNION ALL SELECT concat_ws(' ', offering_id, questionnaire_id, released_on, forms, sums) FROM form_rollups
    ORDER BY 1";

/// Every answer about effects, without what is said of second raters.
async fn everything(ground: &Ground, offering: Uuid) -> Vec<String> {
    ground.release().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let mut all = Vec::new();
    for phase in ["three_months", "six_months"] {
        for by in ["course", "offering", "lecturer", "institute", "unit", "mode", "content_area"] {
            let path = format!("/v1/reports/effectiveness?by={by}&phase={phase}");
            for mut item in officer.all(&path).await {
                item.as_object_mut().unwrap().remove("second_raters").expect("said or null");
                all.push(item.to_string());
            }
        }
    }
    for path in [
        format!("/v1/reports/effectiveness/rows?by=offering&id={offering}&phase=three_months"),
        "/v1/reports/questionnaire-quality".to_owned(),
        "/v1/reports/scorecards".to_owned(),
        "/v1/reports/discoveries?year=2026".to_owned(),
    ] {
        all.push(officer.get(&path).await.body.to_string());
    }
    let stored: Vec<Line> = ground
        .app
        .system(async |tx| Ok(diesel::sql_query(STORED).load(tx.conn()).await?))
        .await
        .expect("rows");
    all.extend(stored.into_iter().map(|line| line.line));
    all
}

#[tokio::test]
async fn every_other_figure_is_the_same_with_and_without_second_ratings() {
    let ground = Ground::new().await;
    let (first, sent) = class(&ground, "BVBM-01", 40).await;
    let colleagues: Vec<(f64, f64)> = (0..20).map(|i| (2.8 + f64::from(i % 3) / 5.0, 3.0)).collect();
    ground.compare(&first, &sent, &colleagues).await;
    let (second, others) = class(&ground, "BVBM-02", 12).await;
    let without = everything(&ground, first.offering).await;
    assert!(without.len() > 20, "{}", without.len());

    ground.forget_released().await;
    beside(&ground, &first, &sent, 34, 31).await;
    beside(&ground, &second, &others, 12, 12).await;
    let with = everything(&ground, first.offering).await;
    for (without, with) in without.iter().zip(&with) {
        assert_eq!(without, with);
    }
    assert_eq!(without.len(), with.len());
    assert_eq!(
        of_offering(&ground, first.offering).await["second_raters"]["rated_by_both"],
        34,
        "they are there"
    );
}

/// Of 40 whose supervisors' ratings are published, all but so many have a second rating.
#[tokio::test]
async fn one_to_four_without_a_second_rating_cannot_be_followed_by_subtraction() {
    let ground = Ground::new().await;
    let mut classes = Vec::new();
    for (i, missing) in [0, 1, 4, 5].into_iter().enumerate() {
        let (class, sent) = class(&ground, &format!("BVBM-{i}"), 40).await;
        beside(&ground, &class, &sent, 40 - missing, 40 - missing).await;
        classes.push((missing, class));
    }
    for (missing, class) in &classes {
        let found = of_offering(&ground, class.offering).await["second_raters"].clone();
        let n = 40 - missing;
        let expected = |needed: usize| match missing {
            1 | 4 => format!("suppressed small_groups null/{needed}"),
            _ => format!("ok - {n}/{needed}"),
        };
        assert_eq!(
            ["agreement", "difference", "supervisors_change"].map(|of| gate(&found[of])),
            [30, 10, 10].map(expected)
        );
        assert_eq!(found["bands"].is_null(), [1, 4].contains(missing));
        // Of what second raters say alone nothing else is published.
        assert_eq!(gate(&found["change"]), format!("ok - {n}/10"));
        let said = found["sentence"]["en"].as_str().unwrap();
        assert_eq!(said.contains("one to four people"), [1, 4].contains(missing), "{said}");
    }
    // The course minus what its offerings show leaves nobody: those two are counted, and stand in no figure of the total.
    let total = report(&ground, &format!("by=course&id={}", ground.course)).await["second_raters"].clone();
    let sizes = ["agreement", "difference", "change", "supervisors_change"].map(|of| total[of]["n"].clone());
    assert_eq!(sizes, [75, 75, 75, 75].map(|n| json!(n)));
    assert_eq!((&total["asked"], &total["rated_by_both"]), (&json!(150), &json!(150)));
}

#[tokio::test]
async fn one_to_four_who_have_a_second_rating_stand_in_no_total() {
    let ground = Ground::new().await;
    let (few, sent) = class(&ground, "BVBM-01", 20).await;
    beside(&ground, &few, &sent, 4, 4).await;
    let (many, others) = class(&ground, "BVBM-02", 20).await;
    beside(&ground, &many, &others, 15, 15).await;
    let of_few = of_offering(&ground, few.offering).await["second_raters"].clone();
    assert_eq!(gate(&of_few["difference"]), "insufficient_data fewer_than_needed 4/10");
    let total = report(&ground, &format!("by=course&id={}", ground.course)).await["second_raters"].clone();
    assert_eq!((&total["asked"], &total["rated_by_both"]), (&json!(15), &json!(15)));
    assert_eq!(gate(&total["difference"]), "ok - 15/10");
    let none = class(&ground, "BVBM-03", 12).await.0;
    assert_eq!(of_offering(&ground, none.offering).await["second_raters"], Value::Null);
}

/// Those by the same supervisor and those with a second rating are two parts of one class: shown both, they could be
/// subtracted from each other.
#[tokio::test]
async fn supervisors_of_a_second_part_are_not_shown_beside_another_part() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let changed = |(i, person): (usize, Person)| Person { rater_changed: i >= 30, ..person };
    let sent =
        ground.send(&class, &people(40).into_iter().enumerate().map(changed).collect::<Vec<_>>()).await;
    beside(&ground, &class, &sent, 31, 31).await;
    let found = of_offering(&ground, class.offering).await;
    assert_eq!(gate(&found["behaviour"]["same_rater"]), "ok - 30/10");
    let second = &found["second_raters"];
    assert_eq!(gate(&second["supervisors_change"]), "suppressed small_groups null/10");
    assert_eq!(
        (gate(&second["difference"]), gate(&second["change"])),
        ("ok - 31/10".into(), "ok - 31/10".into())
    );
}
