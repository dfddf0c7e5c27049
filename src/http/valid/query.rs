//! Query parameters: texts in normal form; each one that is unknown, empty, given twice or of the wrong form is named.

use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::ParameterIn;
use validator::Validate;

use super::{days, rules};
use crate::error::{Error, Faults, FieldError, Result};
use crate::text;

type Pair = (String, String);

/// Read the part of a URL behind `?` into a validated type.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong.
pub(super) fn parse<T: DeserializeOwned + Validate + IntoParams>(query: &str) -> Result<T> {
    let parameters = T::into_params(|| Some(ParameterIn::Query));
    let known: Vec<&str> = parameters.iter().map(|p| p.name.as_str()).collect();
    let mut faults = unknown(query, &known);
    let (mut good, mut seen) = (Vec::<Pair>::new(), Vec::new());
    for (name, value) in pairs(query).filter(|(name, _)| known.contains(&name.as_str())) {
        if seen.contains(&name) {
            faults.push(at(&name, "duplicate"));
        } else {
            let is_day = parameters.iter().any(|p| p.name == name && days::is_parameter(p));
            match read_one::<T>(&name, text::normalise(&value), is_day) {
                Ok(value) => good.push((name.clone(), value)),
                Err(fault) => faults.push(fault),
            }
            seen.push(name);
        }
    }
    let required = parameters.iter().filter(|p| matches!(p.required, Required::True));
    let absent: Vec<&str> = required
        .map(|p| p.name.as_str())
        .filter(|name| !good.iter().any(|(given, _)| given == name))
        .collect();
    faults.extend(
        absent.iter().filter(|name| !seen.iter().any(|s| s == *name)).map(|name| at(name, "required")),
    );
    // The rules on values look at the whole: what is required and not there yet is stood in for.
    let whole = good.into_iter().chain(absent.into_iter().filter_map(stand_in::<T>)).collect::<Vec<_>>();
    let value = match deserialize::<T>(&whole) {
        Ok(value) => rules::validated(value, "?"),
        Err(_) if !faults.is_empty() => return Err(Error::Invalid(faults)),
        Err(error) => Err(fault("", &error).into()),
    };
    match value {
        Ok(value) if faults.is_empty() => Ok(value),
        Err(Error::Invalid(more)) => {
            faults.append(more);
            Err(Error::Invalid(faults))
        }
        Ok(_) => Err(Error::Invalid(faults)),
        Err(other) => Err(other),
    }
}

/// The parameters of a query that are none of the known ones.
pub fn unknown(query: &str, known: &[&str]) -> Faults {
    let mut names: Vec<String> =
        pairs(query).map(|(name, _)| name).filter(|name| !known.contains(&name.as_str())).collect();
    names.sort();
    names.dedup();
    names.iter().map(|name| at(name, "unknown_member")).collect()
}

fn pairs(query: &str) -> impl Iterator<Item = Pair> {
    form_urlencoded::parse(query.as_bytes()).into_owned()
}

fn at(name: &str, code: &'static str) -> FieldError {
    FieldError::new(format_args!("?{name}"), code)
}

/// A parameter's value as it is read, if it can be read.
fn read_one<T: DeserializeOwned>(name: &str, value: String, is_day: bool) -> Result<String, FieldError> {
    if value.is_empty() {
        return Err(at(name, "empty"));
    }
    // What was no UTF-8 came in as replacement characters.
    if text::has_control_characters(&value) || value.contains(char::REPLACEMENT_CHARACTER) {
        return Err(at(name, "control_character"));
    }
    let fits = |value: &str| {
        let alone = [(name.to_owned(), value.to_owned())];
        deserialize::<T>(&alone).err().filter(|e| !is_missing(e)).map_or(Ok(()), |e| Err(fault(name, &e)))
    };
    match fits(&value) {
        Ok(()) => days::fault(&format!("?{name}"), &value).filter(|_| is_day).map_or(Ok(value), Err),
        Err(fault) => {
            // 20.0 is a whole number (JSON Schema); texts never come here.
            let whole =
                value.split_once('.').filter(|(_, rest)| !rest.is_empty() && rest.bytes().all(|b| b == b'0'));
            whole.map(|(whole, _)| whole.to_owned()).filter(|whole| fits(whole).is_ok()).ok_or(fault)
        }
    }
}

/// Some value that a required parameter could have.
fn stand_in<T: DeserializeOwned>(name: &str) -> Option<Pair> {
    let first_allowed = deserialize::<T>(&[(name.to_owned(), String::new())])
        .err()
        .and_then(|e| allowed(&e).into_iter().next());
    let forms = ["00000000-0000-0000-0000-000000000000", "1", "true", "2000-01-01"].map(str::to_owned);
    let mut tried = first_allowed.into_iter().chain(forms).map(|value| (name.to_owned(), value));
    tried.find(|pair| deserialize::<T>(std::slice::from_ref(pair)).err().is_none_or(|e| is_missing(&e)))
}

type Refusal = serde_path_to_error::Error<serde_urlencoded::de::Error>;

fn deserialize<T: DeserializeOwned>(pairs: &[Pair]) -> Result<T, Refusal> {
    let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(form_urlencoded::parse(
        encoded.as_bytes(),
    )))
}

// serde_urlencoded says in words only what kind of fault it is.

fn is_missing(error: &Refusal) -> bool {
    error.inner().to_string().starts_with("missing field")
}

fn allowed(error: &Refusal) -> Vec<String> {
    let message = error.inner().to_string();
    let words = message.starts_with("unknown variant").then(|| message.split('`').skip(3).step_by(2));
    words.into_iter().flatten().map(str::to_owned).collect()
}

fn fault(name: &str, error: &Refusal) -> FieldError {
    match allowed(error) {
        words if words.is_empty() => at(name, "wrong_type"),
        words => at(name, "not_allowed").with("allowed", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use uuid::Uuid;

    #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        Green,
    }

    #[derive(Debug, Deserialize, Validate, IntoParams)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        by: Colour,
        id: Option<Uuid>,
        q: Option<String>,
        #[validate(range(min = 1, max = 200))]
        limit: Option<u32>,
    }

    fn faults(query: &str) -> Vec<String> {
        match parse::<Sample>(query) {
            Err(Error::Invalid(faults)) => {
                faults.iter().map(|f| format!("{} {}", f.pointer, f.code)).collect()
            }
            other => panic!("expected faults, got {other:?}"),
        }
    }

    #[test]
    fn every_fault_is_named_at_once() {
        assert_eq!(
            faults("id=x&limit=201&q=&colour=1&colour=2&q=a&by=blue"),
            [
                "?colour unknown_member",
                "?id wrong_type",
                "?q empty",
                "?q duplicate",
                "?by not_allowed",
                "?limit too_large"
            ]
        );
        assert_eq!(faults("limit=0"), ["?by required", "?limit too_small"]);
        assert_eq!(faults("by=red&q=%00"), ["?q control_character"]);
        assert_eq!(faults("by=red&id"), ["?id empty"]);
        assert_eq!(faults("by=red&limit=2.5"), ["?limit wrong_type"]);
        assert_eq!(faults("by=red&=x"), ["? unknown_member"]);
    }

    #[test]
    fn texts_come_in_normal_form_and_whole_numbers_in_any() {
        let sample: Sample = parse("by=green&q=%20a%20&limit=20.0").unwrap();
        assert_eq!((sample.by, sample.q.as_deref(), sample.limit), (Colour::Green, Some("a"), Some(20)));
        assert_eq!(sample.id, None);
        let sample: Sample = parse("by=green&q=1.0&").unwrap();
        assert_eq!(sample.q.as_deref(), Some("1.0"));
    }
}
