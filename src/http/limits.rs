//! Sizes and times: the numbers in one place.

use std::time::Duration;

/// Largest JSON or form body, bytes.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Most rows in one batch.
pub const BATCH_ROWS: usize = 1000;
/// Longest a client may take to send its headers.
pub const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept.
pub const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long running requests may finish after a stop signal, seconds.
pub const SHUTDOWN_SECONDS: u64 = 20;
/// How long a stored answer of an idempotent POST is kept.
pub const IDEMPOTENCY_KEPT: chrono::Duration = chrono::Duration::hours(24);
/// Longest Idempotency-Key.
pub const IDEMPOTENCY_KEY_CHARACTERS: usize = 255;
/// Database connections for each core (about four saturate Postgres on the same machine).
pub const CONNECTIONS_PER_CORE: usize = 4;
