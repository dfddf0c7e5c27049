//! Faults of values: what the rules on a type say (`#[validate]`), in our codes.

use serde_json::Value;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::error::{Error, Faults, FieldError, Result};

/// The value, unless a rule of its type speaks against it; `root` is what pointers start with.
pub(super) fn validated<T: Validate>(value: T, root: &str) -> Result<T> {
    match value.validate() {
        Ok(()) => Ok(value),
        Err(errors) => {
            let mut faults = Faults::default();
            collect(&errors, root, &mut faults);
            Err(Error::Invalid(faults))
        }
    }
}

/// validator's errors as ours: `/name/0/part`, or `?name` for a query.
fn collect(errors: &ValidationErrors, root: &str, faults: &mut Faults) {
    let mut members: Vec<_> = errors.errors().iter().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    for (name, kind) in members {
        if faults.are_enough() {
            return;
        }
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
        ("count", _) | (_, Some(Value::Array(_))) => ("too_few", "too_many"),
        _ => ("too_short", "too_long"),
    };
    // A rule about part of a member (or of several: `__all__`) names the place itself, relative to the struct.
    let pointer = param("pointer").map_or_else(
        || pointer.to_owned(),
        |place| format!("{}{}", root.trim_end_matches('/'), place.trim_matches('"')),
    );
    match error.code.as_ref() {
        "range" | "length" | "count" => {
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
