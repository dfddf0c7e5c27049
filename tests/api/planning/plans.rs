use serde_json::{Value, json};
use thuocdo::access::{Reach, Role};
use thuocdo::planning::plans::{self, PlanStatus};
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::seed::id;

const PLANS: &str = "/v1/training-plans";

async fn course(app: &TestApp) -> Uuid {
    let competency = app.competency("NL-BM").await;
    app.course("BMNN", app.institute("DHCN").await, competency).await
}

async fn draft(officer: &Client, year: i32) -> String {
    let plan = officer.post(PLANS, json!({"year": year, "title": "Kế hoạch năm"})).await;
    assert_eq!(plan.status, 201, "{:#}", plan.body);
    plan.header("location").to_owned()
}

fn line(unit: Uuid, course: Uuid) -> Value {
    json!({"unit_id": unit, "course_id": course, "quota": 5})
}

#[tokio::test]
async fn a_plan_is_written_submitted_and_approved_by_a_decision() {
    let app = TestApp::spawn().await;
    let (unit, course) = (app.unit("VP", None).await, course(&app).await);
    let (officer, leader) = (app.as_role(Role::TrainingOfficer), app.as_role(Role::Leader));
    let path = draft(&officer, 2027).await;
    let lines = format!("{path}/lines");
    let read = officer.get(&path).await;
    assert_eq!((&read.body["status"], &read.body["decision_number"]), (&json!("draft"), &Value::Null));

    let added = officer.post(&lines, line(unit, course)).await;
    assert_eq!(added.status, 201, "{:#}", added.body);
    assert_eq!(
        officer.get(added.header("location")).await.body,
        added.body,
        "the line is found where the answer says"
    );
    assert_eq!(officer.post(&lines, line(unit, course)).await.problem(), "409 plan_line.exists");
    officer.patch(&path, read.etag(), json!({"title": "Kế hoạch năm 2027"})).await.expect_status(200);
    assert_eq!(
        officer.patch(&path, read.etag(), json!({"title": "Khác"})).await.problem(),
        "412 resource.changed"
    );

    let approve = format!("{path}/approve");
    let decision = json!({"decision_number": "2646/QĐ-BCT"});
    assert_eq!(leader.post(&approve, decision.clone()).await.problem(), "409 state.wrong");
    officer.act(&format!("{path}/submit")).await.expect_status(200);
    assert_eq!(officer.post(&lines, line(unit, course)).await.problem(), "409 state.wrong");
    assert_eq!(officer.patch(&path, "*", json!({"title": "Khác"})).await.problem(), "409 state.wrong");
    assert_eq!(officer.post(&approve, decision.clone()).await.problem(), "403 permission.missing");
    assert_eq!(
        leader.post(&approve, json!({"decision_number": "2646"})).await.faults(),
        ["/decision_number decision_number"]
    );
    let approved = leader.post(&approve, decision).await.expect_status(200);
    assert_eq!(
        (&approved["status"], &approved["decision_number"], &approved["title"]),
        (&json!("approved"), &json!("2646/QĐ-BCT"), &json!("Kế hoạch năm 2027"))
    );
    assert_eq!(
        app.outbox().await[1..],
        [
            "training_plan.created",
            "training_plan_line.created",
            "training_plan.updated",
            "training_plan.submitted",
            "training_plan.approved"
        ]
    );
}

#[tokio::test]
async fn there_is_one_plan_a_year_and_its_lines_refer_to_what_exists() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let path = draft(&officer, 2027).await;
    let twice = officer.post(PLANS, json!({"year": 2027, "title": "Kế hoạch khác"})).await;
    assert_eq!(twice.problem(), "409 plan.exists");
    assert_eq!(
        officer.post(PLANS, json!({"year": 1999, "title": ""})).await.faults(),
        ["/title too_short", "/year too_small"]
    );
    draft(&officer, 2028).await;
    assert_eq!(officer.all(&format!("{PLANS}?year=2028")).await.len(), 1);
    assert_eq!(officer.all(&format!("{PLANS}?status=approved")).await.len(), 0);

    let (unit, course) = (app.unit("VP", None).await, course(&app).await);
    let lines = format!("{path}/lines");
    assert_eq!(
        officer.post(&lines, line(Uuid::nil(), course)).await.faults(),
        ["/unit_id unknown_reference"]
    );
    assert_eq!(
        officer.post(&lines, line(unit, Uuid::nil())).await.faults(),
        ["/course_id unknown_reference"]
    );
    let nobody = json!({"unit_id": unit, "course_id": course, "quota": 0});
    assert_eq!(officer.post(&lines, nobody).await.faults(), ["/quota too_small"]);
    let nowhere = format!("{PLANS}/{}/lines", Uuid::nil());
    assert_eq!(officer.post(&nowhere, line(unit, course)).await.problem(), "404 resource.not_found");
    assert_eq!(officer.get(&nowhere).await.problem(), "404 resource.not_found");
}

#[tokio::test]
async fn a_unit_head_sees_the_lines_of_their_units() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let ministry = app.unit("BCT", None).await;
    let office = app.unit("VP", Some(ministry)).await;
    let records = app.unit("VP-LT", Some(office)).await;
    let agency = app.unit("CDL", Some(ministry)).await;
    let course = course(&app).await;
    let path = draft(&officer, 2027).await;
    let lines = format!("{path}/lines");
    let mut ids = Vec::new();
    for unit in [office, records, agency] {
        ids.push(id(&officer.post(&lines, line(unit, course)).await.expect_status(201)));
    }
    let seen = async |who: &Client, query: &str| {
        let rows = who.all(&format!("{lines}{query}")).await;
        rows.iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(seen(&officer, "?limit=1").await, [ids[2], ids[1], ids[0]]);
    assert_eq!(seen(&officer, &format!("?unit_id={agency}")).await, [ids[2]]);
    assert_eq!(seen(&officer, &format!("?course_id={}", Uuid::nil())).await, [] as [Uuid; 0]);
    let head = app.as_head(office, None);
    head.get(&path).await.expect_status(200);
    assert_eq!(seen(&head, "").await, [ids[1], ids[0]]);
    assert_eq!(
        head.get(&format!("/v1/training-plan-lines/{}", ids[2])).await.problem(),
        "404 resource.not_found"
    );
    assert_eq!(head.post(&lines, line(office, course)).await.problem(), "403 permission.missing");
    assert_eq!(app.as_role(Role::Institute).get(PLANS).await.problem(), "403 permission.missing");

    // Who asks to attend may cite a line of their own unit or of one above it, and no other.
    let position = app.position("CV", "chuyen-vien", None).await;
    let archivist = app.employee("E1", "Trần Bình", records, position).await;
    let cited = app
        .system(async |tx| {
            tx.reach = Reach { employee_id: Some(archivist), ..Reach::default() };
            let mut cited = Vec::new();
            for id in &ids {
                cited.push(plans::find_line_visible(tx, *id).await.map(|l| l.plan_status).ok());
            }
            Ok(cited)
        })
        .await
        .expect("lines");
    assert_eq!(cited, [Some(PlanStatus::Draft), Some(PlanStatus::Draft), None]);
}
