use serde_json::json;
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;

#[tokio::test]
async fn competencies_are_kept_by_officers_and_read_by_all() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let body = json!({"code": "BMNN", "name": "Bảo vệ bí mật nhà nước", "content_area": "professional_skill",
        "description": "Mức 3: tự quản lý tài liệu mật."});
    let created = officer.post("/v1/competencies", body.clone()).await;
    assert_eq!(created.status, 201);
    let path = created.header("location").to_owned();
    assert_eq!(officer.post("/v1/competencies", body).await.problem(), "409 code.taken");

    let changed = officer
        .patch(&path, created.etag(), json!({"description": null, "name": "Giữ bí mật"}))
        .await
        .expect_status(200);
    assert_eq!(changed["name"], "Giữ bí mật");
    assert!(changed["description"].is_null());
    assert_eq!(
        officer.patch(&path, created.etag(), json!({"name": "x"})).await.problem(),
        "412 resource.changed"
    );

    let institute = app.as_institute(Uuid::from_u128(1));
    assert_eq!(institute.get(&path).await.expect_status(200)["name"], "Giữ bí mật");
    let refused = institute.patch(&path, "*", json!({"name": "x"})).await;
    assert_eq!(refused.problem(), "403 permission.missing");
    assert_eq!(app.outbox().await, ["competency.created", "competency.updated"]);
}

#[tokio::test]
async fn the_list_filters_by_content_and_bad_input_is_named() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    app.competency("A").await;
    officer
        .post(
            "/v1/competencies",
            json!({"code": "LLCT", "name": "Lý luận", "content_area": "political_theory"}),
        )
        .await
        .expect_status(201);
    let theory = officer.all("/v1/competencies?content_area=political_theory").await;
    assert_eq!(theory.len(), 1);
    assert_eq!(theory[0]["code"], "LLCT");
    assert_eq!(officer.all("/v1/competencies?limit=1").await.len(), 2);

    let bad = json!({"code": "A B", "name": "", "content_area": "state_management"});
    assert_eq!(
        officer.post("/v1/competencies", bad).await.faults(),
        ["/code code_format", "/name too_short"]
    );
    assert_eq!(
        officer.get(&format!("/v1/competencies/{}", Uuid::nil())).await.problem(),
        "404 resource.not_found"
    );
}
