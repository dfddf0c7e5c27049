//! Prints `src/db/schema.rs` from the migrated database, as `diesel print-schema` does, so that nobody writes it by hand.

use std::collections::BTreeMap;
use std::fmt::Write;

use thuocdo::db::migrate;

use super::lines;
use crate::support::database::TestDb;

/// Set (to anything) to have the file written anew.
const ASKED_FOR: &str = "UPDATE_SCHEMA";
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/db/schema.rs");
/// How that is done.
const COMMAND: &str = "UPDATE_SCHEMA=1 cargo test --test api schema_rs";

/// Table, column and type of each column; `?` where it may be null.
const COLUMNS: &str = "
    SELECT format('%s %s %s%s', c.relname, a.attname, t.typname, CASE WHEN a.attnotnull THEN '' ELSE '?' END) AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname NOT LIKE '\\_\\_%' ORDER BY c.relname, a.attnum";

/// Table and columns of each primary key, in the order of the key.
const KEYS: &str = "
    SELECT format('%s %s', c.relname, string_agg(a.attname, ', ' ORDER BY array_position(i.indkey::int2[], a.attnum)))
        AS line
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname";

/// Table, table referred to and column of each foreign key that a join can follow without saying which: of one column,
/// to a whole primary key, and the only one between the two tables.
const REFERENCES: &str = "
    SELECT format('%s %s %s', f.conrelid::regclass, f.confrelid::regclass, a.attname) AS line
    FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
    JOIN pg_index i ON i.indrelid = f.confrelid AND i.indisprimary AND i.indnkeyatts = 1 AND i.indkey[0] = f.confkey[1]
    WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace
      AND cardinality(f.conkey) = 1 AND f.conrelid <> f.confrelid
      AND NOT EXISTS (SELECT 1 FROM pg_constraint g WHERE g.contype = 'f' AND g.oid <> f.oid
        AND ARRAY[g.conrelid, g.confrelid] IN (ARRAY[f.conrelid, f.confrelid], ARRAY[f.confrelid, f.conrelid]))
    ORDER BY f.conrelid::regclass::text COLLATE \"C\", f.confrelid::regclass::text COLLATE \"C\"";

/// What diesel calls a type of Postgres.
fn diesel_type(sql: &str) -> String {
    if let Some(inner) = sql.strip_suffix('?') {
        return format!("Nullable<{}>", diesel_type(inner));
    }
    if let Some(element) = sql.strip_prefix('_') {
        return format!("Array<{}>", diesel_type(element));
    }
    let name = match sql {
        "uuid" => "Uuid",
        "text" => "Text",
        "int2" => "Int2",
        "int4" => "Int4",
        "int8" => "Int8",
        "bool" => "Bool",
        "date" => "Date",
        "float8" => "Float8",
        "jsonb" => "Jsonb",
        "bytea" => "Bytea",
        "timestamptz" => "Timestamptz",
        other => panic!("{other} is new to tests/api/schema/printer.rs: what does diesel call it?"),
    };
    name.to_owned()
}

/// The file, by the lines of the three queries.
fn printed(columns: &[String], keys: &[String], references: &[String]) -> String {
    let keys: BTreeMap<&str, &str> = keys.iter().filter_map(|line| line.split_once(' ')).collect();
    let mut tables: BTreeMap<&str, String> = BTreeMap::new();
    for line in columns {
        let (table, rest) = line.split_once(' ').expect("a table");
        let (column, kind) = rest.split_once(' ').expect("a column and its type");
        let _ = writeln!(tables.entry(table).or_default(), "        {column} -> {},", diesel_type(kind));
    }
    let mut text = format!("// @generated from the migrated database: {COMMAND}\n");
    for (table, columns) in &tables {
        let key = keys.get(table).unwrap_or_else(|| panic!("{table} has no primary key, which diesel needs"));
        let _ = write!(text, "\ndiesel::table! {{\n    {table} ({key}) {{\n{columns}    }}\n}}\n");
    }
    text.push('\n');
    for line in references {
        let words: Vec<&str> = line.split(' ').collect();
        let [from, to, column] = words.as_slice() else { panic!("three words: {line}") };
        let _ = writeln!(text, "diesel::joinable!({from} -> {to} ({column}));");
    }
    let names: String = tables.keys().map(|table| format!("    {table},\n")).collect();
    let _ = write!(text, "\ndiesel::allow_tables_to_appear_in_same_query!(\n{names});\n");
    text
}

/// What the compiler believes is what the migrated database has.
#[tokio::test(flavor = "multi_thread")]
async fn schema_rs_matches_the_database() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let columns = lines(&mut connection, COLUMNS).await;
    let keys = lines(&mut connection, KEYS).await;
    let references = lines(&mut connection, REFERENCES).await;
    let expected = printed(&columns, &keys, &references);
    if std::env::var_os(ASKED_FOR).is_some() {
        std::fs::write(FILE, &expected).expect("the file is written");
        return;
    }
    let file = std::fs::read_to_string(FILE).expect("src/db/schema.rs");
    let differs = file.lines().zip(expected.lines()).position(|(is, should)| is != should);
    let from = differs.unwrap_or(file.lines().count().min(expected.lines().count()));
    let shown = |text: &str| text.lines().skip(from).take(3).collect::<Vec<_>>().join("\n");
    assert!(
        file == expected,
        "src/db/schema.rs differs from the database from line {} on; run: {COMMAND}\nis:\n{}\nshould be:\n{}",
        from + 1,
        shown(&file),
        shown(&expected)
    );
}

#[test]
fn tables_are_printed_as_diesel_prints_them() {
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<String>>();
    let columns = owned(&["rooms id uuid", "rooms unit_id uuid?", "rooms uses _text", "units id uuid"]);
    let text = printed(&columns, &owned(&["rooms id", "units id"]), &owned(&["rooms units unit_id"]));
    let expected = "diesel::table! {
    rooms (id) {
        id -> Uuid,
        unit_id -> Nullable<Uuid>,
        uses -> Array<Text>,
    }
}

diesel::table! {
    units (id) {
        id -> Uuid,
    }
}

diesel::joinable!(rooms -> units (unit_id));

diesel::allow_tables_to_appear_in_same_query!(
    rooms,
    units,
);
";
    assert_eq!(text.split_once("\n\n").map(|(_, body)| body), Some(expected));
}
