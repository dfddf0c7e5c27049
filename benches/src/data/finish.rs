//! What is done before the first row and after the last: triggers, statistics, the sums that reports read, and the note
//! that the data is complete.

use thuocdo::administration::audit_log;
use thuocdo::effectiveness::corrective_actions::release_due;
use thuocdo::effectiveness::score_panels;
use thuocdo::http::Gate;
use tokio_postgres::Client;

use super::{Making, SEED, Size};
use crate::machine::Postgres;

/// A copy of the employees with one plain text to search in, under one trigram index: what a search by `LIKE` costs.
pub const PLAIN_COPY: &str = "bench.plain";

/// The text of an employee without case and accents.
const PLAIN_TEXT: &str = "translate(lower(regexp_replace(normalize(code || ' ' || full_name, NFD), \
    '[\\u0300-\\u036F]', '', 'g')), 'đĐ', 'dd')";

/// Name of the triggers of the audit log that a COPY would run.
const AUDIT_TRIGGERS: &str = "SELECT t.tgrelid::regclass::text, t.tgname::text FROM pg_trigger t
    WHERE t.tgname LIKE '%\\_audit\\_insert' AND t.tgrelid <> 'employees'::regclass";

/// Whether a database holds the whole data of a size.
pub async fn is_made(postgres: &Postgres, name: &str, size: Size) -> anyhow::Result<bool> {
    if !postgres.has_database(name).await? {
        return Ok(false);
    }
    let client = postgres.superuser(name).await?;
    let known = client.query_one("SELECT to_regclass('bench.made') IS NOT NULL", &[]).await?;
    if !known.try_get::<_, bool>(0)? {
        return Ok(false);
    }
    let (seed, size) = (i64::try_from(SEED)?, size.to_string());
    let made = "SELECT 1 FROM bench.made WHERE seed = $1 AND size = $2";
    Ok(client.query_opt(made, &[&seed, &size]).await?.is_some())
}

/// Before the first row.
pub async fn prepare(client: &Client) -> anyhow::Result<()> {
    // Lost with the machine, and made anew: nothing to wait for.
    client.batch_execute("SET synchronous_commit = off; CREATE SCHEMA bench").await?;
    for row in client.query(AUDIT_TRIGGERS, &[]).await? {
        let (table, trigger): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        client.batch_execute(&format!("ALTER TABLE {table} DISABLE TRIGGER {trigger}")).await?;
    }
    Ok(())
}

/// Let the planner know what was written.
pub async fn analyse(client: &Client) -> anyhow::Result<()> {
    Ok(client.batch_execute("ANALYZE").await?)
}

/// Let the service add up what is due, as its background loop does.
pub async fn release(gate: &Gate, say: &mut dyn FnMut(String)) -> anyhow::Result<()> {
    let mut figures = 0;
    loop {
        let more = gate.system("benches", async |tx| release_due(tx, gate.keys()).await).await?;
        if more == 0 {
            break;
        }
        figures += more;
        say(format!("released figures: {figures}"));
    }
    gate.system("benches", async |tx| score_panels::seal(tx).await).await?;
    Ok(())
}

/// Seal the audit log.
pub async fn seal(gate: &Gate) -> anyhow::Result<()> {
    while gate.system("benches", async |tx| audit_log::seal(tx).await).await? {}
    Ok(())
}

/// After the last row.
pub async fn finish(making: &Making<'_>, say: &mut dyn FnMut(String)) -> anyhow::Result<()> {
    let client = making.client;
    for row in client.query(AUDIT_TRIGGERS, &[]).await? {
        let (table, trigger): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        client.batch_execute(&format!("ALTER TABLE {table} ENABLE TRIGGER {trigger}")).await?;
    }
    let plain = format!(
        "CREATE TABLE {PLAIN_COPY} AS SELECT *, {PLAIN_TEXT} AS plain_text FROM employees;
         CREATE INDEX plain_text_idx ON {PLAIN_COPY} USING gin (plain_text gin_trgm_ops);
         CREATE INDEX plain_name_key_idx ON {PLAIN_COPY} (name_key, id)"
    );
    client.batch_execute(&plain).await?;
    client.batch_execute("VACUUM (ANALYZE)").await?;
    client.batch_execute("CREATE TABLE bench.made (seed bigint, size text); CHECKPOINT").await?;
    client
        .execute("INSERT INTO bench.made VALUES ($1, $2)", &[&i64::try_from(SEED)?, &making.size.to_string()])
        .await?;
    say(format!("complete: {}", making.size));
    Ok(())
}
