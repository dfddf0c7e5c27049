//! Who owns the databases of a private server: a role that is no superuser.

use tokio_postgres::error::SqlState;

use super::error::EmbeddedError;
use super::server::{USER, connect};

/// The role that the service works under.
pub(super) const OWNER: &str = "thuocdo_owner";

/// Make the role and the database, and hand over what the superuser still owns in it: databases of earlier versions of
/// the service were the superuser's.
pub(super) async fn prepare(port: u16, password: &str, name: &str) -> Result<(), EmbeddedError> {
    let server = connect(port, password, "postgres").await?;
    // The password is of hexadecimal digits, and the same as the superuser's: both are kept in one file.
    let make_role = format!(
        "DO $$ BEGIN CREATE ROLE {OWNER} LOGIN PASSWORD '{password}';
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    server.batch_execute(&make_role).await?;
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    let there = server.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await?;
    if there.is_none() {
        match server.batch_execute(&format!("CREATE DATABASE {quoted} OWNER {OWNER}")).await {
            Err(e) if !made_meanwhile(&e) => return Err(e.into()),
            _ => {}
        }
    }
    server.batch_execute(&format!("ALTER DATABASE {quoted} OWNER TO {OWNER}")).await?;
    connect(port, password, name).await?.batch_execute(&hand_over()).await?;
    Ok(())
}

/// Whether a database could not be made because another process just made it.
fn made_meanwhile(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| [SqlState::DUPLICATE_DATABASE, SqlState::UNIQUE_VIOLATION].contains(code))
}

/// What stands in the schema `public` and is the superuser's becomes the owner's, but for the members of extensions.
/// Sequences of columns and types of tables follow their tables.
fn hand_over() -> String {
    format!(
        "DO $$ DECLARE step text; BEGIN FOR step IN
             WITH mine AS (SELECT oid FROM pg_roles WHERE rolname = '{USER}'),
             of_extensions AS (SELECT objid FROM pg_depend WHERE deptype = 'e'),
             found AS (
                 SELECT 'TABLE ' || c.oid::regclass AS what FROM pg_class c
                 WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relowner IN (SELECT oid FROM mine)
                     AND c.relnamespace = 'public'::regnamespace AND c.oid NOT IN (SELECT objid FROM of_extensions)
                 UNION ALL SELECT 'ROUTINE ' || p.oid::regprocedure FROM pg_proc p
                 WHERE p.proowner IN (SELECT oid FROM mine) AND p.pronamespace = 'public'::regnamespace
                     AND p.oid NOT IN (SELECT objid FROM of_extensions)
                 UNION ALL SELECT 'SEQUENCE ' || c.oid::regclass FROM pg_class c
                 WHERE c.relkind = 'S' AND c.relowner IN (SELECT oid FROM mine)
                     AND c.relnamespace = 'public'::regnamespace
                     AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype IN ('a', 'i'))
                 UNION ALL SELECT 'TYPE ' || t.oid::regtype FROM pg_type t
                 WHERE t.typtype IN ('d', 'e') AND t.typowner IN (SELECT oid FROM mine)
                     AND t.typnamespace = 'public'::regnamespace AND t.oid NOT IN (SELECT objid FROM of_extensions)
             )
             SELECT format('ALTER %s OWNER TO {OWNER}', what) FROM found
         LOOP EXECUTE step; END LOOP; END $$"
    )
}
