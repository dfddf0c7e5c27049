//! Sizes and times: the numbers in one place.

use std::time::Duration;

use actix_web::http::Method;

/// Largest JSON or form body, bytes.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Most rows in one batch.
pub const BATCH_ROWS: usize = 1000;
/// Longest path with its query, bytes. (The framework itself closes at 64 KiB.)
pub const URL_BYTES: usize = 8 * 1024;
/// Most bytes of all headers together. (The framework itself closes at 96 headers or 128 KiB.)
pub const HEADER_BYTES: usize = 32 * 1024;
/// Longest a request may take, from its headers to the end of its work: its body included, a last commit not.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);
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
/// How long a browser may remember that an origin may call, seconds.
pub const CORS_SECONDS: usize = 600;

/// Length of a window in which requests are counted, seconds.
pub const RATE_WINDOW_SECONDS: i64 = 60;
/// How often a replica tells the others what it counted.
pub const RATE_SHARED_EVERY: Duration = Duration::from_secs(1);
/// Counts kept for single addresses; beyond, addresses share the counts of their networks.
pub const RATE_ADDRESSES: usize = 50_000;

/// How often one caller may ask for one route in a window.
#[derive(Debug, PartialEq, Eq)]
pub struct RatePolicy {
    /// Its name in the `RateLimit` headers.
    pub name: &'static str,
    /// Requests in a window.
    pub quota: u32,
}

/// Reading, signed in.
pub const RATE_READ: RatePolicy = RatePolicy { name: "read", quota: 1200 };
/// Changing, signed in.
pub const RATE_WRITE: RatePolicy = RatePolicy { name: "write", quota: 300 };
/// Reports and exports: each costs the database more than a page.
pub const RATE_REPORT: RatePolicy = RatePolicy { name: "report", quota: 60 };
/// Tokens: those that are granted count for the account, client or login; only what is refused counts by address, since
/// a ministry of 5,000 people sits behind one.
pub const RATE_TOKEN: RatePolicy = RatePolicy { name: "token", quota: 120 };
/// Everything else without a good token, per address.
pub const RATE_PUBLIC: RatePolicy = RatePolicy { name: "public", quota: 300 };

/// Routes that are never counted: load balancers and documentation.
const UNCOUNTED: [&str; 3] = ["/health/", "/.well-known/", "/problems/"];

/// Whether only the work of a route shows who asks: then it is counted by what came of it, and a right password, a good
/// refresh token or a client that proves itself is never refused because of what others at the address sent.
pub fn is_counted_by_outcome(pattern: &str) -> bool {
    pattern.starts_with("/oauth/")
}

/// The policy of a route (by its pattern) for a caller with or without a good token.
pub fn rate_policy(method: &Method, pattern: &str, signed_in: bool) -> Option<&'static RatePolicy> {
    if UNCOUNTED.iter().any(|start| pattern.starts_with(start)) {
        return None;
    }
    Some(match signed_in {
        _ if is_counted_by_outcome(pattern) => &RATE_TOKEN,
        false => &RATE_PUBLIC,
        true if pattern.starts_with("/v1/reports") || pattern.starts_with("/v1/exports") => &RATE_REPORT,
        true if method.is_safe() => &RATE_READ,
        true => &RATE_WRITE,
    })
}
