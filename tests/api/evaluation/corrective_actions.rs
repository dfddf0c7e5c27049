use serde_json::json;
use thuocdo::access::Role;

use super::given::Given;
use crate::support::seed::id;

#[tokio::test]
async fn a_finding_is_replied_to_by_the_institute_and_closed_by_the_ministry() {
    let g = Given::new().await;
    let officer = g.app.as_role(Role::TrainingOfficer);
    let institute = g.app.as_institute(g.institute);
    let body = json!({"course_id": g.course, "finding": "Hành vi không đổi", "reply_due_on": "2026-04-01"});
    let created = officer.post("/v1/corrective-actions", body).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.body["institute_id"], g.institute.to_string());
    let path = created.header("location").to_owned();

    let early = officer.act(&format!("{path}/close")).await;
    assert_eq!(early.problem(), "409 state.wrong");
    assert_eq!(early.body["allowed_states"], json!(["replied"]));
    let half = institute
        .post(&format!("{path}/reply"), json!({"reply": "Tiếp thu", "action_due_on": "2026-01-01"}))
        .await;
    assert_eq!(half.faults(), ["/action required", "/action_due_on deadline_past", "/action_owner required"]);
    let reply = json!({"reply": "Tiếp thu", "action": "Đổi bài tập", "action_owner": "Khoa 1",
        "action_due_on": "2026-06-30"});
    let replied = institute.post(&format!("{path}/reply"), reply.clone()).await.expect_status(200);
    assert_eq!((&replied["status"], &replied["disputed"]), (&json!("replied"), &json!(false)));
    assert_eq!(replied["replied_at"], "2026-03-02T01:00:00Z");
    let again = institute.post(&format!("{path}/reply"), reply).await;
    assert_eq!(again.problem(), "409 state.wrong");
    let closed = officer.act(&format!("{path}/close")).await.expect_status(200);
    assert_eq!((&closed["status"], &closed["version"]), (&json!("closed"), &json!(3)));
    assert_eq!(officer.act(&format!("{path}/close")).await.problem(), "409 state.wrong");
    let events = g.app.outbox().await;
    assert_eq!(
        events[events.len() - 3..],
        ["corrective_action.created", "corrective_action.replied", "corrective_action.closed"]
    );
}

#[tokio::test]
async fn an_institute_may_dispute_a_finding() {
    let g = Given::new().await;
    let officer = g.app.as_role(Role::TrainingOfficer);
    let body = json!({"offering_id": g.offering, "finding": "Phòng học thiếu", "reply_due_on": "2026-04-01"});
    let created = officer.post("/v1/corrective-actions", body).await.expect_status(201);
    assert_eq!(created["course_id"], g.course.to_string(), "derived from the offering");
    let institute = g.app.as_institute(g.institute);
    let path = format!("/v1/corrective-actions/{}/reply", id(&created));
    let disputed = institute
        .post(&path, json!({"reply": "Số liệu của lớp khác", "disputed": true}))
        .await
        .expect_status(200);
    assert_eq!((&disputed["disputed"], &disputed["action"]), (&json!(true), &json!(null)));
}

#[tokio::test]
async fn what_it_is_about_must_be_known() {
    let g = Given::new().await;
    let officer = g.app.as_role(Role::TrainingOfficer);
    let competency = g.app.competency("K2").await;
    let other = g.app.course("KH02", g.institute, competency).await;
    let nobody = uuid::Uuid::nil();
    for (about, fault) in [
        (json!({}), "/course_id required"),
        (json!({"course_id": nobody}), "/course_id unknown_reference"),
        (json!({"offering_id": nobody}), "/offering_id unknown_reference"),
        (json!({"offering_id": g.offering, "course_id": other}), "/offering_id unknown_reference"),
        (json!({"course_id": g.course, "reply_due_on": "2026-03-01"}), "/reply_due_on deadline_past"),
        (json!({"course_id": g.course, "finding": ""}), "/finding too_short"),
    ] {
        let mut body = json!({"finding": "Nội dung", "reply_due_on": "2026-04-01"});
        for (name, value) in about.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = officer.post("/v1/corrective-actions", body).await;
        assert_eq!(answer.faults(), [fault]);
    }
}

#[tokio::test]
async fn institutes_see_their_own_and_only_they_reply() {
    let g = Given::new().await;
    let officer = g.app.as_role(Role::TrainingOfficer);
    let body = json!({"course_id": g.course, "finding": "Nội dung", "reply_due_on": "2026-04-01"});
    let created = officer.post("/v1/corrective-actions", body.clone()).await.expect_status(201);
    let path = format!("/v1/corrective-actions/{}", id(&created));
    let stranger = g.app.as_institute(g.app.institute("TR2").await);
    assert_eq!(stranger.all("/v1/corrective-actions").await.len(), 0);
    assert_eq!(stranger.get(&path).await.problem(), "404 resource.not_found");
    let reply = json!({"reply": "Tiếp thu", "disputed": true});
    assert_eq!(
        stranger.post(&format!("{path}/reply"), reply.clone()).await.problem(),
        "404 resource.not_found"
    );
    assert_eq!(officer.post(&format!("{path}/reply"), reply).await.problem(), "403 permission.missing");
    let institute = g.app.as_institute(g.institute);
    assert_eq!(institute.all("/v1/corrective-actions?status=open").await.len(), 1);
    assert_eq!(institute.all("/v1/corrective-actions?status=closed").await.len(), 0);
    assert_eq!(institute.post("/v1/corrective-actions", body).await.problem(), "403 permission.missing");
    for reader in [Role::Leader, Role::Auditor] {
        assert_eq!(g.app.as_role(reader).get(&path).await.status, 200);
    }
    assert_eq!(g.app.as_role(Role::UnitHead).get(&path).await.problem(), "403 permission.missing");
}
