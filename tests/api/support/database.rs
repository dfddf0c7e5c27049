//! A database per test, cloned from a migrated template on a private throw-away Postgres.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use base16ct::lower::encode_string as hex;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use sha2::{Digest, Sha256};
use thuocdo::db::embedded::{Durability, Embedded};
use thuocdo::db::migrate;

static SERVER: OnceLock<Server> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

struct Server {
    /// Address of the server's own database, from which others are made.
    admin_url: String,
    template: String,
}

/// The folder of the throw-away server: outside the project, where the server's own account can reach it.
pub fn folder() -> PathBuf {
    let project = Sha256::digest(env!("CARGO_MANIFEST_DIR").as_bytes());
    std::env::temp_dir().join(format!("thuocdo-tests-{}", hex(&project[..3])))
}

/// The server outlives the test that happens to come first, so it is started on a runtime of its own (and a
/// multi-threaded one, which the migrations need).
fn server() -> &'static Server {
    SERVER.get_or_init(|| {
        let started =
            std::thread::spawn(|| tokio::runtime::Runtime::new().expect("a runtime").block_on(start()));
        started.join().expect("a server")
    })
}

async fn start() -> Server {
    let embedded = Embedded::start(&folder(), Durability::Throwaway, None).await.expect("a private Postgres");
    let admin_url = embedded.superuser_url("postgres");
    stop_with_this_process(&folder());
    std::mem::forget(embedded);
    let template = format!("template_{}", migrations_hash());
    prepare(&admin_url, &template).await;
    Server { admin_url, template }
}

/// A static is never dropped. A shell that waits for this process to end (its pipe closes, even on SIGKILL) stops the
/// server; another test process that joined meanwhile starts it again at its next test.
fn stop_with_this_process(folder: &std::path::Path) {
    use std::process::{Command, Stdio};
    let script =
        "cat > /dev/null; pid=$(head -n 1 \"$0/pg/data/postmaster.pid\" 2>/dev/null) && kill -INT \"$pid\"";
    let watcher = Command::new("sh")
        .args(["-c", script])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    // The pipe stays open as long as this process lives.
    std::mem::forget(watcher);
}

fn migrations_hash() -> String {
    let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
        .expect("migrations")
        .flatten()
        .map(|e| e.path().join("up.sql"))
        .filter(|p| p.exists())
        .collect();
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(std::fs::read(file).expect("up.sql"));
    }
    hex(&hash.finalize()[..6])
}

/// Make the template once for each state of the migrations, whatever number of processes asks.
async fn prepare(admin_url: &str, template: &str) {
    let mut admin = migrate::open(admin_url).await.expect("the server answers");
    admin.batch_execute("SELECT pg_advisory_lock(42)").await.expect("a lock");
    if !exists(&mut admin, template).await {
        sweep(&mut admin).await;
        let half = format!("{template}_half");
        let script = format!("DROP DATABASE IF EXISTS {half}");
        admin.batch_execute(&script).await.expect("no half-made template");
        admin.batch_execute(&format!("CREATE DATABASE {half}")).await.expect("a template");
        migrate::run(&with_database(admin_url, &half)).await.expect("migrations run");
        admin
            .batch_execute(&format!("ALTER DATABASE {half} RENAME TO {template}"))
            .await
            .expect("a template");
    }
    admin.batch_execute("SELECT pg_advisory_unlock(42)").await.expect("unlocked");
}

async fn exists(admin: &mut AsyncPgConnection, name: &str) -> bool {
    use diesel::prelude::*;
    use diesel_async::RunQueryDsl;
    diesel::sql_query("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind::<diesel::sql_types::Text, _>(name)
        .execute(admin)
        .await
        .optional()
        .expect("a query")
        .is_some_and(|n| n > 0)
}

/// Drop what older runs left.
async fn sweep(admin: &mut AsyncPgConnection) {
    use diesel_async::RunQueryDsl;
    #[derive(diesel::QueryableByName)]
    struct Name {
        #[diesel(sql_type = diesel::sql_types::Text)]
        datname: String,
    }
    let names: Vec<Name> = diesel::sql_query(
        "SELECT datname::text FROM pg_database WHERE datname LIKE 'test\\_%' OR datname LIKE 'template\\_%'",
    )
    .load(admin)
    .await
    .expect("a list");
    for name in names {
        let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", name.datname)).await;
    }
}

pub fn with_database(url: &str, name: &str) -> String {
    let (head, tail) = url.split_once("//").expect("a URL");
    let (authority, rest) = tail.split_once('/').expect("a database");
    let query = rest.split_once('?').map(|(_, q)| format!("?{q}")).unwrap_or_default();
    format!("{head}//{authority}/{name}{query}")
}

/// A database of a test's own; dropped with it.
pub struct TestDb {
    pub url: String,
    name: String,
}

impl TestDb {
    pub async fn new() -> Self {
        let server = server();
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut admin = migrate::open(&server.admin_url).await.expect("the server answers");
        admin
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {}", server.template))
            .await
            .expect("a clone of the template");
        Self { url: with_database(&server.admin_url, &name), name }
    }

    /// A database without any table.
    pub async fn empty() -> Self {
        let server = server();
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut admin = migrate::open(&server.admin_url).await.expect("the server answers");
        admin.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
        Self { url: with_database(&server.admin_url, &name), name }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Some(server) = SERVER.get() else { return };
        let (url, name) = (server.admin_url.clone(), self.name.clone());
        // A runtime of its own: the test's may be gone or busy with its end.
        let dropped = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                if let Ok(mut admin) = migrate::open(&url).await {
                    let _ =
                        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
                }
            });
        });
        let _ = dropped.join();
    }
}
