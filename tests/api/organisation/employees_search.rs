//! People are found by how they are called, however that is written.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::clock::random_id;
use thuocdo::db::schema::employees;
use thuocdo::text;

use crate::contract::document::encoded;
use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::seed::day;

/// Codes of those who are found.
async fn found(who: &Client, asked: &str) -> Vec<String> {
    let rows = who.all(&format!("/v1/employees?limit=20&q={}", encoded(asked))).await;
    rows.iter().map(|row: &Value| row["code"].as_str().expect("a code").to_owned()).collect()
}

/// An office of four.
async fn office() -> (TestApp, Client) {
    let app = TestApp::spawn().await;
    let (office, clerk) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    for (code, name) in [
        ("NV-00045", "H\u{2019}Hen Niê"),
        ("NV-00123", "Nguyễn Văn Đức"),
        ("KTS2024-9", "Lê-Nguyễn Thị Hoà"),
        ("CB.7", "Trần Thu Vân"),
    ] {
        app.employee(code, name, office, clerk).await;
    }
    let portal = app.as_role(Role::HrPortal);
    (app, portal)
}

#[tokio::test]
async fn the_beginnings_of_a_name_find_it_in_any_order_and_with_any_accents() {
    let (_app, portal) = office().await;
    for (asked, codes) in [
        ("nguyen van duc", vec!["NV-00123"]),
        ("ĐỨC nguyễn", vec!["NV-00123"]),
        ("ng v d", vec!["NV-00123"]),
        // Eth looks like Đ, and some keyboards make accents of their own.
        ("\u{d0}ức", vec!["NV-00123"]),
        ("Nguye\u{302}\u{303}n vaN", vec!["NV-00123"]),
        ("Nguy\u{200b}ễn\u{a0}Đức", vec!["NV-00123"]),
        ("van", vec!["NV-00123", "CB.7"]),
        ("van van", vec!["NV-00123", "CB.7"]),
        ("hòa", vec!["KTS2024-9"]),
        ("le nguyen", vec!["KTS2024-9"]),
        ("Lê-Nguyễn", vec!["KTS2024-9"]),
        ("h'hen", vec!["NV-00045"]),
        ("H\u{2019}HEN niê", vec!["NV-00045"]),
        ("hhen", vec!["NV-00045"]),
        ("hen", vec!["NV-00045"]),
        ("duc an", vec![]),
        // No word begins so.
        ("uyen", vec![]),
        ("guyễn", vec![]),
    ] {
        assert_eq!(found(&portal, asked).await, codes, "{asked}");
    }
}

#[tokio::test]
async fn a_code_is_found_by_its_parts() {
    let (_app, portal) = office().await;
    for (asked, codes) in [
        ("NV-00123", vec!["NV-00123"]),
        ("nv-001", vec!["NV-00123"]),
        ("nv00123", vec!["NV-00123"]),
        ("nv 00123", vec!["NV-00123"]),
        ("nv_00123", vec!["NV-00123"]),
        ("00123", vec!["NV-00123"]),
        ("123", vec!["NV-00123"]),
        ("đức 123", vec!["NV-00123"]),
        ("nv", vec!["NV-00123", "NV-00045"]),
        ("nv-1", vec![]),
        ("2024", vec!["KTS2024-9"]),
        ("kts2024", vec!["KTS2024-9"]),
        ("cb7", vec!["CB.7"]),
        ("CB/7 vân", vec!["CB.7"]),
        ("0123", vec![]),
    ] {
        assert_eq!(found(&portal, asked).await, codes, "{asked}");
    }
}

#[tokio::test]
async fn signs_ask_for_nothing_and_hurt_nothing() {
    let (_app, portal) = office().await;
    for asked in
        ["%", "_", "\\", "'", "&", "!", ":*", "()", "<->", "-", "\u{200b}", "…", "😀", "' OR 1=1 --", "$x"]
    {
        assert_eq!(found(&portal, asked).await, [""; 0], "{asked}");
    }
    for asked in ["van & duc", "van:* | !duc", "(văn) <-> 'đức'", "%van% \\đức", "\"Đức\", Văn"] {
        assert_eq!(found(&portal, asked).await, ["NV-00123"], "{asked}");
    }
    let fifty: Vec<String> = (0..50).map(|n| format!("n{}", n % 10)).collect();
    assert_eq!(found(&portal, &fifty.join(" ")).await, [""; 0]);
    assert_eq!(found(&portal, &["ng"; 60].join(" ")).await, ["NV-00123", "KTS2024-9"]);
    assert_eq!(found(&portal, &"x".repeat(200)).await, [""; 0]);
    let long = portal.get(&format!("/v1/employees?q={}", "x".repeat(201))).await;
    assert_eq!(long.faults(), ["?q too_long"]);
}

#[tokio::test]
async fn a_new_name_is_found_and_the_old_one_is_not() {
    let (app, portal) = office().await;
    let row = portal.all("/v1/employees?code=CB.7").await.remove(0);
    let path = format!("/v1/employees/{}", row["id"].as_str().expect("an id"));
    let change = json!({"full_name": "Trần Thu Nguyệt"});
    portal.patch(&path, "*", change).await.expect_status(200);
    assert_eq!(found(&portal, "tran nguyet").await, ["CB.7"]);
    assert_eq!(found(&portal, "tran van").await, [""; 0]);
    let log = Value::from(app.audit("").await).to_string();
    assert!(
        !log.contains("nguyet") && !log.contains("search_words"),
        "words of a name are in no entry: {log}"
    );
}

const FAMILY: [&str; 5] = ["Nguyễn", "Nguyễn", "Trần", "Phạm", "Đặng"];
const MIDDLE: [&str; 3] = ["Văn", "Thị", "Hữu"];
const GIVEN: [&str; 17] = [
    "An", "Anh", "Bình", "Cường", "Dũng", "Đạt", "Hà", "Hạnh", "Hùng", "Lan", "Minh", "Nga", "Oanh", "Phúc",
    "Thảo", "Vinh", "Yến",
];

/// Four hundred and fifty people, and one whose name nobody else has.
fn a_ministry() -> Vec<(String, String)> {
    let named = |n: usize| format!("{} {} {}", FAMILY[n % 5], MIDDLE[n % 3], GIVEN[n % 17]);
    let mut people: Vec<_> = (0..450).map(|n| (format!("NV-{n:05}"), named(n))).collect();
    people.push(("NV-00450".to_owned(), "Lê Xuân Ích".to_owned()));
    people
}

async fn employ(app: &TestApp, people: &[(String, String)]) {
    let (office, clerk) = (app.unit("VP", None).await, app.position("CV", "cv", None).await);
    app.seeded(async |tx| {
        let now = tx.now;
        let rows: Vec<_> = people
            .iter()
            .map(|(code, name)| {
                (
                    employees::id.eq(random_id()),
                    employees::code.eq(code),
                    employees::full_name.eq(name),
                    employees::name_key.eq(text::name_sort_key(name)),
                    employees::email.eq(format!("{code}@moit.gov.vn")),
                    employees::unit_id.eq(office),
                    employees::job_position_id.eq(clerk),
                    employees::category.eq("civil_servant"),
                    employees::status.eq("active"),
                    employees::joined_on.eq(day("2015-01-01")),
                    employees::created_at.eq(now),
                    employees::updated_at.eq(now),
                )
            })
            .collect();
        diesel::insert_into(employees::table).values(rows).execute(tx.conn()).await?;
        Ok(())
    })
    .await;
}

/// A frequent name is looked for in the list, a rare one in the index; the answer is the same.
#[tokio::test]
async fn pages_are_whole_and_in_order_however_rows_are_found() {
    let app = TestApp::spawn().await;
    let people = a_ministry();
    employ(&app, &people).await;
    let portal = app.as_role(Role::HrPortal);
    for asked in
        ["nguyen", "an", "tran", "yen", "ich", "nguyen van", "pham huu yen", "dang thi an", "d", "le x i"]
    {
        let has = |name: &str, word: &str| text::fold(name).split(' ').any(|part| part.starts_with(word));
        let mut expected: Vec<&str> = people
            .iter()
            .map(|(_, name)| name.as_str())
            .filter(|name| asked.split(' ').all(|word| has(name, word)))
            .collect();
        expected.sort_by_key(|name| text::name_sort_key(name));
        let rows = portal.all(&format!("/v1/employees?limit=20&q={}", encoded(asked))).await;
        let names: Vec<&str> = rows.iter().map(|row| row["full_name"].as_str().expect("a name")).collect();
        assert_eq!(names, expected, "{asked}");
    }
    assert_eq!(found(&portal, "nv-0044").await.len(), 10);
    assert_eq!(portal.all("/v1/employees?q=nguyen&status=left").await.len(), 0);
}

#[tokio::test]
async fn a_search_goes_no_further_than_the_reach() {
    let app = TestApp::spawn().await;
    employ(&app, &a_ministry()).await;
    let agency = app.unit("CDL", None).await;
    let clerk = app.position("TK", "tk", None).await;
    let own = app.employee("DL-1", "Nguyễn Xuân Ích", agency, clerk).await;
    let head = app.as_head(agency, Some(own));
    for asked in ["nguyen", "ich", "x", "nguyen xuan ich"] {
        assert_eq!(found(&head, asked).await, ["DL-1"], "{asked}");
    }
    assert_eq!(found(&head, "tran").await, [""; 0]);
    assert_eq!(found(&app.as_employee(own), "nguyen").await, ["DL-1"]);
}

/// Someone who sees few people searches among these, also for a name that many others have.
#[tokio::test]
async fn a_frequent_name_is_found_page_by_page_in_each_of_the_units_within_reach() {
    let app = TestApp::spawn().await;
    employ(&app, &a_ministry()).await;
    let clerk = app.position("TK", "tk", None).await;
    // Many units, so that those of the reader are gone through one by one.
    let mut units = Vec::new();
    for n in 0..12 {
        let parent = if (1..3).contains(&n) { Some(units[0]) } else { None };
        units.push(app.unit(&format!("DV-{n}"), parent).await);
    }
    let mut own = Vec::new();
    for n in 0..9 {
        let name = ["Nguyễn Văn An", "Nguyễn Thị Yến", "Trần Thị An"][n % 3];
        own.push(app.employee(&format!("DV-{n}"), name, units[n / 3], clerk).await);
    }
    let head = app.as_head(units[0], Some(own[0]));
    let path = |rest: &str| format!("/v1/employees?limit=2&q=nguyen{rest}");
    let codes = |rows: Vec<Value>| -> Vec<String> {
        rows.iter().map(|row| row["code"].as_str().expect("a code").to_owned()).collect()
    };
    let mut seen = codes(head.all(&path("")).await);
    assert_eq!(seen.len(), 6);
    // An come before Yến.
    seen[..3].sort_unstable();
    seen[3..].sort_unstable();
    assert_eq!(seen, ["DV-0", "DV-3", "DV-6", "DV-1", "DV-4", "DV-7"]);
    let below = codes(head.all(&path(&format!("&unit_id={}", units[1]))).await);
    assert_eq!(below, ["DV-3", "DV-4"]);
    let others = head.all(&path(&format!("&unit_id={}", units[5]))).await;
    assert_eq!(others.len(), 0);
    let officer = app.as_role(Role::TrainingOfficer);
    assert_eq!(codes(officer.all(&path(&format!("&unit_id={}", units[2]))).await), ["DV-6", "DV-7"]);
    assert_eq!(codes(app.as_employee(own[8]).all(&path("")).await), [""; 0]);
}
