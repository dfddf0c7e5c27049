use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::seed::id;

fn secrets(code: &str, builds: &[Uuid], audience: &[Uuid]) -> Value {
    let builds: Vec<Value> = builds.iter().map(|c| json!({"competency_id": c, "level": 3})).collect();
    json!({
        "code": code, "title": "Bảo vệ bí mật nhà nước", "content_area": "professional_skill",
        "objectives": "Xác định đúng độ mật.", "periods": 24, "obligation": "mandatory",
        "behaviours": ["Xác định", "Đăng ký", "Soạn thảo", "Giao nhận", "Hướng dẫn"],
        "builds": builds, "audience": audience
    })
}

async fn states(reader: &Client, path: &str, steps: &[(&Client, &str)]) -> Vec<String> {
    let mut seen = Vec::new();
    for (who, verb) in steps {
        let answer = match *verb {
            "request-changes" => {
                who.post(&format!("{path}/{verb}"), json!({"reason": "Thêm bài tập."})).await
            }
            _ => who.act(&format!("{path}/{verb}")).await,
        };
        answer.expect_status(200);
        let state = reader.get(path).await.expect_status(200)["status"].clone();
        seen.push(state.as_str().unwrap().to_owned());
    }
    seen
}

#[tokio::test]
async fn a_course_goes_from_draft_to_retirement() {
    let app = TestApp::spawn().await;
    let (competency, position) =
        (app.competency("NL-BM").await, app.position("CV-VT", "chuyen-vien", None).await);
    let institute = app.as_institute(app.institute("DHCN").await);
    let officer = app.as_role(Role::TrainingOfficer);

    let created = institute.post("/v1/courses", secrets("BMNN", &[competency], &[position])).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let path = format!("/v1/courses/{}", created.id());
    assert_eq!(created.header("location"), path);
    assert_eq!(created.body["status"], "draft");
    assert_eq!(created.body["smallest_change"], 0.25);
    assert_eq!(created.body["minimum_attendance_percent"], 80);
    assert_eq!(created.body["builds"], json!([{"competency_id": competency, "level": 3}]));
    assert_eq!(created.body["audience"], json!([position]));
    assert_eq!(
        officer.get(&path).await.problem(),
        "404 resource.not_found",
        "a draft is its institute's own"
    );

    states(&institute, &path, &[(&institute, "submit"), (&officer, "request-changes")]).await;
    let asked = institute.get(&path).await;
    assert_eq!(asked.body["status"], "changes_requested");
    assert_eq!(asked.body["requested_changes"], "Thêm bài tập.");
    let better =
        json!({"title": "Bảo vệ bí mật nhà nước, có thực hành", "audience": [], "refresh_months": 36});
    let edited = institute.patch(&path, asked.etag(), better).await.expect_status(200);
    assert_eq!((&edited["audience"], &edited["refresh_months"]), (&json!([]), &json!(36)));
    assert_eq!(edited["builds"].as_array().unwrap().len(), 1, "absent members stay");

    let steps =
        [(&institute, "submit"), (&officer, "approve"), (&institute, "publish"), (&institute, "retire")];
    assert_eq!(states(&officer, &path, &steps).await, ["submitted", "approved", "published", "retired"]);
    assert_eq!(officer.get(&path).await.body["requested_changes"], Value::Null);
    let too_late = institute.act(&format!("{path}/submit")).await;
    assert_eq!(too_late.problem(), "409 state.wrong");
    assert_eq!(too_late.body["allowed_states"], json!(["draft", "changes_requested"]));
    assert_eq!(
        app.outbox().await,
        [
            "course.created",
            "course.submitted",
            "course.changes_requested",
            "course.updated",
            "course.submitted",
            "course.approved",
            "course.published",
            "course.retired"
        ]
    );
}

#[tokio::test]
async fn what_was_submitted_is_no_longer_edited() {
    let app = TestApp::spawn().await;
    let institute = app.as_institute(app.institute("DHCN").await);
    let course = institute.post("/v1/courses", secrets("BMNN", &[], &[])).await;
    let path = format!("/v1/courses/{}", course.id());
    institute.act(&format!("{path}/submit")).await.expect_status(200);
    let late = institute.patch(&path, "*", json!({"periods": 12})).await;
    assert_eq!(late.problem(), "409 state.wrong");
    assert_eq!(late.body["state"], "submitted");
    let stale = institute.patch(&path, course.etag(), json!({"periods": 12})).await;
    assert_eq!(stale.problem(), "412 resource.changed");
}

#[tokio::test]
async fn only_an_approved_institute_may_organise() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let applied = app
        .public()
        .post(
            "/v1/institutes/apply",
            json!({"code": "TT", "name": "Trung tâm", "kind": "other", "contact_email": "tt@example.vn",
                "contact_name": "Văn phòng"}),
        )
        .await
        .expect_status(201);
    let newcomer = app.as_institute(id(&applied));
    let refused = newcomer.post("/v1/courses", secrets("A", &[], &[])).await;
    assert_eq!(refused.problem(), "409 institute.not_approved");
    assert_eq!(
        officer.post("/v1/courses", secrets("A", &[], &[])).await.problem(),
        "403 permission.missing",
        "the ministry's offices do not organise"
    );

    let place = format!("/v1/institutes/{}", id(&applied));
    officer
        .post(&format!("{place}/approve"), json!({"decision_number": "2646/QĐ-BCT"}))
        .await
        .expect_status(200);
    let course = newcomer.post("/v1/courses", secrets("A", &[], &[])).await;
    officer.act(&format!("{place}/suspend")).await.expect_status(200);
    let submit = format!("/v1/courses/{}/submit", course.id());
    assert_eq!(newcomer.act(&submit).await.problem(), "409 institute.not_approved");
}

#[tokio::test]
async fn bad_input_is_named_member_by_member() {
    let app = TestApp::spawn().await;
    let competency = app.competency("NL-BM").await;
    let institute = app.as_institute(app.institute("DHCN").await);
    let mut bad = secrets("B M", &[], &[]);
    bad["periods"] = json!(0);
    bad["behaviours"] = json!(["Một", "Hai", "Ba", "Bốn"]);
    bad["smallest_change"] = json!(0);
    bad["builds"] = json!([{"competency_id": competency, "level": 6}]);
    assert_eq!(
        institute.post("/v1/courses", bad).await.faults(),
        [
            "/behaviours too_few",
            "/builds/0/level too_large",
            "/code code_format",
            "/periods too_small",
            "/smallest_change too_small"
        ]
    );
    let mut blank = secrets("BM", &[], &[]);
    blank["behaviours"][3] = json!(" ");
    assert_eq!(institute.post("/v1/courses", blank).await.faults(), ["/behaviours/3 too_short"]);
    let mut many = secrets("BM", &[competency; 21], &[]);
    many["builds"][0]["level"] = json!(0);
    assert_eq!(
        institute.post("/v1/courses", many).await.faults(),
        ["/builds too_many", "/builds/0/level too_small"]
    );
    let lists = secrets("BM", &[competency, Uuid::nil(), competency], &[Uuid::nil()]);
    assert_eq!(
        institute.post("/v1/courses", lists).await.faults(),
        [
            "/audience/0 unknown_reference",
            "/builds/1/competency_id unknown_reference",
            "/builds/2/competency_id duplicate"
        ]
    );
    assert_eq!(institute.all("/v1/courses").await.len(), 0, "nothing was written");
}

#[tokio::test]
async fn institutes_see_their_own_courses_and_the_ministry_whatever_left_the_desk() {
    let app = TestApp::spawn().await;
    let (competency, other) = (app.competency("NL-BM").await, app.competency("NL-ISO").await);
    let (ours, theirs) = (app.institute("DHCN").await, app.institute("DHDL").await);
    let published = app.course("BMNN", theirs, competency).await;
    let institute = app.as_institute(ours);
    let draft = id(&institute.post("/v1/courses", secrets("ISO", &[other], &[])).await.expect_status(201));

    let ids = async |who: &Client, query: &str| {
        let rows = who.all(&format!("/v1/courses{query}")).await;
        rows.iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&institute, "").await, [draft]);
    assert_eq!(institute.get(&format!("/v1/courses/{published}")).await.problem(), "404 resource.not_found");
    assert_eq!(
        institute.patch(&format!("/v1/courses/{published}"), "*", json!({"periods": 1})).await.problem(),
        "404 resource.not_found"
    );
    for role in [Role::TrainingOfficer, Role::UnitHead, Role::Employee] {
        assert_eq!(ids(&app.as_role(role), "").await, [published], "{role:?}");
    }
    institute.act(&format!("/v1/courses/{draft}/submit")).await.expect_status(200);
    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(ids(&officer, "").await, [draft, published]);
    for (query, expected) in [
        ("?status=submitted", vec![draft]),
        ("?obligation=encouraged", vec![]),
        ("?content_area=professional_skill", vec![draft, published]),
        (&format!("?institute_id={theirs}"), vec![published]),
        (&format!("?competency_id={other}"), vec![draft]),
    ] {
        assert_eq!(ids(&officer, query).await, expected, "{query}");
    }
    let rows = officer.all("/v1/courses").await;
    assert_eq!(rows[1]["builds"][0]["competency_id"], json!(competency));
    assert_eq!(
        app.as_institute(theirs).act(&format!("/v1/courses/{draft}/publish")).await.problem(),
        "404 resource.not_found"
    );
    assert_eq!(
        institute.act(&format!("/v1/courses/{draft}/approve")).await.problem(),
        "403 permission.missing"
    );
}
