//! Bodies that cost their sender little.

use serde_json::{Value, json};

/// Bodies of about so many bytes, each with a name. `example` is what the operation would take.
pub fn bodies(example: &Value, bytes: usize) -> Vec<(&'static str, String)> {
    let root = |name: &str, value: &str| format!("{{{}:{value}}}", json!(name));
    let list = |item: &str, bytes: usize| format!("[{}]", vec![item; bytes / (item.len() + 1)].join(","));
    let long = "n".repeat(bytes / 2);
    let members = |name: &dyn Fn(usize) -> String, bytes: usize| {
        let mut body = String::from("{");
        for i in 0.. {
            if body.len() > bytes {
                break;
            }
            let comma = if i > 0 { "," } else { "" };
            body.push_str(&format!("{comma}{}:0", json!(name(i))));
        }
        body + "}"
    };
    let deep_names: String = (0..100).map(|_| format!("{{{}:", json!("d".repeat(bytes / 100)))).collect();
    vec![
        ("a long name over many faults", root(&long, &list("\"\\u0001\"", bytes / 2))),
        ("a long name over many lists", root(&long, &list("[[0]]", bytes / 2))),
        ("a name of slashes", root(&"/~".repeat(bytes / 4), &list("\"\\u0001\"", bytes / 2))),
        ("a name of quotes", root(&"\"\u{1}".repeat(bytes / 8), &list("\"\\u0001\"", bytes / 2))),
        ("many members", members(&|i| format!("m{i}"), bytes)),
        ("many members with long names", members(&|i| format!("{i}{}", "m".repeat(1000)), bytes)),
        ("the same member again and again", members(&|_| "code".to_owned(), bytes)),
        ("a long list", list("0", bytes)),
        ("a long list of objects", list("{\"x\":{}}", bytes)),
        ("an object of lists", root("items", &list("[]", bytes))),
        ("deep lists", format!("{}{}", "[".repeat(bytes / 2), "]".repeat(bytes / 2))),
        ("lists as deep as can be read", format!("{}{}", "[".repeat(120), "]".repeat(120))),
        ("deep objects with long names", format!("{deep_names}\"\\u0001\"{}", "}".repeat(100))),
        ("a huge number", root("code", &"9".repeat(bytes))),
        ("a number out of range", root("code", "1e999999999")),
        ("no JSON", "x".repeat(bytes)),
        ("half a text", format!("{{\"code\":\"{}", "x".repeat(bytes))),
        ("every text huge", change(example, &|_| json!("x".repeat(bytes / 8)), bytes)),
        ("every text of marks", change(example, &|_| json!("\u{301}\u{323}".repeat(bytes / 32)), bytes)),
        ("every text expands", change(example, &|_| json!("\u{fb2c}\u{1d160}".repeat(bytes / 48)), bytes)),
        ("every text of control characters", change(example, &|_| json!("\u{1}".repeat(bytes / 64)), bytes)),
        ("every value wrong", change(example, &|_| json!([[0]]), bytes)),
        ("every text empty", change(example, &|_| json!(""), bytes)),
        ("every list long", change(example, &Value::clone, bytes)),
        ("every list long and wrong", lists(example, &|_| json!(0), bytes)),
    ]
}

/// The example with every text changed and every list filled.
fn change(example: &Value, text: &dyn Fn(&Value) -> Value, bytes: usize) -> String {
    fn walk(value: &Value, text: &dyn Fn(&Value) -> Value) -> Value {
        match value {
            Value::Object(members) => members.iter().map(|(n, v)| (n.clone(), walk(v, text))).collect(),
            Value::Array(items) => items.iter().map(|v| walk(v, text)).collect(),
            Value::String(_) => text(value),
            other => other.clone(),
        }
    }
    lists(&walk(example, text), &Value::clone, bytes)
}

/// The example with every list filled with what `item` makes of its first element, within the size.
fn lists(example: &Value, item: &dyn Fn(&Value) -> Value, bytes: usize) -> String {
    fn walk(value: &Value, item: &dyn Fn(&Value) -> Value, bytes: usize) -> Value {
        match value {
            Value::Object(members) => {
                members.iter().map(|(n, v)| (n.clone(), walk(v, item, bytes / 4))).collect()
            }
            Value::Array(items) => {
                let first = item(items.first().unwrap_or(&Value::Null));
                let times = bytes / (first.to_string().len() + 1);
                Value::Array(vec![first; times.min(1000)])
            }
            other => other.clone(),
        }
    }
    walk(example, item, bytes).to_string()
}
