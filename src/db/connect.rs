//! One connection to the database, with the limits that every statement of the service has.

use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

use super::migrate;

/// Longest a statement may run.
const STATEMENT_TIMEOUT_MS: u32 = 15_000;
/// Longest a request waits for a lock.
const LOCK_TIMEOUT_MS: u32 = 10_000;
/// Longest it may take to open a connection.
pub(super) const OPEN_LIMIT: Duration = Duration::from_secs(5);

/// Open one connection, with TLS where the address asks for it, and with limits on what a statement may take. What the
/// server says must be understood, so it speaks English to us where we may choose (`doctor` says where not).
///
/// # Errors
/// [`diesel::ConnectionError`] with the reason.
pub async fn connect(url: &str) -> diesel::ConnectionResult<AsyncPgConnection> {
    let mut connection = migrate::open(url).await?;
    connection
        .batch_execute(&format!(
            "SET statement_timeout = {STATEMENT_TIMEOUT_MS}; SET lock_timeout = {LOCK_TIMEOUT_MS}; \
             SET idle_in_transaction_session_timeout = {STATEMENT_TIMEOUT_MS}; SET application_name = 'thuocdo'; \
             SELECT set_config('lc_messages', 'C', false) WHERE has_parameter_privilege('lc_messages', 'SET')"
        ))
        .await
        .map_err(|e| ConnectionError::BadConnection(e.to_string()))?;
    Ok(connection)
}
