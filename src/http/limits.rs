//! Sizes and times: the numbers in one place.

use std::time::Duration;

use actix_web::http::Method;

/// Largest JSON or form body, bytes.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Most rows in one batch.
pub const BATCH_ROWS: usize = 1000;
/// Largest form body, bytes: the longest member is a signed assertion.
pub const FORM_BYTES: usize = 64 * 1024;
/// Most items of any list in a body; many lists allow fewer.
pub const LIST_ITEMS: usize = BATCH_ROWS;
/// Longest path with its query, bytes. (The framework itself closes at 64 KiB.)
pub const URL_BYTES: usize = 8 * 1024;
/// Most bytes of all headers together. (The framework itself closes at 96 headers or 128 KiB.)
pub const HEADER_BYTES: usize = 32 * 1024;
/// Longest a request may take, from its headers to the end of its work: its body included, a last commit not.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);
/// Longest a client may take to send its headers.
pub const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection that ends may take to end.
pub const DISCONNECT_TIME: Duration = Duration::from_secs(1);
/// Connections at once, of everybody together.
pub const CONNECTIONS: usize = 8192;
/// Connections at once of one address: a ministry of some thousands at their desks sits behind one.
pub const CONNECTIONS_PER_ADDRESS: usize = 2048;
/// While an answer waits to be read, [`PROGRESS_BYTES`] must be read in each such period.
pub const WRITE_TIME: Duration = Duration::from_secs(20);
/// What must be read in each [`WRITE_TIME`], bytes.
pub const PROGRESS_BYTES: usize = 32 * 1024;
/// What the system keeps of an answer for a connection that does not read, bytes.
pub const SEND_BUFFER_BYTES: usize = 128 * 1024;
/// How often the log says that connections are refused.
pub const WARNED_EVERY: Duration = Duration::from_secs(60);
/// How long the verdict on whether the service is ready is good.
pub const READY_FOR: Duration = Duration::from_secs(1);
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
/// How often a replica shares with the others what it counted.
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
/// Documents that are the same for everybody, per address: one visit of the page asks for ten files.
pub const RATE_DOCUMENT: RatePolicy = RatePolicy { name: "document", quota: 1200 };
/// Everything else without a good token, per address.
pub const RATE_PUBLIC: RatePolicy = RatePolicy { name: "public", quota: 300 };

/// Routes that are never counted: load balancers ask all the time, and never for anything that costs.
const UNCOUNTED: &str = "/health/";
/// Routes of documents that are the same for everybody.
const DOCUMENTS: [&str; 4] = ["/.well-known/", "/problems", "/docs", "/openapi.json"];

/// Whether only the work of a route shows who asks: then it is counted by what came of it, and a right password, a good
/// refresh token or a client that proves itself is never refused because of what others at the address sent.
pub fn is_counted_by_outcome(pattern: &str) -> bool {
    pattern.starts_with("/oauth/")
}

/// The policy of a route (by its pattern) for a caller with or without a good token.
pub fn rate_policy(method: &Method, pattern: &str, signed_in: bool) -> Option<&'static RatePolicy> {
    if pattern.starts_with(UNCOUNTED) {
        return None;
    }
    Some(match signed_in {
        _ if is_counted_by_outcome(pattern) => &RATE_TOKEN,
        _ if DOCUMENTS.iter().any(|start| pattern.starts_with(start)) => &RATE_DOCUMENT,
        false => &RATE_PUBLIC,
        true if pattern.starts_with("/v1/reports") || pattern.ends_with("/export") => &RATE_REPORT,
        true if method.is_safe() => &RATE_READ,
        true => &RATE_WRITE,
    })
}
