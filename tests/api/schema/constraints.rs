use thuocdo::db::{CONSTRAINTS, migrate};

use super::lines;
use crate::support::database::TestDb;

#[tokio::test(flavor = "multi_thread")]
async fn every_constraint_has_its_error() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    // Unique and exclusion constraints (and unique indexes) need a rule; ids are ours and never clash, and the keys of
    // pure link tables are written by upsert.
    let query = "
        SELECT i.relname::text AS line FROM pg_index x
        JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_\\_%'
          AND (x.indisunique AND NOT x.indisprimary OR x.indisexclusion) ORDER BY 1";
    for name in lines(&mut connection, query).await {
        assert!(CONSTRAINTS.iter().any(|(n, _)| *n == name), "{name} has no line in db/constraint.rs");
    }
    let names = lines(
        &mut connection,
        "SELECT conname::text AS line FROM pg_constraint UNION SELECT relname::text FROM pg_class WHERE relkind = 'i'",
    )
    .await;
    let by_trigger = ["units_parent_id_check", "units_depth_check", "units_head_employee_id_limit"];
    for (name, _) in CONSTRAINTS {
        assert!(by_trigger.contains(name) || names.iter().any(|n| n == name), "{name} does not exist");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_keys_and_checks_are_named_after_their_column() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let query = "
        SELECT format('%s %s', c.conrelid::regclass, c.conname) AS line FROM pg_constraint c
        WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('f', 'c')
          AND c.conrelid::regclass::text NOT LIKE '\\_\\_%'
          AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
            AND c.conname = format('%s_%s_%s', c.conrelid::regclass, a.attname,
                CASE c.contype WHEN 'f' THEN 'fkey' ELSE 'check' END))";
    assert_eq!(lines(&mut connection, query).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_foreign_key_has_an_index() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let query = "
        SELECT c.conname::text AS line FROM pg_constraint c
        WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])
        ORDER BY 1";
    assert_eq!(lines(&mut connection, query).await, Vec::<String>::new());
}
