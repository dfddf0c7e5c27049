//! `Error` → `application/problem+json` (RFC 9457): the only place with the statuses of errors.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::{HttpResponse, ResponseError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::error::{Brief, Error, FieldError, OMITTED, Rule};
use crate::i18n::{self, Locale};
use crate::telemetry;

/// Media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Realm of every challenge: what the credentials are for.
pub const REALM: &str = "thuocdo";

/// Member of a refusal that says when to try again; becomes `Retry-After` too.
pub const RETRY_AFTER_SECONDS: &str = "retry_after_seconds";

/// Description of an error (RFC 9457). `type` and the codes never change; the texts follow `Accept-Language`.
/// Some refusals have further members that explain them: `state` and `allowed_states` where an action is not
/// possible in the present state, `checks` and `alternatives` where a nomination is refused.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "type": "/problems/request.invalid", "title": "Yêu cầu có dữ liệu sai", "status": 422,
    "detail": "Các trường sau đây cần sửa.", "instance": "/v1/units", "trace_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "errors": [{"pointer": "/code", "code": "required", "message": "Bắt buộc phải có."}]
}))]
pub struct Problem {
    /// Kind of problem: path of the page of this service that explains it.
    #[serde(rename = "type")]
    #[schema(example = "/problems/request.invalid")]
    pub kind: String,
    /// Short name of the kind of problem, in the language of `Accept-Language`.
    pub title: String,
    /// HTTP status of the answer, 400 to 599.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    pub status: u16,
    /// Explanation of this occurrence of the problem, in the language of `Accept-Language`.
    pub detail: String,
    /// Path of the request; a very long one is cut and ends with `…`.
    pub instance: String,
    /// Identifier of the request, the same as in `X-Request-Id`; quote it when asking for help.
    pub trace_id: String,
    /// Wrong members of the request, for status 422: the first 100, fewer where their names are long; absent
    /// otherwise.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(max_items = 100)]
    pub errors: Option<Vec<ProblemField>>,
    /// Number of further faults that `errors` does not list, or of further items in the lists that explain a
    /// refusal (each lists the first 100); absent if there are none. Counting stops at 1000, so that 1000
    /// means 1000 or more.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 1, maximum = 1000, example = json!(null))]
    pub errors_omitted: Option<u32>,
    /// Code of the reason why the token is refused, for status 401; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// Name of the permission that the caller lacks, for status 403; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub permission: Option<String>,
}

/// A member of the request that is wrong.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ProblemField {
    /// Place of the fault: JSON pointer of a member, `?name` for a query parameter, or the name of a header.
    /// A very long one is cut and ends with `…`.
    #[schema(example = "/code")]
    pub pointer: String,
    /// Code of the fault, which never changes, for example `required`.
    #[schema(example = "required")]
    pub code: String,
    /// Explanation of the fault, in the language of `Accept-Language`.
    #[schema(example = "Bắt buộc phải có.")]
    pub message: String,
}

/// Public code of problems that are not business rules, with their statuses.
pub const GENERAL: &[(&str, u16)] = &[
    ("request.unreadable", 400),
    ("cursor.invalid", 400),
    ("authentication.required", 401),
    ("permission.missing", 403),
    ("resource.not_found", 404),
    ("method.not_allowed", 405),
    ("media_type.not_acceptable", 406),
    ("request.too_slow", 408),
    ("resource.changed", 412),
    ("request.too_large", 413),
    ("request.url_too_long", 414),
    ("media_type.unsupported", 415),
    ("content_coding.unsupported", 415),
    ("request.invalid", 422),
    ("precondition.required", 428),
    ("request.too_many", 429),
    ("request.headers_too_large", 431),
    ("service.error", 500),
    ("service.unavailable", 503),
    ("service.outcome_unknown", 503),
    ("request.timed_out", 503),
];

/// Every public code with its status: the pages below `/problems/`.
pub fn codes() -> impl Iterator<Item = (&'static str, u16)> {
    GENERAL.iter().copied().chain(Rule::ALL.iter().map(|r| (r.code(), r.status())))
}

impl Error {
    fn code(&self) -> &'static str {
        match self {
            Error::Unreadable(_) => "request.unreadable",
            Error::Unauthenticated | Error::Token(_) => "authentication.required",
            Error::Forbidden(_) => "permission.missing",
            Error::NotFound(_) => "resource.not_found",
            Error::MethodNotAllowed(_) => "method.not_allowed",
            Error::Stale => "resource.changed",
            Error::TooLarge(_) => "request.too_large",
            Error::UrlTooLong(_) => "request.url_too_long",
            Error::HeadersTooLarge(_) => "request.headers_too_large",
            Error::TooSlow => "request.too_slow",
            Error::TooMany(_) => "request.too_many",
            Error::TimedOut => "request.timed_out",
            Error::UnsupportedMediaType(_) => "media_type.unsupported",
            Error::UnsupportedCoding => "content_coding.unsupported",
            Error::NotAcceptable(_) => "media_type.not_acceptable",
            Error::BadCursor => "cursor.invalid",
            Error::Invalid(_) => "request.invalid",
            Error::MatchRequired => "precondition.required",
            Error::Internal(_) => "service.error",
            Error::Unavailable(_) | Error::Disconnected(_) => "service.unavailable",
            Error::OutcomeUnknown(_) => "service.outcome_unknown",
            Error::Rule(rule) | Error::Refused(rule, _) => rule.code(),
        }
    }

    fn detail_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Unreadable(reason) => vec![("reason", reason.to_string())],
            Error::Forbidden(permission) => vec![("permission", permission.to_string())],
            Error::MethodNotAllowed(allowed) => vec![("allowed", allowed.clone())],
            Error::TooLarge(limit) | Error::UrlTooLong(limit) | Error::HeadersTooLarge(limit) => {
                vec![("limit", limit.to_string())]
            }
            Error::TooMany(seconds) => vec![("seconds", seconds.to_string())],
            Error::UnsupportedMediaType(expected) => vec![("expected", (*expected).to_owned())],
            Error::NotAcceptable(given) => vec![("expected", given.clone())],
            _ => Vec::new(),
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        let code = self.code();
        let status = codes().find(|(c, _)| *c == code).map_or(500, |(_, s)| s);
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Status and headers only: [`render`] fills in the body, in the caller's language.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Error::Unauthenticated => {
                response.insert_header((WWW_AUTHENTICATE, format!("Bearer realm=\"{REALM}\"")))
            }
            Error::Token(fault) => response.insert_header((
                WWW_AUTHENTICATE,
                format!(
                    "Bearer realm=\"{REALM}\", error=\"invalid_token\", error_description=\"{}\"",
                    fault.description()
                ),
            )),
            Error::Refused(_, explanation) => {
                match explanation.get(RETRY_AFTER_SECONDS).and_then(Value::as_i64) {
                    Some(seconds) => response.insert_header((RETRY_AFTER, seconds)),
                    None => &mut response,
                }
            }
            Error::Forbidden(permission) => response.insert_header((
                WWW_AUTHENTICATE,
                format!("Bearer realm=\"{REALM}\", error=\"insufficient_scope\", scope=\"{permission}\""),
            )),
            Error::MethodNotAllowed(allowed) => response.insert_header((ALLOW, allowed.as_str())),
            // In an answer these say what the next request may have (RFC 9110, section 15.5.16).
            Error::UnsupportedMediaType(expected) => response.insert_header((ACCEPT, *expected)),
            Error::UnsupportedCoding => response.insert_header((ACCEPT_ENCODING, "identity")),
            Error::Unavailable(_) | Error::Disconnected(_) | Error::OutcomeUnknown(_) | Error::TimedOut => {
                response.insert_header((RETRY_AFTER, "1"))
            }
            Error::TooMany(seconds) => response.insert_header((RETRY_AFTER, *seconds)),
            // What is still on its way would be read as the next request.
            Error::TooSlow => response.force_close(),
            _ => &mut response,
        };
        response.finish()
    }
}

/// Key of a public code in the locale files.
pub fn message_key(code: &str) -> String {
    format!("problem-{}", code.replace(['.', '_'], "-"))
}

/// What the details mention, for pages that speak of a problem in general.
pub fn any_args() -> Vec<(&'static str, String)> {
    ["reason", "permission", "allowed", "limit", "expected", "seconds"]
        .map(|name| (name, "…".to_owned()))
        .to_vec()
}

/// Give an error answer its body.
pub fn render(response: HttpResponse, path: &str, trace_id: &str, locale: Locale) -> HttpResponse {
    let status = response.status();
    let ours = response.error().and_then(|e| e.as_error::<Error>());
    let mut body = match ours {
        Some(error) => {
            log(error, trace_id);
            document(error, path, trace_id, locale)
        }
        None => document(&from_framework(status), path, trace_id, locale),
    };
    let status = ours.map_or_else(|| from_framework(status).status_code(), ResponseError::status_code);
    body.insert("status".to_owned(), json!(status.as_u16()));
    let mut response = response.set_body(BoxBody::new(Value::Object(body).to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    response
}

/// What the web framework refused before any of our code ran.
fn from_framework(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND => Error::NotFound("page"),
        StatusCode::NOT_ACCEPTABLE => Error::NotAcceptable("identity".to_owned()),
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(super::limits::BODY_BYTES),
        s if s.is_client_error() => Error::unreadable(s.canonical_reason().unwrap_or_default()),
        s => Error::internal(s.to_string()),
    }
}

fn document(error: &Error, path: &str, trace_id: &str, locale: Locale) -> Map<String, Value> {
    let code = error.code();
    let key = message_key(code);
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("type", json!(format!("/problems/{code}")));
    put("title", json!(i18n::text(locale, &key, &[])));
    put("status", json!(500));
    put("detail", json!(detail(error, &key, locale)));
    put("instance", json!(&*Brief::of(path)));
    put("trace_id", json!(trace_id));
    match error {
        Error::Invalid(faults) => {
            put("errors", json!(faults.iter().map(|f| field(f, locale)).collect::<Vec<_>>()));
            if faults.omitted() > 0 {
                put(OMITTED, json!(faults.omitted()));
            }
        }
        Error::Forbidden(permission) => {
            put("permission", json!(permission.name()));
        }
        Error::Token(fault) => {
            put("reason", json!(fault.code()));
        }
        Error::Refused(_, explanation) => body.extend(explanation.clone()),
        _ => {}
    }
    body
}

/// The occurrence in words; where not every fault is named, they say so.
fn detail(error: &Error, key: &str, locale: Locale) -> String {
    match error {
        Error::Invalid(faults) if faults.omitted() > 0 => {
            i18n::text(locale, &format!("{key}-more"), &[("omitted", faults.omitted().to_string())])
        }
        _ => i18n::text(locale, &format!("{key}-detail"), &error.detail_args()),
    }
}

/// A fault in words.
fn field(fault: &FieldError, locale: Locale) -> ProblemField {
    let key = format!("validation-{}", fault.code.replace('_', "-"));
    let params: Vec<_> = fault.params.iter().map(|(name, value)| (*name, value.to_string())).collect();
    ProblemField {
        pointer: fault.pointer.to_string(),
        code: fault.code.to_owned(),
        message: i18n::text(locale, &key, &params),
    }
}

/// Logged once, here, with the whole chain; the client never sees the source.
fn log(error: &Error, trace_id: &str) {
    match error {
        Error::Internal(source) => {
            let chain = telemetry::without_values(&telemetry::chain(&**source));
            tracing::error!(trace_id, error = chain, "internal error");
        }
        Error::TimedOut => tracing::warn!(trace_id, "request took too long and was given up"),
        Error::Unavailable(reason) | Error::Disconnected(reason) => {
            tracing::warn!(trace_id, reason, "temporarily unavailable");
        }
        Error::OutcomeUnknown(reason) => tracing::warn!(trace_id, reason, "the answer to a commit was lost"),
        _ => {}
    }
}
