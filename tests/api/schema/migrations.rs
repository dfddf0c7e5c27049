use diesel_async::{AsyncMigrationHarness, SimpleAsyncConnection};
use diesel_migrations::MigrationHarness;
use thuocdo::db::migrate;

use super::lines;
use crate::support::database::TestDb;

/// Everything a migration can leave: relations with their columns, constraints, indexes, functions, triggers.
const SHAPE: &str = "
    SELECT format('column %s.%s %s %s', table_name, column_name, data_type, is_nullable) AS line
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'
    UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '\\_\\_%'
    UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes
        WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%'
    UNION ALL SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT format('function %s', p.oid::regprocedure) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        AND p.proname NOT LIKE 'diesel\\_%'
    UNION ALL SELECT format('extension %s', extname) FROM pg_extension WHERE extname <> 'plpgsql'
    ORDER BY 1";

#[tokio::test(flavor = "multi_thread")]
async fn each_migration_goes_down_and_up_again_without_a_trace() {
    let db = TestDb::empty().await;
    migrate::run(&db.url).await.expect("up");
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let mut shapes = vec![lines(&mut connection, SHAPE).await];
    let mut harness = AsyncMigrationHarness::new(connection);
    // Down one by one, remembering each shape; then up one by one, meeting the same shapes.
    while harness.revert_last_migration(migrate::MIGRATIONS).is_ok() {
        let mut connection = harness.into_inner();
        shapes.push(lines(&mut connection, SHAPE).await);
        harness = AsyncMigrationHarness::new(connection);
    }
    assert!(shapes.last().is_some_and(Vec::is_empty), "left behind: {:#?}", shapes.last());
    assert!(shapes.len() > 10);
    while shapes.pop().is_some() {
        let Some(expected) = shapes.last() else { break };
        harness.run_next_migration(migrate::MIGRATIONS).expect("up again");
        let mut connection = harness.into_inner();
        assert_eq!(&lines(&mut connection, SHAPE).await, expected);
        harness = AsyncMigrationHarness::new(connection);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_start_together_migrate_once() {
    let db = TestDb::empty().await;
    let urls = [db.url.clone(), db.url.clone(), db.url.clone()];
    let runs = urls.map(|url| tokio::spawn(async move { migrate::run(&url).await.expect("migrated").len() }));
    let mut ran = Vec::new();
    for run in runs {
        ran.push(run.await.expect("a run"));
    }
    ran.sort_unstable();
    assert_eq!(&ran[..2], [0, 0]);
    assert!(ran[2] > 10);
}

/// A server that stops in the midst of `CREATE INDEX CONCURRENTLY` leaves an index of that name which nothing reads.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_left_unfinished_is_built_anew() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let before = "DROP INDEX absences_unit_id_idx;
        DELETE FROM __diesel_schema_migrations WHERE version = '20261130050011';
        CREATE TABLE alike AS SELECT 1 AS n FROM generate_series(1, 2)";
    connection.batch_execute(before).await.expect("the database without the index");
    let unfinished = "CREATE UNIQUE INDEX CONCURRENTLY absences_unit_id_idx ON alike (n)";
    connection.batch_execute(unfinished).await.expect_err("two rows are alike");

    assert_eq!(migrate::run(&db.url).await.expect("the migration runs").len(), 1);
    let index = "SELECT format('%s %s', indrelid::regclass, indisvalid) AS line FROM pg_index
        WHERE indexrelid = 'absences_unit_id_idx'::regclass";
    assert_eq!(lines(&mut connection, index).await, ["absences t"]);
}
