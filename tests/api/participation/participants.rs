use chrono::Duration;
use serde_json::json;
use uuid::Uuid;

use crate::fixtures::office::{Scene, tuesday};

#[tokio::test]
async fn an_institute_sees_its_own_roster_and_little_of_each_person() {
    let s = Scene::new().await;
    let ids = s.enrolled(&["an", "binh"], s.offering).await;
    let path = format!("/v1/offerings/{}/participants", s.offering);
    let roster = s.school().all(&path).await;
    assert_eq!(roster.len(), 2);
    let mut members: Vec<&str> = roster[0].as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(
        members,
        [
            "attendance_percent",
            "certificate_number",
            "email",
            "full_name",
            "id",
            "number",
            "status",
            "unit_name"
        ]
    );
    assert_eq!((&roster[0]["number"], &roster[0]["full_name"]), (&json!(1), &json!("Nguyễn Văn an")));
    assert_eq!(roster[1]["id"], json!(ids[1]));
    assert_eq!(s.school().all(&format!("{path}?limit=1")).await.len(), 2);
    let email = roster[0]["email"].as_str().unwrap();
    for (asked, count) in [("nguyễn", 2), ("van+an", 1), (email, 1), ("moit", 2), ("guyen", 0), ("%25", 0)]
    {
        assert_eq!(s.school().all(&format!("{path}?q={asked}")).await.len(), count, "{asked}");
    }

    let stranger = s.app.as_institute(s.app.institute("KHAC").await);
    assert_eq!(stranger.get(&path).await.problem(), "404 resource.not_found");
    for (verb, body) in [
        (
            "attendance",
            json!({"items": [{"participant_id": ids[0], "session_id": ids[0], "status": "present"}]}),
        ),
        (
            "results",
            json!({"items": [{"participant_id": ids[0], "assessment": "x", "score": 1, "maximum": 10}]}),
        ),
        ("certificates", json!({})),
    ] {
        let foreign = stranger.post(&format!("/v1/offerings/{}/{verb}", s.offering), body).await;
        assert_eq!(foreign.problem(), "404 resource.not_found", "{verb}");
    }
    let elsewhere = s.app.unit("CDL", None).await;
    assert_eq!(s.app.as_head(elsewhere, None).all(&path).await.len(), 0);
    assert_eq!(s.head().all(&path).await.len(), 2);
    assert_eq!(s.officer().all(&format!("{path}?status=withdrawn")).await.len(), 0);
}

#[tokio::test]
async fn attendance_counts_what_was_held_and_can_be_corrected() {
    let s = Scene::new().await;
    let ids = s.enrolled(&["an", "binh"], s.offering).await;
    let sessions = s.sessions(s.offering).await;
    s.app.travel_to(tuesday());
    let path = format!("/v1/offerings/{}/attendance", s.offering);
    let mark = |participant: Uuid, session: Uuid, status: &str| json!({"participant_id": participant, "session_id": session, "status": status});
    let batch = json!({"items": [
        mark(ids[0], sessions[0], "present"), mark(ids[0], sessions[1], "present"), mark(ids[1], sessions[0], "excused"),
    ]});
    let percent = async |batch: &serde_json::Value| {
        let answer = s.school().post(&path, batch.clone()).await.expect_status(200);
        answer["participants"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["attendance_percent"].as_f64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(percent(&batch).await, [100.0, 0.0], "excused is not present");
    assert_eq!(percent(&batch).await, [100.0, 0.0], "twice is once");
    let corrected = json!({"items": [mark(ids[1], sessions[0], "present")]});
    assert_eq!(percent(&corrected).await, [50.0], "the other session was held without a record");
    s.app.travel_to(tuesday() + Duration::days(2));
    let third_day = json!({"items": [mark(ids[0], sessions[4], "present")]});
    assert_eq!(percent(&third_day).await, [60.0], "three of five held");
}

#[tokio::test]
async fn what_lies_outside_the_offering_is_refused_by_name() {
    let s = Scene::new().await;
    let ids = s.enrolled(&["an"], s.offering).await;
    let sessions = s.sessions(s.offering).await;
    let stranger = Uuid::from_u128(5);
    s.app.travel_to(tuesday());
    let path = format!("/v1/offerings/{}/attendance", s.offering);
    let refused = s
        .school()
        .post(
            &path,
            json!({"items": [
                {"participant_id": stranger, "session_id": sessions[0], "status": "present"},
                {"participant_id": ids[0], "session_id": stranger, "status": "present"},
                {"participant_id": ids[0], "session_id": sessions[2], "status": "present"},
            ]}),
        )
        .await;
    assert_eq!(refused.problem(), "409 attendance.outside");
    assert_eq!(refused.body["participant_ids"], json!([stranger]));
    assert_eq!(refused.body["session_ids"], json!([stranger]));
    assert_eq!(refused.body["future_session_ids"], json!([sessions[2]]));

    let twice = json!({"participant_id": ids[0], "session_id": sessions[0], "status": "absent"});
    let repeated = s.school().post(&path, json!({"items": [twice, twice]})).await;
    assert_eq!(repeated.faults(), ["/items/1 duplicate"]);
    let empty = s.school().post(&path, json!({"items": []})).await;
    assert_eq!(empty.faults(), ["/items too_few"]);

    let path = format!("/v1/offerings/{}/results", s.offering);
    let result = |who: Uuid, score: f64| json!({"participant_id": who, "assessment": "Bài thu hoạch", "score": score, "maximum": 10});
    let foreign = s.school().post(&path, json!({"items": [result(stranger, 5.0)]})).await;
    assert_eq!(foreign.problem(), "409 attendance.outside");
    let above = s.school().post(&path, json!({"items": [result(ids[0], 11.0)]})).await;
    assert_eq!(above.faults(), ["/items/0/score too_large"]);
    let officer = s.officer().post(&path, json!({"items": [result(ids[0], 5.0)]})).await;
    assert_eq!(officer.problem(), "403 permission.missing");
}
