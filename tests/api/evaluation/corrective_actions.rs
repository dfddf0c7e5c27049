use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema::{offering_rollup_rows, offering_rollups, unit_rollups};

use super::given::Given;
use crate::fixtures::classes::{Ground, moved};
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
    assert_eq!(half.faults(), ["/action required", "/action_owner required"]);
    let reply = json!({"reply": "Tiếp thu", "action": "Đổi bài tập", "action_owner": "Khoa 1",
        "action_due_on": "2026-06-30"});
    let mut late = reply.clone();
    late["action_due_on"] = json!("2026-01-01");
    let late = institute.post(&format!("{path}/reply"), late).await;
    assert_eq!(late.faults(), ["/action_due_on deadline_past"]);
    let replied = institute.post(&format!("{path}/reply"), reply.clone()).await.expect_status(200);
    assert_eq!((&replied["status"], &replied["dispute"]), (&json!("replied"), &json!(null)));
    assert_eq!((&replied["reason"], &replied["measured"]), (&json!("finding"), &json!(null)));
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
async fn a_dispute_is_refused_and_the_institute_has_to_reply_after_all() {
    let g = Given::new().await;
    let officer = g.app.as_role(Role::TrainingOfficer);
    let body = json!({"offering_id": g.offering, "finding": "Phòng học thiếu", "reply_due_on": "2026-04-01"});
    let created = officer.post("/v1/corrective-actions", body).await.expect_status(201);
    assert_eq!(created["course_id"], g.course.to_string(), "derived from the offering");
    let institute = g.app.as_institute(g.institute);
    let path = format!("/v1/corrective-actions/{}", id(&created));
    let (dispute, uphold) = (format!("{path}/dispute"), format!("{path}/uphold"));
    let ruling = json!({"reason": "Phòng học được kiểm tra hôm đó", "reply_due_on": "2026-05-01"});
    let early = officer.post(&uphold, ruling.clone()).await;
    assert_eq!(
        (early.problem(), &early.body["allowed_states"]),
        ("409 state.wrong".to_owned(), &json!(["disputed"]))
    );

    let reason = json!({"reason": "Số liệu của lớp khác"});
    assert_eq!(officer.post(&dispute, reason.clone()).await.problem(), "403 permission.missing");
    assert_eq!(institute.post(&dispute, json!({"reason": ""})).await.faults(), ["/reason too_short"]);
    let disputed = institute.post(&dispute, reason.clone()).await.expect_status(200);
    assert_eq!((&disputed["status"], &disputed["dispute"]), (&json!("disputed"), &reason["reason"]));
    assert_eq!(officer.act(&format!("{path}/close")).await.problem(), "409 state.wrong");
    assert_eq!(institute.post(&uphold, ruling.clone()).await.problem(), "403 permission.missing");

    let past = json!({"reason": "Sai", "reply_due_on": "2026-03-01"});
    assert_eq!(officer.post(&uphold, past).await.faults(), ["/reply_due_on deadline_past"]);
    let upheld = officer.post(&uphold, ruling).await.expect_status(200);
    assert_eq!((&upheld["status"], &upheld["reply_due_on"]), (&json!("upheld"), &json!("2026-05-01")));
    assert_eq!(institute.post(&dispute, reason).await.problem(), "409 state.wrong", "once");
    let reply = json!({"reply": "Tiếp thu", "action": "Đổi phòng", "action_owner": "Khoa 1",
        "action_due_on": "2026-06-30"});
    let replied = institute.post(&format!("{path}/reply"), reply).await.expect_status(200);
    assert_eq!(replied["status"], "replied");
    assert_eq!(replied["decision_reason"], "Phòng học được kiểm tra hôm đó");
}

#[tokio::test]
async fn a_dispute_is_accepted_and_nothing_more_is_asked() {
    let g = Given::new().await;
    let officer = g.app.as_role(Role::TrainingOfficer);
    let body = json!({"course_id": g.course, "finding": "Nội dung cũ", "reply_due_on": "2026-04-01"});
    let created = officer.post("/v1/corrective-actions", body).await.expect_status(201);
    let institute = g.app.as_institute(g.institute);
    let path = format!("/v1/corrective-actions/{}", id(&created));
    institute.post(&format!("{path}/dispute"), json!({"reason": "Đã sửa năm 2025"})).await.expect_status(200);
    let withdraw = format!("{path}/withdraw");
    let withdrawn = officer.post(&withdraw, json!({"reason": "Đúng vậy"})).await.expect_status(200);
    assert_eq!((&withdrawn["status"], &withdrawn["version"]), (&json!("withdrawn"), &json!(3)));
    let reply = json!({"reply": "Tiếp thu", "action": "Sửa", "action_owner": "Khoa 1", "action_due_on": "2026-06-30"});
    assert_eq!(institute.post(&format!("{path}/reply"), reply).await.problem(), "409 state.wrong");
    let events = g.app.outbox().await;
    assert_eq!(events[events.len() - 2..], ["corrective_action.disputed", "corrective_action.withdrawn"]);
}

/// The only action there is, as the institute reads it.
async fn only_action(ground: &Ground) -> Value {
    let mut all = ground.app.as_institute(ground.institute).all("/v1/corrective-actions").await;
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

#[tokio::test]
async fn a_bad_reaction_opens_an_action_and_the_next_run_is_set_against_it() {
    let ground = Ground::new().await;
    let bad = ground.class("BVBM-01").await;
    let sent = ground.send(&bad, &moved(6, 0.4, 0.2)).await;
    ground.react(&bad, &sent, &[2.0, 2.5, 3.0, 2.25, 2.75]).await;
    ground.release().await;
    let action = only_action(&ground).await;
    assert_eq!((&action["reason"], &action["status"]), (&json!("reaction_under_limit"), &json!("open")));
    assert_eq!(action["offering_id"], bad.offering.to_string());
    assert_eq!((&action["limit"], &action["measured"]["value"]), (&json!(3.0), &json!(2.5)));
    assert_eq!((&action["measured"]["n"], &action["measured"]["n_invited"]), (&json!(5), &json!(6)));
    assert_eq!(action["reply_due_on"], "2026-12-23", "thirty days");
    assert_eq!(action["followed_by"], json!(null));
    let created = |events: Vec<String>| events.iter().filter(|e| *e == "corrective_action.created").count();
    assert_eq!(created(ground.app.outbox().await), 1);

    let better =
        ground.class_of("BVBM-02", ground.course, ground.institute, ground.lecturer, "2026-06-08").await;
    let sent = ground.send(&better, &moved(6, 0.4, 0.2)).await;
    ground.react(&better, &sent, &[3.5, 4.0, 3.0, 4.5, 3.75, 4.25]).await;
    ground.release().await;
    let action = only_action(&ground).await;
    let followed = &action["followed_by"];
    assert_eq!(followed["offering_id"], better.offering.to_string());
    let report = format!("/v1/reports/effectiveness?by=offering&id={}", better.offering);
    let report = ground.app.as_role(Role::TrainingOfficer).get(&report).await.expect_status(200);
    assert_eq!(followed["value"], report["items"][0]["reaction"]["mean"], "the report's own figure");
    let change = followed["change"]["value"].as_f64().expect("a change");
    assert!((change - (23.0 / 6.0 - 2.5)).abs() < 1e-9, "{followed:#}");
    assert!(followed["change"]["ci95"][0].as_f64().expect("a lower end") > 0.0);

    // Added up anew, as after a repair: nothing is opened twice.
    ground
        .app
        .system(async |tx| {
            diesel::delete(offering_rollup_rows::table).execute(tx.conn()).await?;
            diesel::delete(unit_rollups::table).execute(tx.conn()).await?;
            diesel::delete(offering_rollups::table).execute(tx.conn()).await?;
            Ok(())
        })
        .await
        .expect("the figures are gone");
    ground.release().await;
    assert_eq!(only_action(&ground).await["id"], action["id"]);
    assert_eq!(created(ground.app.outbox().await), 1);
}

#[tokio::test]
async fn what_may_not_be_shown_opens_no_action() {
    let ground = Ground::new().await;
    let cases: [(&str, &[f64]); 3] =
        [("FOUR", &[1.0, 2.0, 1.5, 2.0]), ("UNANIMOUS", &[1.0; 6]), ("LIMIT", &[2.9, 3.1, 2.5, 3.5, 3.0])];
    for (code, scores) in cases {
        let class = ground.class(code).await;
        let sent = ground.send(&class, &moved(6, 0.4, 0.2)).await;
        ground.react(&class, &sent, scores).await;
    }
    ground.release().await;
    assert!(ground.app.as_institute(ground.institute).all("/v1/corrective-actions").await.is_empty());
}

#[tokio::test]
async fn an_action_does_not_reveal_a_small_next_offering() {
    let ground = Ground::new().await;
    let bad = ground.class("BVBM-01").await;
    let sent = ground.send(&bad, &moved(6, 0.4, 0.2)).await;
    ground.react(&bad, &sent, &[2.0, 2.5, 3.0, 2.25, 2.75]).await;
    let small =
        ground.class_of("BVBM-02", ground.course, ground.institute, ground.lecturer, "2026-06-08").await;
    let sent = ground.send(&small, &moved(3, 0.4, 0.2)).await;
    ground.react(&small, &sent, &[5.0, 4.0, 5.0]).await;
    ground.release().await;
    let followed = only_action(&ground).await["followed_by"].clone();
    for figure in [&followed["value"], &followed["change"]] {
        assert_eq!(
            (&figure["status"], &figure["value"], &figure["n"]),
            (&json!("suppressed"), &json!(null), &json!(null))
        );
    }
}

#[tokio::test]
async fn work_that_got_worse_opens_an_action() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    ground.send(&class, &moved(12, -0.6, 0.2)).await;
    ground.release().await;
    let action = only_action(&ground).await;
    assert_eq!((&action["reason"], &action["limit"]), (&json!("behaviour_worse"), &json!(0.0)));
    let measured = action["measured"]["value"].as_f64().expect("a change");
    assert!((measured + 0.6).abs() < 1e-9, "{measured}");
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
    let reply = json!({"reply": "Tiếp thu", "action": "Sửa", "action_owner": "Khoa 1", "action_due_on": "2026-06-30"});
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
