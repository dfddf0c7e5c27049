//! The OpenAPI document: its header and security schemes, what all operations share, Swagger UI's place, problem pages.

use actix_web::get;
use actix_web::http::Method;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::problem::{self, PROBLEM_JSON};
use super::{Key, Reply, examples, limits};
use crate::access::{Permission, Public, Role, policy};
use crate::error::{Error, Result};
use crate::i18n;

/// Name of the security scheme that operations cite.
pub const SCHEME: &str = "oauth2";

/// Areas of the document, in its order.
const TAGS: [(&str, &str); 10] = [
    ("identity", "Đăng nhập, tài khoản, quyền · Tokens, accounts, rights"),
    ("organisation", "Đơn vị, vị trí việc làm, nhân sự · Units, job positions, employees"),
    ("catalogue", "Cơ sở, khóa, lớp · Institutes, courses, offerings"),
    ("planning", "Kế hoạch đào tạo, bồi dưỡng · Training plans"),
    ("participation", "Cử đi học, điểm danh, chứng chỉ · Nominations, delivery, certificates"),
    ("evaluation", "Phiếu hỏi, đánh giá · Questionnaires, evaluations, corrective actions"),
    ("reporting", "Báo cáo hiệu quả · Effectiveness reports"),
    (
        "administration",
        "Nhật ký kiểm toán, dữ liệu cá nhân, thời hạn lưu · Audit log, personal data requests, retention",
    ),
    ("operation", "Vận hành · Health, problem pages"),
    ("integration", "Tích hợp · Integration"),
];

/// POSTs whose answer is not kept for a repeated request: it, or the request, holds a secret.
const NOT_REPLAYED: [&str; 4] = [
    "/v1/accounts/{id}/reset-password",
    "/v1/clients",
    "/v1/clients/{id}/rotate-secret",
    "/v1/me/change-password",
];

/// Statuses that operations share, each with its problem document.
const STATUSES: [u16; 14] = [400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 429, 500, 503];

const DESCRIPTION: &str = "Thước Đo: hiệu quả công việc là thước đo chất lượng đào tạo, bồi dưỡng.\n\n\
    Employees and job positions, courses of training institutes, nominations, and evaluation after training, whose \
    yardstick is *work effectiveness*.\n\n\
    Lists are keyset pages (`limit`, `cursor`). A change needs `If-Match` with the `ETag` that was read. A POST \
    honours an `Idempotency-Key`, unless it is public, anonymous, or answers with a secret. Every error \
    is `application/problem+json`, in Vietnamese or English by `Accept-Language`.\n\n\
    How often a caller may ask for a route stands in `RateLimit-Policy`, what is left of it in `RateLimit`; beyond, 429 \
    with `Retry-After`. Any operation also answers 405 to another method, 414 to a URL over 8 KiB and 431 to headers \
    over 32 KiB.";

/// Routes of this module.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(problem_page);
}

/// A kind of problem.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemTypeDto {
    /// Its code.
    #[schema(example = "nomination.refused")]
    code: &'static str,
    /// HTTP status it comes with.
    #[schema(example = 409)]
    status: u16,
    /// In words.
    #[schema(example = "Không thể cử đi học")]
    title: String,
    /// When it occurs and what to do.
    #[schema(example = "Một hoặc nhiều điều kiện không đạt.")]
    description: String,
}

/// What a problem's `type` means
///
/// The page that the `type` of every problem document leads to.
#[utoipa::path(tag = "operation", operation_id = "problems_get", security(),
    params(("code" = String, Path, description = "Last part of the problem's `type`", example = "nomination.refused")),
    responses((status = 200, description = "The kind of problem", body = ProblemTypeDto)))]
#[get("/problems/{code}")]
async fn problem_page(public: Public, code: Key) -> Result<Reply> {
    let (code, status) = problem::codes().find(|(c, _)| *c == code.0).ok_or(Error::NotFound("problem"))?;
    let key = problem::message_key(code);
    let locale = public.locale();
    Reply::ok(&ProblemTypeDto {
        code,
        status,
        title: i18n::text(locale, &key, &[]),
        description: i18n::text(locale, &format!("{key}-detail"), &problem::any_args()),
    })
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
    root.insert(
        "tags".to_owned(),
        TAGS.iter().map(|(name, description)| json!({"name": name, "description": description})).collect(),
    );
    describe_security(&mut document);
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                share(path, method, operation);
            }
        }
    }
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
        components.insert(
            "securitySchemes".to_owned(),
            json!({ SCHEME: {
                "type": "oauth2",
                "description": "People: `password`. Machines: `client_credentials` (or `private_key_jwt`, outside this page).",
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

/// What every operation of a kind shares: request headers, and the problems it can answer with.
fn share(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let secured = operation
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|s| s.iter().any(|requirement| requirement.as_object().is_some_and(|r| !r.is_empty())));
    if !secured {
        operation.insert("security".to_owned(), json!([]));
    }
    let has_body = operation.contains_key("requestBody");
    let has_query = operation
        .get("parameters")
        .and_then(Value::as_array)
        .is_some_and(|p| p.iter().any(|p| p.get("in") == Some(&json!("query"))));
    let changes = matches!(method, "patch" | "put" | "delete");
    let reads_one = method == "get" && path.ends_with("{id}");
    let is_v1_post = method == "post" && secured;
    let deputies_may = scope(operation).is_some_and(|p| policy::grant(Role::UnitHead, p).is_some());

    let mut header = |name: &str, required: bool, description: &str, example: &str| {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Some(list) = parameters.as_array_mut() {
            let mut parameter = json!({
                "name": name, "in": "header", "required": required, "description": description,
                "schema": {"type": "string"}
            });
            // A page would fill in the example: what need not be sent starts empty.
            if let (true, Some(parameter)) = (required, parameter.as_object_mut()) {
                parameter.insert("example".to_owned(), json!(example));
            }
            list.push(parameter);
        }
    };
    if changes {
        header("If-Match", true, "ETag of the version that was read", "\"1\"");
    }
    if reads_one {
        header(
            "If-None-Match",
            false,
            "ETag of the version already known: 304 if it is still the newest",
            "\"1\"",
        );
    }
    if is_v1_post && !NOT_REPLAYED.contains(&path) {
        header(
            "Idempotency-Key",
            false,
            "Makes a repeated request harmless: the second gets the first's answer (kept 24 hours)",
            "8e03978e-40d5-43dd-bc93-6894a57f9324",
        );
    }

    if deputies_may {
        header(
            "On-Behalf-Of",
            false,
            "For a deputy: id of the delegation to act under, as the head of its unit (`GET /v1/me` lists them)",
            "0199f0c4-5a7e-7000-8000-000000000001",
        );
    }

    let mut statuses: Vec<u16> = vec![500, 503];
    let mut when = |condition: bool, more: &[u16]| {
        if condition {
            statuses.extend_from_slice(more);
        }
    };
    let verb = method.to_uppercase().parse().unwrap_or(Method::GET);
    when(limits::rate_policy(&verb, path, secured).is_some(), &[429]);
    when(secured, &[401, 403]);
    when(deputies_may, &[422]);
    when(path.contains('{'), &[404]);
    when(has_body, &[400, 408, 413, 415, 422]);
    when(has_query, &[400, 422]);
    when(is_v1_post, &[409, 422]);
    when(method == "post" && !secured, &[409, 422]);
    when(changes, &[409, 412, 428]);
    if path.starts_with("/oauth/") {
        statuses.retain(|s| ![409, 422].contains(s));
    }
    statuses.sort_unstable();
    statuses.dedup();
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    if reads_one {
        responses.entry("304").or_insert_with(|| json!({"description": "Not changed since the given ETag"}));
    }
    for status in statuses {
        responses
            .entry(status.to_string())
            .or_insert_with(|| json!({"$ref": format!("#/components/responses/Problem{status}")}));
    }
}

/// The permission that an operation names.
fn scope(operation: &Map<String, Value>) -> Option<Permission> {
    let name = operation.get("security")?.get(0)?.get(SCHEME)?.get(0)?.as_str()?;
    Permission::ALL.iter().copied().find(|p| p.name() == name)
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
    if let (429, Some(response)) = (status, response.as_object_mut()) {
        response.insert("headers".to_owned(), rate_headers());
    }
    response
}

/// Headers of a refusal for asking too often; the `RateLimit` ones come with every counted answer.
fn rate_headers() -> Value {
    let text = |description: &str, example: &str| json!({"description": description, "schema": {"type": "string"}, "example": example});
    json!({
        "Retry-After": {"description": "Seconds until the window ends", "schema": {"type": "integer"}, "example": 42},
        "RateLimit-Policy": text("Requests (`q`) in a window of seconds (`w`)", "\"read\";q=1200;w=60"),
        "RateLimit": text("Requests left (`r`) and seconds until the window ends (`t`)", "\"read\";r=0;t=42")
    })
}
