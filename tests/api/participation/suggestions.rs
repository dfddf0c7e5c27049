use chrono::Duration;
use serde_json::json;
use thuocdo::access::Role;
use thuocdo::half_day::{Half, HalfDay};

use crate::fixtures::office::{Scene, body, check, tuesday};
use crate::support::seed::{full_days, mornings};

#[tokio::test]
async fn what_fits_comes_first_and_the_rest_says_why_not() {
    let s = Scene::new().await;
    s.app.coverage_rule(s.unit, None, 1).await;
    let (an, binh) = (s.clerk("an").await, s.clerk("binh").await);
    let morning = HalfDay::new(tuesday(), Half::Morning);
    s.absence(binh, morning, morning).await;
    let online = s.other_offering("BMNN-2", 5, &mornings(tuesday() + Duration::days(7), 3)).await;
    let other_skill = s.app.competency("KHAC").await;
    let lecturer = s.app.lecturer(s.institute, "Phạm Thầy").await;
    let other_course = s.app.course("KHAC", s.institute, other_skill).await;
    s.app.offering("KHAC-1", other_course, lecturer, 5, &full_days(tuesday(), 1)).await;

    let path = format!("/v1/employees/{an}/suggestions");
    let answer = s.app.as_employee(an).get(&path).await.expect_status(200);
    let items = answer["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "only courses that close a gap");
    assert_eq!((&items[0]["offering_id"], &items[0]["fits"]), (&json!(online), &json!(true)));
    assert_eq!(items[0]["closes"][0]["competency_code"], "BMNN");
    assert_eq!((&items[1]["offering_id"], &items[1]["fits"]), (&json!(s.offering), &json!(false)));
    assert_eq!(check(&items[1], "coverage")["verdict"], "fail");

    // Who is nominated needs no more suggestions for that offering; who masters it needs none.
    s.head().post("/v1/nominations", body(an, online)).await.expect_status(201);
    let after = s.head().get(&path).await.expect_status(200);
    assert_eq!(after["items"].as_array().unwrap().len(), 1);
    s.masters(an).await;
    let none = s.officer().get(&path).await.expect_status(200);
    assert_eq!(none["items"], json!([]));
}

#[tokio::test]
async fn suggestions_stay_within_reach() {
    let s = Scene::new().await;
    let (an, binh) = (s.clerk("an").await, s.clerk("binh").await);
    let path = format!("/v1/employees/{an}/suggestions");
    let elsewhere = s.app.unit("CDL", None).await;
    for stranger in [s.app.as_employee(binh), s.app.as_head(elsewhere, None)] {
        assert_eq!(stranger.get(&path).await.problem(), "404 resource.not_found");
    }
    for outsider in [s.school(), s.app.as_role(Role::HrPortal)] {
        assert_eq!(outsider.get(&path).await.problem(), "403 permission.missing");
    }
}
