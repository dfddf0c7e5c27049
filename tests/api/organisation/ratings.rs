use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

const BATCH: &str = "/v1/performance-ratings/batch";

fn quarter(code: &str, start: &str, score: f64, class: &str) -> Value {
    json!({"employee_code": code, "regime": "decree_335_2025", "period_kind": "quarter", "period_start": start,
        "score": score, "class": class})
}

#[tokio::test]
async fn a_correction_is_a_new_revision_and_repeating_changes_nothing() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let an = app.employee("NV-1", "Lê An", unit, position).await;
    app.employee("NV-2", "Lê Bình", unit, position).await;
    // Disciplined in the year: 95 points and still not completed (Decree 335/2025); the class is as told.
    let rows =
        [quarter("NV-1", "2026-01-01", 86.5, "good"), quarter("NV-2", "2026-01-01", 95.0, "not_completed")];
    let push = async |items: &[Value]| portal.post(BATCH, json!({"items": items})).await.expect_status(200);
    assert_eq!(push(&rows).await, json!({"created": 2, "corrected": 0, "unchanged": 0}));
    assert_eq!(push(&rows).await, json!({"created": 0, "corrected": 0, "unchanged": 2}));
    let third = [
        quarter("NV-1", "2026-01-01", 91.0, "excellent"),
        rows[1].clone(),
        quarter("NV-2", "2026-04-01", 70.0, "good"),
    ];
    assert_eq!(push(&third).await, json!({"created": 1, "corrected": 1, "unchanged": 1}));
    // Back to what it was before: once more a new revision, not the old one.
    assert_eq!(push(&rows[..1]).await["corrected"], 1);

    let own = app.as_employee(an);
    let current = own.all("/v1/performance-ratings").await;
    assert_eq!(current.len(), 1);
    assert_eq!(
        (&current[0]["revision"], &current[0]["score"], &current[0]["period_end"]),
        (&json!(3), &json!(86.5), &json!("2026-03-31"))
    );
    let history = own.all("/v1/performance-ratings?history=true&limit=2").await;
    let told: Vec<(i64, bool)> = history
        .iter()
        .map(|r| (r["revision"].as_i64().unwrap(), r["is_current"].as_bool().unwrap()))
        .collect();
    assert_eq!(told, [(3, true), (2, false), (1, false)]);
    let events = app.outbox().await;
    let of = |kind: &str| events.iter().filter(|e| *e == kind).count();
    assert_eq!((of("performance_rating.created"), of("performance_rating.corrected")), (3, 2));
}

#[tokio::test]
async fn a_batch_of_ratings_with_a_fault_changes_nothing() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    app.employee("NV-1", "Lê An", unit, position).await;
    let mut unscored = quarter("NV-1", "2026-04-01", 80.0, "good");
    unscored["score"] = json!(null);
    let mut old = quarter("NV-1", "2025-07-01", 80.0, "good");
    old["regime"] = json!("decree_90_2020");
    let good = quarter("NV-1", "2026-01-01", 80.0, "good");
    let items = [
        good.clone(),
        quarter("NOBODY", "2026-01-01", 80.0, "good"),
        quarter("NV-1", "2026-02-01", 80.0, "good"),
        unscored,
        old,
        good.clone(),
    ];
    let answer = portal.post(BATCH, json!({"items": items})).await;
    assert_eq!(
        answer.faults(),
        [
            "/items/1/employee_code unknown_reference",
            "/items/2/period_start period",
            "/items/3/score required",
            "/items/4/period_kind not_allowed",
            "/items/4/score not_applicable",
            "/items/5/employee_code duplicate",
        ]
    );
    let high = quarter("NV-1", "2026-01-01", 100.5, "good");
    assert_eq!(
        portal.post(BATCH, json!({"items": [good, high]})).await.faults(),
        ["/items/1/score too_large"]
    );
    assert_eq!(portal.all("/v1/performance-ratings").await.len(), 0);

    let yearly = json!({"employee_code": "NV-1", "regime": "decree_90_2020", "period_kind": "year",
        "period_start": "2025-01-01", "class": "good"});
    portal.post(BATCH, json!({"items": [yearly]})).await.expect_status(200);
}

#[tokio::test]
async fn a_thousand_ratings_come_in_one_batch_and_two_imports_never_write_the_same_twice() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    app.employee("NV-1", "Lê An", unit, position).await;
    let items: Vec<Value> = (0..1000)
        .map(|i| quarter("NV-1", &format!("{}-{:02}-01", 2000 + i / 4, i % 4 * 3 + 1), 80.0, "good"))
        .collect();
    let first = portal.post(BATCH, json!({"items": items})).await.expect_status(200);
    assert_eq!(first["created"], 1000);

    let answers = futures::future::join_all((0..4).map(|i| {
        let row = quarter("NV-1", "2000-01-01", 81.0 + f64::from(i), "good");
        portal.post(BATCH, json!({"items": [row]}))
    }))
    .await;
    for answer in &answers {
        let conflict = answer.status == 409 && answer.problem() == "409 rating.conflict";
        assert!(conflict || answer.status == 200, "{:#}", answer.body);
    }
    let done = answers.iter().filter(|a| a.status == 200).count();
    let rows = portal.all("/v1/performance-ratings?history=true&to=2000-03-31").await;
    assert_eq!(rows.len(), 1 + done);
    assert_eq!(rows.iter().filter(|r| r["is_current"] == true).count(), 1);
}

#[tokio::test]
async fn ratings_are_read_within_reach_and_by_period() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (office, agency) = (app.unit("VP", None).await, app.unit("CDL", None).await);
    let position = app.position("CV", "cv", None).await;
    let an = app.employee("NV-1", "Lê An", office, position).await;
    app.employee("NV-2", "Lê Bình", agency, position).await;
    let month = json!({"employee_code": "NV-1", "regime": "decree_335_2025", "period_kind": "month",
        "period_start": "2026-01-01", "score": 90, "class": "excellent"});
    let items = json!([
        quarter("NV-1", "2026-01-01", 80.0, "good"),
        quarter("NV-1", "2026-04-01", 80.0, "good"),
        month,
        quarter("NV-2", "2026-01-01", 60.0, "completed")
    ]);
    portal.post(BATCH, json!({"items": items})).await.expect_status(200);
    for (query, found) in [
        ("", 4),
        ("?period_kind=month", 1),
        ("?from=2026-02-01", 1),
        ("?to=2026-01-31", 1),
        (&format!("?unit_id={office}"), 3),
        (&format!("?employee_id={an}&period_kind=quarter&limit=1"), 2),
    ] {
        let rows = portal.all(&format!("/v1/performance-ratings{query}")).await;
        assert_eq!(rows.len(), found, "{query}");
    }
    let path = "/v1/performance-ratings";
    assert_eq!(app.as_head(office, None).all(path).await.len(), 3);
    assert_eq!(app.as_employee(an).all(path).await.len(), 3);
    for refused in [
        app.as_role(Role::Leader).get(path).await,
        app.as_institute(Uuid::from_u128(1)).get(path).await,
        app.as_role(Role::TrainingOfficer).post(BATCH, json!({})).await,
    ] {
        assert_eq!(refused.problem(), "403 permission.missing");
    }
}
