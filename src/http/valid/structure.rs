//! Faults of structure: every member that does not fit the published schema of a body.

use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::FieldError;

/// serde stops at the first fault; the published schema finds them all. Only on the way to a refusal.
pub(super) fn faults<T: ToSchema>(
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
