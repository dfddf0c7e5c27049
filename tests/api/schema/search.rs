//! The database makes the words of the rows, the service those that are asked for: they must agree. And both ways to
//! find a page must be taken where they are cheap.

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use thuocdo::db::migrate;
use thuocdo::text;

use super::lines;
use crate::support::database::TestDb;

/// Letters that Unicode 17 added: the service knows them, a database of before does not. No name has them.
const NEW_LETTERS: [u32; 7] = [0x558, 0x58B, 0x58C, 0x209D, 0x209E, 0x209F, 0xA7F1];

#[tokio::test(flavor = "multi_thread")]
async fn every_letter_and_sign_is_read_alike_by_the_service_and_the_database() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let within = "SELECT format('%s %s', n, search_words('x' || chr(n) || 'y', NULL)) AS line
        FROM generate_series(1, 65533) n
        WHERE n <= 12544 OR n BETWEEN 42560 AND 43007 OR n BETWEEN 64256 AND 65533";
    let mut wrong = Vec::new();
    for line in lines(&mut connection, within).await {
        let mut stored = line.split(' ').filter(|word| !word.is_empty());
        let number: u32 = stored.next().expect("a number").parse().expect("a number");
        if NEW_LETTERS.contains(&number) {
            continue;
        }
        let stored: Vec<&str> = stored.collect();
        let text = format!("x{}y", char::from_u32(number).expect("a character"));
        let patterns = text::search_patterns(&text);
        let asked: Vec<&str> = patterns.iter().map(|p| p.trim_matches([' ', '%'])).collect();
        // A row is also found by what follows a sign or digits: a later part of the same word.
        let has_all = asked.iter().all(|word| stored.contains(word));
        if !has_all || stored.iter().any(|word| !asked.iter().any(|whole| whole.ends_with(word))) {
            wrong.push(format!("U+{number:04X}: {stored:?}, {asked:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ: {:#?}", wrong.len(), wrong.iter().take(20).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_row_are_those_that_people_ask_for() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    for (code, name, words) in [
        ("NV-00123", "Nguyễn Văn Đức", " nv00123 00123 123 nguyen van duc"),
        ("KTS2024-0", "H’Hen Niê", " kts20240 20240 0 hhen hen nie"),
        ("an.le@moit.gov.vn", "(Lê  An)", " anlemoitgovvn lemoitgovvn moitgovvn govvn vn le an"),
        ("10B", "Kỳ 2: 50%, 2024–2026 - hết", " 10b b ky 2 50 20242026 2026 het"),
        ("-", "%_\\ &", ""),
    ] {
        let query = format!("SELECT search_words('{code}', $text${name}$text$) AS line");
        assert_eq!(lines(&mut connection, &query).await, [words], "{code} {name}");
    }
    let long = "SELECT search_words(repeat('x', 200), repeat('a.', 3)) AS line";
    assert_eq!(lines(&mut connection, long).await, [format!(" {} aaa aa a", "x".repeat(32))]);
    let prefixes = "SELECT array_to_string(search_prefixes(' nguyen an'), ' ') AS line";
    assert_eq!(lines(&mut connection, prefixes).await, ["n ng ngu nguy nguye nguyen a an"]);
}

/// Three thousand people: every second is a Nguyễn, An comes first in the list, and Yến last.
async fn many_people() -> (TestDb, AsyncPgConnection) {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    connection
        .batch_execute(
            "INSERT INTO units (id, code, name, kind, created_at, updated_at)
                VALUES (gen_random_uuid(), 'VP', 'Văn phòng', 'department', now(), now());
            INSERT INTO job_positions (id, code, name, position_group, is_leadership, max_consecutive_absence_days,
                    created_at, updated_at)
                VALUES (gen_random_uuid(), 'CV', 'Chuyên viên', 'cv', false, NULL, now(), now());
            INSERT INTO employees (id, code, full_name, name_key, email, unit_id, job_position_id, category, status,
                    joined_on, created_at, updated_at)
                SELECT gen_random_uuid(), 'NV-' || lpad(n::text, 5, '0'), family || ' Văn ' || given,
                    given || ' ' || family, n || '@moit.gov.vn', (SELECT id FROM units), (SELECT id FROM job_positions),
                    'civil_servant', 'active', '2015-01-01', now(), now()
                FROM generate_series(1, 3000) n, LATERAL (SELECT
                    CASE n % 2 WHEN 0 THEN 'Nguyễn' ELSE 'Phạm' END AS family,
                    (ARRAY['An', 'Bình', 'Cường', 'Dũng', 'Giang', 'Hà', 'Khoa', 'Lan', 'Minh', 'Yến'])[n % 10 + 1] AS given) p;
            ANALYZE employees;",
        )
        .await
        .expect("people");
    (db, connection)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frequent_word_is_looked_for_in_the_list_and_a_rare_one_in_the_index() {
    let (_db, mut connection) = many_people().await;
    for (asked, after, is_common) in [
        ("nguyen", "NULL", "true"),
        ("nguyen van", "NULL", "true"),
        ("van pham", "'Khoa'", "true"),
        ("an", "NULL", "true"),
        ("an", "'Bình'", "false"),
        ("yen", "NULL", "false"),
        ("yen", "'Yến'", "true"),
        ("nv-00123", "NULL", "false"),
        ("nobody", "NULL", "false"),
    ] {
        let patterns = text::search_patterns(asked).join(",");
        let query = format!(
            "SELECT search_is_common('employees', string_to_array('{patterns}', ','), 'name_key', {after})::text AS line"
        );
        assert_eq!(lines(&mut connection, &query).await, [is_common], "{asked} after {after}");
    }
    let short = "SELECT search_is_common('units', '{% nobody%}', NULL, NULL)::text AS line";
    assert_eq!(lines(&mut connection, short).await, ["true"], "a short list is read");
}

/// The statements are those of the service, but for the columns.
#[tokio::test(flavor = "multi_thread")]
async fn no_plan_sorts_the_ministry() {
    let (_db, mut connection) = many_people().await;
    let page = "ORDER BY name_key, id LIMIT 51";
    connection
        .batch_execute(&format!(
            "PREPARE common (text[]) AS SELECT * FROM employees WHERE search_finds(search_words, $1) {page};
            PREPARE rare (text[], text[]) AS SELECT * FROM employees
                WHERE search_finds(search_words, $1) AND search_prefixes(search_words) @> $2 {page};"
        ))
        .await
        .expect("statements");
    // EXPLAIN has a column of its own name.
    let plan = async |connection: &mut AsyncPgConnection, call: &str| {
        let function = format!(
            "CREATE FUNCTION pg_temp.plan() RETURNS SETOF text LANGUAGE plpgsql AS $$
            BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS off) EXECUTE {call}'; END $$"
        );
        connection.batch_execute(&function).await.expect("a function");
        let plan = lines(connection, "SELECT plan AS line FROM pg_temp.plan() plan").await.join("\n");
        connection.batch_execute("DROP FUNCTION pg_temp.plan()").await.expect("no function");
        plan
    };
    for mode in ["force_generic_plan", "force_custom_plan"] {
        connection.batch_execute(&format!("SET plan_cache_mode = {mode}")).await.expect("a setting");
        let common = plan(&mut connection, "common(ARRAY[''% nguyen%''])").await;
        assert!(common.contains("Index Scan using employees_name_key_idx"), "{common}");
        assert!(!common.contains("Sort"), "{common}");
        let rare = plan(&mut connection, "rare(ARRAY[''% yen%''], ARRAY[''yen''])").await;
        assert!(rare.contains("Bitmap Index Scan on employees_search_prefixes_idx"), "{rare}");
    }
}
