//! What a role needs that the service runs under without owning the tables: so that not even the service can change the
//! audit log, or disable what protects it.

use diesel::sql_types::Text;
use diesel::{OptionalExtension, QueryableByName};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use super::migrate::open;
use crate::error::{Error, Result};

/// Tables that only grow.
const APPEND_ONLY: &str = "audit_log, audit_seals, audit_seal_entries";

#[derive(QueryableByName)]
struct Role {
    #[diesel(sql_type = Text)]
    quoted: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    is_master: bool,
}

/// Give an existing role what the service needs, and of the audit tables only reading and adding. To be repeated after
/// migrations that add tables.
///
/// # Errors
/// [`Error::Internal`] when there is no such role, or when grants would not bind it.
pub async fn grant(database_url: &str, role: &str) -> Result<()> {
    let mut connection = open(database_url).await.map_err(|e| Error::Unavailable(e.to_string()))?;
    let found: Option<Role> = diesel::sql_query(
        "SELECT quote_ident(r.rolname) AS quoted, pg_has_role(r.oid, c.relowner, 'MEMBER') AS is_master \
         FROM pg_roles r, pg_class c WHERE r.rolname = $1 AND c.oid = 'public.audit_log'::regclass",
    )
    .bind::<Text, _>(role)
    .get_result(&mut connection)
    .await
    .optional()?;
    let Role { quoted, is_master } =
        found.ok_or_else(|| Error::internal(format!("there is no role {role}; create it first")))?;
    if is_master {
        return Err(Error::internal(format!(
            "{role} is a superuser or owns the tables (itself or by membership): grants do not bind it"
        )));
    }
    let script = format!(
        "BEGIN;
         GRANT USAGE ON SCHEMA public TO {quoted};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted};
         REVOKE ALL ON {APPEND_ONLY}, __diesel_schema_migrations FROM {quoted};
         GRANT SELECT, INSERT ON {APPEND_ONLY} TO {quoted};
         GRANT SELECT ON __diesel_schema_migrations TO {quoted};
         COMMIT"
    );
    Ok(connection.batch_execute(&script).await?)
}
