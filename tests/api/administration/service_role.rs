use diesel_async::SimpleAsyncConnection;
use thuocdo::access::Role;
use thuocdo::db::embedded::{Durability, Embedded};
use thuocdo::db::{grants, migrate};

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::database::{TestDb, folder};

const ROLE: &str = "thuocdo_test_service";

/// The address of a database for the role that owns nothing.
fn as_service(url: &str) -> String {
    let (_, place) = url.split_once('@').expect("an address with a password");
    format!("postgres://{ROLE}:{ROLE}@{place}")
}

async fn with_role() -> TestDb {
    let db = TestDb::new().await;
    let mut owner = migrate::open(&db.url).await.unwrap();
    // Roles belong to the whole server, and tests share it.
    let create = format!(
        "DO $$ BEGIN CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}';
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    owner.batch_execute(&create).await.unwrap();
    grants::grant(&db.url, ROLE).await.unwrap();
    db
}

#[tokio::test]
async fn the_service_works_under_a_role_that_can_only_add_to_the_log() {
    let db = with_role().await;
    let service = as_service(&db.url);
    assert!(migrate::run(&service).await.unwrap().is_empty(), "nothing to do is no reason to fail");
    let app = TestApp::on(db, &service);
    let unit = app.unit("A", None).await;
    app.account("officer", Role::TrainingOfficer).await;
    let officer = app.sign_in("officer", PASSWORD).await;
    let change = serde_json::json!({"name": "Vụ Pháp chế"});
    officer.patch(&format!("/v1/units/{unit}"), "*", change).await.expect_status(200);
    thuocdo::worker::tick(&app.gate).await.unwrap();
    assert_eq!(app.verify().await.unwrap().unsealed, 0);
    assert_eq!(app.audit(&format!("?subject_id={unit}&kind=units.updated")).await.len(), 1);

    let mut service = migrate::open(&service).await.unwrap();
    for (script, reason) in [
        ("UPDATE audit_log SET actor_name = 'x'", "permission denied for table audit_log"),
        ("DELETE FROM audit_seals", "permission denied for table audit_seals"),
        ("TRUNCATE audit_seal_entries", "permission denied for table audit_seal_entries"),
        ("ALTER TABLE audit_log DISABLE TRIGGER ALL", "must be owner of table audit_log"),
        ("DROP TRIGGER units_audit_update ON units", "must be owner of relation units"),
        ("SET session_replication_role = replica", "permission denied to set parameter"),
        ("CREATE TABLE audit_log_2 (n int)", "permission denied for schema public"),
        ("DELETE FROM __diesel_schema_migrations", "permission denied for table"),
    ] {
        let refused = service.batch_execute(script).await.expect_err(script).to_string();
        assert!(refused.contains(reason), "{script}: {refused}");
    }
}

#[tokio::test]
async fn grants_are_for_roles_that_they_bind() {
    let db = TestDb::new().await;
    let nobody = grants::grant(&db.url, "nobody_of_this_name").await.unwrap_err();
    assert!(format!("{nobody:?}").contains("create it first"), "{nobody:?}");
    let (owner, _) = db.url.trim_start_matches("postgres://").split_once(':').unwrap();
    let refused = grants::grant(&db.url, owner).await.unwrap_err();
    assert!(format!("{refused:?}").contains("do not bind it"), "{refused:?}");
}

/// The service itself writes events in the name of those who asked, so its role can do that too, whoever uses it. What it
/// cannot: change or remove an entry, or let one look as if it came earlier in the order of the log.
#[tokio::test]
async fn who_holds_the_services_role_can_invent_an_entry_and_no_number_for_it() {
    let db = with_role().await;
    let mut service = migrate::open(&as_service(&db.url)).await.unwrap();
    let invent = |number: &str| {
        format!(
            "INSERT INTO audit_log ({number} occurred_at, actor_id, actor_name, permission, request_id, kind, subject_id)
             SELECT {} now(), n, 'somebody.else', 'units:manage', 'r', 'unit.created', n
             FROM (SELECT '00000000-0000-0000-0000-000000000001'::uuid AS n) x",
            if number.is_empty() { "" } else { "1," }
        )
    };
    let refused = service.batch_execute(&invent("number,")).await.unwrap_err().to_string();
    assert!(refused.contains("cannot insert a non-DEFAULT value"), "{refused}");
    service.batch_execute(&invent("")).await.unwrap();
}

/// What a superuser could do, and an owner cannot.
const REFUSED: [&str; 6] = [
    "COPY units TO PROGRAM 'true'",
    "SELECT pg_read_file('postgresql.conf')",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SET session_replication_role = replica",
    "CREATE ROLE another",
    "CREATE DATABASE another",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_private_postgres_the_service_owns_its_database_and_is_no_superuser() {
    let private = Embedded::start(&folder(), Durability::Throwaway, None).await.unwrap();
    let fresh = TestDb::empty().await;
    // As an earlier version of the service left it: everything is the superuser's.
    let earlier = TestDb::new().await;
    for db in [fresh, earlier] {
        let url = private.database_url(db.url.rsplit('/').next().unwrap()).await.unwrap();
        migrate::run(&url).await.unwrap();
        let mut owner = migrate::open(&url).await.unwrap();
        for script in REFUSED {
            let refused = owner.batch_execute(script).await.expect_err(script).to_string();
            let words = ["permission denied", "must be superuser"];
            assert!(words.iter().any(|w| refused.contains(w)), "{script}: {refused}");
        }
        owner.batch_execute("ALTER TABLE units ADD COLUMN later int").await.unwrap();
        let app = TestApp::on(db, &url);
        app.unit("A", None).await;
        thuocdo::worker::tick(&app.gate).await.unwrap();
    }
}
