//! The document in Vietnamese: the same names, codes and rules with other words. English is in the annotations of the
//! code, Vietnamese in `locales/vi/openapi.json`: the operations by their ids, the enums by schema and value, every other
//! text by its English, so that a text that changes is missed until its Vietnamese follows.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Between the Vietnamese and the English description of a tag.
const TAG_LANGUAGES: &str = " · ";

/// What `locales/vi/openapi.json` holds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    /// Description of the whole.
    info: String,
    /// Summary of each operation.
    operations: HashMap<String, String>,
    /// Description of operations.
    descriptions: HashMap<String, String>,
    /// Labels of the values of each enum.
    enums: BTreeMap<String, HashMap<String, String>>,
    /// Other descriptions, by the English one.
    texts: HashMap<String, String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // A test reads it too: what does not fit never leaves the workshop.
    serde_json::from_str(include_str!("../../../locales/vi/openapi.json")).unwrap_or_default()
});

/// A document in Vietnamese.
pub fn translated(english: &Value) -> Value {
    let mut document = english.clone();
    if let Some(info) = document.get_mut("info").and_then(Value::as_object_mut) {
        info.insert("description".to_owned(), WORDS.info.clone().into());
    }
    for tag in document.get_mut("tags").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(Value::String(text)) = tag.get_mut("description")
            && let Some((vietnamese, _)) = text.split_once(TAG_LANGUAGES)
        {
            *text = vietnamese.to_owned();
        }
    }
    let paths =
        document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    for operation in paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        texts(operation);
        set(operation, "summary", WORDS.operations.get(&id));
        set(operation, "description", WORDS.descriptions.get(&id));
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            label_parameter(parameter);
        }
    }
    if let Some(components) = document.get_mut("components") {
        texts(components);
        label_schemas(components);
    }
    document
}

fn set(target: &mut Value, member: &str, words: Option<&String>) {
    if let (Some(target), Some(words)) = (target.as_object_mut(), words) {
        target.insert(member.to_owned(), words.clone().into());
    }
}

/// Replace every description that has words, at any depth.
fn texts(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(text) = members.get_mut("description") {
                say(text);
            }
            // The scopes of an OAuth flow are descriptions by another name.
            if members.contains_key("tokenUrl")
                && let Some(Value::Object(scopes)) = members.get_mut("scopes")
            {
                scopes.values_mut().for_each(say);
            }
            members.values_mut().for_each(texts);
        }
        Value::Array(items) => items.iter_mut().for_each(texts),
        _ => {}
    }
}

/// Replace a text that has words.
fn say(text: &mut Value) {
    if let Value::String(text) = text
        && let Some(words) = WORDS.texts.get(text.as_str())
    {
        words.clone_into(text);
    }
}

/// Say in a parameter what its values mean: the page shows nothing else of its enum.
fn label_parameter(parameter: &mut Value) {
    let Some(schema) = parameter.get("schema") else { return };
    let Some(labels) = labels_of(schema) else { return };
    let written = schema.get("enum").and_then(Value::as_array);
    let is_shown = |value: &str| written.is_none_or(|all| all.iter().any(|v| v.as_str() == Some(value)));
    let shown = labels.iter().filter(|(value, _)| is_shown(value));
    let mut list: Vec<String> = shown.map(|(value, label)| format!("`{value}`: {label}")).collect();
    list.sort();
    append(parameter, &format!("({})", list.join("; ")), " ");
}

/// The labels of an enum that a schema refers to or writes out.
fn labels_of(schema: &Value) -> Option<&'static HashMap<String, String>> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return WORDS.enums.get(reference.rsplit('/').next()?);
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        // Several enums may know these words; the one that knows the fewest others is meant.
        let knows =
            |labels: &&HashMap<String, String>| values.iter().all(|value| labels.contains_key(*value));
        return WORDS.enums.values().filter(knows).min_by_key(|labels| labels.len());
    }
    let parts = ["oneOf", "anyOf", "allOf"].iter().filter_map(|word| schema.get(*word)?.as_array());
    parts.flatten().find_map(labels_of)
}

fn label_schemas(components: &mut Value) {
    for (name, schema) in components.get_mut("schemas").and_then(Value::as_object_mut).into_iter().flatten() {
        let (Some(labels), Some(values)) =
            (WORDS.enums.get(name), schema.get("enum").and_then(Value::as_array))
        else {
            continue;
        };
        let lines = values.iter().filter_map(Value::as_str);
        let lines = lines.filter_map(|v| labels.get(v).map(|label| format!("- `{v}`: {label}")));
        let list = lines.collect::<Vec<_>>().join("\n");
        append(schema, &list, "\n\n");
    }
}

fn append(target: &mut Value, words: &str, between: &str) {
    if let Some(target) = target.as_object_mut() {
        let before = target.get("description").and_then(Value::as_str).unwrap_or_default();
        let text = if before.is_empty() { words.to_owned() } else { format!("{before}{between}{words}") };
        target.insert("description".to_owned(), text.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_can_be_read() {
        let words: Words = serde_json::from_str(include_str!("../../../locales/vi/openapi.json")).unwrap();
        assert!(words.operations.len() > 100);
    }
}
