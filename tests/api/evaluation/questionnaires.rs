use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::evaluation::questionnaires::{ensure_behaviour, ensure_reaction};
use uuid::Uuid;

use super::given::Given;
use crate::support::TestApp;

fn form(code: &str, revision: i32) -> Value {
    json!({
        "code": code, "revision": revision, "title": "Mức độ tự tin", "level": 2, "audience": "learner",
        "is_anonymous": false,
        "items": [
            {"code": "c1", "kind": "scale", "text": {"vi": "Tôi tự làm được.", "en": "I can do it alone."}},
            {"code": "c2", "kind": "choice", "text": {"vi": "Có dùng không?"},
             "options": [{"code": "yes", "text": {"vi": "Có"}}, {"code": "no", "text": {"vi": "Không"}}]},
            {"code": "c3", "kind": "number", "text": {"vi": "Bao nhiêu lần?"}},
            {"code": "c4", "kind": "text", "text": {"vi": "Vướng điều gì?"}}
        ]
    })
}

#[tokio::test]
async fn a_published_version_stays_and_a_new_wording_is_a_new_revision() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let created = officer.post("/v1/questionnaires", form("confidence", 1)).await;
    assert_eq!(created.status, 201);
    let read = officer.get(created.header("location")).await.expect_status(200);
    assert_eq!(read, created.body);
    assert_eq!(read["items"][0]["anchors"][0], json!({"vi": "Không bao giờ", "en": "Never"}));
    assert_eq!(read["items"][0]["reverse"], false);

    let twice = officer.post("/v1/questionnaires", form("confidence", 1)).await;
    assert_eq!(twice.problem(), "409 questionnaire.exists");
    officer.post("/v1/questionnaires", form("confidence", 2)).await.expect_status(201);
    assert_eq!(officer.all("/v1/questionnaires?level=2&audience=learner").await.len(), 2);
    assert_eq!(officer.all("/v1/questionnaires?level=3").await.len(), 0);
    let head = app.as_role(Role::UnitHead);
    assert_eq!(head.all("/v1/questionnaires").await.len(), 2);
    assert_eq!(head.post("/v1/questionnaires", form("own", 1)).await.problem(), "403 permission.missing");
    assert_eq!(app.outbox().await, ["questionnaire.published"; 2]);
}

#[tokio::test]
async fn forms_that_make_no_sense_are_refused() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let faults = async |change: &dyn Fn(&mut Value)| {
        let mut body = form("own", 1);
        change(&mut body);
        officer.post("/v1/questionnaires", body).await.faults()
    };
    assert_eq!(
        faults(&|b| {
            b["code"] = json!("mã số");
            b["level"] = json!(5);
            b["items"][0]["text"]["vi"] = json!("");
            b["items"][0]["anchors"] = json!([{"vi": "a"}]);
        })
        .await,
        ["/code code_format", "/items/0/anchors too_few", "/items/0/text/vi too_short", "/level too_large"]
    );
    assert_eq!(
        faults(&|b| {
            b["items"][1]["code"] = json!("c1");
            b["items"][1]["options"][1]["code"] = json!("yes");
            b["items"][2]["options"] = b["items"][1]["options"].clone();
            b["items"][3]["reverse"] = json!(true);
        })
        .await,
        [
            "/items/1/code duplicate",
            "/items/1/options/1/code duplicate",
            "/items/2/options not_applicable",
            "/items/3/reverse not_applicable"
        ]
    );
    assert_eq!(faults(&|b| b["items"][0]["kind"] = json!("mood")).await, ["/items/0/kind not_allowed"]);
    assert_eq!(faults(&|b| b["code"] = json!("behaviour-KH01")).await, ["/code reserved_code"]);
    assert_eq!(
        faults(&|b| b["code"] = json!("reaction")).await,
        ["/is_anonymous not_allowed", "/level not_allowed"]
    );
    assert_eq!(faults(&|b| b["course_id"] = json!(Uuid::nil())).await, ["/course_id unknown_reference"]);
}

#[tokio::test]
async fn shipped_forms_are_made_on_demand_and_follow_the_course() {
    let g = Given::new().await;
    let ensure = || g.app.system(async |tx| ensure_behaviour(tx, g.course).await);
    let first = ensure().await.unwrap();
    assert_eq!(ensure().await.unwrap(), first, "nothing changed");
    g.set_behaviours(&["Một", "Hai", "Ba", "Bốn", "Năm"]).await;
    let second = ensure().await.unwrap();
    assert_ne!(second, first);

    let officer = g.app.as_role(Role::TrainingOfficer);
    let forms = officer.all(&format!("/v1/questionnaires?course_id={}", g.course)).await;
    let revisions: Vec<_> = forms
        .iter()
        .map(|f| (f["revision"].as_i64().unwrap(), f["items"][0]["text"]["vi"].as_str().unwrap()))
        .collect();
    assert_eq!(revisions, [(2, "Một"), (1, "Hành vi 1")]);
    assert_eq!(forms[0]["code"], "behaviour-KH01");
    assert_eq!((&forms[0]["level"], &forms[0]["audience"]), (&json!(3), &json!("supervisor")));

    let reaction = g.app.system(async |tx| ensure_reaction(tx).await).await.unwrap();
    let path = format!("/v1/questionnaires/{reaction}");
    let form = officer.get(&path).await.expect_status(200);
    assert_eq!((&form["level"], &form["is_anonymous"]), (&json!(1), &json!(true)));
    let kinds = |kind: &str| {
        let items = form["items"].as_array().unwrap();
        items.iter().filter(|i| i["kind"] == kind).count()
    };
    assert_eq!((kinds("scale"), kinds("text")), (14, 2));

    // The officer words it anew: that is what learners are asked from now on.
    let mut reworded = self::form("reaction", 2);
    reworded["level"] = json!(1);
    reworded["is_anonymous"] = json!(true);
    let reworded = officer.post("/v1/questionnaires", reworded).await.expect_status(201);
    let newest = g.app.system(async |tx| ensure_reaction(tx).await).await.unwrap();
    assert_eq!(newest.to_string(), reworded["id"].as_str().unwrap());
}

#[tokio::test]
async fn follow_ups_ask_what_the_baseline_asked_even_when_the_course_changes() {
    let g = Given::new().await;
    let an = g.participants(&["AN"]).await[0];
    g.schedule().await;
    g.set_behaviours(&["Một", "Hai", "Ba", "Bốn", "Năm"]).await;
    let binh = g.clerk_in(g.division, "BINH").await;
    g.schedule().await;
    let baseline = g.task(an, "baseline").await;
    for phase in ["three_months", "six_months"] {
        assert_eq!(g.task(an, phase).await["questionnaire_id"], baseline["questionnaire_id"]);
    }
    let comparison = g.task(binh, "baseline").await;
    assert_eq!(
        comparison["questionnaire_id"], baseline["questionnaire_id"],
        "a colleague is rated on the items of the one he or she is compared with"
    );
}

#[tokio::test]
async fn an_institute_sees_what_is_asked_of_all_and_about_its_own_courses() {
    let app = TestApp::spawn().await;
    let competency = app.competency("VT").await;
    let officer = app.as_role(Role::TrainingOfficer);
    let publish = async |code: &str, course: Option<Uuid>| {
        let body = json!({
            "code": code, "revision": 1, "title": "Phiếu", "level": 2, "audience": "learner",
            "is_anonymous": false, "course_id": course,
            "items": [{"code": "c1", "kind": "scale", "text": {"vi": "Tự làm được."}}]
        });
        officer.post("/v1/questionnaires", body).await.expect_status(201)["id"].as_str().unwrap().to_owned()
    };
    let (own, other) = (app.institute("TR1").await, app.institute("TR2").await);
    publish("general", None).await;
    publish("own", Some(app.course("KH01", own, competency).await)).await;
    let foreign = publish("foreign", Some(app.course("KH02", other, competency).await)).await;
    let school = app.as_institute(own);
    let seen = school.all("/v1/questionnaires").await;
    assert_eq!(seen.iter().map(|q| q["code"].as_str().unwrap()).collect::<Vec<_>>(), ["own", "general"]);
    let path = format!("/v1/questionnaires/{foreign}");
    assert_eq!(school.get(&path).await.problem(), "404 resource.not_found");
    officer.get(&path).await.expect_status(200);
}
