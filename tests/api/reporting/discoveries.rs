use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use crate::fixtures::classes::{Ground, moved};

const PATH: &str = "/v1/reports/discoveries?year=2026";

/// A course with one class, whose people rise by about so much more than as many colleagues; one supervisor for each
/// person and the colleague, from a list.
async fn taught(
    ground: &mut Ground,
    code: &str,
    first: &str,
    (n, by): (usize, f64),
    supervisors: &[Uuid],
) -> Uuid {
    let course = ground.app.course(code, ground.institute, ground.competency).await;
    let class =
        ground.class_of(&format!("{code}-01"), course, ground.institute, ground.lecturer, first).await;
    for (i, person) in moved(n, by, 0.3).into_iter().enumerate() {
        ground.rated_by(supervisors[i % supervisors.len()]);
        let sent = ground.send(&class, &[person]).await;
        let other = if i % 2 == 0 { 3.3 } else { 2.7 };
        ground.compare(&class, &sent, &[(3.0, other)]).await;
    }
    course
}

async fn supervisors(ground: &Ground, n: usize) -> Vec<Uuid> {
    let mut found = Vec::new();
    for i in 0..n {
        let name = format!("Trần Thị Trưởng {i}");
        found.push(ground.app.employee(&format!("S{i}"), &name, ground.unit, ground.position).await);
    }
    found
}

#[tokio::test]
async fn the_courses_of_a_year_are_one_family_of_tests() {
    let mut ground = Ground::new().await;
    let many = supervisors(&ground, 12).await;
    let better = taught(&mut ground, "A-TOT", "2026-03-09", (12, 0.9), &many).await;
    taught(&mut ground, "B-KHONG", "2026-03-09", (12, 0.1), &many).await;
    taught(&mut ground, "C-IT", "2026-03-09", (6, 0.9), &many).await;
    taught(&mut ground, "D-MOT", "2026-03-09", (12, 0.9), &many[..1]).await;
    taught(&mut ground, "E-CU", "2025-11-10", (12, 0.9), &many).await;
    // Its window is still open.
    taught(&mut ground, "F-MOI", "2026-10-12", (12, 0.9), &many).await;
    ground.release().await;

    let officer = ground.app.as_role(Role::TrainingOfficer);
    let rows = officer.all(PATH).await;
    let codes: Vec<&str> = rows.iter().map(|row| row["subject"]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["A-TOT", "B-KHONG", "C-IT", "D-MOT", "F-MOI"], "by code, and E ended in another year");
    let family = &rows[0]["family"];
    assert!(rows.iter().all(|row| &row["family"] == family));
    let counts = ["tests", "discovered", "below_zero", "closed", "untested", "offerings_awaiting"];
    assert_eq!(counts.map(|name| family[name].as_u64().unwrap()), [2, 1, 0, 2, 1, 1], "{family:#}");
    assert_eq!(
        family["sentence"]["en"],
        "Courses of 2026 that stand out after correction for their number: 1 of 2 tested (above 0: 1, below 0: 0). By this \
         rule, on average over many such lists, at most 5 % of the courses that stand out do so by chance; which ones is not \
         known. Standing out is no verdict. Offerings of the year whose figures are still to come, and may change this: 1."
    );
    let (found, other) = (&rows[0], &rows[1]);
    assert_eq!((&found["discovered"], &other["discovered"]), (&json!(true), &json!(false)));
    let number = |value: &Value| value.as_f64().unwrap();
    // Two tests: the smallest probability counts twice.
    assert!((number(&found["q"]) - 2.0 * number(&found["p"])).abs() < 1e-12, "{found:#}");
    assert!(number(&other["p"]) > 0.05 && other["q"] == other["p"], "{other:#}");
    for row in &rows[2..] {
        assert_eq!((&row["p"], &row["q"], &row["discovered"]), (&json!(null), &json!(null), &json!(false)));
    }
    assert_eq!(rows[3]["figure"]["probably_too_narrow"], true, "one supervisor rated all of them");

    // The figure is the one that the report on the course shows of that year.
    let path = format!("/v1/reports/effectiveness?by=course&id={better}&from=2026-01-01&to=2026-12-31");
    let report = officer.all(&path).await.remove(0);
    assert_eq!(report["behaviour"]["difference"], found["figure"]);
    assert_eq!(
        (&report["behaviour"]["verdict"], &report["behaviour"]["headline"]),
        (&found["verdict"], &found["headline"])
    );
    let [low, _] = [0, 1].map(|end| number(&found["figure"]["ci95"][end]));
    assert!(low > 0.0 && number(&found["p"]) < 0.05);

    // A page begins behind the last.
    let first = officer.get(&format!("{PATH}&limit=2")).await.expect_status(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = officer.get(&format!("{PATH}&limit=2&cursor={cursor}")).await.expect_status(200);
    assert_eq!(second["items"][0]["subject"]["code"], "C-IT");
    assert_eq!(&second["items"][0]["family"], family, "of the whole list, not of the page");
    // Before the release nothing was known.
    let before = officer.all(&format!("{PATH}&as_of=2026-06-01")).await;
    assert_eq!(before[0]["family"]["tests"], 0);
    let said = before[0]["family"]["sentence"]["en"].as_str().unwrap();
    assert!(said.starts_with("No course of 2026 has enough data to be tested."), "{said}");
    assert_eq!(officer.all("/v1/reports/discoveries?year=2020").await.len(), 0);
    assert_eq!(officer.all("/v1/reports/discoveries").await, rows, "this year, unless asked otherwise");
}

#[tokio::test]
async fn only_readers_of_the_whole_ministry_read_it_and_every_wrong_parameter_is_named() {
    let ground = Ground::new().await;
    let head = ground.app.as_head(ground.unit, None);
    let institute = ground.app.as_institute(ground.institute);
    for reader in [head, institute] {
        assert_eq!(reader.get(PATH).await.problem(), "403 permission.missing");
    }
    let leader = ground.app.as_role(Role::Leader);
    assert_eq!(leader.get(PATH).await.status, 200);
    let faults = async |query: &str| leader.get(&format!("/v1/reports/discoveries{query}")).await.faults();
    assert_eq!(faults("?year=2027").await, ["?year too_large"]);
    assert_eq!(faults("?year=1999").await, ["?year too_small"]);
    assert_eq!(faults("?year=2026&as_of=2026-12-01").await, ["?as_of too_large"]);
    assert_eq!(faults("?year=2026&as_of=2025-12-01").await, ["?year too_large"]);
}
