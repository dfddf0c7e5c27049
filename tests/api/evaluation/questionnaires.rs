use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::evaluation::questionnaires::{Instrument, ensure, ensure_statutory, tests};
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
            b["items"][1]["correct"] = json!("yes");
            b["items"][2]["options"] = b["items"][1]["options"].clone();
            b["items"][2]["steps"] = json!(5);
            b["items"][3]["reverse"] = json!(true);
            b["items"][3]["not_observed"] = json!(true);
        })
        .await,
        [
            "/items/1/code duplicate",
            "/items/1/correct not_applicable",
            "/items/1/options/1/code duplicate",
            "/items/2/options not_applicable",
            "/items/2/steps not_applicable",
            "/items/3/not_observed not_applicable",
            "/items/3/reverse not_applicable"
        ]
    );
    assert_eq!(
        faults(&|b| {
            b["items"][0]["steps"] = json!(11);
            b["legal_basis"] = json!("");
            b["max_blank_percent"] = json!(101);
        })
        .await,
        ["/items/0/steps too_large", "/legal_basis too_short", "/max_blank_percent too_large"]
    );
    assert_eq!(
        faults(&|b| {
            b["items"] = json!([
                {"code": "a", "kind": "scale", "steps": 10, "text": {"vi": "?"}, "section": {"code": "s", "text": {"vi": "Một"}}},
                {"code": "b", "kind": "scale", "text": {"vi": "?"}, "section": {"code": "s", "text": {"vi": "Hai"}}},
                {"code": "c", "kind": "scale", "steps": 7, "text": {"vi": "?"}}
            ]);
        })
        .await,
        [
            "/items/1/section/text section_differs",
            "/items/1/steps mixed_steps",
            "/items/2/steps not_allowed"
        ]
    );
    assert_eq!(faults(&|b| b["items"][0]["kind"] = json!("mood")).await, ["/items/0/kind not_allowed"]);
    for made in ["behaviour-KH01", "self-behaviour-KH01", "then-KH01"] {
        assert_eq!(faults(&|b| b["code"] = json!(made)).await, ["/code reserved_code"]);
    }
    assert_eq!(
        faults(&|b| b["code"] = json!("reaction")).await,
        ["/is_anonymous not_allowed", "/level not_allowed"]
    );
    assert_eq!(faults(&|b| b["course_id"] = json!(Uuid::nil())).await, ["/course_id unknown_reference"]);
}

fn statutory(code: &str) -> Value {
    let section = json!({"code": "programme", "text": {"vi": "Chương trình", "en": "Programme"}});
    json!({
        "code": code, "revision": 1, "title": "Phiếu đánh giá chất lượng", "level": 4, "audience": "learner",
        "is_anonymous": true, "legal_basis": "Thông tư 10/2017/TT-BNV, Điều 5", "max_blank_percent": 5,
        "items": [
            {"code": "p1", "kind": "scale", "steps": 10, "section": section, "text": {"vi": "Mục tiêu rõ ràng."}},
            {"code": "t1", "kind": "text", "text": {"vi": "Ý kiến khác?"}}
        ]
    })
}

#[tokio::test]
async fn a_statutory_form_says_its_basis_its_criteria_and_when_it_is_invalid() {
    let app = TestApp::spawn().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let form = officer.post("/v1/questionnaires", statutory("quality-own")).await.expect_status(201);
    assert_eq!(
        (&form["instrument"], &form["score_unit"], &form["max_blank_percent"]),
        (&json!("quality"), &json!("points_of_10"), &json!(5))
    );
    assert_eq!(form["legal_basis"], "Thông tư 10/2017/TT-BNV, Điều 5");
    let item = &form["items"][0];
    assert_eq!((&item["steps"], &item["not_observed"]), (&json!(10), &json!(false)), "a blank counts");
    assert_eq!(item["section"]["code"], "programme");
    assert_eq!(item["anchors"].as_array().unwrap().len(), 2, "the ends are worded");

    let mut bare = statutory("quality-own");
    bare["legal_basis"] = Value::Null;
    bare["is_anonymous"] = json!(false);
    bare["items"][0]["steps"] = Value::Null;
    bare["items"][0]["section"] = Value::Null;
    assert_eq!(
        officer.post("/v1/questionnaires", bare).await.faults(),
        [
            "/is_anonymous not_allowed",
            "/items/0/section required",
            "/items/0/steps not_allowed",
            "/legal_basis required"
        ]
    );
    officer.post("/v1/questionnaires", self::form("own", 1)).await.expect_status(201);
    let found = officer.all("/v1/questionnaires?instrument=quality").await;
    assert_eq!(found.iter().map(|f| f["code"].as_str().unwrap()).collect::<Vec<_>>(), ["quality-own"]);
    assert_eq!(officer.all("/v1/questionnaires?instrument=other").await.len(), 1);
}

/// A test of one question for the course `KH01`.
pub fn knowledge(code: &str, course: Uuid) -> Value {
    json!({
        "code": code, "revision": 1, "title": "Kiểm tra kiến thức", "level": 2, "audience": "learner",
        "is_anonymous": false, "course_id": course,
        "items": [
            {"code": "q1", "kind": "choice", "text": {"vi": "Văn bản mật có mấy độ?"}, "correct": "three",
             "options": [{"code": "two", "text": {"vi": "Hai"}}, {"code": "three", "text": {"vi": "Ba"}}]},
            {"code": "q2", "kind": "choice", "text": {"vi": "Ai quyết định độ mật?"}, "correct": "signer",
             "options": [{"code": "clerk", "text": {"vi": "Văn thư"}}, {"code": "signer", "text": {"vi": "Người ký"}}]},
            {"code": "confidence", "kind": "scale", "text": {"vi": "Tôi tự làm được."}}
        ]
    })
}

#[tokio::test]
async fn right_options_are_shown_to_those_only_who_publish_tests() {
    let g = Given::new().await;
    let officer = g.app.as_role(Role::TrainingOfficer);
    let test = officer.post("/v1/questionnaires", knowledge("knowledge-KH01-a", g.course)).await;
    assert_eq!(test.status, 201, "{:#}", test.body);
    assert_eq!(
        (&test.body["instrument"], &test.body["score_unit"]),
        (&json!("knowledge"), &json!("percent"))
    );
    assert_eq!(test.body["items"][0]["correct"], "three");
    let path = test.header("location").to_owned();
    assert_eq!(officer.get(&path).await.body["items"][1]["correct"], "signer");
    let an = g.clerk_in(g.division, "AN").await;
    let others = [
        g.app.as_employee(an),
        g.app.as_head(g.division, Some(g.head)),
        g.app.as_role(Role::Auditor),
        g.app.as_role(Role::Leader),
        g.app.as_institute(g.institute),
    ];
    for other in others {
        let read = other.get(&path).await.expect_status(200);
        let listed = other.all("/v1/questionnaires?instrument=knowledge").await;
        for form in [&read, &listed[0]] {
            assert_eq!(form["items"].as_array().unwrap().len(), 3);
            assert!(!form.to_string().contains("correct"), "{form:#}");
        }
    }
    let log = g.app.as_role(Role::Auditor).get("/v1/audit-log?kind=questionnaires.inserted").await;
    let log = log.expect_status(200);
    assert!(!log["items"].as_array().unwrap().is_empty() && !log.to_string().contains("signer"), "{log:#}");

    let faults = async |change: &dyn Fn(&mut Value)| {
        let mut body = knowledge("knowledge-KH01-b", g.course);
        change(&mut body);
        officer.post("/v1/questionnaires", body).await.faults()
    };
    assert_eq!(faults(&|b| b["code"] = json!("knowledge-KH02-a")).await, ["/code not_allowed"]);
    assert_eq!(faults(&|b| b["course_id"] = Value::Null).await, ["/course_id required"]);
    assert_eq!(faults(&|b| b["items"][0]["correct"] = json!("four")).await, ["/items/0/correct not_allowed"]);
    assert_eq!(
        faults(&|b| {
            b["items"].as_array_mut().unwrap().drain(..2);
        })
        .await,
        ["/items no_correct_option"]
    );
    assert_eq!(faults(&|_| ()).await, [""; 0]);
}

#[tokio::test]
async fn shipped_forms_are_made_on_demand_and_follow_the_course() {
    let g = Given::new().await;
    let made =
        async |instrument| g.app.system(async |tx| ensure(tx, instrument, g.course).await).await.unwrap();
    let first = made(Instrument::Behaviour).await;
    assert_eq!(made(Instrument::Behaviour).await, first, "nothing changed");
    g.set_behaviours(&["Một", "Hai", "Ba", "Bốn", "Năm"]).await;
    let second = made(Instrument::Behaviour).await;
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

    let reaction = made(Instrument::Reaction).await;
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
    reworded["introduction"] = json!({"vi": "Phiếu ẩn danh."});
    reworded["level"] = json!(1);
    reworded["is_anonymous"] = json!(true);
    let reworded = officer.post("/v1/questionnaires", reworded).await.expect_status(201);
    let newest = made(Instrument::Reaction).await;
    assert_eq!(newest.to_string(), reworded["id"].as_str().unwrap());
}

#[tokio::test]
async fn shipped_forms_are_in_two_languages_and_name_what_they_are_for() {
    let g = Given::new().await;
    let officer = g.app.as_role(Role::TrainingOfficer);
    let shipped = async |instrument| {
        let id = g.app.system(async |tx| ensure(tx, instrument, g.course).await).await.unwrap();
        officer.get(&format!("/v1/questionnaires/{id}")).await.expect_status(200)
    };
    let expected = [
        (Instrument::SelfBehaviour, "self-behaviour-KH01", 3, "learner", false),
        (Instrument::ThenTest, "then-KH01", 2, "learner", false),
        (Instrument::Environment, "environment", 3, "learner", true),
        (Instrument::Beneficiary, "beneficiary", 4, "beneficiary_unit", false),
    ];
    for (instrument, code, level, audience, is_anonymous) in expected {
        let form = shipped(instrument).await;
        assert_eq!(form["code"], code);
        assert_eq!(form["instrument"], instrument.name());
        assert_eq!((&form["level"], &form["audience"]), (&json!(level), &json!(audience)), "{code}");
        assert_eq!(form["is_anonymous"], is_anonymous, "{code}");
        assert_eq!(form["score_unit"], "points_of_5", "{code}");
        assert!(form["title_en"].is_string() && form["introduction"]["en"].is_string(), "{code}");
    }
    let environment = shipped(Instrument::Environment).await;
    assert_eq!(environment["items"].as_array().unwrap().len(), 6);
    let behaviour = shipped(Instrument::Behaviour).await;
    assert_eq!(
        shipped(Instrument::SelfBehaviour).await["items"],
        behaviour["items"],
        "the same five behaviours"
    );

    for code in ["quality-10-2017", "quality-03-2023"] {
        let id = g.app.system(async |tx| ensure_statutory(tx, code).await).await.unwrap();
        let form = officer.get(&format!("/v1/questionnaires/{id}")).await.expect_status(200);
        assert_eq!((&form["max_blank_percent"], &form["score_unit"]), (&json!(5), &json!("points_of_10")));
        assert!(form["legal_basis"].as_str().unwrap().contains("/TT-BNV"));
        assert_eq!(form["items"][0]["section"]["code"], "programme");
    }
    assert!(g.app.system(async |tx| ensure_statutory(tx, "reaction").await).await.is_err());
}

#[tokio::test]
async fn a_course_has_two_parallel_tests_or_one_that_is_asked_twice() {
    let g = Given::new().await;
    let pair = async || {
        let pairs = g.app.system(async |tx| tests(tx, &[g.course]).await).await.unwrap();
        pairs.get(&g.course).map(|pair| pair.map(|id| id.to_string()))
    };
    let publish = async |body: Value| g.publish(body).await["id"].as_str().unwrap().to_owned();
    assert_eq!(pair().await, None);
    let first = publish(knowledge("knowledge-KH01-a", g.course)).await;
    assert_eq!(pair().await, Some([first.clone(), first.clone()]));
    let second = publish(knowledge("knowledge-KH01-b", g.course)).await;
    assert_eq!(pair().await, Some([first, second.clone()]));
    let mut revised = knowledge("knowledge-KH01-a", g.course);
    revised["revision"] = json!(2);
    let revised = publish(revised).await;
    assert_eq!(pair().await, Some([revised, second]));
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
