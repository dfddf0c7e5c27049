//! What `STYLE.md` asks of words, as far as a program can see it.

use std::path::Path;

use serde_json::Value;

use crate::support::app::DOCUMENT;

/// Words that made sentences hard to read, and what they hid.
const AVOIDED: &[&str] =
    &["told", "tells", "it stands", "stands in", "stands for", "stands beside", "whoever", "the own"];

/// A description of fewer words says nothing that the name of the member does not say.
const FEWEST_WORDS: usize = 3;

/// Every description in a part of the document, with where it is. Examples are data, not words of the document.
fn descriptions(value: &Value, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in
                members.iter().filter(|(name, _)| !matches!(name.as_str(), "example" | "examples"))
            {
                let at = format!("{at}/{name}");
                match value {
                    Value::String(text) if matches!(name.as_str(), "description" | "summary") => {
                        found.push((at, text.clone()));
                    }
                    _ => descriptions(value, &at, found),
                }
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                descriptions(item, &format!("{at}/{i}"), found);
            }
        }
        _ => {}
    }
}

/// Whether a text has a word or a run of words, whatever is around it.
fn says(text: &str, words: &str) -> bool {
    let plain: String =
        text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" ")).contains(&format!(" {words} "))
}

fn avoided(text: &str) -> Option<&'static str> {
    AVOIDED.iter().copied().find(|words| says(text, words))
}

#[test]
fn the_document_uses_the_fields_words() {
    let mut found = Vec::new();
    descriptions(&DOCUMENT, "", &mut found);
    let bad: Vec<String> = found
        .iter()
        .filter_map(|(at, text)| avoided(text).map(|word| format!("{at}: \"{word}\" in: {text}")))
        .collect();
    assert!(bad.is_empty(), "{} descriptions:\n{}", bad.len(), bad.join("\n"));
}

/// A stranger who reads only the line of a member in the page knows what the value is.
#[test]
fn every_member_is_described_by_more_than_its_name() {
    let mut found = Vec::new();
    let schemas = DOCUMENT["components"]["schemas"].as_object().expect("schemas");
    for (name, schema) in schemas {
        for (member, value) in schema["properties"].as_object().into_iter().flatten() {
            found.push((format!("{name}.{member}"), value["description"].as_str().unwrap_or_default()));
        }
    }
    let short: Vec<String> = found
        .iter()
        .filter(|(_, text)| !text.is_empty() && text.split_whitespace().count() < FEWEST_WORDS)
        .map(|(at, text)| format!("{at}: {text}"))
        .collect();
    assert!(short.is_empty(), "{} members:\n{}", short.len(), short.join("\n"));
}

#[test]
fn the_messages_use_the_fields_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/en");
    let mut bad = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the messages").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("messages");
        let messages = text.lines().filter(|line| !line.starts_with('#'));
        bad.extend(messages.filter_map(|line| avoided(line).map(|word| format!("\"{word}\" in: {line}"))));
    }
    assert!(bad.is_empty(), "{} messages:\n{}", bad.len(), bad.join("\n"));
}

#[test]
fn the_words_are_found_whatever_is_around_them() {
    assert_eq!(avoided("What it tells, and why."), Some("tells"));
    assert_eq!(avoided("Visible to the\nown head."), Some("the own"));
    assert_eq!(avoided("A storyteller understands the owner."), None);
}
