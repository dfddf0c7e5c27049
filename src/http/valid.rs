//! Input: read, refuse what is unknown, validate, and name every fault at once.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::StreamExt;
use jsonschema::error::ValidationErrorKind;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use super::limits;
use crate::error::{Error, FieldError, Result};
use crate::text;

/// Media type of JSON bodies.
pub const JSON: &str = "application/json";
/// Media type of partial updates (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// Media type of the token endpoints.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// A JSON body, validated.
#[derive(Debug)]
pub struct Valid<T> {
    /// The body.
    pub body: T,
    /// Digest of the bytes, for `Allow::write_once`.
    pub digest: String,
}

/// A JSON merge patch, validated.
#[derive(Debug)]
pub struct Patch<T>(pub T);

/// A form-encoded body, validated. Unknown members are ignored, as RFC 6749 asks of token endpoints.
#[derive(Debug)]
pub struct Form<T>(pub T);

/// Query parameters, validated; unknown ones are refused.
#[derive(Debug)]
pub struct ValidQuery<T>(pub T);

/// The `{id}` of a path. What is not a UUID names nothing: 404.
#[derive(Debug, Clone, Copy)]
pub struct Id(pub Uuid);

/// Another name in a path (`{number}`, `{code}`), in normal form.
#[derive(Debug, Clone)]
pub struct Key(pub String);

type Reading<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

impl<T: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for Valid<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, &mut payload, JSON).await?;
            let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes));
            Ok(Self { body: parse(&bytes)?, digest })
        })
    }
}

impl<T: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for Patch<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move { parse(&read(&req, &mut payload, MERGE_PATCH).await?).map(Self) })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, &mut payload, FORM).await?;
            serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|e| Error::Unreadable(e.to_string()))
        })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for ValidQuery<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(parse_query(req.query_string()).map(Self))
    }
}

impl FromRequest for Id {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = req.match_info().get("id").and_then(|id| id.parse().ok());
        std::future::ready(id.map(Id).ok_or(Error::NotFound("object")))
    }
}

impl FromRequest for Key {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = web::Path::<String>::extract(req).into_inner();
        std::future::ready(value.map(|v| Key(text::normalise(&v))).map_err(|_| Error::NotFound("object")))
    }
}

async fn read(req: &HttpRequest, payload: &mut Payload, media_type: &'static str) -> Result<Vec<u8>> {
    let content_type = req.headers().get(CONTENT_TYPE).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(media_type) {
        return Err(Error::UnsupportedMediaType(media_type));
    }
    let arriving = collect_body(payload);
    tokio::time::timeout_at(super::deadline(req).into(), arriving).await.map_err(|_| Error::TooSlow)?
}

async fn collect_body(payload: &mut Payload) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| Error::Unreadable(e.to_string()))?;
        if bytes.len() + chunk.len() > limits::BODY_BYTES {
            return Err(Error::TooLarge(limits::BODY_BYTES));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Read a JSON body into a validated type.
///
/// # Errors
/// [`Error::Unreadable`] for what is not JSON, [`Error::Invalid`] with every fault.
pub fn parse<T: DeserializeOwned + Validate + ToSchema>(bytes: &[u8]) -> Result<T> {
    let mut value: Value = serde_json::from_slice(bytes).map_err(|e| Error::Unreadable(e.to_string()))?;
    let mut faults = Vec::new();
    normalise(&mut value, &mut String::new(), &mut faults);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    match serde_path_to_error::deserialize::<_, T>(&value) {
        Ok(body) => validated(body, "/"),
        Err(error) => Err(Error::Invalid(structure_faults::<T>(&value, &error))),
    }
}

fn validated<T: Validate>(value: T, root: &str) -> Result<T> {
    match value.validate() {
        Ok(()) => Ok(value),
        Err(errors) => {
            let mut faults = Vec::new();
            collect(&errors, root, &mut faults);
            Err(Error::Invalid(faults))
        }
    }
}

/// NFC and trimmed, everywhere; control characters are faults.
fn normalise(value: &mut Value, pointer: &mut String, faults: &mut Vec<FieldError>) {
    match value {
        Value::String(s) => {
            if text::has_control_characters(s) {
                faults.push(FieldError::new(pointer.clone(), "control_character"));
            }
            let normal = text::normalise(s);
            if normal != *s {
                *s = normal;
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter_mut().enumerate() {
                within(pointer, &i.to_string(), |p| normalise(item, p, faults));
            }
        }
        Value::Object(members) => {
            for (name, item) in members.iter_mut() {
                within(pointer, name, |p| normalise(item, p, faults));
            }
        }
        _ => {}
    }
}

fn within(pointer: &mut String, name: &str, work: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
    work(pointer);
    pointer.truncate(length);
}

/// serde stops at the first fault; the published schema finds them all. Only on the way to a refusal.
fn structure_faults<T: ToSchema>(
    value: &Value,
    error: &serde_path_to_error::Error<serde_json::Error>,
) -> Vec<FieldError> {
    let mut faults: Vec<FieldError> = schema_of::<T>()
        .and_then(|schema| {
            let validator = jsonschema::options().should_validate_formats(true).build(&schema).ok()?;
            Some(
                validator
                    .iter_errors(value)
                    .flat_map(|e| schema_fault(e.instance_path().as_str(), e.kind()))
                    .collect(),
            )
        })
        .unwrap_or_default();
    if faults.is_empty() {
        let path = error.path().to_string().replace(['.', '['], "/").replace(']', "");
        let pointer = if path == "/" { String::new() } else { format!("/{path}") };
        faults.push(FieldError::new(pointer, "invalid").with("reason", error.inner()));
    }
    faults
}

fn schema_of<T: ToSchema>() -> Option<Value> {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    let mut root = serde_json::to_value(T::schema()).ok()?;
    let components: serde_json::Map<String, Value> = schemas
        .into_iter()
        .filter_map(|(name, schema)| Some((name, serde_json::to_value(schema).ok()?)))
        .collect();
    root.as_object_mut()?.insert("components".to_owned(), serde_json::json!({ "schemas": components }));
    Some(root)
}

fn schema_fault(pointer: &str, kind: &ValidationErrorKind) -> Vec<FieldError> {
    use ValidationErrorKind as K;
    let at = |code| FieldError::new(pointer, code);
    let below = |name: &str, code| FieldError::new(format!("{pointer}/{name}"), code);
    let limit = |code, value: &dyn std::fmt::Display| at(code).with("limit", value);
    match kind {
        K::AdditionalProperties { unexpected } | K::UnevaluatedProperties { unexpected } => {
            unexpected.iter().map(|name| below(name, "unknown_member")).collect()
        }
        K::Required { property } => vec![below(property.as_str().unwrap_or_default(), "required")],
        K::Type { .. } => vec![at("wrong_type")],
        K::Enum { options } => vec![at("not_allowed").with("allowed", words(options))],
        K::Constant { expected_value } => vec![at("not_allowed").with("allowed", words(expected_value))],
        K::Format { format } => vec![at("wrong_format").with("format", format)],
        K::Maximum { limit: l } | K::ExclusiveMaximum { limit: l } => vec![limit("too_large", l)],
        K::Minimum { limit: l } | K::ExclusiveMinimum { limit: l } => vec![limit("too_small", l)],
        K::MaxLength { limit: l } => vec![limit("too_long", l)],
        K::MinLength { limit: l } => vec![limit("too_short", l)],
        K::MaxItems { limit: l } => vec![limit("too_many", l)],
        K::MinItems { limit: l } => vec![limit("too_few", l)],
        // `T | null` is written as one of several: the fault lies in the branch that is not null.
        K::AnyOf { context } | K::OneOfNotValid { context } => deepest(context, pointer),
        _ => vec![at("invalid").with("reason", kind.keyword())],
    }
}

fn deepest(context: &[Vec<jsonschema::ValidationError<'static>>], pointer: &str) -> Vec<FieldError> {
    let branch = context.iter().find(|errors| {
        errors.iter().any(|e| {
            !matches!(e.kind(), ValidationErrorKind::Type { .. }) || e.instance_path().as_str() != pointer
        })
    });
    match branch {
        Some(errors) => {
            errors.iter().flat_map(|e| schema_fault(e.instance_path().as_str(), e.kind())).collect()
        }
        None => vec![FieldError::new(pointer, "wrong_type")],
    }
}

fn words(options: &Value) -> String {
    let list = options.as_array().cloned().unwrap_or_else(|| vec![options.clone()]);
    list.iter()
        .map(|o| o.as_str().map_or_else(|| o.to_string(), str::to_owned))
        .collect::<Vec<_>>()
        .join(", ")
}

fn parse_query<T: DeserializeOwned + Validate>(query: &str) -> Result<T> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|e| Error::Unreadable(e.to_string()))?;
    let pairs: Vec<(String, String)> = pairs
        .into_iter()
        .map(|(name, value)| (name, text::normalise(&value)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    for (name, value) in &pairs {
        if text::has_control_characters(value) {
            return Err(Error::field(format!("?{name}"), "control_character"));
        }
    }
    let encoded = serde_urlencoded::to_string(&pairs).map_err(Error::internal)?;
    let read = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(form_pairs(&encoded)));
    match read {
        Ok(value) => validated(value, "?"),
        Err(error) => Err(Error::Invalid(vec![query_fault(&error)])),
    }
}

fn form_pairs(encoded: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(encoded.as_bytes())
}

fn query_fault(error: &serde_path_to_error::Error<serde_urlencoded::de::Error>) -> FieldError {
    let message = error.inner().to_string();
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("unknown field") {
        return FieldError::new(format!("?{}", quoted(&message)), "unknown_member");
    }
    if message.starts_with("missing field") {
        return FieldError::new(format!("?{}", quoted(&message)), "required");
    }
    if message.starts_with("duplicate field") {
        return FieldError::new(format!("?{}", quoted(&message)), "duplicate");
    }
    let path = error.path().to_string();
    let allowed: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
    if message.starts_with("unknown variant") {
        return FieldError::new(format!("?{path}"), "not_allowed").with("allowed", allowed.join(", "));
    }
    FieldError::new(format!("?{path}"), "wrong_type")
}

/// validator's errors as ours: `/name/0/part`, or `?name` for a query.
fn collect(errors: &ValidationErrors, root: &str, faults: &mut Vec<FieldError>) {
    for (name, kind) in errors.errors() {
        let pointer = format!("{root}{name}");
        match kind {
            ValidationErrorsKind::Field(list) => {
                faults.extend(list.iter().map(|e| validator_fault(&pointer, root, e)));
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &format!("{pointer}/"), faults),
            ValidationErrorsKind::List(items) => {
                for (i, inner) in items {
                    collect(inner, &format!("{pointer}/{i}/"), faults);
                }
            }
        }
    }
}

fn validator_fault(pointer: &str, root: &str, error: &ValidationError) -> FieldError {
    let param = |name: &'static str| error.params.get(name).map(ToString::to_string);
    // `value` is always the whole member; a check of its elements says which one it measured.
    let value = error.params.get("measured").or_else(|| error.params.get("value"));
    let below = |limit: &str| match value {
        Some(Value::Number(n)) => limit.parse::<f64>().ok().zip(n.as_f64()).is_some_and(|(l, v)| v < l),
        Some(Value::String(s)) => limit.parse::<usize>().is_ok_and(|l| s.chars().count() < l),
        Some(Value::Array(a)) => limit.parse::<usize>().is_ok_and(|l| a.len() < l),
        _ => false,
    };
    let (too_low, too_high) = match (error.code.as_ref(), value) {
        ("range", _) => ("too_small", "too_large"),
        (_, Some(Value::Array(_))) => ("too_few", "too_many"),
        _ => ("too_short", "too_long"),
    };
    // A rule about part of a member (or of several: `__all__`) names the place itself, relative to the struct.
    let pointer = param("pointer").map_or_else(
        || pointer.to_owned(),
        |place| format!("{}{}", root.trim_end_matches('/'), place.trim_matches('"')),
    );
    match error.code.as_ref() {
        "range" | "length" => {
            let min = param("min").filter(|m| below(m));
            match (min, param("max"), param("equal")) {
                (Some(min), _, _) => FieldError::new(pointer, too_low).with("limit", min),
                (None, Some(max), _) => FieldError::new(pointer, too_high).with("limit", max),
                (None, None, limit) => {
                    FieldError::new(pointer, "out_of_range").with("limit", limit.unwrap_or_default())
                }
            }
        }
        "email" => FieldError::new(pointer, "wrong_format").with("format", "email"),
        other => FieldError::new(pointer, known_code(other)),
    }
}

/// Codes that custom validators of the DTOs use; anything else reads `invalid`.
fn known_code(code: &str) -> &'static str {
    const CODES: [&str; 9] = [
        "code_format",
        "phone_format",
        "personal_number_format",
        "decision_number",
        "period",
        "duplicate",
        "date_order",
        "weekday",
        "empty_patch",
    ];
    CODES.iter().find(|c| **c == code).copied().unwrap_or("invalid")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[validate(length(min = 2, max = 5))]
        #[schema(min_length = 2, max_length = 5)]
        code: String,
        #[validate(range(min = 1, max = 5))]
        #[schema(minimum = 1, maximum = 5)]
        level: i16,
        day: Option<chrono::NaiveDate>,
        id: Option<Uuid>,
    }

    fn faults(body: &str) -> Vec<(String, &'static str)> {
        match parse::<Sample>(body.as_bytes()) {
            Err(Error::Invalid(faults)) => {
                let mut faults: Vec<_> = faults.into_iter().map(|f| (f.pointer, f.code)).collect();
                faults.sort();
                faults
            }
            other => panic!("expected faults, got {other:?}"),
        }
    }

    #[test]
    fn every_fault_of_the_structure_is_named() {
        let found = faults(r#"{"level": "high", "colour": 1, "day": "31/12/2026", "id": "x"}"#);
        let found: Vec<_> = found.iter().map(|(p, c)| (p.as_str(), *c)).collect();
        assert_eq!(
            found,
            [
                ("/code", "required"),
                ("/colour", "unknown_member"),
                ("/day", "wrong_format"),
                ("/id", "wrong_format"),
                ("/level", "wrong_type")
            ]
        );
    }

    #[test]
    fn every_fault_of_the_values_is_named() {
        let found = faults(r#"{"code": "  a  ", "level": 9}"#);
        assert_eq!(found, [("/code".to_owned(), "too_short"), ("/level".to_owned(), "too_large")]);
        assert_eq!(
            faults("{\"code\": \"a\\u0000b\", \"level\": 1}"),
            [("/code".to_owned(), "control_character")]
        );
    }

    #[test]
    fn text_comes_in_normal_form() {
        let sample: Sample = parse("{\"code\": \" e\u{302}\u{301}x \", \"level\": 1}".as_bytes()).unwrap();
        assert_eq!(sample.code, "ếx");
    }
}
