use thuocdo::db::migrate;

use super::lines;
use crate::support::database::TestDb;

/// Tables whose changes are not logged, and why. A new table is audited by its migration (`SELECT audit_table('...')`),
/// or gets a line here.
const NOT_AUDITED: &[(&str, &str)] = &[
    ("anonymous_responses", "an entry would tie an answer to a person and a moment"),
    ("audit_log", "is the log"),
    ("audit_seal_entries", "is the log"),
    ("audit_seals", "is the log"),
    ("certificate_counters", "follows from certificates"),
    ("client_assertions", "technical, kept until they expire"),
    ("demo_ministry", "a mark of the demo"),
    ("evaluation_responses", "answers about people; that one was given is an event"),
    ("form_quarters", "sums of answers, written once and never changed"),
    ("form_rollups", "sums of answers, written once; only in which quarter they were counted is noted later"),
    ("idempotency_keys", "technical, kept for a day"),
    ("login_attempts", "counts of failures, kept for a day; who signed in is an event"),
    ("login_sessions", "technical; that a login began and ended is an event"),
    ("nomination_half_days", "follows from nominations"),
    ("offering_rollup_rows", "ratings without people, written once and never changed"),
    ("offering_rollups", "sums of answers, written once; only until when they were looked at again moves on"),
    ("outbox", "follows from the events, which are logged"),
    ("password_resets", "secret, kept for a day; that one was offered and used is an event"),
    ("quality_tokens", "secret; that a form was opened is an event, that one was answered must not be"),
    ("rate_counts", "technical, kept for minutes"),
    ("refresh_tokens", "technical, secret"),
    ("revocations", "technical, kept for minutes"),
    ("score_panels", "sums of scores without people, written once and never changed"),
    ("security_events", "is a log itself: counts of refusals"),
    ("service_secrets", "secret"),
    ("signing_keys", "technical, secret"),
    ("unit_ancestors", "follows from units"),
    ("unit_quarters", "sums of answers, written once and never changed"),
    ("unit_rollups", "sums of answers, written once and never changed"),
    ("waiting_responses", "an entry would tie an answer to a person and a moment"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_audited_or_says_why_not() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let query = "
        SELECT format('%s %s', c.relname, count(t.oid)) AS line FROM pg_class c
        LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgfoid = 'audit_row_changes'::regproc AND t.tgenabled = 'O'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE '\\_\\_%'
        GROUP BY c.relname ORDER BY 1";
    for line in lines(&mut connection, query).await {
        let (table, triggers) = line.split_once(' ').expect("two words");
        // Insert, update, delete, truncate.
        let expected = if NOT_AUDITED.iter().any(|(name, _)| *name == table) { "0" } else { "4" };
        assert_eq!(triggers, expected, "audit triggers of {table}");
    }
}

/// A column that was added after its table was audited.
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_and_nothing_that_identifies_a_person_enters_the_log() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let query = "
        SELECT DISTINCT format('%s.%s', t.tgrelid::regclass, a.attname) AS line FROM pg_trigger t
        JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE t.tgfoid = 'audit_row_changes'::regproc AND audit_is_masked(a.attname)
          AND a.attname <> ALL (split_part(encode(t.tgargs, 'escape'), '\\000', 3)::text[])";
    assert_eq!(lines(&mut connection, query).await, Vec::<String>::new(), "call audit_table() again");
    let masked = "
        SELECT DISTINCT format('%s %s', t.tgrelid::regclass, split_part(encode(t.tgargs, 'escape'), '\\000', 3)) AS line
        FROM pg_trigger t WHERE t.tgfoid = 'audit_row_changes'::regproc
          AND split_part(encode(t.tgargs, 'escape'), '\\000', 3) <> '{}' ORDER BY 1";
    let masked = lines(&mut connection, masked).await;
    assert!(
        masked.contains(&"accounts {display_name,secret_hash,provider_subject_hash}".to_owned()),
        "{masked:?}"
    );
    assert!(
        masked.contains(&"certificates {holder_name,revoked_reason,check_code}".to_owned()),
        "{masked:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_log_is_carried_over_and_back() {
    let db = TestDb::empty().await;
    migrate::run(&db.url).await.expect("up");
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/20261125000200_administration_audit");
    let script = |name: &str| std::fs::read_to_string(format!("{folder}/{name}.sql")).expect("a migration");
    let in_one = |script: String| format!("BEGIN; {script}; COMMIT");
    use diesel_async::SimpleAsyncConnection;
    connection.batch_execute(&in_one(script("down"))).await.expect("down");
    let old = "INSERT INTO audit_log SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
        '00000000-0000-0000-0000-000000000001', 'thu.le', 'units:manage', 'kind.' || n,
        '00000000-0000-0000-0000-000000000002', 'r', '2026-01-01' FROM generate_series(3, 1, -1) n";
    connection.batch_execute(old).await.expect("an older log");
    connection.batch_execute(&in_one(script("up"))).await.expect("up again");
    let shown = "SELECT format('%s %s %s', number, actor_name, kind) AS line FROM audit_log ORDER BY number";
    assert_eq!(
        lines(&mut connection, shown).await,
        ["1 thu.le kind.1", "2 thu.le kind.2", "3 thu.le kind.3"]
    );
    connection
        .batch_execute("INSERT INTO holidays VALUES ('2026-09-02', 'x', false)")
        .await
        .expect("a change");
    connection.batch_execute(&in_one(script("down"))).await.expect("down again");
    let back = "SELECT format('%s %s', actor_name, kind) AS line FROM audit_log ORDER BY id";
    assert_eq!(lines(&mut connection, back).await, ["thu.le kind.1", "thu.le kind.2", "thu.le kind.3"]);
}
