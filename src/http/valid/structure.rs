//! Faults of structure: every member that does not fit the published schema of a body.
//!
//! Objects and lists are walked here, so that the walk can end when there are faults enough: a library that collects
//! first takes memory by the size of the body. What a single value must be, the library checks.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt::{self, Display};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::days;
use crate::error::{Brief, Faults, FieldError};

/// Keywords that the walk itself follows; the others say what a single value must be.
const WALKED: [&str; 8] =
    ["$ref", "allOf", "anyOf", "oneOf", "properties", "required", "additionalProperties", "items"];

/// serde stops at the first fault; the published schema finds more. Only on the way to a refusal.
pub(super) fn faults<T: ToSchema>(value: &Value) -> Faults {
    let (schema, components) = schema_of::<T>();
    let mut walk = Walk { components: &components, leaves: HashMap::new(), faults: Faults::default() };
    walk.check(&schema, value, &mut String::new());
    walk.faults
}

/// Days and moments that serde can read and nobody can use.
pub(super) fn days<T: ToSchema + 'static>(value: &Value) -> Faults {
    type Known = HashMap<TypeId, Arc<(Value, Map<String, Value>)>>;
    static SCHEMAS: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    let known = |schemas: &mut Known| {
        schemas.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(schema_of::<T>())).clone()
    };
    let schema = known(&mut SCHEMAS.lock().unwrap_or_else(PoisonError::into_inner));
    let mut faults = Faults::default();
    find_days(&schema.0, &schema.1, value, &mut String::new(), &mut faults);
    faults
}

fn find_days(
    schema: &Value,
    components: &Map<String, Value>,
    value: &Value,
    at: &mut String,
    faults: &mut Faults,
) {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next());
    let target = target.and_then(|name| components.get(name));
    let parts = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|keyword| list(schema, keyword));
    for part in target.into_iter().chain(parts) {
        find_days(part, components, value, at, faults);
    }
    match value {
        Value::String(text) => {
            let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
            faults.extend(Some(text).filter(|_| days::is_format(format)).and_then(|t| days::fault(at, t)));
        }
        Value::Object(members) => {
            let known = schema.get("properties").and_then(Value::as_object);
            for (name, value) in members {
                if let Some(schema) = known.and_then(|known| known.get(name)) {
                    within(at, Step(name), |at| find_days(schema, components, value, at, faults));
                }
            }
        }
        Value::Array(items) => {
            let Some(schema) = schema.get("items") else { return };
            for (i, value) in items.iter().enumerate() {
                within(at, format_args!("/{i}"), |at| find_days(schema, components, value, at, faults));
            }
        }
        _ => {}
    }
}

/// The fault that serde stopped at, for what the schema does not say.
pub(super) fn first_fault(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let path = error.path().to_string().replace(['.', '['], "/").replace(']', "");
    let pointer = if path == "/" { String::new() } else { format!("/{path}") };
    FieldError::new(pointer, "invalid").with("reason", error.inner())
}

/// A name as part of a JSON pointer.
pub struct Step<'a>(pub &'a str);

impl Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        f.write_str("/")?;
        while let Some(at) = rest.find(['~', '/']) {
            let (plain, special) = rest.split_at(at);
            f.write_str(plain)?;
            f.write_str(if special.starts_with('~') { "~0" } else { "~1" })?;
            rest = special.get(1..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

/// Go one step down in a pointer, and come back.
pub(super) fn within(pointer: &mut String, name: impl Display, work: impl FnOnce(&mut String)) {
    use fmt::Write;
    let length = pointer.len();
    if write!(pointer, "{name}").is_ok() {
        work(pointer);
    }
    pointer.truncate(length);
}

fn schema_of<T: ToSchema>() -> (Value, Map<String, Value>) {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    let json = |schema| serde_json::to_value(schema).unwrap_or_default();
    (json(T::schema()), schemas.into_iter().map(|(name, schema)| (name, json(schema))).collect())
}

struct Walk<'s> {
    components: &'s Map<String, Value>,
    /// What single values must be, by the place of their schema.
    leaves: HashMap<*const Value, Option<Validator>>,
    faults: Faults,
}

impl<'s> Walk<'s> {
    fn check(&mut self, schema: &'s Value, value: &Value, at: &mut String) {
        if self.faults.are_enough() {
            return;
        }
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next());
        if let Some(schema) = target.and_then(|name| self.components.get(name)) {
            self.check(schema, value, at);
        }
        for part in list(schema, "allOf") {
            self.check(part, value, at);
        }
        for several in ["anyOf", "oneOf"] {
            self.one_of(list(schema, several), value, at);
        }
        self.leaf(schema, value, at);
        match value {
            Value::Object(members) => self.members(schema, members, at),
            Value::Array(items) => self.items(schema, items, at),
            _ => {}
        }
    }

    /// What the value must be by itself.
    fn leaf(&mut self, schema: &'s Value, value: &Value, at: &str) {
        let leaf = self.leaves.entry(std::ptr::from_ref(schema)).or_insert_with(|| {
            let mut alone = schema.as_object()?.clone();
            alone.retain(|keyword, _| !WALKED.contains(&keyword.as_str()));
            jsonschema::options().should_validate_formats(true).build(&Value::Object(alone)).ok()
        });
        if let Some(leaf) = leaf {
            self.faults.extend(leaf.iter_errors(value).map(|e| fault(at, e.kind())));
        }
    }

    fn members(&mut self, schema: &'s Value, members: &Map<String, Value>, at: &mut String) {
        for name in list(schema, "required").iter().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                self.faults.push(FieldError::new(format_args!("{at}{}", Step(name)), "required"));
            }
        }
        let known = schema.get("properties").and_then(Value::as_object);
        let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        for (name, value) in members {
            if self.faults.are_enough() {
                return;
            }
            match known.and_then(|known| known.get(name)) {
                Some(schema) => within(at, Step(name), |at| self.check(schema, value, at)),
                None if closed => {
                    self.faults.push(FieldError::new(format_args!("{at}{}", Step(name)), "unknown_member"));
                }
                None => {}
            }
        }
    }

    /// Items beyond the most that there may be are not looked at: there are too many of them.
    fn items(&mut self, schema: &'s Value, items: &[Value], at: &mut String) {
        let Some(item) = schema.get("items") else { return };
        let most = schema.get("maxItems").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
        for (i, value) in items.iter().take(most.unwrap_or(usize::MAX)).enumerate() {
            if self.faults.are_enough() {
                return;
            }
            within(at, format_args!("/{i}"), |at| self.check(item, value, at));
        }
    }

    /// `T | null` is written as one of several: the faults are those of the branch that is not null.
    fn one_of(&mut self, branches: &'s [Value], value: &Value, at: &mut String) {
        if branches.is_empty() {
            return;
        }
        let before = std::mem::take(&mut self.faults);
        let mut tried = Vec::new();
        for branch in branches {
            self.check(branch, value, at);
            tried.push(std::mem::take(&mut self.faults));
        }
        self.faults = before;
        if tried.iter().any(Faults::is_empty) {
            return;
        }
        let here = Brief::of(&at);
        let deep = |faults: &Faults| faults.iter().any(|f| f.code != "wrong_type" || f.pointer != here);
        match tried.into_iter().find(deep) {
            Some(faults) => self.faults.append(faults),
            None => self.faults.push(FieldError::new(at, "wrong_type")),
        }
    }
}

fn list<'s>(schema: &'s Value, keyword: &str) -> &'s [Value] {
    schema.get(keyword).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn fault(pointer: &str, kind: &ValidationErrorKind) -> FieldError {
    use ValidationErrorKind as K;
    let at = |code| FieldError::new(pointer, code);
    let limit = |code, value: &dyn Display| at(code).with("limit", value);
    match kind {
        K::Type { .. } => at("wrong_type"),
        K::Enum { options } => at("not_allowed").with("allowed", words(options)),
        K::Constant { expected_value } => at("not_allowed").with("allowed", words(expected_value)),
        K::Format { format } => at("wrong_format").with("format", format),
        K::Maximum { limit: l } | K::ExclusiveMaximum { limit: l } => limit("too_large", l),
        K::Minimum { limit: l } | K::ExclusiveMinimum { limit: l } => limit("too_small", l),
        K::MaxLength { limit: l } => limit("too_long", l),
        K::MinLength { limit: l } => limit("too_short", l),
        K::MaxItems { limit: l } => limit("too_many", l),
        K::MinItems { limit: l } => limit("too_few", l),
        _ => at("invalid").with("reason", kind.keyword()),
    }
}

fn words(options: &Value) -> String {
    let list = options.as_array().cloned().unwrap_or_else(|| vec![options.clone()]);
    list.iter()
        .map(|o| o.as_str().map_or_else(|| o.to_string(), str::to_owned))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every keyword that bodies are described by is followed by the walk, or is about a single value.
    #[test]
    fn the_walk_knows_every_keyword_of_a_body() {
        const SINGLE: [&str; 18] = [
            "type",
            "enum",
            "const",
            "format",
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "multipleOf",
            "uniqueItems",
            "description",
            "example",
            "default",
        ];
        let document = crate::app::document();
        let mut left: Vec<&Value> = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .flat_map(|operation| operation["requestBody"]["content"].as_object().into_iter().flatten())
            .map(|(_, content)| &content["schema"])
            .collect();
        let mut seen = std::collections::HashSet::new();
        while let Some(schema) = left.pop() {
            for (keyword, value) in schema.as_object().unwrap() {
                match keyword.as_str() {
                    "$ref" => {
                        let name = value.as_str().unwrap();
                        if seen.insert(name) {
                            left.push(document.pointer(name.trim_start_matches('#')).unwrap());
                        }
                    }
                    "allOf" | "anyOf" | "oneOf" => left.extend(value.as_array().unwrap()),
                    "properties" => left.extend(value.as_object().unwrap().values()),
                    "items" => left.push(value),
                    "required" => {}
                    "additionalProperties" => assert_eq!(value, &Value::Bool(false)),
                    single => {
                        let known = SINGLE.contains(&single)
                            || ["title", "examples", "writeOnly", "readOnly"].contains(&single)
                            || single.starts_with("x-");
                        assert!(known, "{single} in {schema:#}");
                    }
                }
            }
        }
        assert!(seen.len() > 20);
    }

    #[test]
    fn names_are_escaped_in_pointers() {
        assert_eq!(Step("a/b~c~").to_string(), "/a~1b~0c~0");
    }
}
