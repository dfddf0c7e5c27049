use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema::outbox;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::seed::day;

const BATCH: &str = "/v1/performance-ratings/batch";
const LIST: &str = "/v1/performance-ratings";

/// January 2026 of an employee, under Decree 335/2025.
fn january(code: &str, score: f64, class: &str) -> Value {
    json!({"employee_code": code, "regime": "decree_335_2025", "period_kind": "month",
        "period_start": "2026-01-01", "score": score, "class": class})
}

/// A ministry of two units with an employee each.
struct Ministry {
    app: TestApp,
    office: Uuid,
    records: Uuid,
    an: Uuid,
    binh: Uuid,
}

async fn ministry() -> Ministry {
    let app = TestApp::spawn().await;
    let top = app.unit("BCT", None).await;
    let office = app.unit("VP", Some(top)).await;
    let records = app.unit("VP-LT", Some(office)).await;
    let agency = app.unit("CDL", Some(top)).await;
    let position = app.position("CV", "cv", None).await;
    let an = app.employee("NV-1", "Nguyễn Văn An", records, position).await;
    let binh = app.employee("NV-2", "Trần Thị Bình", agency, position).await;
    Ministry { app, office, records, an, binh }
}

impl Ministry {
    async fn push(&self, items: Value) -> Value {
        self.app.as_role(Role::HrPortal).post(BATCH, json!({ "items": items })).await.expect_status(200)
    }

    /// Data of the events, in order.
    async fn announced(&self) -> Vec<Value> {
        use diesel::prelude::*;
        use diesel_async::RunQueryDsl;
        let load = async |tx: &mut thuocdo::db::Tx<'_>| {
            Ok(outbox::table
                .filter(outbox::kind.eq("ratings.imported"))
                .order(outbox::id)
                .select(outbox::data)
                .load(tx.conn())
                .await?)
        };
        self.app.system(load).await.unwrap()
    }
}

#[tokio::test]
async fn a_batch_is_safe_to_repeat_and_a_correction_keeps_the_history() {
    let m = ministry().await;
    let first = json!([january("NV-1", 84.5, "good"), january("NV-2", 92.0, "excellent")]);
    let counts = json!({"created": 2, "corrected": 0, "unchanged": 0});
    assert_eq!(m.push(first.clone()).await, counts);
    let counts = json!({"created": 0, "corrected": 0, "unchanged": 2});
    assert_eq!(m.push(first).await, counts);

    // A petition changed one, and a new period came.
    let mut february = january("NV-1", 70.0, "good");
    february["period_start"] = json!("2026-02-01");
    let third = json!([january("NV-1", 91.0, "excellent"), january("NV-2", 92.0, "excellent"), february]);
    let counts = json!({"created": 1, "corrected": 1, "unchanged": 1});
    assert_eq!(m.push(third).await, counts);
    assert_eq!(
        m.announced().await,
        [
            json!({"created": 2, "corrected": 0, "unchanged": 0}),
            json!({"created": 0, "corrected": 0, "unchanged": 2}),
            json!({"created": 1, "corrected": 1, "unchanged": 1}),
        ]
    );

    let officer = m.app.as_role(Role::TrainingOfficer);
    let of_an = format!("{LIST}?employee_id={}&to=2026-01-31", m.an);
    let now = officer.all(&of_an).await;
    assert_eq!(now.len(), 1);
    assert_eq!(
        (&now[0]["score"], &now[0]["class"], &now[0]["revision"]),
        (&json!(91.0), &json!("excellent"), &json!(2))
    );
    assert_eq!(now[0]["period_end"], "2026-01-31");
    let history = officer.all(&format!("{of_an}&history=true")).await;
    let revisions: Vec<_> = history
        .iter()
        .map(|r| (r["revision"].as_i64().unwrap(), r["is_current"].as_bool().unwrap()))
        .collect();
    assert_eq!(revisions, [(2, true), (1, false)], "newest first");
    assert_eq!(history[1]["score"], 84.5, "the old revision stays as it was");

    // Back to what it was before: once more a new revision, not the old one.
    let back = json!([january("NV-1", 84.5, "good")]);
    assert_eq!(m.push(back).await["corrected"], 1);
    assert_eq!(officer.all(&of_an).await[0]["revision"], 3);
}

#[tokio::test]
async fn the_parts_of_a_score_are_kept_and_add_up() {
    let m = ministry().await;
    let with = |common: Value, task: Value| {
        let mut row = january("NV-1", 86.5, "good");
        row["common_score"] = common;
        row["task_score"] = task;
        row
    };
    m.push(json!([january("NV-1", 86.5, "good")])).await;
    let officer = m.app.as_role(Role::TrainingOfficer);
    let parts = async || {
        let rating = officer.all(&format!("{LIST}?employee_id={}", m.an)).await.remove(0);
        [rating["common_score"].clone(), rating["task_score"].clone(), rating["revision"].clone()]
    };
    assert_eq!(parts().await, [Value::Null, Value::Null, json!(1)], "only the sum is known");
    let counts = json!({"created": 0, "corrected": 1, "unchanged": 0});
    assert_eq!(m.push(json!([with(json!(27.5), json!(59.0))])).await, counts);
    assert_eq!(parts().await, [json!(27.5), json!(59.0), json!(2)]);
    let counts = json!({"created": 0, "corrected": 0, "unchanged": 1});
    assert_eq!(m.push(json!([with(json!(27.5), json!(59.0))])).await, counts, "safe to repeat");

    let portal = m.app.as_role(Role::HrPortal);
    for (common, task, fault) in [
        (json!(27.5), Value::Null, "/items/0/task_score required"),
        (json!(27.5), json!(58.98), "/items/0/score parts_mismatch"),
        (json!(30.5), json!(56.0), "/items/0/common_score too_large"),
    ] {
        let refused = portal.post(BATCH, json!({"items": [with(common, task)]})).await;
        assert_eq!((refused.status, refused.faults()), (422, vec![fault.to_owned()]));
    }
}

#[tokio::test]
async fn the_class_is_stored_as_given_even_against_the_points() {
    let m = ministry().await;
    // Disciplined in the year: "not completed" whatever the points.
    m.push(json!([january("NV-1", 95.0, "not_completed")])).await;
    let rows = m.app.as_role(Role::Auditor).all(LIST).await;
    assert_eq!((&rows[0]["score"], &rows[0]["class"]), (&json!(95.0), &json!("not_completed")));
}

#[tokio::test]
async fn one_fault_stops_the_whole_batch_and_every_row_names_its_own() {
    let m = ministry().await;
    let portal = m.app.as_role(Role::HrPortal);
    let row = |change: Value| {
        let mut row = january("NV-1", 80.0, "good");
        for (name, value) in change.as_object().unwrap() {
            row[name] = value.clone();
        }
        row
    };
    let items = json!([
        row(json!({})),
        row(json!({"employee_code": "NV-9", "period_start": "2026-02-01"})),
        row(json!({"period_start": "2026-02-02"})),
        row(json!({"period_kind": "quarter", "period_start": "2026-02-01"})),
        row(json!({"period_start": "2026-04-01"})),
        row(json!({"score": 60.0})),
        row(json!({"employee_code": "NV-2", "score": null})),
        row(json!({"employee_code": "NV-2", "period_start": "2025-12-01", "score": 100.5})),
        row(json!({"regime": "decree_90_2020", "period_kind": "quarter", "period_start": "2025-10-01"})),
        row(
            json!({"regime": "decree_90_2020", "period_kind": "year", "period_start": "2025-01-01", "score": null})
        ),
        row(json!({"regime": "unit_regulation", "period_kind": "quarter", "period_start": "1901-01-01"})),
    ]);
    let answer = portal.post(BATCH, json!({ "items": items })).await;
    assert_eq!(answer.problem(), "422 request.invalid");
    assert_eq!(
        answer.faults(),
        [
            "/items/1/employee_code unknown_reference",
            "/items/10/regime not_applicable",
            "/items/2/period_start period",
            "/items/3/period_start period",
            "/items/4/period_start period_ahead",
            "/items/5/employee_code duplicate",
            "/items/6/score required",
            "/items/7/regime not_applicable",
            "/items/7/score too_large",
            "/items/8/period_kind not_allowed",
            "/items/8/score not_applicable",
        ]
    );
    let messages = answer.body["errors"].as_array().unwrap().iter().map(|e| &e["message"]);
    let wordless: Vec<_> = messages.filter(|m| m.as_str().unwrap().contains("validation-")).collect();
    assert!(wordless.is_empty(), "{wordless:?}");
    let officer = m.app.as_role(Role::TrainingOfficer);
    assert!(officer.all(&format!("{LIST}?history=true")).await.is_empty());
    assert!(m.announced().await.is_empty());

    let empty = portal.post(BATCH, json!({"items": []})).await;
    assert_eq!(empty.faults(), ["/items too_few"]);
    let rows = vec![january("NV-1", 80.0, "good"); 1001];
    let many = portal.post(BATCH, json!({ "items": rows })).await;
    assert_eq!(many.faults(), ["/items too_many"]);
    let shape = json!({"items": [{"employee_code": "NV-1", "regime": "decree_1", "period_kind": "month",
        "period_start": "01/2026", "points": 5}]});
    assert_eq!(
        portal.post(BATCH, shape).await.faults(),
        [
            "/items/0/class required",
            "/items/0/period_start wrong_format",
            "/items/0/points unknown_member",
            "/items/0/regime not_allowed",
        ]
    );
}

#[tokio::test]
async fn regimes_without_points_have_a_class_only() {
    let m = ministry().await;
    let items = json!([
        {"employee_code": "NV-1", "regime": "decree_90_2020", "period_kind": "year",
            "period_start": "2025-01-01", "class": "good"},
        {"employee_code": "NV-2", "regime": "unit_regulation", "period_kind": "quarter",
            "period_start": "2025-10-01", "class": "completed"}
    ]);
    m.push(items).await;
    let officer = m.app.as_role(Role::TrainingOfficer);
    let years = officer.all(&format!("{LIST}?period_kind=year")).await;
    assert_eq!(years.len(), 1);
    assert_eq!((&years[0]["score"], &years[0]["period_end"]), (&Value::Null, &json!("2025-12-31")));
    let late = officer.all(&format!("{LIST}?from=2025-10-01")).await;
    assert_eq!(late.len(), 1);
    assert_eq!(late[0]["employee_id"], json!(m.binh));
}

#[tokio::test]
async fn parallel_batches_leave_one_revision_each() {
    let m = ministry().await;
    let portal = m.app.as_role(Role::HrPortal);
    let body = json!({"items": [january("NV-1", 80.0, "good"), january("NV-2", 81.0, "good")]});
    let answers = futures::future::join_all((0..4).map(|_| portal.post(BATCH, body.clone()))).await;
    let created: Vec<u64> =
        answers.into_iter().map(|a| a.expect_status(200)["created"].as_u64().unwrap()).collect();
    assert_eq!(created.iter().sum::<u64>(), 2);
    assert_eq!(portal.all(&format!("{LIST}?history=true")).await.len(), 2);
}

#[tokio::test]
async fn a_batch_of_a_thousand_rows_is_taken_and_paged() {
    let m = ministry().await;
    let position = m.app.position("CVC", "cv", None).await;
    for code in ["NV-3", "NV-4"] {
        m.app.employee(code, "Lê Thị Chi", m.office, position).await;
    }
    let mut items = Vec::new();
    for i in 0..250 {
        for code in ["NV-1", "NV-2", "NV-3", "NV-4"] {
            items.push(json!({"employee_code": code, "regime": "unit_regulation", "period_kind": "month",
                "period_start": day("2005-01-01") + chrono::Months::new(i), "class": "good"}));
        }
    }
    let count = items.len();
    assert_eq!(m.push(json!(items)).await["created"], count);
    assert_eq!(m.push(json!(items)).await["unchanged"], count);
    let officer = m.app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.all(&format!("{LIST}?limit=200")).await.len(), count);
}

#[tokio::test]
async fn ratings_are_seen_by_oneself_the_heads_above_and_few_others() {
    let m = ministry().await;
    m.push(json!([january("NV-1", 84.5, "good"), january("NV-2", 92.0, "good")])).await;
    let seen = async |client: crate::support::client::Client, query: &str| -> Vec<Value> {
        let rows = client.all(&format!("{LIST}{query}")).await;
        rows.iter().map(|r| r["employee_id"].clone()).collect()
    };
    let app = &m.app;
    assert_eq!(seen(app.as_head(m.office, None), "").await, [json!(m.an)]);
    assert_eq!(seen(app.as_employee(m.binh), "").await, [json!(m.binh)]);
    let foreign = format!("?employee_id={}", m.an);
    assert!(seen(app.as_employee(m.binh), &foreign).await.is_empty());
    let below = format!("?unit_id={}", m.office);
    assert_eq!(
        seen(app.as_role(Role::TrainingOfficer), &below).await,
        [json!(m.an)],
        "the unit and everything below"
    );
    let records = format!("?unit_id={}", m.records);
    assert_eq!(seen(app.as_role(Role::Auditor), &records).await, [json!(m.an)]);

    let leader = seen(app.as_role(Role::Leader), &below).await;
    assert_eq!(leader, [json!(m.an)], "a leader reads everything");
    for role in [Role::Institute, Role::SystemAdmin] {
        let answer = app.as_role(role).get(LIST).await;
        assert_eq!(answer.problem(), "403 permission.missing", "{role:?}");
    }
    for role in [Role::TrainingOfficer, Role::UnitHead, Role::Employee] {
        let body = json!({"items": [january("NV-1", 100.0, "excellent")]});
        let answer = app.as_role(role).post(BATCH, body).await;
        assert_eq!(answer.problem(), "403 permission.missing", "{role:?}");
    }
    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.get(&format!("{LIST}?period_kind=week")).await.faults(), ["?period_kind not_allowed"]);
    let before_time = officer.get(&format!("{LIST}?from=-5000-01-01")).await;
    assert_eq!(before_time.faults(), ["?from wrong_format"]);
}
