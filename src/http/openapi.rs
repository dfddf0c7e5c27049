//! The OpenAPI document: its header and security schemes, what all operations share, Swagger UI's place, problem pages.

mod operations;
mod refusals;
mod schemas;
mod tags;

pub use refusals::REFUSALS;

use actix_web::get;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use self::operations::SCHEME;
use super::problem::{self, PROBLEM_JSON};
use super::{Key, Public, Reply, examples, limits};
use crate::access::Permission;
use crate::error::{Error, Result};
use crate::i18n;

/// Statuses that operations share, each with its problem document.
const STATUSES: [u16; 17] =
    [400, 401, 403, 404, 406, 408, 409, 412, 413, 414, 415, 422, 428, 429, 431, 500, 503];

const DESCRIPTION: &str = "Thước Đo: hiệu quả công việc là thước đo chất lượng đào tạo, bồi dưỡng.\n\n\
    Employees and job positions, courses of training institutes, nominations, and evaluation after training, which \
    is measured by *work effectiveness*.\n\n\
    Lists come in pages (`limit`, `cursor`). A change needs `If-Match` with the `ETag` that was read. A POST accepts an \
    `Idempotency-Key` where it lists that header: not where it is public, anonymous, or answers with a secret. Every \
    error is `application/problem+json`, in Vietnamese or English by `Accept-Language`; `GET /problems` lists all of \
    them. An answer may gain members: ignore those you do not know.\n\n\
    `RateLimit-Policy` says how often a caller may use a route, `RateLimit` how many requests are left; further \
    requests are answered by 429 with `Retry-After`. A method that a path does not have is answered by 405 with `Allow`, \
    a URL over 8 KiB by 414, headers over 32 KiB by 431. A refusal names the first 100 wrong members and counts the \
    others in `errors_omitted`. A client that does not read its answer (32 KiB in each 20 seconds) is disconnected.";

/// Routes of this module.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(problem_index).service(problem_page);
}

/// A kind of problem, that is, of error answer.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemTypeDto {
    /// Code of the kind of problem, the last part of the `type` of a problem document; it never changes.
    #[schema(example = "nomination.refused")]
    code: &'static str,
    /// HTTP status of an answer with this kind of problem.
    #[schema(example = 409)]
    status: u16,
    /// Short name of the kind of problem, in the language of `Accept-Language`.
    #[schema(example = "Không thể cử đi đào tạo, bồi dưỡng")]
    title: String,
    /// When the problem occurs and what to do about it, in the language of `Accept-Language`.
    #[schema(
        example = "Lý do được nêu ở các điều kiện không đạt; alternatives nêu các lớp phù hợp để thay thế."
    )]
    description: String,
}

/// All kinds of problem of this service.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemTypesDto {
    /// The kinds of problem: first those that all operations share, then the business rules.
    #[schema(max_items = 1000)]
    items: Vec<ProblemTypeDto>,
}

/// List all kinds of problem
///
/// Every `type` that a problem document of this service can have, with its status. The rules by which an
/// operation can be refused are listed in its `x-problem-types` and in its answers 409 and 422.
#[utoipa::path(tag = "operation", operation_id = "problems_list", security(),
    responses((status = 200, description = "The kinds of problem",
        content((ProblemTypesDto = "application/json"), (String = "text/html")))))]
#[get("/problems")]
async fn problem_index(public: Public) -> Result<Reply> {
    let items = problem::codes().map(|(code, status)| problem_type(code, status, public.locale())).collect();
    Reply::ok(&ProblemTypesDto { items })
}

/// Read what a kind of problem means
///
/// The page that the `type` of every problem document refers to.
#[utoipa::path(tag = "operation", operation_id = "problems_get", security(),
    params(("code" = String, Path, description = "Last part of the `type` of a problem document: its code", max_length = 100,
        example = "nomination.refused")),
    responses((status = 200, description = "The kind of problem",
        content((ProblemTypeDto = "application/json"), (String = "text/html")))))]
#[get("/problems/{code}")]
async fn problem_page(public: Public, code: Key) -> Result<Reply> {
    let (code, status) = problem::codes().find(|(c, _)| *c == code.0).ok_or(Error::NotFound("problem"))?;
    Reply::ok(&problem_type(code, status, public.locale()))
}

fn problem_type(code: &'static str, status: u16, locale: i18n::Locale) -> ProblemTypeDto {
    let key = problem::message_key(code);
    ProblemTypeDto {
        code,
        status,
        title: i18n::text(locale, &key, &[]),
        description: i18n::text(locale, &format!("{key}-detail"), &problem::any_args()),
    }
}

/// Finish the document that the registered routes gave: header, security, problems, shared headers, examples.
pub fn finish(collected: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(collected).unwrap_or_default();
    let Some(root) = document.as_object_mut() else {
        return document;
    };
    root.insert(
        "info".to_owned(),
        json!({
            "title": "Thước Đo", "version": env!("CARGO_PKG_VERSION"), "description": DESCRIPTION,
            "contact": {"name": "Bộ Công Thương", "url": "https://moit.gov.vn"}
        }),
    );
    root.insert("servers".to_owned(), json!([{"url": "/"}]));
    root.insert("tags".to_owned(), tags::all());
    describe_security(&mut document);
    schemas::complete(&mut document);
    operations::complete(&mut document);
    examples::complete(&mut document);
    document
}

fn describe_security(document: &mut Value) {
    let scopes: Map<String, Value> =
        Permission::ALL.iter().map(|p| (p.name().to_owned(), json!(p.description()))).collect();
    let flow = json!({ "tokenUrl": "/oauth/token", "refreshUrl": "/oauth/token", "scopes": scopes });
    let components = document.as_object_mut().map(|d| d.entry("components").or_insert_with(|| json!({})));
    if let Some(components) = components.and_then(Value::as_object_mut) {
        let problems: Map<String, Value> =
            STATUSES.iter().map(|status| (format!("Problem{status}"), problem_response(*status))).collect();
        components.insert("responses".to_owned(), Value::Object(problems));
        components.insert("headers".to_owned(), described_headers());
        components.insert(
            "securitySchemes".to_owned(),
            json!({ SCHEME: {
                "type": "oauth2",
                "description": "People sign in with the grant `password`, machine clients with `client_credentials` (or with `private_key_jwt`, which this page does not offer).",
                "flows": { "password": flow, "clientCredentials": flow }
            }}),
        );
        let schemas = components.entry("schemas").or_insert_with(|| json!({}));
        if let Some(schemas) = schemas.as_object_mut() {
            let mut list = vec![];
            <super::Problem as ToSchema>::schemas(&mut list);
            list.push(("Problem".to_owned(), <super::Problem as utoipa::PartialSchema>::schema()));
            for (name, schema) in list {
                schemas.entry(name).or_insert_with(|| serde_json::to_value(schema).unwrap_or_default());
            }
        }
    }
}

fn problem_response(status: u16) -> Value {
    let code = problem::GENERAL.iter().find(|(_, s)| *s == status).map_or("state.wrong", |(c, _)| c);
    let title = i18n::text(i18n::Locale::En, &problem::message_key(code), &[]);
    let mut response = json!({
        "description": title,
        "content": { PROBLEM_JSON: {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "example": {
                "type": format!("/problems/{code}"), "title": title, "status": status,
                "detail": i18n::text(i18n::Locale::En, &format!("{}-detail", problem::message_key(code)), &problem::any_args()),
                "instance": "/v1/units", "trace_id": "0199f0c4-5a7e-7000-8000-000000000001"
            }
        }}
    });
    if let Some(response) = response.as_object_mut() {
        response.insert("headers".to_owned(), headers(status));
    }
    response
}

/// Headers of a problem. The `RateLimit` ones come where requests are counted.
fn headers(status: u16) -> Value {
    let names = [
        ("X-Request-Id", true),
        ("Access-Control-Allow-Origin", true),
        ("RateLimit-Policy", true),
        ("RateLimit", true),
        ("Retry-After", matches!(status, 429 | 503)),
        ("WWW-Authenticate", matches!(status, 401 | 403)),
    ];
    let sent = names.into_iter().filter(|(_, is_sent)| *is_sent);
    sent.map(|(name, _)| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")}))).collect()
}

/// Headers of answers, each described once.
fn described_headers() -> Value {
    let text = |description: &str, longest: usize, example: &str| json!({"description": description, "schema": {"type": "string", "maxLength": longest}, "example": example});
    json!({
        "X-Request-Id": text("Identifier that the service assigns to each request and writes to its logs; the identifier that the caller sent comes back as `X-Client-Request-Id`", 64, "0199f0c4-5a7e-7000-8000-000000000001"),
        "Access-Control-Allow-Origin": text("Origin whose web pages may read the answer, if the operator allows it (`THUOCDO_CORS_ORIGINS`)", 255, "https://portal.moit.gov.vn"),
        "ETag": text("Version of the object in the answer, to be sent in `If-Match` or `If-None-Match`", 64, "\"1\""),
        "Location": text("Path of the object that was created, or of the list to which it was added", limits::URL_BYTES, "/v1/units"),
        "Link": text("Address of the next page (`rel=\"next\"`); absent on the last page", limits::URL_BYTES, "</v1/units?cursor=…>; rel=\"next\""),
        "Idempotency-Replayed": text("`true` if this is the stored answer to an earlier request with the same `Idempotency-Key`", 4, "true"),
        "WWW-Authenticate": text("How to authenticate, and why the token was refused", 1024, "Bearer"),
        "RateLimit-Policy": text("Number of requests (`q`) allowed in a window of `w` seconds", 64, "\"read\";q=1200;w=60"),
        "RateLimit": text("Number of requests left in the window (`r`) and seconds until it ends (`t`)", 64, "\"read\";r=0;t=42"),
        "Retry-After": {
            "description": "Number of seconds to wait before trying again, 0 to 86400",
            "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 86400}, "example": 42
        }
    })
}
