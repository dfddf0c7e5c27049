//! A JSON body: its texts in normal form, then its structure, then its values.

use serde::de::DeserializeOwned;
use serde_json::{Number, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::{json, rules, structure};
use crate::error::{Error, Faults, FieldError, Result};
use crate::http::limits;
use crate::text;

/// Read a JSON body into a validated type.
///
/// # Errors
/// [`Error::Unreadable`] for what is not JSON, [`Error::Invalid`] with what is wrong.
pub(super) fn parse<T: DeserializeOwned + Validate + ToSchema + 'static>(bytes: &[u8]) -> Result<T> {
    let (mut value, faults) = json::read(bytes)?;
    let mut texts = Texts { faults, ..Texts::default() };
    texts.normalise(&mut value, &mut String::new());
    texts.faults.check()?;
    let refuse = |or: FieldError| {
        let faults = structure::faults::<T>(&value);
        Err(Error::Invalid(if faults.is_empty() { or.into() } else { faults }))
    };
    // Before anything looks at its items: rules keep what they find of each.
    if let Some(pointer) = texts.endless {
        return refuse(FieldError::new(pointer, "too_many").with("limit", limits::LIST_ITEMS));
    }
    match serde_path_to_error::deserialize::<_, T>(&value) {
        Ok(body) => {
            let mut faults = structure::days::<T>(&value);
            match rules::validated(body, "/") {
                Ok(body) => faults.check().map(|()| body),
                Err(Error::Invalid(more)) => {
                    faults.append_elsewhere(more);
                    Err(Error::Invalid(faults))
                }
                other => other,
            }
        }
        Err(error) => refuse(structure::first_fault(&error)),
    }
}

/// Read a form-encoded body. Its passwords are only compared, so they stay as they were typed.
///
/// # Errors
/// [`Error::Unreadable`] for what is not one, or does not fit the type.
pub(super) fn parse_form<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes).map_err(Error::unreadable)?;
    for (name, value) in &mut pairs {
        if !is_password(name) {
            *value = text::normalise(value);
        }
    }
    let encoded = serde_urlencoded::to_string(&pairs).map_err(Error::internal)?;
    serde_urlencoded::from_str(&encoded).map_err(Error::unreadable)
}

/// The normal form of a member's text. White space is part of a password, also at its ends. A password that is only
/// compared stays as it was typed: older hashes were made of that (`identity::passwords` does the rest).
fn normal_value(member: &str, value: &str) -> String {
    match member {
        "current_password" => value.to_owned(),
        _ if is_password(member) => text::normalise_secret(value),
        _ => text::normalise(value),
    }
}

/// Whether a member holds a password, by its name.
fn is_password(member: &str) -> bool {
    member == "password" || member.ends_with("_password")
}

/// What all texts of a body must be.
#[derive(Default)]
struct Texts {
    faults: Faults,
    /// The place of a list that is longer than any may be.
    endless: Option<String>,
}

impl Texts {
    /// NFC everywhere, and trimmed everywhere but in passwords; control characters are faults.
    fn normalise(&mut self, value: &mut Value, pointer: &mut String) {
        if self.faults.are_enough() {
            return;
        }
        match value {
            Value::String(s) => {
                if text::has_control_characters(s) {
                    self.faults.push(FieldError::new(&pointer, "control_character"));
                }
                let normal = normal_value(pointer.rsplit('/').next().unwrap_or_default(), s);
                if normal != *s {
                    *s = normal;
                }
            }
            Value::Array(items) => {
                if items.len() > limits::LIST_ITEMS {
                    self.endless.get_or_insert_with(|| pointer.clone());
                    return;
                }
                for (i, item) in items.iter_mut().enumerate() {
                    structure::within(pointer, format_args!("/{i}"), |p| self.normalise(item, p));
                }
            }
            Value::Object(members) => {
                for (name, item) in members.iter_mut() {
                    structure::within(pointer, structure::Step(name), |p| self.normalise(item, p));
                }
            }
            Value::Number(number) => {
                if let Some(whole) = whole(number) {
                    *number = whole;
                }
            }
            _ => {}
        }
    }
}

/// 4404.0 is a whole number (JSON Schema), which serde reads only without the point; beyond 2^53 a number with a point
/// is not exact.
fn whole(number: &Number) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let value = number.as_f64().filter(|v| number.is_f64() && v.fract() == 0.0 && v.abs() <= EXACT)?;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within the range")]
    let whole = value as i64;
    Some(whole.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use uuid::Uuid;

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
                let mut faults: Vec<_> = faults.iter().map(|f| (f.pointer.to_string(), f.code)).collect();
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
    fn whole_numbers_may_have_a_point() {
        for good in ["4.0", "40e-1", "0.4e1"] {
            let sample: Sample = parse(format!(r#"{{"code": "ab", "level": {good}}}"#).as_bytes()).unwrap();
            assert_eq!(sample.level, 4, "{good}");
        }
        assert_eq!(faults(r#"{"code": "ab", "level": 4.5}"#), [("/level".to_owned(), "wrong_type")]);
    }

    #[test]
    fn a_password_comes_in_composed_and_whole() {
        assert_eq!(normal_value("new_password", " e\u{302}\u{301}x "), " ếx ");
        assert_eq!(normal_value("password_hint", " x "), "x");
    }

    #[test]
    fn a_list_without_end_is_refused_before_its_items_are_looked_at() {
        #[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
        struct Lists {
            #[schema(max_items = 20)]
            few: Vec<Sample>,
            many: Vec<i64>,
        }
        let refused = |body: String| match parse::<Lists>(body.as_bytes()) {
            Err(Error::Invalid(faults)) => {
                faults.iter().map(|f| format!("{} {}", f.pointer, f.code)).collect::<Vec<_>>()
            }
            other => panic!("expected faults, got {other:?}"),
        };
        let zeros = |n| vec!["0"; n].join(",");
        assert_eq!(refused(format!(r#"{{"few": [], "many": [{}]}}"#, zeros(1001))), ["/many too_many"]);
        let few = refused(format!(r#"{{"few": [{}], "many": []}}"#, zeros(1001)));
        assert_eq!(few.len(), 21, "{few:?}");
        assert_eq!(few[0], "/few too_many");
    }

    #[test]
    fn text_comes_in_normal_form() {
        let sample: Sample = parse("{\"code\": \" e\u{302}\u{301}x \", \"level\": 1}".as_bytes()).unwrap();
        assert_eq!(sample.code, "ếx");
    }
}
