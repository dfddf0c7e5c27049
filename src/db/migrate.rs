//! Migrations, embedded in the program and run under a lock that all replicas share.

use std::sync::LazyLock;
use std::time::Duration;

use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::{Bool, Nullable, Text};
use diesel::{QueryDsl, QueryableByName};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio_postgres::NoTls;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Error, Result};

/// Every migration of the service.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
/// Lock held while migrating: replicas that start together take turns.
const LOCK: i64 = 0x7468_756f_6364_6f01;

/// Open a connection, with TLS where the address asks for it (`sslmode=require`). `verify-full` and `verify-ca` are
/// understood as `require`, since certificates are always verified, against those the system trusts (`SSL_CERT_FILE`
/// names others).
///
/// # Errors
/// [`diesel::ConnectionError`] with the reason.
pub async fn open(url: &str) -> diesel::ConnectionResult<AsyncPgConnection> {
    let bad = |e: String| diesel::ConnectionError::BadConnection(e);
    let url =
        url.replace("sslmode=verify-full", "sslmode=require").replace("sslmode=verify-ca", "sslmode=require");
    let mut config: tokio_postgres::Config =
        url.parse().map_err(|e: tokio_postgres::Error| bad(chain(&e)))?;
    notice_silence(&mut config);
    if config.get_ssl_mode() != tokio_postgres::config::SslMode::Require {
        let (client, connection) = config.connect(NoTls).await.map_err(|e| bad(chain(&e)))?;
        return AsyncPgConnection::try_from_client_and_connection(client, connection).await;
    }
    let (client, connection) = config.connect(TLS.clone()).await.map_err(|e| bad(chain(&e)))?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

/// A peer that vanished without a word is noticed in seconds, not in the quarter of an hour after which TCP gives up.
/// What the address itself says stays.
fn notice_silence(config: &mut tokio_postgres::Config) {
    let silent = Duration::from_secs(3);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(silent);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(silent);
    }
    if config.get_keepalives_idle() == tokio_postgres::Config::new().get_keepalives_idle() {
        let second = Duration::from_secs(1);
        config.keepalives(true).keepalives_idle(2 * second).keepalives_interval(second).keepalives_retries(2);
    }
}

/// Reading the system's certificates takes longer than a connection: once is enough.
static TLS: LazyLock<MakeRustlsConnect> = LazyLock::new(|| {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    MakeRustlsConnect::new(
        rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth(),
    )
});

/// An error with its causes: a refused certificate is one.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Bring the database to the newest version. Returns the names of the migrations that ran.
///
/// # Errors
/// [`Error::Unavailable`] when the database cannot be reached, [`Error::Internal`] when a migration fails.
pub async fn run(database_url: &str) -> Result<Vec<String>> {
    let mut connection = open(database_url).await.map_err(|e| Error::Unavailable(e.to_string()))?;
    if missing(&mut connection).await?.is_empty() {
        return Ok(Vec::new());
    }
    take_turn(&mut connection).await?;
    drop_unfinished_indexes(&mut connection).await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    let ran = harness
        .run_pending_migrations(MIGRATIONS)
        .map_err(Error::Internal)?
        .iter()
        .map(ToString::to_string)
        .collect();
    // The session's end would free the lock too; replicas need not wait for that.
    harness.into_inner().batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})")).await?;
    Ok(ran)
}

/// Looks at the lock between two lines in the log: ten seconds.
const TURNS_PER_NOTE: u32 = 200;

/// Wait for the lock. Asked for again and again, since `CREATE INDEX CONCURRENTLY` waits for every statement that runs,
/// and so would wait for one that waits for the lock.
async fn take_turn(connection: &mut AsyncPgConnection) -> Result<()> {
    let is_ours = format!("pg_try_advisory_lock({LOCK})");
    let mut turns = 0_u32;
    while !diesel::select(sql::<Bool>(&is_ours)).get_result::<bool>(connection).await? {
        if turns.is_multiple_of(TURNS_PER_NOTE) {
            tracing::info!("another replica migrates the database: waiting");
        }
        turns += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    name: String,
}

/// A `CREATE INDEX CONCURRENTLY` that was interrupted leaves an index that nothing reads, with the name that the next try
/// needs. Our own tries have ended when it is our turn; what somebody else builds at this moment stays.
async fn drop_unfinished_indexes(connection: &mut AsyncPgConnection) -> Result<()> {
    let unfinished: Vec<Index> = diesel::sql_query(
        "SELECT format('%I.%I', n.nspname, c.relname) AS name \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE NOT i.indisvalid AND n.nspname = current_schema() \
         AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.relid = i.indrelid)",
    )
    .load(connection)
    .await?;
    for Index { name } in unfinished {
        tracing::info!(name, "an index was not finished: it is removed");
        connection.batch_execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")).await?;
    }
    Ok(())
}

/// Names of the migrations that the database lacks.
///
/// # Errors
/// As [`run`].
pub async fn pending(database_url: &str) -> Result<Vec<String>> {
    let mut connection = open(database_url).await.map_err(|e| Error::Unavailable(e.to_string()))?;
    missing(&mut connection).await
}

mod history {
    diesel::table! {
        /// Versions of the migrations that ran.
        __diesel_schema_migrations (version) {
            version -> VarChar,
        }
    }
}

/// Looks only: the harness would make its table first, which a role that owns nothing may not even try.
async fn missing(connection: &mut AsyncPgConnection) -> Result<Vec<String>> {
    use history::__diesel_schema_migrations::dsl;
    let is_new: Option<bool> =
        diesel::select(sql::<Nullable<Bool>>("to_regclass('__diesel_schema_migrations') IS NULL"))
            .get_result(connection)
            .await?;
    let ran: Vec<String> = match is_new {
        Some(false) => dsl::__diesel_schema_migrations.select(dsl::version).load(connection).await?,
        _ => Vec::new(),
    };
    let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(Error::Internal)?;
    Ok(migrations
        .iter()
        .map(|m| m.name())
        .filter(|name| !ran.contains(&name.version().to_string()))
        .map(ToString::to_string)
        .collect())
}
