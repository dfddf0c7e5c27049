use serde_json::{Value, json};
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::seed::id;

fn lecturer(role: &str, degree: &str) -> Value {
    json!({"full_name": "Nguyễn Thị Minh Hà", "email": "ha@example.edu.vn", "degree": degree, "role": role,
        "subjects": ["Bảo vệ bí mật nhà nước"]})
}

#[tokio::test]
async fn a_lecturer_needs_the_degree_of_the_role() {
    let app = TestApp::spawn().await;
    let institute = app.as_institute(app.institute("DHCN").await);
    for (role, degree, status) in [
        ("senior_lecturer", "master", 422),
        ("senior_lecturer", "doctorate", 201),
        ("principal_lecturer", "bachelor", 422),
        ("principal_lecturer", "master", 201),
        ("lecturer", "bachelor", 201),
        ("guest_speaker", "bachelor", 201),
    ] {
        let answer = institute.post("/v1/lecturers", lecturer(role, degree)).await;
        assert_eq!(answer.status, status, "{role} with a {degree}: {}", answer.body);
        if status == 422 {
            assert_eq!(answer.faults(), ["/role degree_too_low"]);
        }
    }

    let entered = institute.post("/v1/lecturers", lecturer("principal_lecturer", "master")).await;
    let path = format!("/v1/lecturers/{}", entered.id());
    assert_eq!(entered.header("location"), path);
    let promoted = institute.patch(&path, "*", json!({"role": "senior_lecturer"})).await;
    assert_eq!(promoted.faults(), ["/role degree_too_low"]);
    let demoted = institute.patch(&path, "*", json!({"degree": "bachelor"})).await;
    assert_eq!(demoted.faults(), ["/role degree_too_low"]);
    let both = json!({"role": "senior_lecturer", "degree": "doctorate", "email": null, "is_active": false});
    let changed = institute.patch(&path, entered.etag(), both).await.expect_status(200);
    assert_eq!(changed["email"], Value::Null);
    assert_eq!(changed["is_active"], false);
    assert_eq!(changed["full_name"], "Nguyễn Thị Minh Hà");
}

#[tokio::test]
async fn bad_input_is_named() {
    let app = TestApp::spawn().await;
    let institute = app.as_institute(app.institute("DHCN").await);
    let bad = json!({"full_name": "", "email": "x", "degree": "master", "role": "lecturer",
        "subjects": ["Bảo mật", ""]});
    assert_eq!(
        institute.post("/v1/lecturers", bad).await.faults(),
        ["/email wrong_format", "/full_name too_short", "/subjects/1 too_short"]
    );
    let empty = json!({"full_name": "A", "degree": "master", "role": "lecturer", "subjects": []});
    assert_eq!(institute.post("/v1/lecturers", empty).await.faults(), ["/subjects too_few"]);
    assert_eq!(app.outbox().await, Vec::<String>::new(), "nothing was written");
}

#[tokio::test]
async fn an_institute_keeps_its_own_lecturers_only() {
    let app = TestApp::spawn().await;
    let (ours, theirs) = (app.institute("DHCN").await, app.institute("DHDL").await);
    let (mine, foreign) = (app.lecturer(ours, "Lê Văn An").await, app.lecturer(theirs, "Trần Bình").await);
    let institute = app.as_institute(ours);
    assert_eq!(institute.all("/v1/lecturers").await.iter().map(id).collect::<Vec<_>>(), [mine]);
    assert_eq!(institute.get(&format!("/v1/lecturers/{foreign}")).await.problem(), "404 resource.not_found");
    assert_eq!(
        institute
            .patch(&format!("/v1/lecturers/{foreign}"), "*", json!({"is_active": false}))
            .await
            .problem(),
        "404 resource.not_found"
    );

    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.all("/v1/lecturers").await.len(), 2);
    let of_theirs = officer.all(&format!("/v1/lecturers?institute_id={theirs}")).await;
    assert_eq!(of_theirs.iter().map(id).collect::<Vec<_>>(), [foreign]);
    assert_eq!(officer.all("/v1/lecturers?subject=B%E1%BA%A3o%20m%E1%BA%ADt").await.len(), 2);
    assert_eq!(officer.all("/v1/lecturers?subject=ISO").await.len(), 0);
    assert_eq!(officer.all("/v1/lecturers?is_active=false").await.len(), 0);
    assert_eq!(
        officer.post("/v1/lecturers", lecturer("lecturer", "master")).await.problem(),
        "403 permission.missing"
    );
    assert_eq!(app.as_role(Role::Employee).get("/v1/lecturers").await.problem(), "403 permission.missing");
}
