//! Examples that work where the service runs: instead of invented ids and codes those of objects that are there, and
//! instead of days that have gone by those that lie as far ahead as they did when the examples were written.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Map, Value};

/// The Monday on which the examples were written: days from then on lie ahead.
const WRITTEN_ON: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
/// Holidays are days of a calendar, not so many days ahead.
const CALENDAR: &str = "/v1/holidays";
/// How invented ids of examples begin.
const INVENTED: &str = "0199f0c4-5a7e-7000-8000-";

/// What examples may name.
#[derive(Debug, Clone)]
pub struct Samples {
    /// Values by the name of a member (`unit_id`), by a path for the object found there (`/v1/units/{id}`), by a
    /// method and a path for another one (`patch /v1/courses/{id}`), or by a path and a member that is something else
    /// there (`/v1/offerings course_id`).
    pub values: HashMap<String, String>,
    /// The day in Vietnam.
    pub today: NaiveDate,
}

impl Samples {
    /// Put them into the parameters and the bodies of a document.
    pub fn fill(&self, document: &mut Value) {
        let paths = document.get_mut("paths").and_then(Value::as_object_mut);
        for (path, item) in paths.into_iter().flatten() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
                for parameter in parameters.into_iter().flatten() {
                    self.fill_parameter(method, path, parameter);
                }
                if let Some(content) = operation.pointer_mut("/requestBody/content") {
                    self.fill_content(path, content);
                }
                let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
                for response in responses.into_iter().flat_map(Map::values_mut) {
                    if let Some(content) = response.get_mut("content") {
                        self.fill_content(path, content);
                    }
                }
            }
        }
    }

    /// The page fills in the example of a parameter, so optional ones must have none.
    fn fill_parameter(&self, method: &str, path: &str, parameter: &mut Value) {
        let is_in_path = parameter.get("in").and_then(Value::as_str) == Some("path");
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        let named = self.values.get(&format!("{path} {name}"));
        let acted_on = || self.values.get(&format!("{method} {path}")).or_else(|| self.object_at(path));
        let value = named.or_else(|| acted_on().filter(|_| is_in_path));
        if let (Some(value), Some(parameter)) = (value, parameter.as_object_mut()) {
            parameter.insert("example".to_owned(), value.clone().into());
        }
    }

    /// The object of a path, or of the path that it is below.
    fn object_at(&self, path: &str) -> Option<&String> {
        let resource = path.find('}').and_then(|end| path.get(..=end));
        self.values.get(path).or_else(|| self.values.get(resource?))
    }

    fn fill_content(&self, path: &str, content: &mut Value) {
        let media = content.as_object_mut().into_iter().flat_map(Map::values_mut);
        for example in media.filter_map(|media| media.get_mut("example")) {
            self.fill_value(path, "", example);
        }
    }

    fn fill_value(&self, path: &str, name: &str, value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.iter_mut().for_each(|(name, value)| self.fill_value(path, name, value));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill_value(path, name, item)),
            Value::String(text) => {
                let here = self.values.get(&format!("{path} {name}"));
                let known = || self.values.get(name).filter(|_| name.ends_with("_code") || is_invented(text));
                let object = || self.object_at(path).filter(|_| name == "id" && is_invented(text));
                if let Some(sample) = here.or_else(known).or_else(object) {
                    sample.clone_into(text);
                } else if let Some(later) = self.later(text).filter(|_| !path.starts_with(CALENDAR)) {
                    *text = later;
                }
            }
            _ => {}
        }
    }

    /// A day that lies ahead, moved by whole weeks: the first Monday is the next one.
    fn later(&self, text: &str) -> Option<String> {
        let day: NaiveDate = text.parse().ok().filter(|day| *day >= WRITTEN_ON)?;
        let weeks = (self.today - WRITTEN_ON).num_days().div_euclid(7) + 1;
        Some(day.checked_add_signed(TimeDelta::try_weeks(weeks)?)?.to_string())
    }
}

fn is_invented(text: &str) -> bool {
    text.starts_with(INVENTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn examples_name_what_is_there_and_days_ahead() {
        let values = [
            ("unit_id", "u"),
            ("/v1/things/{id}", "t"),
            ("/v1/things/{id}/close", "closable"),
            ("/v1/things unit_id", "other"),
            ("unit_code", "VP"),
        ];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let samples = Samples { values, today: "2026-11-29".parse().unwrap() };
        let parameter = json!([{"name": "id", "in": "path"}, {"name": "unit_id", "in": "query"}]);
        let invented = format!("{INVENTED}000000000001");
        let example = json!({
            "unit_id": invented, "unit_code": "X", "id": invented, "trace_id": invented, "starts_on": "2026-12-01",
            "born_on": "1990-01-01", "items": [{"unit_id": "not invented"}]
        });
        let body = json!({"content": {"application/json": {"example": example}}});
        let mut document = json!({"paths": {
            "/v1/things": {"post": {"requestBody": body}},
            "/v1/things/{id}": {"get": {"parameters": parameter}, "put": {"requestBody": body}},
            "/v1/things/{id}/close": {"post": {"parameters": parameter}},
        }});
        samples.fill(&mut document);
        let at = |pointer: &str| document.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(at("/paths/~1v1~1things~1{id}/get/parameters/0/example"), "t");
        assert_eq!(at("/paths/~1v1~1things~1{id}/get/parameters/1/example"), Value::Null);
        assert_eq!(at("/paths/~1v1~1things~1{id}~1close/post/parameters/0/example"), "closable");
        let content = "/requestBody/content/application~1json/example";
        assert_eq!(
            at(&format!("/paths/~1v1~1things~1{{id}}/put{content}")),
            json!({
                "unit_id": "u", "unit_code": "VP", "id": "t", "trace_id": invented, "starts_on": "2026-12-08",
                "born_on": "1990-01-01", "items": [{"unit_id": "not invented"}]
            })
        );
        assert_eq!(at(&format!("/paths/~1v1~1things/post{content}/unit_id")), "other");
    }
}
