//! What a database holds before the demo touches it.

use anyhow::{Context, bail};
use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::rows::{FILLED, stored};
use crate::db::migrate;
use crate::db::schema::{audit_log, demo_ministry, outbox};

/// Raised when the demo ministry changes so much that an older one no longer fits the service.
pub(super) const FORMAT: i32 = 10;

/// Tables of ours that the demo does not fill itself.
pub(super) const OTHERS: [&str; 23] = [
    "unit_ancestors",
    "evaluation_registrations",
    "form_quarters",
    "form_rollups",
    "offering_rollup_rows",
    "offering_rollups",
    "unit_quarters",
    "unit_rollups",
    "outbox",
    "idempotency_keys",
    "client_assertions",
    "delegations",
    "login_attempts",
    "login_sessions",
    "password_resets",
    "quality_forms",
    "quality_tokens",
    "rate_counts",
    "refresh_tokens",
    "revocations",
    "score_panels",
    "security_events",
    "waiting_responses",
];
/// Tables of ours that stay when the demo is made anew; the audit log only grows, there too.
const KEPT: [&str; 7] = [
    "demo_ministry",
    "signing_keys",
    "service_secrets",
    "audit_log",
    "audit_seals",
    "audit_seal_entries",
    "__diesel_schema_migrations",
];

mod system {
    diesel::table! {
        /// The tables of a database.
        pg_catalog.pg_tables (schemaname, tablename) {
            schemaname -> Text,
            tablename -> Text,
        }
    }
}

/// What a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing, or only empty tables of the service.
    Empty,
    /// The demo ministry, built on a day.
    Demo(NaiveDate),
    /// A demo ministry of another version of the service, which `demo` makes anew.
    Outdated,
}

/// Look what a database holds, without changing it.
///
/// # Errors
/// In words, when it does not answer, or holds something that is not the demo's.
pub async fn inspect(database_url: &str) -> anyhow::Result<State> {
    let mut conn = migrate::open(database_url).await.context("the database of the demo cannot be reached")?;
    look(&mut conn).await
}

pub(super) async fn look(conn: &mut AsyncPgConnection) -> anyhow::Result<State> {
    use system::pg_tables::dsl;
    let mut tables: Vec<String> =
        dsl::pg_tables.filter(dsl::schemaname.eq("public")).select(dsl::tablename).load(conn).await?;
    tables.sort_unstable();
    let is_ours = |name: &str| FILLED.contains(&name) || OTHERS.contains(&name) || KEPT.contains(&name);
    let strangers: Vec<&str> = tables.iter().map(String::as_str).filter(|t| !is_ours(t)).collect();
    if !strangers.is_empty() {
        bail!(
            "this database belongs to something else (tables: {}); the demo needs a database of its own: \
             choose another DATABASE_URL, or none for a private one",
            strangers.join(", ")
        );
    }
    let has = |name: &str| tables.iter().any(|t| t == name);
    if has("demo_ministry") {
        let row: Option<(i32, NaiveDate)> = demo_ministry::table
            .select((demo_ministry::format, demo_ministry::built_on))
            .first(conn)
            .await
            .optional()?;
        match row {
            Some((FORMAT, built_on)) => return Ok(State::Demo(built_on)),
            Some(_) => return Ok(State::Outdated),
            None => {}
        }
    }
    let mut held = Vec::new();
    for table in FILLED.iter().filter(|t| has(t)) {
        let rows = stored(conn, table).await?;
        if rows > 0 {
            held.push(format!("{table}: {rows}"));
        }
    }
    for table in ["outbox", "audit_log"].iter().filter(|t| has(t)) {
        let rows: i64 = match *table {
            "outbox" => outbox::table.count().get_result(conn).await?,
            _ => audit_log::table.count().get_result(conn).await?,
        };
        if rows > 0 {
            held.push(format!("{table}: {rows}"));
        }
    }
    if !held.is_empty() {
        bail!(
            "this database holds data that is not the demo's (rows in {}); the demo never touches it: choose \
             another DATABASE_URL, or none for a private one",
            held.join(", ")
        );
    }
    Ok(State::Empty)
}
