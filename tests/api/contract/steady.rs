//! Answers as snapshots keep them. What differs from run to run becomes a word in square brackets, after its form was
//! checked: a name that promises an identifier, a moment, a date, a digest or a cursor has to hold one.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};
use thuocdo::clock::vietnamese_day;
use uuid::Uuid;

/// Dates that are at most this many days from today are shown as a distance. Those further away are the beginning or
/// end of a year or a validity, and are kept.
const NEAR_DAYS: i64 = 60;

/// Forms of the texts that are replaced.
#[derive(Debug, Clone, Copy)]
enum Form {
    Id,
    Moment,
    Date,
    Digest,
    CheckCode,
    Cursor,
}

/// Forms that are recognised wherever they occur.
const RECOGNISED: [Form; 4] = [Form::Id, Form::Moment, Form::Date, Form::Digest];

impl Form {
    /// The form that the name of a member promises.
    fn promised(member: &str) -> Option<Self> {
        match member {
            // Where the service worked for itself, this is the name of its task.
            "request_id" => None,
            "id" => Some(Self::Id),
            "digest" | "input_hash" | "seed" | "seed_digest" => Some(Self::Digest),
            "check_code" => Some(Self::CheckCode),
            "next_cursor" => Some(Self::Cursor),
            _ if member.ends_with("_id") || member.ends_with("_ids") => Some(Self::Id),
            _ if member.ends_with("_at") => Some(Self::Moment),
            _ if member.ends_with("_on") => Some(Self::Date),
            _ => None,
        }
    }
}

/// What makes answers the same in each run.
pub struct Steady {
    /// The day on which the world is.
    today: NaiveDate,
    /// What the identifiers of the world are of.
    names: BTreeMap<Uuid, String>,
}

impl Steady {
    pub fn new(today: NaiveDate, names: BTreeMap<Uuid, String>) -> Self {
        Self { today, names }
    }

    /// An answer as a snapshot keeps it; panics at a text that is not of the form that its name promises.
    pub fn answer(&self, body: &Value) -> Value {
        self.value("", "", body)
    }

    /// The value at a JSON pointer, which is a member or in a list that is one.
    fn value(&self, pointer: &str, member: &str, value: &Value) -> Value {
        match value {
            Value::Object(members) => Value::Object(self.object(pointer, members)),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(i, item)| self.value(&format!("{pointer}/{i}"), member, item)).collect()
            }
            Value::String(text) => Value::String(self.text(pointer, member, text)),
            other => other.clone(),
        }
    }

    fn object(&self, pointer: &str, members: &Map<String, Value>) -> Map<String, Value> {
        let steady = members.iter().map(|(name, value)| {
            let value = self.value(&format!("{pointer}/{name}"), name, value);
            (name.clone(), value)
        });
        let mut steady: Map<String, Value> = steady.collect();
        // Entries of the audit log are numbered through: their numbers change with each row of the world.
        if members.contains_key("occurred_at") {
            let number = members.get("number").and_then(Value::as_u64);
            assert!(number.is_some_and(|n| n > 0), "{pointer}/number: {number:?} is no running number");
            steady.insert("number".to_owned(), Value::from("[number]"));
        }
        steady
    }

    fn text(&self, pointer: &str, member: &str, text: &str) -> String {
        match Form::promised(member) {
            Some(form) => self.word(form, text).unwrap_or_else(|| {
                panic!("{pointer}: {text:?} has not the form that is promised ({form:?})")
            }),
            None => {
                let word = RECOGNISED.iter().find_map(|form| self.word(*form, text));
                word.unwrap_or_else(|| text.to_owned())
            }
        }
    }

    /// What a text of a form is replaced by; `None` if it has another form.
    fn word(&self, form: Form, text: &str) -> Option<String> {
        match form {
            Form::Id => {
                let id: Uuid = text.parse().ok()?;
                (id.to_string() == text).then(|| match self.names.get(&id) {
                    Some(name) => format!("[uuid of {name}]"),
                    None => "[uuid]".to_owned(),
                })
            }
            Form::Moment => {
                let moment = DateTime::parse_from_rfc3339(text).ok()?;
                let days = self.days_to(vietnamese_day(moment.to_utc()));
                Some(if days == 0 { "[moment]".to_owned() } else { format!("[moment of today{days:+}]") })
            }
            Form::Date => {
                let date: NaiveDate = text.parse().ok()?;
                let days = self.days_to(date);
                let word = if days.abs() <= NEAR_DAYS { format!("[today{days:+}]") } else { text.to_owned() };
                (date.to_string() == text).then_some(word)
            }
            Form::Digest => {
                let fits = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                fits.then(|| "[sha256]".to_owned())
            }
            Form::CheckCode => {
                let fits = text.len() == 12 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
                fits.then(|| "[check code]".to_owned())
            }
            // What it remembers, a dot, and its signature; both are base64 for URLs.
            Form::Cursor => {
                let is_base64 = |part: &str| {
                    !part.is_empty()
                        && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
                };
                let (position, signature) = text.split_once('.')?;
                (is_base64(position) && is_base64(signature)).then(|| "[cursor]".to_owned())
            }
        }
    }

    fn days_to(&self, day: NaiveDate) -> i64 {
        day.signed_duration_since(self.today).num_days()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const UNIT: &str = "019a0000-0000-7000-8000-000000000001";

    fn steady() -> Steady {
        let names = BTreeMap::from([(UNIT.parse().unwrap(), "own units".to_owned())]);
        Steady::new("2026-11-23".parse().unwrap(), names)
    }

    #[test]
    fn what_differs_from_run_to_run_becomes_a_word() {
        let body = json!({
            "id": "019a0000-0000-7000-8000-000000000002",
            "unit_ids": [UNIT],
            "created_at": "2026-11-22T17:00:00Z",
            "revoked_at": null,
            "ended_at": "2026-11-25T02:00:00+00:00",
            "due_on": "2026-12-03",
            "valid_to": "2027-12-31",
            "check_code": "00AF12B4C9D8",
            "digest": "0".repeat(64),
            "number": 7,
            "name": "Văn phòng",
            "next_cursor": "eyJmIjoi.c2ln_-",
        });
        let expected = json!({
            "id": "[uuid]",
            "unit_ids": ["[uuid of own units]"],
            "created_at": "[moment]",
            "revoked_at": null,
            "ended_at": "[moment of today+2]",
            "due_on": "[today+10]",
            "valid_to": "2027-12-31",
            "check_code": "[check code]",
            "digest": "[sha256]",
            "number": 7,
            "name": "Văn phòng",
            "next_cursor": "[cursor]",
        });
        assert_eq!(steady().answer(&body), expected);
    }

    #[test]
    fn numbers_of_the_audit_log_are_replaced() {
        let entry = json!({"number": 812, "occurred_at": "2026-11-23T02:00:00Z", "request_id": "test"});
        let expected = json!({"number": "[number]", "occurred_at": "[moment]", "request_id": "test"});
        assert_eq!(steady().answer(&entry), expected);
    }

    #[test]
    fn a_text_of_another_form_than_its_name_promises_is_found() {
        let wrong = [
            ("id", "17"),
            ("unit_id", "019A0000-0000-7000-8000-000000000001"),
            ("created_at", "2026-11-23"),
            ("due_on", "23/11/2026"),
            ("digest", "0123"),
            ("check_code", "7f3a-91c0-44"),
            ("next_cursor", UNIT),
        ];
        for (member, text) in wrong {
            let form = Form::promised(member).unwrap();
            assert_eq!(steady().word(form, text), None, "{member}: {text}");
        }
    }
}
