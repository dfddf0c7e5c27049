use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::client::Client;

/// Record that someone holds a competency from a day on, until another.
async fn holds(portal: &Client, employee: Uuid, competency: Uuid, level: i16, from: &str, to: Option<&str>) {
    let body = json!({"competency_id": competency, "level": level, "source": "assessment", "valid_from": from,
        "valid_to": to});
    portal.post(&format!("/v1/employees/{employee}/competencies"), body).await.expect_status(201);
}

/// `BMNN 3/2`: required and held level of each gap.
fn told(gaps: &Value) -> Vec<String> {
    gaps.as_array()
        .unwrap()
        .iter()
        .map(|g| {
            format!("{} {}/{}", g["competency_code"].as_str().unwrap(), g["required_level"], g["held_level"])
        })
        .collect()
}

#[tokio::test]
async fn a_gap_is_a_requirement_that_nothing_valid_meets() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let (unit, position) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    let an = app.employee("NV-1", "Lê An", unit, position).await;
    let (archive, digital, secrecy) =
        (app.competency("LT").await, app.competency("CDS").await, app.competency("BMNN").await);
    // Each at level 3; the digital one from July on, and soft.
    app.requirement(position, archive).await;
    app.requirement(position, secrecy).await;
    let soft = json!({"competency_id": digital, "level": 4, "is_hard": false, "valid_from": "2026-07-01"});
    portal.post(&format!("/v1/job-positions/{position}/requirements"), soft).await.expect_status(201);
    holds(&portal, an, secrecy, 2, "2025-01-01", None).await;
    holds(&portal, an, secrecy, 3, "2025-06-01", Some("2026-06-01")).await;
    holds(&portal, an, archive, 5, "2026-05-01", None).await;

    let own = app.as_employee(an);
    let gaps =
        async |query: &str| own.get(&format!("/v1/employees/{an}/gaps{query}")).await.expect_status(200);
    let today = gaps("").await;
    assert_eq!(today["as_of"], "2026-03-02");
    assert_eq!(told(&today["items"]), ["LT 3/null"]);
    assert_eq!(told(&gaps("?as_of=2025-05-31").await["items"]), ["BMNN 3/2", "LT 3/null"]);
    assert_eq!(told(&gaps("?as_of=2026-05-31").await["items"]), Vec::<String>::new());
    let later = gaps("?as_of=2026-07-01").await;
    assert_eq!(told(&later["items"]), ["BMNN 3/2", "CDS 4/null"], "musts first");
    assert_eq!(told(&gaps("?as_of=2024-12-31").await["items"]), Vec::<String>::new());
    assert_eq!(later["items"][1]["is_hard"], false);
    assert_eq!(later["items"][1]["valid_from"], "2026-07-01");
}

#[tokio::test]
async fn a_head_sees_the_gaps_of_everybody_below_and_nobody_else() {
    let app = TestApp::spawn().await;
    let portal = app.as_role(Role::HrPortal);
    let ministry = app.unit("BCT", None).await;
    let office = app.unit("VP", Some(ministry)).await;
    let records = app.unit("VP-LT", Some(office)).await;
    let agency = app.unit("CDL", Some(ministry)).await;
    let (clerk, free) = (app.position("VT", "vt", None).await, app.position("CV", "cv", None).await);
    let (archive, secrecy) = (app.competency("LT").await, app.competency("BMNN").await);
    app.requirement(clerk, archive).await;
    app.requirement(clerk, secrecy).await;
    let head_of_office = app.employee("NV-0", "Phạm Dũng", office, free).await;
    let binh = app.employee("NV-1", "Lê Bình", records, clerk).await;
    let an = app.employee("NV-2", "Trần An", office, clerk).await;
    let met = app.employee("NV-3", "Lê Hà", office, clerk).await;
    let left = app.employee("NV-4", "Lê Cường", office, clerk).await;
    let foreign = app.employee("NV-5", "Lê Hoa", agency, clerk).await;
    portal.patch(&format!("/v1/employees/{left}"), "*", json!({"status": "left"})).await.expect_status(200);
    for competency in [archive, secrecy] {
        holds(&portal, met, competency, 3, "2025-01-01", None).await;
    }
    holds(&portal, binh, secrecy, 4, "2025-01-01", None).await;

    let head = app.as_head(office, Some(head_of_office));
    let path = format!("/v1/units/{office}/gaps");
    let rows = head.all(&format!("{path}?limit=1")).await;
    let shown: Vec<(&str, Vec<String>)> =
        rows.iter().map(|r| (r["employee"]["full_name"].as_str().unwrap(), told(&r["gaps"]))).collect();
    assert_eq!(
        shown,
        [
            ("Trần An", vec!["BMNN 3/null".to_owned(), "LT 3/null".to_owned()]),
            ("Lê Bình", vec!["LT 3/null".to_owned()])
        ]
    );
    assert_eq!(head.all(&format!("{path}?as_of=2024-01-01")).await.len(), 0);
    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.all(&format!("/v1/units/{ministry}/gaps")).await.len(), 3);

    for place in [
        format!("/v1/units/{agency}/gaps"),
        format!("/v1/units/{ministry}/gaps"),
        format!("/v1/employees/{foreign}/gaps"),
    ] {
        assert_eq!(head.get(&place).await.problem(), "404 resource.not_found", "{place}");
    }
    let own = app.as_employee(an);
    assert_eq!(own.get(&path).await.problem(), "404 resource.not_found");
    assert_eq!(own.get(&format!("/v1/employees/{binh}/gaps")).await.problem(), "404 resource.not_found");
    let institute = app.as_institute(Uuid::from_u128(1));
    assert_eq!(institute.get(&path).await.problem(), "403 permission.missing");
}
