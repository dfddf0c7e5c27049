//! Headers of every answer: what browsers must not do with it, how long it may be kept, what is left of a rate limit.

use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required};

use super::limits::RATE_WINDOW_SECONDS;
use super::rates::Verdict;
use crate::i18n::Locale;

/// Request headers that the API reads, for pages of other origins.
pub const READ: [&str; 7] = [
    "Authorization",
    "Content-Type",
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "Accept-Language",
    "On-Behalf-Of",
];

/// Response headers that pages of other origins may read.
pub const WRITTEN: [&str; 12] = [
    "Accept-Patch",
    "Allow",
    "Content-Language",
    "ETag",
    "Location",
    "Link",
    "Idempotency-Replayed",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
    "X-Client-Request-Id",
];

/// Answers of the API are data: nothing of them runs or is shown in a frame.
const DATA_ONLY: &str = "default-src 'none'; frame-ancestors 'none'";
/// Swagger UI runs scripts of this service only; it sets styles in its markup and draws icons from `data:`.
const SWAGGER_UI: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The same for every answer.
static ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// A year of https only, where clients come by https at all.
const HTTPS_ONLY: &str = "max-age=31536000";

static RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
static RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// A request header as a parameter of the operations that read it. Without an example: Swagger UI fills a field from it
/// and sends it unasked.
pub fn parameter(name: &str, required: Required, description: &str, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

/// Put the headers that protect the caller on an answer.
pub fn protect(headers: &mut HeaderMap, method: &Method, path: &str, https: bool) {
    for (name, value) in &ALWAYS {
        headers.insert(name.clone(), value.clone());
    }
    let content = if path.starts_with("/docs/") { SWAGGER_UI } else { DATA_ONLY };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(content));
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ONLY));
    }
    if let Some(kept) = kept(method, path) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    }
}

/// Tokens and the answers to changes (a new client's secret is one) are kept nowhere; what was read may be kept by the
/// reader, and is asked for again by its ETag.
fn kept(method: &Method, path: &str) -> Option<&'static str> {
    let ours = path.starts_with("/v1") || path.starts_with("/oauth");
    let secret = path.starts_with("/oauth") || !method.is_safe();
    ours.then_some(if secret { "no-store" } else { "private, no-cache" })
}

/// Say what the answer depends on besides its address, and which language it is in, if it is in one.
pub fn tell_variants(headers: &mut HeaderMap, language: Option<Locale>) {
    if let Some(language) = language {
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    }
    if !headers.contains_key(VARY) {
        let ours = if language.is_some() { "Accept-Encoding, Accept-Language" } else { "Accept-Encoding" };
        headers.insert(VARY, HeaderValue::from_static(ours));
        return;
    }
    let named: Vec<String> = headers
        .get_all(VARY)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(',').map(|name| name.trim().to_owned()))
        .collect();
    let ours = ["Accept-Encoding"].into_iter().chain(language.map(|_| "Accept-Language"));
    let missing = ours.filter(|name| !named.iter().any(|n| n.eq_ignore_ascii_case(name) || n == "*"));
    let all: Vec<&str> = named.iter().map(String::as_str).chain(missing).collect();
    if let Ok(value) = HeaderValue::from_str(&all.join(", ")) {
        headers.insert(VARY, value);
    }
}

/// Say what is left, in the words of the IETF draft `ratelimit-headers` (from its version 08 on).
pub fn tell_rate(headers: &mut HeaderMap, verdict: &Verdict) {
    let Verdict { policy, quota, remaining, resets_in, .. } = verdict;
    let policy_line = format!("\"{policy}\";q={quota};w={RATE_WINDOW_SECONDS}");
    let limit = format!("\"{policy}\";r={remaining};t={resets_in}");
    for (name, value) in [(&RATE_LIMIT_POLICY, policy_line), (&RATE_LIMIT, limit)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name.clone(), value);
        }
    }
}
