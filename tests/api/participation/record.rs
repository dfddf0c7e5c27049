use chrono::Duration;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixtures::office::{Scene, tuesday};

/// Two took part and were there all the time; the second fell short in the test.
async fn after_class() -> (Scene, Vec<Uuid>, Vec<Uuid>) {
    let s = Scene::new().await;
    let people = vec![s.clerk("an").await, s.clerk("binh").await];
    for person in &people {
        s.approved(*person, s.offering).await;
    }
    let roster = s.officer().all(&format!("/v1/offerings/{}/participants", s.offering)).await;
    let participants: Vec<Uuid> = roster.iter().map(|p| p["id"].as_str().unwrap().parse().unwrap()).collect();
    let sessions = s.sessions(s.offering).await;
    s.app.travel_to(tuesday() + Duration::days(2));
    for (participant, score) in participants.iter().zip([80.0, 40.0]) {
        s.attended(s.offering, *participant, &sessions).await;
        s.scored(s.offering, *participant, "Bài thu hoạch", score).await;
    }
    let path = format!("/v1/offerings/{}/certificates", s.offering);
    s.school().post(&path, json!({})).await.expect_status(200);
    (s, people, participants)
}

fn record(person: Uuid) -> String {
    format!("/v1/employees/{person}/record")
}

#[tokio::test]
async fn a_record_shows_what_was_attended_and_what_was_completed_in_each_year() {
    let (s, people, participants) = after_class().await;
    let seen = s.officer().get(&record(people[0])).await.expect_status(200);
    assert_eq!(
        seen,
        json!({
            "employee_id": people[0],
            "items": [{
                "offering_id": s.offering, "offering_code": "BMNN-1", "participant_id": participants[0],
                "course_title": "Khóa BMNN", "institute_name": "Trường TDT", "first_day": "2026-03-10",
                "last_day": "2026-03-12", "periods": 24, "status": "completed", "attendance_percent": 100.0,
                "certificate_number": "TDT-2026-000001"
            }],
            "years": [{"year": 2026, "offerings": 1, "periods": 24}]
        })
    );
    let short = s.officer().get(&record(people[1])).await.expect_status(200);
    assert_eq!(short["items"][0]["status"], "not_completed");
    assert_eq!(short["items"][0]["certificate_number"], Value::Null);
    assert_eq!(short["years"], json!([]));
}

#[tokio::test]
async fn a_record_is_for_the_ministry_the_unit_head_and_oneself() {
    let (s, people, _) = after_class().await;
    let elsewhere = s.app.unit("CDL", None).await;
    for (who, status) in [
        (s.officer(), 200),
        (s.head(), 200),
        (s.app.as_employee(people[0]), 200),
        (s.app.as_employee(people[1]), 404),
        (s.app.as_head(elsewhere, None), 404),
        (s.school(), 403),
    ] {
        assert_eq!(who.get(&record(people[0])).await.status, status);
    }
    assert_eq!(s.officer().get(&record(Uuid::nil())).await.problem(), "404 resource.not_found");
}
