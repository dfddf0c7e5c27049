use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::fixtures::classes::{Ground, Person, moved};
use crate::support::client::Client;

const PATH: &str = "/v1/reports/effectiveness";

/// Codes (or, without one, names) of the subjects someone sees.
async fn seen(client: &Client, query: &str) -> Vec<String> {
    let subject = |item: &Value| {
        let subject = &item["subject"];
        let name = subject["code"].as_str().or(subject["name"].as_str());
        name.expect("a name").to_owned()
    };
    client.all(&format!("{PATH}?{query}")).await.iter().map(subject).collect()
}

#[tokio::test]
async fn an_institute_sees_only_itself() {
    let ground = Ground::new().await;
    let app = &ground.app;
    let own = ground.class("BVBM-01").await;
    ground.send(&own, &moved(12, 0.6, 0.2)).await;
    let other = app.institute("HVHC").await;
    let course = app.course("LTR", other, ground.competency).await;
    let lecturer = app.lecturer(other, "Bùi Thị Khác").await;
    let foreign = ground.class_of("LTR-01", course, other, lecturer, "2026-03-09").await;
    ground.send(&foreign, &moved(12, -0.6, 0.2)).await;

    ground.release().await;
    let officer = app.as_role(Role::TrainingOfficer);
    let institute = app.as_institute(ground.institute);
    for (by, all, mine) in [
        ("course", vec!["BVBM", "LTR"], "BVBM"),
        ("offering", vec!["BVBM-01", "LTR-01"], "BVBM-01"),
        ("lecturer", vec!["Bùi Thị Khác", "Nguyễn Văn Giảng"], "Nguyễn Văn Giảng"),
        ("institute", vec!["HVHC", "TDT"], "TDT"),
        ("mode", vec!["in_person"], "in_person"),
        ("content_area", vec!["professional_skill"], "professional_skill"),
    ] {
        let query = format!("by={by}");
        assert_eq!(seen(&officer, &query).await, all);
        assert_eq!(seen(&institute, &query).await, [mine]);
    }
    for (by, id) in
        [("course", course), ("offering", foreign.offering), ("lecturer", lecturer), ("institute", other)]
    {
        let answer = institute.get(&format!("{PATH}?by={by}&id={id}")).await;
        assert_eq!(answer.problem(), "404 resource.not_found", "{by}");
        assert_eq!(officer.get(&format!("{PATH}?by={by}&id={id}")).await.status, 200, "{by}");
    }
    let units = institute.get(&format!("{PATH}?by=unit")).await;
    assert_eq!((units.status, units.faults()), (422, vec!["?by not_allowed".to_owned()]));
}

#[tokio::test]
async fn a_unit_head_sees_their_units_and_what_is_published() {
    let ground = Ground::new().await;
    let app = &ground.app;
    let archive = app.unit("VP-LT", Some(ground.unit)).await;
    let agency = app.unit("CDL", Some(ground.ministry)).await;
    let class = ground.class("BVBM-01").await;
    let of = |unit: Uuid, by: f64| {
        moved(10, by, 0.2).into_iter().map(move |p| Person { unit: Some(unit), ..p }).collect::<Vec<_>>()
    };
    let people = [of(ground.unit, 0.6), of(archive, 0.0), of(agency, -0.6)].concat();
    ground.send(&class, &people).await;

    ground.release().await;
    let head = app.as_head(ground.unit, None);
    let units = head.all(&format!("{PATH}?by=unit")).await;
    let found: Vec<(&str, &Value)> = units
        .iter()
        .map(|u| (u["subject"]["code"].as_str().unwrap(), &u["follow_up"]["participants"]))
        .collect();
    assert_eq!(found, [("VP", &json!(20)), ("VP-LT", &json!(10))], "a unit holds everything below it");
    assert_eq!(units[1]["behaviour"]["verdict"], "practically_no_change");
    assert_eq!(units[1]["per_half_day"], Value::Null);
    let foreign = head.get(&format!("{PATH}?by=unit&id={agency}")).await;
    assert_eq!(foreign.problem(), "404 resource.not_found");
    let published = head.all(&format!("{PATH}?by=course")).await;
    assert_eq!(published[0]["follow_up"]["participants"], 30);

    let officer = app.as_role(Role::Leader);
    assert_eq!(seen(&officer, "by=unit").await, ["BCT", "CDL", "VP", "VP-LT"]);
    for stranger in [app.as_role(Role::SystemAdmin), app.as_employee(Uuid::nil())] {
        let answer = stranger.get(&format!("{PATH}?by=course")).await;
        assert_eq!(answer.problem(), "403 permission.missing");
    }
}

/// A class of thirty, of which one unit sent all but two: neither that unit nor the two may be found by subtraction.
#[tokio::test]
async fn a_unit_is_not_shown_where_a_class_minus_it_would_leave_two() {
    let ground = Ground::new().await;
    let archive = ground.app.unit("VP-LT", Some(ground.unit)).await;
    let agency = ground.app.unit("CDL", Some(ground.ministry)).await;
    let of = |unit: Uuid, n: usize| {
        moved(n, 0.6, 0.2).into_iter().map(move |p| Person { unit: Some(unit), ..p }).collect::<Vec<_>>()
    };
    ground.send(&ground.class("BVBM-01").await, &[of(archive, 28), of(agency, 2)].concat()).await;
    ground.release().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    for (code, unit) in [("VP-LT", archive), ("CDL", agency), ("BCT", ground.ministry)] {
        let page = officer.get(&format!("{PATH}?by=unit&id={unit}")).await.expect_status(200);
        let change = &page["items"][0]["behaviour"]["change"];
        assert_eq!(change["value"], Value::Null, "{code}");
        assert_eq!(page["items"][0]["follow_up"]["pairs_used"], 0, "{code}");
    }
    let ministry = officer.get(&format!("{PATH}?by=unit&id={}", ground.ministry)).await.expect_status(200);
    assert_eq!(ministry["items"][0]["follow_up"]["pairs_withheld"], 30);
    assert_eq!(
        ministry["items"][0]["sentence"]["en"],
        "Hidden to protect those who were rated (only groups under 5)."
    );
    let class = officer.get(&format!("{PATH}?by=offering")).await.expect_status(200);
    assert_eq!(class["items"][0]["behaviour"]["verdict"], "clear_improvement", "the class itself is shown");
}

#[tokio::test]
async fn modes_and_content_areas_are_sums_of_their_offerings() {
    let ground = Ground::new().await;
    for (code, by) in [("BVBM-01", 0.4), ("BVBM-02", 0.8)] {
        ground.send(&ground.class(code).await, &moved(12, by, 0.2)).await;
    }
    ground.send(&ground.class("BVBM-03").await, &moved(4, 2.0, 0.2)).await;
    ground.release().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    for by in ["mode", "content_area"] {
        let page = officer.get(&format!("{PATH}?by={by}")).await.expect_status(200);
        let [item] = page["items"].as_array().unwrap().as_slice() else { panic!("{page:#}") };
        assert_eq!((&item["subject"]["id"], &item["follow_up"]["participants"]), (&Value::Null, &json!(28)));
        let change = item["behaviour"]["change"]["value"].as_f64().unwrap();
        assert!((change - 0.6).abs() < 1e-9, "{change}");
        assert_eq!(item["follow_up"]["pairs_withheld"], 4, "a class of four stands in no total");
    }
    // They are named in the language of the request, and sorted by their codes all the same.
    for (locale, names) in
        [("vi", ["Trực tiếp", "Chuyên môn, nghiệp vụ"]), ("en", ["In person", "Professional skills"])]
    {
        let reader = officer.speaking(locale);
        for (by, name) in ["mode", "content_area"].into_iter().zip(names) {
            let page = reader.get(&format!("{PATH}?by={by}")).await.expect_status(200);
            assert_eq!(page["items"][0]["subject"]["name"], name);
        }
    }
}

/// All twelve pairs are in, but the quarter in which they were released still runs.
#[tokio::test]
async fn of_a_unit_it_is_said_when_units_are_published() {
    let ground = Ground::new().await;
    ground.send(&ground.class("BVBM-01").await, &moved(12, 0.6, 0.2)).await;
    ground.release().await;
    let unit = format!("{PATH}?by=unit&id={}", ground.unit);
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let page = officer.get(&format!("{unit}&as_of=2026-06-29")).await.expect_status(200);
    let sentence = &page["items"][0]["sentence"];
    assert_eq!(
        sentence["vi"],
        "Chưa đủ dữ liệu: mới có 0/10 cặp đánh giá cần thiết; số liệu theo đơn vị được công bố khi hết quý, lần tới sau \
         ngày 30/06/2026."
    );
    assert_eq!(
        sentence["en"],
        "Not enough data: 0 of the 10 pairs of ratings needed; units are published when a calendar quarter is over, next \
         after 30 June 2026."
    );
    let over = officer.get(&format!("{unit}&as_of=2026-06-30")).await.expect_status(200);
    assert_eq!(over["items"][0]["behaviour"]["change"]["n"], 12);
}

#[tokio::test]
async fn a_unit_is_shown_in_whole_quarters_only() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    ground.send(&class, &moved(12, 0.6, 0.2)).await;
    ground.release().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let pairs = async |as_of: &str| {
        let path = format!("{PATH}?by=unit&id={}&as_of={as_of}", ground.unit);
        officer.get(&path).await.expect_status(200)["items"][0]["follow_up"]["pairs_used"].clone()
    };
    let offering = officer.get(&format!("{PATH}?by=offering&as_of=2026-06-30")).await.expect_status(200);
    assert_eq!(offering["items"][0]["follow_up"]["pairs_used"], 12, "released on the last day of June");
    assert_eq!((pairs("2026-06-29").await, pairs("2026-06-30").await), (json!(0), json!(12)));
}

#[tokio::test]
async fn a_lecturer_answers_for_what_they_mostly_taught_and_needs_thirty() {
    let ground = Ground::new().await;
    let guest = ground.app.lecturer(ground.institute, "Cao Văn Khách").await;
    let classes =
        [ground.class("BVBM-01").await, ground.class("BVBM-02").await, ground.class("BVBM-03").await];
    for class in &classes {
        ground.send(class, &moved(10, 0.6, 0.2)).await;
        ground.teach_one_session(class, guest).await;
    }
    ground.release().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    let lecturers = officer.all(&format!("{PATH}?by=lecturer")).await;
    let [first, second] = lecturers.as_slice() else { panic!("two lecturers, not {}", lecturers.len()) };
    assert_eq!(first["subject"]["name"], "Cao Văn Khách");
    assert_eq!(first["follow_up"]["participants"], 0, "a quarter of the periods is not half");
    assert_eq!(first["behaviour"]["change"]["n_needed"], 30);
    assert_eq!(second["behaviour"]["verdict"], "clear_improvement");
    assert_eq!(second["behaviour"]["change"]["n"], 30);

    ground.cancel(&classes[2]).await;
    let fewer = officer.get(&format!("{PATH}?by=lecturer&id={}", ground.lecturer)).await.expect_status(200);
    let item = &fewer["items"][0];
    assert_eq!(item["behaviour"]["change"]["status"], "insufficient_data");
    assert_eq!(item["behaviour"]["before"]["value"], Value::Null);
    assert_eq!(item["warnings"], json!(["few_offerings"]));
    assert_eq!(
        item["sentence"]["vi"],
        "Chưa đủ dữ liệu: giảng viên mới có 20/30 cặp từ 2/3 lớp cần thiết; đã hết hạn."
    );
}

#[tokio::test]
async fn pages_follow_the_code_and_never_a_rank() {
    let ground = Ground::new().await;
    for (code, by) in [("C", 0.9), ("A", -0.9), ("D", 0.0), ("B", 0.5), ("E", 0.1)] {
        ground.send(&ground.class(code).await, &moved(10, by, 0.2)).await;
    }
    let officer = ground.app.as_role(Role::TrainingOfficer);
    assert_eq!(seen(&officer, "by=offering&limit=2").await, ["A", "B", "C", "D", "E"]);
    let page = officer.get(&format!("{PATH}?by=offering&limit=2")).await;
    assert!(page.header("link").contains("rel=\"next\""));
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let foreign = officer.get(&format!("{PATH}?by=course&cursor={cursor}")).await;
    assert_eq!(foreign.problem(), "400 cursor.invalid");
}

#[tokio::test]
async fn a_subject_without_data_has_insufficient_data_and_an_unknown_one_is_not_found() {
    let ground = Ground::new().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    for (by, id) in [
        ("course", ground.course),
        ("lecturer", ground.lecturer),
        ("institute", ground.institute),
        ("unit", ground.unit),
    ] {
        let empty = officer.get(&format!("{PATH}?by={by}")).await.expect_status(200);
        assert_eq!(empty["items"], json!([]), "{by}: nothing to report");
        let page = officer.get(&format!("{PATH}?by={by}&id={id}")).await.expect_status(200);
        let item = &page["items"][0];
        assert_eq!(item["behaviour"]["change"]["status"], "insufficient_data", "{by}");
        assert_eq!(item["evidence"]["grade"], "D");
        let unknown = officer.get(&format!("{PATH}?by={by}&id={}", Uuid::nil())).await;
        assert_eq!(unknown.problem(), "404 resource.not_found", "{by}");
    }
}

#[tokio::test]
async fn bad_input_is_named() {
    let ground = Ground::new().await;
    let officer = ground.app.as_role(Role::TrainingOfficer);
    for (query, fault) in [
        ("", "?by required"),
        ("?by=planet", "?by not_allowed"),
        ("?by=course&as_of=31/12/2026", "?as_of wrong_type"),
        ("?by=course&as_of=2026-11-24", "?as_of too_large"),
        ("?by=course&from=2026-02-30", "?from wrong_type"),
        ("?by=course&from=2026-03-02&to=2026-03-01", "?to date_order"),
        ("?by=unit&from=2026-03-02", "?from not_allowed"),
        ("?by=unit&to=2026-03-02", "?to not_allowed"),
        ("?by=mode&id=00000000-0000-0000-0000-000000000000", "?id not_applicable"),
        ("?by=course&phase=baseline", "?phase not_allowed"),
        ("?by=course&id=1", "?id wrong_type"),
        ("?by=course&colour=1", "?colour unknown_member"),
        ("?by=course&limit=201", "?limit too_large"),
    ] {
        let answer = officer.get(&format!("{PATH}{query}")).await;
        assert_eq!((answer.status, answer.faults()), (422, vec![fault.to_owned()]), "{query}");
    }
}
