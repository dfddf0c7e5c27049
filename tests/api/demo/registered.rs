//! What the demo ministry shows of planned evaluations: what they could see, what was registered, and what stands out over a
//! year.

use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::digest::sha256;

use super::provide;
use crate::support::TestApp;
use crate::support::seed::day;

#[tokio::test]
async fn evaluations_are_planned_registered_and_tested_as_a_family() {
    let app = TestApp::spawn().await;
    app.travel_to(day("2026-11-23"));
    provide(&app, true).await;
    let officer = app.as_role(Role::TrainingOfficer);
    let offerings = officer.all("/v1/reports/effectiveness?by=offering&limit=100").await;
    assert!(offerings.len() > 20);
    for row in &offerings {
        let registered = &row["registration"];
        assert_eq!(registered["before_first_session"], true, "{:#}", row["subject"]);
        let warned = row["warnings"].as_array().unwrap().contains(&json!("not_as_registered"));
        assert!(!warned, "{:#}", row["subject"]);
        let path = format!("/v1/offerings/{}/evaluation-plan", row["subject"]["id"].as_str().unwrap());
        let plan = officer.get(&path).await.expect_status(200);
        let text = plan["registration"]["document"].as_str().unwrap();
        let digest = sha256(text);
        assert_eq!(
            (&registered["digest"], &plan["registration"]["digest"]),
            (&json!(digest), &json!(digest))
        );
        assert_eq!(plan["sd_of_change"]["source"], "released");
    }
    let seen = |row: &&Value| row["registration"]["detectable_change"].is_number();
    assert!(offerings.iter().filter(seen).count() > 10, "most classes are large enough to show something");

    let year = officer.all("/v1/reports/discoveries?year=2026").await;
    let family = &year[0]["family"];
    let count = |name: &str| family[name].as_u64().unwrap();
    assert!(count("tests") >= 5 && count("discovered") >= 1, "{family:#}");
    assert!(count("discovered") < count("tests"), "courses without effect do not stand out: {family:#}");
    assert_eq!(count("tests") + count("closed") + count("untested"), year.len() as u64, "{family:#}");
    let alone =
        officer.all("/v1/reports/effectiveness?by=course&from=2026-01-01&to=2026-12-31&limit=100").await;
    for (row, report) in year.iter().zip(&alone) {
        let headline = report["behaviour"]["headline"].as_str().unwrap();
        assert_eq!(row["subject"], report["subject"]);
        assert_eq!(row["figure"]["value"], report["behaviour"][headline]["value"]);
        assert_eq!(row["figure"]["ci95"], report["behaviour"][headline]["ci95"]);
        // The probability belongs to the interval.
        if let (Some(p), Some(low), Some(high)) =
            (row["p"].as_f64(), row["figure"]["ci95"][0].as_f64(), row["figure"]["ci95"][1].as_f64())
        {
            assert_eq!(p < 0.05, low > 0.0 || high < 0.0, "{row:#}");
        }
    }
    assert_eq!(year.len(), alone.len());
}
