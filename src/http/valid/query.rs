//! Query parameters: texts in normal form, empty ones as if not given, unknown ones refused.

use serde::de::DeserializeOwned;
use validator::Validate;

use super::rules;
use crate::error::{Error, FieldError, Result};
use crate::text;

/// Read the part of a URL behind `?` into a validated type.
///
/// # Errors
/// [`Error::Unreadable`] for what is not form-encoded, [`Error::Invalid`] with what is wrong.
pub(super) fn parse<T: DeserializeOwned + Validate>(query: &str) -> Result<T> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(Error::unreadable)?;
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
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(encoded.as_bytes()));
    match serde_path_to_error::deserialize(pairs) {
        Ok(value) => rules::validated(value, "?"),
        Err(error) => Err(query_fault(&error).into()),
    }
}

fn query_fault(error: &serde_path_to_error::Error<serde_urlencoded::de::Error>) -> FieldError {
    let message = error.inner().to_string();
    // serde_urlencoded tells kinds of faults apart in words only.
    let kinds = [
        ("unknown field", "unknown_member"),
        ("missing field", "required"),
        ("duplicate field", "duplicate"),
    ];
    if let Some((_, code)) = kinds.iter().find(|(words, _)| message.starts_with(words)) {
        let name = message.split('`').nth(1).unwrap_or_default();
        return FieldError::new(format!("?{name}"), code);
    }
    let path = error.path().to_string();
    let allowed: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
    if message.starts_with("unknown variant") {
        return FieldError::new(format!("?{path}"), "not_allowed").with("allowed", allowed.join(", "));
    }
    FieldError::new(format!("?{path}"), "wrong_type")
}
