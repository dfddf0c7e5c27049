//! Administration: the audit log and its chain, personal data and how long they are kept.

mod audit_chain;
mod audit_log;
mod erasure;
mod exports;
mod field_level;
mod identity;
mod logs;
mod personal_data;
mod retention;
mod security_events;
mod service_role;

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use serde_json::Value;
use thuocdo::access::Role;
use thuocdo::administration::audit_log::{Broken, Report, seal, verify};
use thuocdo::db::migrate;

use crate::support::TestApp;

impl TestApp {
    /// Entries of the log that an auditor finds, newest first.
    pub async fn audit(&self, query: &str) -> Vec<Value> {
        self.as_role(Role::Auditor).all(&format!("/v1/audit-log{query}")).await
    }

    /// Somebody at the database itself, as the owner of its tables.
    pub async fn psql(&self) -> AsyncPgConnection {
        migrate::open(&self.database_url).await.expect("a connection")
    }

    /// Do something at the database that no service does.
    pub async fn at_the_database(&self, script: &str) {
        self.psql().await.batch_execute(script).await.expect("the database does it");
    }

    /// What the worker does.
    async fn seal(&self) {
        while self.system(async |tx| seal(tx).await).await.expect("sealed") {}
    }

    async fn verify(&self) -> Result<Report, Broken> {
        self.system(async |tx| verify(tx, None).await).await.expect("an answer")
    }
}

/// `kind` of each entry.
fn kinds(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|e| e["kind"].as_str().expect("a kind")).collect()
}
